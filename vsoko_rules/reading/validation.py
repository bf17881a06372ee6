"""From data that was read to models: every complaint of a model becomes a problem with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Any, Protocol, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from vsoko_rules.errors import Place, Problem, VsokoError, did_you_mean

M = TypeVar("M", bound=BaseModel)
Path = Sequence[str | int]


class Model(BaseModel):
    """An immutable entry of a file; an unknown key is an error, so that a typing mistake is never silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Positioned(Protocol):
    """Something read from a file that knows where its parts stand."""

    @property
    def data(self) -> Any: ...

    def place(self, path: Path, /) -> Place: ...

    def key_place(self, path: Path, /) -> Place: ...


_EXPECTED = {
    "decimal_max_places": "не больше трёх знаков после запятой",
    "vsoko_day": "день, который есть в календаре: в этом месяце столько дней нет",
    "vsoko_date": "дата вида ГГГГ-ММ-ДД, например 2022-02-14",
    "vsoko_period": "учебный год «2021/22», год «2022» или месяц «июнь 2022»",
    "vsoko_number": "число, дробная часть через точку, например 82.5",
    "vsoko_integer": "целое число без пробелов и кавычек",
    "vsoko_flag": "true (да) или false (нет)",
    "string_pattern_mismatch": "код до 80 знаков из букв, цифр и знаков «-», «.», «_», первой — буква или цифра",
    "string_too_short": "непустой текст",
    "string_type": "текст",
    "tuple_type": "список, например [goals, tasks]",
    "too_short": "хотя бы одно значение в списке",
    "dict_type": "набор «ключ: значение»",
    "model_type": "набор «ключ: значение»",
    "model_attributes_type": "набор «ключ: значение»",
    "date_type": "дата вида ГГГГ-ММ-ДД, например 2022-02-14",
    "decimal_type": "число",
    "int_type": "целое число",
    "bool_type": "true (да) или false (нет)",
    "float_type": "число",
    "finite_number": "число",
    "list_type": "список",
    "string_unicode": "текст из целых букв",
}


def validated(model: type[M], source: Positioned, error: type[VsokoError]) -> M:
    """The data of `source` as a `model`. Raises `error` with one problem for each thing that does not fit."""
    try:
        return model.model_validate(source.data)
    except ValidationError as exc:
        problems = [_problem(model, source, details) for details in exc.errors(include_url=False)]
    raise error(problems)


def validate(
    adapter: TypeAdapter[Any], source: Positioned, error: type[VsokoError], absent: Set[str] = frozenset()
) -> None:
    """Hold the data of `source` against another type, strictly; keys in `absent` need not be there. Raises `error` as
    `validated` does."""
    try:
        adapter.validate_python(source.data, strict=True)
    except ValidationError as exc:
        faults = [d for d in exc.errors(include_url=False) if d["type"] != "missing" or d["loc"][-1] not in absent]
        if faults:
            raise error([_problem(None, source, details) for details in faults]) from None


def _problem(model: type[BaseModel] | None, source: Positioned, details: ErrorDetails) -> Problem:
    kind, path = details["type"], details["loc"]
    place = source.place
    if kind != "extra_forbidden" and path[-1:] == ("[key]",):  # how pydantic says that the key itself does not fit
        path, place = path[:-1], source.key_place
    if kind == "extra_forbidden" and model is not None:
        key = str(path[-1])
        known = keys_of(model, path[:-1])
        hint = did_you_mean(key, known)
        return Problem(source.key_place(path), "неизвестный ключ", key, "один из ключей: " + ", ".join(known), hint)
    if kind == "missing":
        return Problem(source.place(path), f"нет обязательного ключа «{path[-1]}»")
    message = f"значение «{name}» не подходит" if (name := _name(path)) else "значение не подходит"
    return Problem(place(path), message, _shown(details["input"]), expected(details), look_alikes(details))


def look_alikes(details: ErrorDetails) -> str | None:
    """The hint for a word that is none of those allowed; none for another error."""
    if details["type"] not in ("enum", "literal_error") or not isinstance(details["input"], str):
        return None
    allowed = re.findall("'([^']*)'", str(details.get("ctx", {}).get("expected", "")))
    return did_you_mean(details["input"], allowed)


def expected(details: ErrorDetails) -> str | None:
    """What should have stood there instead, in Russian; none where nothing helpful can be said."""
    kind, context = details["type"], details.get("ctx", {})
    if kind in ("enum", "literal_error"):
        return "одно из: " + str(context["expected"]).replace(" or ", ", ").replace("'", "")
    if kind == "string_too_long":
        return f"не больше {context['max_length']} знаков"
    if kind in ("greater_than_equal", "less_than_equal"):
        return (
            f"число {'не меньше' if kind.startswith('greater') else 'не больше'} {context.get('ge', context.get('le'))}"
        )
    if kind == "greater_than":
        return f"число больше {context['gt']}"
    return _EXPECTED.get(kind)


def _name(path: Path) -> str:
    return ".".join(str(step) for step in path if isinstance(step, str))


def _shown(value: Any) -> str:
    if value is None:
        return "пусто"
    return value if isinstance(value, str) else str(value)


def keys_of(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that `model` allows at `path`, in the order of the model."""
    annotation: Any = model
    for step in path:
        nested = _model_in(annotation)
        if nested is not None and isinstance(step, str) and (field := _field(nested, step)) is not None:
            annotation = field.annotation
    nested = _model_in(annotation)
    return [field.alias or name for name, field in nested.model_fields.items()] if nested is not None else []


def _field(model: type[BaseModel], key: str) -> Any:
    return next((field for name, field in model.model_fields.items() if (field.alias or name) == key), None)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((nested for arg in get_args(annotation) if (nested := _model_in(arg)) is not None), None)
