"""The page that explains every field a template may use, made from the models; the words are in `reports/docs/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any, TypeGuard, get_args, get_type_hints

from vsoko_rules.reading.yaml import read
from vsoko_rules.report.protocol import Protocol
from vsoko_rules.report.view import View
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.docs import markdown_environment
from vsoko_rules.templates import Ready, markdown

ROOTS = (View, Protocol)
"""what templates begin with: the view of a report, the extract of a meeting"""


@dataclass(frozen=True, slots=True)
class TemplateField:
    """A field of a record: what it holds, the record or codes it leads to, whether there may be several or none."""

    name: str
    about: str
    record: str | None
    codes: tuple[str, ...]
    several: bool
    optional: bool


@dataclass(frozen=True, slots=True)
class TemplateRecord:
    """A record that templates meet."""

    id: str
    about: str
    fields: tuple[TemplateField, ...]


def fields_page() -> str:
    """The page `docs/templates.ru.md`."""
    described = _described()
    environment = markdown_environment().overlay()
    environment.filters = {**environment.filters, "prose": _prose}
    template = environment.get_template("docs/templates.md.j2")
    return template.render(records=records(), filters=described["filters"], words=described["words"])


def records() -> tuple[TemplateRecord, ...]:
    """Every record that can be reached from the roots, in the order in which it is met."""
    described = _described()["records"]
    pairs = ((model, described[model.__name__]) for model in models())
    return tuple(TemplateRecord(m.__name__, its["about"], tuple(_fields(m, its["fields"]))) for m, its in pairs)


def models() -> list[type]:
    """The classes of those records."""
    reached: list[type] = []
    waiting: list[type] = list(ROOTS)
    while waiting:
        model = waiting.pop(0)
        if model not in reached:
            reached.append(model)
            waiting += [part for hint in _hints(model).values() for part in _parts(hint) if _is_record(part)]
    return reached


def names(model: type) -> tuple[str, ...]:
    """The fields of a record and what it computes, as templates may name them."""
    computed = (name for name, value in vars(model).items() if isinstance(value, property))
    return (*(field.name for field in fields(model)), *computed)


def _prose(text: str) -> Ready:
    """A text of the settings, which brings code spans of its own, for the cell of a table."""
    parts = enumerate(text.split("`"))
    return Ready("`".join(part.replace("|", r"\|") if n % 2 else markdown(part) for n, part in parts))


def _described() -> Any:
    return read(shipped("reports") / "docs" / "fields.yml").data


def _hints(model: type) -> dict[str, Any]:
    hints = get_type_hints(model)
    for name, value in vars(model).items():
        if isinstance(value, property) and value.fget is not None:
            hints[name] = get_type_hints(value.fget)["return"]
    return hints


def _fields(model: type, described: Any) -> Iterator[TemplateField]:
    hints = _hints(model)
    for name in names(model):
        parts = list(_parts(hints[name]))
        record = next((part.__name__ for part in parts if _is_record(part)), None)
        codes = [part for part in parts if isinstance(part, type) and issubclass(part, Enum)]
        several = any(getattr(part, "__origin__", None) is not None or part is tuple for part in _outer(hints[name]))
        values = tuple(str(code.value) for code in codes[0]) if codes else ()
        yield TemplateField(name, described[name], record, values, several, type(None) in get_args(hints[name]))


def _outer(hint: Any) -> tuple[Any, ...]:
    """A hint without «or none»."""
    arguments = get_args(hint)
    return tuple(a for a in arguments if a is not type(None)) if type(None) in arguments else (hint,)


def _is_record(part: Any) -> TypeGuard[type]:
    return isinstance(part, type) and is_dataclass(part)


def _parts(hint: Any) -> Iterator[Any]:
    yield hint
    for part in get_args(hint):
        yield from _parts(part)
