"""Templates that users bring run here: sandboxed, and what they ask for and is not there is named with its place."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from vsoko_rules.errors import InputError, Place, Problem, VsokoError, did_you_mean
from vsoko_rules.reading.apart import Overrun, call_apart
from vsoko_rules.report.template_mistakes import mistake
from vsoko_rules.templates import equipped, html
from vsoko_rules.words import limit

_SEE = "Поля и приёмы описаны в docs/templates.ru.md."
_QUOTES = "«»„“”‘’"
_FRAMES = ("top-level template code", "block '")
"""how Jinja calls what a template is compiled to; a macro is called «template»"""


class UnknownField(UndefinedError):
    """A template asks for a field that is not there. `known`: those that are."""

    def __init__(self, message: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(message)
        self.name = name
        self.known = known


class _UnknownName(StrictUndefined):
    """What stands for an unknown field until it is used."""

    def __init__(self, hint: Any = None, obj: Any = missing, name: Any = None, exc: Any = UndefinedError) -> None:
        self._asked = (obj, name)
        super().__init__(hint, obj, name, exc)
        if name is not None:
            self._undefined_exception = self._named  # type: ignore[assignment]

    def _named(self, message: str | None) -> UnknownField:
        obj, name = self._asked
        return UnknownField(message or "", str(name), _known(obj))


class _Sandbox(ImmutableSandboxedEnvironment):
    """Remembers what the last templates were compiled to: that takes longer than to fill them, and a document of many
    schools is made by the same few."""

    def compile(self, source: Any, *named: Any, **more: Any) -> Any:
        asked = (self.autoescape, source, named, tuple(more.items()))
        known = _compiled.get(asked)
        if known is None:
            known = super().compile(source, *named, **more)
            if len(_compiled) >= _MOST_COMPILED:
                _compiled.clear()
            _compiled[asked] = known
        return known


_MOST_COMPILED = 60
_compiled: dict[tuple[Any, ...], Any] = {}
"""by the text of a template, how it is called, and whether what it prints is escaped"""


def sandbox(loader: BaseLoader | None) -> ImmutableSandboxedEnvironment:
    """The environment of users' templates: everything printed is escaped, nothing but data can be reached."""
    return equipped(_Sandbox, html, loader, _UnknownName)


def bounded(name: str, made: Callable[..., bytes], *args: Any) -> bytes:
    """What `made` makes by a user's template, in a process of its own: a loop in it may be endless. `name` is how the
    template is called in messages. Raises `InputError`."""
    seconds, gigabytes = limit("template_seconds"), limit("template_gigabytes")
    try:
        return call_apart(made, *args, seconds=seconds, memory=gigabytes * 1_000_000_000)
    except Overrun:
        expected = f"не больше {seconds} секунд и {gigabytes} ГБ памяти"
        hint = f"Проверьте, нет ли в нём цикла без конца. {_SEE}"
        raise InputError([Problem(Place(name), "шаблон не выполнен", expected=expected, hint=hint)]) from None


def _known(obj: Any) -> tuple[str, ...]:
    if is_dataclass(obj):
        return tuple(field.name for field in fields(obj))
    return tuple(str(key) for key in obj) if isinstance(obj, Mapping) else ()


Where = Callable[["str | None", "int | None"], Place]
"""says where a line of a template stands: from the name that Jinja knows the template by, and the line"""


@contextmanager
def explained(where: Where, known: tuple[str, ...] = ()) -> Iterator[None]:
    """Turn what goes wrong inside a template into an `InputError` that names the place.

    `known`: the names that the template may begin with.
    """
    try:
        yield
    except VsokoError:
        raise
    except UnknownField as exc:
        raise InputError([_unknown(exc, where(*_line(exc)), known)]) from exc
    except TemplateSyntaxError as exc:
        place = where(exc.filename, exc.lineno)
        lines = (exc.source or "").splitlines()[exc.lineno - 1 : exc.lineno]
        raise InputError([_misspelt(place, exc, *lines)]) from exc
    except TemplateNotFound as exc:
        raise InputError([Problem(where(*_line(exc)), "нет такого файла шаблона", str(exc), hint=_SEE)]) from exc
    except SecurityError as exc:
        raise InputError([_problem(where(*_line(exc)), "шаблон обращается к запрещённому", exc)]) from exc
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RuntimeError, AttributeError) as exc:
        raise InputError([_problem(where(*_line(exc)), "шаблон не выполняется", exc)]) from exc


def _unknown(exc: UnknownField, place: Place, known: tuple[str, ...]) -> Problem:
    if "was not provided" in str(exc):
        return _problem(place, "", exc)
    names = exc.known or known
    hint = " ".join(filter(None, (did_you_mean(exc.name, names), _SEE)))
    most = limit("known_fields")
    listed = ", ".join(names[:most]) + (" …" if len(names) > most else "")
    return Problem(
        place, "в шаблоне названо поле, которого нет", exc.name, f"одно из: {listed}" if names else None, hint
    )


def _misspelt(place: Place, exc: TemplateSyntaxError, line: str | None = None) -> Problem:
    mark = next((mark for mark in _QUOTES if f"char {mark!r}" in str(exc)), None)
    if mark is None:
        return _problem(place, "шаблон записан с ошибкой", exc, line)
    return Problem(place, "в команде шаблона типографские кавычки", mark, 'прямые кавычки: "', _SEE)


def _problem(place: Place, general: str, exc: Exception, line: str | None = None) -> Problem:
    """What an error says; the line is quoted where the place does not show it and nothing else was found."""
    shown = None if place.cell is not None else line.strip() if line is not None else _text(exc)
    known = sandbox(None)
    found = mistake(str(exc), general, shown, known.filters, known.tests)
    hint = f"{found.hint} {_SEE}" if found.hint else _SEE
    return Problem(place, found.message, found.found, found.expected, hint)


def _text(exc: BaseException) -> str | None:
    """The line of a template in a file on which `exc` was raised."""
    frames = _frames(exc)
    return frames[-1].line or None if frames else None


def _line(exc: BaseException) -> tuple[str | None, int | None]:
    """The template and its line on which `exc` was raised: Jinja gives frames of templates their own lines."""
    frames = _frames(exc)
    return (frames[-1].filename, frames[-1].lineno) if frames else (None, None)


def _frames(exc: BaseException) -> list[traceback.FrameSummary]:
    """What of the stack stands in templates."""
    stack = traceback.extract_tb(exc.__traceback__)
    return [frame for frame in stack if frame.name == "template" or frame.name.startswith(_FRAMES)]
