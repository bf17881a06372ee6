"""Words, numbers and dates as the program writes them in Russian. The words stand in `reports/words.yml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Final

from vsoko_rules.accepted_files import SCANS, TEXTS, either, kinds
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped

UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\uffff]"
)
"""control characters, halves of characters, what no character is, what is not seen, and what reorders text"""

_TYPED_QUOTES: Final = re.compile(r"\"([^\"]+)\"")

Number = int | Decimal | Fraction

_MANY_FROM, _MANY_TO = 11, 14
"""11, 12, 13 and 14 take the form of five, whatever their last digit"""


@cache
def words() -> Any:
    """The shared words of all reports, read once: mappings of mappings, lists of forms, texts."""
    return read(shipped("reports") / "words.yml").data


@cache
def sentences() -> dict[str, str]:
    """The sentences that reports in every format share."""
    return dict(read(shipped("reports") / "sentences.yml").data)


def say(name: str, **values: object) -> str:
    """One of the shared sentences with its values put in."""
    return sentences()[name].format(**values)


@cache
def _limits() -> Any:
    return read(shipped("reports") / "limits.yml").data


def documents_taken() -> str:
    """Which documents a server takes."""
    return say("documents_taken", texts=", ".join(kinds(TEXTS)), scans=either(kinds(SCANS)))


def documents_read() -> str:
    """Which documents are read."""
    return say("documents_read", texts=", ".join(kinds(TEXTS)))


def limit(name: str) -> int:
    """How many entries of a list are shown, by `reports/limits.yml`."""
    return int(_limits()[name]["most"])


def plural(number: Number, forms: Sequence[str]) -> str:
    """The Russian form that goes with `number`; `forms` are those for 1, 2, 5 and a fraction («дня»)."""
    one, few, many, part = forms
    if number != int(number):
        return part
    count = abs(int(number)) % 100
    if _MANY_FROM <= count <= _MANY_TO or not 1 <= count % 10 <= 4:
        return many
    return one if count % 10 == 1 else few


def counted(number: Number, noun: str) -> str:
    """A number with its noun from the words: «3 линии», «0,5 дня»."""
    return words()["number"]["effort"].format(number=exact(number), days=plural(number, words()["plural"][noun]))  # type: ignore[no-any-return]


def exact(number: Number) -> str:
    """A number with a decimal comma, at most two decimals (cut, never rounded up), without needless zeros."""
    return _cut(Fraction(number), 2)


def measure(number: Decimal) -> str:
    """A measured value with a decimal comma, to the thousandth."""
    return _cut(Fraction(number), 3)


def share(number: Fraction) -> str:
    """A part of one, exactly: with a decimal comma where that says it whole («0,375»), else as a fraction («5/12»)."""
    return _cut(number, 3) if 1000 % number.denominator == 0 else f"{number.numerator}/{number.denominator}"


def _cut(number: Fraction, decimals: int) -> str:
    scale = 10**decimals
    whole, rest = divmod(abs(number) * scale // 1, scale)
    tail = f"{rest:0{decimals}d}".rstrip("0")
    sign = "−" if number < 0 else ""
    return f"{sign}{whole},{tail}" if tail else f"{sign}{whole}"


def percent(value: Number | None) -> str | None:
    """Percent with at most one decimal, cut (see `shares`); a share that was rounded before stays as it is."""
    if value is None:
        return None
    return words()["number"]["percent"].format(value=_cut(Fraction(value), 1))  # type: ignore[no-any-return]


def effort(days: Decimal) -> str:
    """Days of work: «1 день», «0,25 дня»."""
    return counted(days, "day")


def inner_quotes(text: str) -> str:
    """`text` to stand in quotes «», its own quotes, typed in pairs of whatever form, turned into those of the second
    level."""
    return _TYPED_QUOTES.sub("„\\1“", text).replace("«", "„").replace("»", "“")


def quoted(title: str) -> str:
    """A title in quotes."""
    return str(words()["document"]["title"].format(title=inner_quotes(title)))


def tied(text: str) -> str:
    """`text` with a space at which no line breaks after «№» and between a number and its unit."""
    return _loose().sub("\u00a0", text)


@cache
def _loose() -> re.Pattern[str]:
    units = "|".join(re.escape(unit) for unit in words()["units"])
    return re.compile(rf"(?<=№)[ \u00a0]+(?=\S)|(?<=\d)[ ](?=(?:{units})(?!\w))")


def day(value: date) -> str:
    """A date as it is written in Russian papers: 14.02.2022."""
    return f"{value:%d.%m.%Y}" if value.year >= 1000 else f"{value.day:02}.{value.month:02}.{value.year:04}"
