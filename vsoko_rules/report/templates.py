"""The Jinja environments. Whatever a template prints is escaped for its medium, with no filter to forget."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from vsoko_rules.report.words import counted, day, exact, percent, plural, words
from vsoko_rules.resources import shipped

_REORDERING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
"""characters that show text in another order than it is written"""

_RICH_TAG = re.compile(r"(\\*)(\[[a-z#/@][^[]*?\])|\\\[")
"""what Rich reads as a tag, with the backslashes before it, or a backslash before another bracket"""


def clean(text: str) -> str:
    """`text` without control characters and without those that reorder it on the screen; line ends stay."""
    if text.isprintable():
        return text
    return "".join(ch for ch in text.replace("\t", " ") if ch == "\n" or not _is_control(ch))


def _is_control(ch: str) -> bool:
    return ch in _REORDERING or unicodedata.category(ch) in {"Cc", "Cs"}


@cache
def html_environment() -> Environment:
    """For pages: everything printed is escaped for HTML, whatever the name of the template."""
    return _environment(_for_html, autoescape=True)


@cache
def text_environment() -> Environment:
    """For the terminal: everything printed is escaped for Rich markup; only the templates bring markup of their own."""
    return _environment(_for_rich, autoescape=True)


@cache
def plain_environment() -> Environment:
    """For plain text: nothing is escaped, control characters are removed."""
    return _environment(_for_plain, autoescape=False)


def _environment(finalize: Any, autoescape: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(shipped("reports")),
        undefined=StrictUndefined,
        autoescape=autoescape,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["words"] = words()
    environment.filters |= {
        "date": _day,
        "number": _number,
        "percent": percent,
        "plural": _plural,
        "counted": counted,
        "origin": _origin,
        "opening": opening,
        "fold": fold,
        "code": _code,
    }
    return environment


def _for_html(value: Any) -> Any:
    return value if isinstance(value, Markup) else clean(str(value))


def _for_rich(value: Any) -> Any:
    """Escaped here and marked as safe, so that the escaping for HTML that Jinja does next leaves it alone."""
    return value if isinstance(value, Markup) else Markup(_escape_rich(clean(str(value))))


def _escape_rich(text: str) -> str:
    r"""`text` so that Rich markup shows it as it is.

    Rich's own `escape` loses the backslash of `\[1]` and doubles one at the end; here an invisible word joiner keeps
    the last one from escaping the markup that follows.
    """
    escaped = _RICH_TAG.sub(lambda m: rf"{m[1]}{m[1]}\{m[2]}" if m[2] else r"\\[", text)
    return escaped + "\u2060" if escaped.endswith("\\") else escaped


def _for_plain(value: Any) -> str:
    return clean(str(value))


def _day(value: date) -> str:
    return day(value)


def _number(value: int | float | Decimal | Fraction) -> str:
    """A number with a decimal comma."""
    return exact(Decimal(str(value)) if isinstance(value, float) else value)


def _plural(value: int | Decimal | Fraction, noun: str) -> str:
    """The form of a noun of the words that goes with a number, without the number."""
    return plural(value, words()["plural"][noun])


def _origin(value: Any) -> str:
    """How an origin is called: «по документу», «предложено»."""
    return str(words()["origin"][_code(value)]["title"])


def _code(value: Any) -> str:
    """The code of an outcome, kind, severity or origin, by which words and styles are looked up."""
    return str(value.value) if isinstance(value, Enum) else str(value)


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


def fold(text: str, indent: int = 0, width: int = 100, hang: int | None = None) -> str:
    """`text` folded to `width` columns; lines after the first begin with `hang` spaces (`indent` when not given).

    The first line is taken to begin at column `indent`, which the template has already printed.
    """
    hanging = indent if hang is None else hang
    wrapper = textwrap.TextWrapper(width, " " * indent, " " * hanging, break_on_hyphens=False)
    lines = wrapper.wrap(clean(text))
    return "\n".join(lines)[indent:]
