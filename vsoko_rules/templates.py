"""The templates of every text that the program writes: one environment a language, each with its own escaping.

Whatever a template prints is made safe by the environment, with no filter to forget. What is in the template's language
already (a macro's output, what a filter escaped itself) is `Ready` and left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Final, TypeVar

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from rich.cells import cell_len

from vsoko_rules.accepted_files import CASES, STUDIES, TABLES, either
from vsoko_rules.resources import shipped
from vsoko_rules.words import (
    UNSEEN,
    counted,
    day,
    documents_read,
    documents_taken,
    exact,
    limit,
    percent,
    plural,
    quoted,
    say,
    sentences,
    tied,
    words,
)

Escape = Callable[[str], str]
"""makes any text safe in one language"""

Ready = Markup
"""text that is in the template's language already"""

Filters = Mapping[str, Callable[..., Any]]
E = TypeVar("E", bound=Environment)

_RICH_TAG = re.compile(r"(\\*)(\[[a-z#/@][^[]*?\])|\\\[")
"""what Rich reads as a tag, with the backslashes before it, or a backslash before another bracket"""

_MARKDOWN = re.compile(r"([\\`*_\[\]|~])")
_MARKDOWN_START = re.compile(r"[#+\-=]|\d+(?=[.)](?:\s|\Z))")
_NUMBER_SIGN = re.compile(r"№ (?=\S)")
_SPACES = re.compile(r"[\t\r\n\f\v ]+")
_LINE_ENDS = re.compile(r"[\r\n\f\v]")
_WORD = re.compile(r"[^ ]+")

COLUMNS: Final = 100
"""how wide texts are that no screen shows, files above all"""
_columns: ContextVar[int] = ContextVar("columns", default=COLUMNS)


def environment(language: Escape, filters: Filters | None = None) -> Environment:
    """An environment over the shipped templates. `language` is one of `html`, `rich`, `markdown`, `plain`, `line`, or
    another way to make a text safe; a filter that returns `Ready` has escaped what it was given."""
    result = equipped(Environment, language, FileSystemLoader(shipped("reports")), StrictUndefined)
    result.keep_trailing_newline = True
    result.filters |= filters or {}
    return result


def equipped(kind: type[E], language: Escape, loader: BaseLoader | None, undefined: type[StrictUndefined]) -> E:
    """An environment of the class `kind` with the escaping of a language and the filters and words of all."""

    def finalize(value: Any) -> Markup:
        return value if hasattr(value, "__html__") else Ready(language(tied(str(value))))

    result = kind(
        loader=loader, undefined=undefined, autoescape=True, finalize=finalize, trim_blocks=True, lstrip_blocks=True
    )

    def sentence(name: str, **values: Any) -> str:
        """A shared sentence; where a value is in the template's language already, the whole sentence is."""
        if not any(hasattr(value, "__html__") for value in values.values()):
            return say(name, **values)
        return Ready(language(sentences()[name]).format(**{key: finalize(value) for key, value in values.items()}))

    result.globals |= {"words": words(), "say": sentence, "limit": limit, "columns": _columns.get}
    result.globals["accepted"] = _ACCEPTED
    result.filters |= _FILTERS
    return result


@cache
def shared(language: Escape) -> Environment:
    """The environment of a language without filters of its own, made once."""
    return environment(language)


def render(template: str, language: Escape, **data: Any) -> str:
    """The text of a shipped template, named by its path under `reports/`."""
    return shared(language).get_template(template).render(data)


def html(text: str) -> str:
    """For pages and Word documents: a number never parts from its «№»."""
    return escape(_NUMBER_SIGN.sub("№\u00a0", clean(text)))


def rich(text: str) -> str:
    r"""For Rich markup on a terminal: shown as it is.

    Rich's own `escape` loses the backslash of `\[1]` and doubles one at the end; here an invisible word joiner keeps
    the last one from escaping the markup that follows.
    """
    escaped = _RICH_TAG.sub(lambda m: rf"{m[1]}{m[1]}\{m[2]}" if m[2] else r"\\[", clean(text))
    return escaped + "\u2060" if escaped.endswith("\\") else escaped


def markdown(text: str) -> str:
    """For Markdown: one line that shows just that text."""
    one_line = _SPACES.sub(" ", clean(text))
    safe = _MARKDOWN.sub(r"\\\1", one_line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    start = _MARKDOWN_START.match(safe)
    if start is None:
        return safe
    at = start.end() if start[0].isdigit() else 0
    return f"{safe[:at]}\\{safe[at:]}"


def plain(text: str) -> str:
    """For text in which nothing is markup; line ends stay."""
    return clean(text)


def line(text: str) -> str:
    """For one line of plain text, such as a comment: nothing that ends a line or that a terminal would obey."""
    return "".join(ch if ch.isprintable() or unicodedata.category(ch) == "Zs" else " " for ch in text)


def clean(text: str) -> str:
    """`text` without control characters and without those that reorder it on the screen; line ends stay."""
    return text if text.isprintable() else UNSEEN.sub("", text.replace("\t", " "))


def opening(text: str, at_least: int = 40) -> str:
    """The first sentence of a text, or as many as make `at_least` characters.

    A full stop after a short word («г.», «ст.», «т. д.») ends no sentence.
    """
    pieces = text.split(" ")
    for number, piece in enumerate(pieces[:-1]):
        bare = piece.rstrip('»“”)"')
        ends = bare.endswith(("!", "?", "…")) or (bare.endswith(".") and len(bare.strip("«(„.")) > 3)
        start = " ".join(pieces[: number + 1])
        if ends and len(start) >= at_least and pieces[number + 1].lstrip("«(„")[:1].isupper():
            return start
    return text


@contextmanager
def folded_at(columns: int) -> Iterator[None]:
    """What is rendered inside is folded to a screen of so many columns."""
    before = _columns.set(columns)
    try:
        yield
    finally:
        _columns.reset(before)


def fold(text: str, indent: int = 0, hang: int | None = None) -> str:
    """`text` folded to the columns that there are; lines after the first begin with `hang` spaces (`indent` when not
    given).

    The first line is taken to begin at column `indent`, which the template has already printed.
    """
    hanging = indent if hang is None else hang
    whole = _LINE_ENDS.sub(" ", clean(text)).strip(" ")
    starts = line_starts(whole, _columns.get() - indent, _columns.get() - hanging)
    lines = (whole[at:end].rstrip(" ") for at, end in zip(starts, [*starts[1:], None], strict=True))
    return ("\n" + " " * hanging).join(lines)


def line_starts(text: str, first: int, rest: int) -> list[int]:
    """Where lines begin in a text that is folded, the first line to `first` columns and the others to `rest`.

    A word that no line holds, such as a path, stays whole: a terminal wraps it so that it can be copied.
    """
    starts, room, column, end = [0], first, 0, 0
    for word in _WORD.finditer(text):
        column += word.start() - end + cell_len(word[0])
        if column > room and end > 0:
            starts.append(word.start())
            room, column = rest, cell_len(word[0])
        end = word.end()
    return starts


def capital(text: str) -> str:
    """`text` with its first letter made a capital; the rest stays."""
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """`text` to stand inside a sentence: its first letter small unless an abbreviation begins it."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _number(value: int | float | Decimal | Fraction) -> str:
    """A number with a decimal comma."""
    return exact(Decimal(str(value)) if isinstance(value, float) else value)


def _percent(value: int | float | Decimal | Fraction | None) -> str | None:
    """Percent; a number of JSON stands for its decimals: 79.9 is 79,9."""
    return percent(Decimal(str(value)) if isinstance(value, float) else value)


def _plural(value: int | Decimal | Fraction, noun: str) -> str:
    """The form of a noun of the words that goes with a number, without the number."""
    return plural(value, words()["plural"][noun])


def _code(value: Any) -> str:
    """The code of an outcome, kind, severity or origin, by which words and styles are looked up."""
    return str(value.value) if isinstance(value, Enum) else str(value)


def _origin(value: Any) -> str:
    """How an origin is called: «по документу», «предложено»."""
    return str(words()["origin"][_code(value)]["title"])


_FILTERS: Filters = {
    "date": day,
    "number": _number,
    "percent": _percent,
    "plural": _plural,
    "counted": counted,
    "origin": _origin,
    "opening": opening,
    "fold": fold,
    "code": _code,
    "capital": capital,
    "uncapital": uncapital,
    "quoted": quoted,
    "either": either,
}
_ACCEPTED: Final = {
    "cases": CASES,
    "tables": TABLES,
    "studies": STUDIES,
    "documents": documents_taken,
    "documents_read": documents_read,
}
