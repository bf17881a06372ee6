"""What people type into cells, as the scalars of a case: Russian dates and numbers, yes and no.

Whoever reads a table that people filled in reads its cells here: a form, a region's list of indicators.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final, Literal

from vsoko_rules.errors import RulesetError
from vsoko_rules.reading.scalars import Text, month
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.word_list import folded
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped

EXPECTED: Final = {
    "date": "дата, например 14.02.2022",
    "when": "дата, например 14.02.2022, или период: 2021/22, июнь 2022, 2022",
    "number": "число, например 82,5",
    "whole": "целое число",
    "flag": "да или нет",
}
"""what a cell should hold, for messages"""

_DATE: Final = re.compile(r"(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})")
_DATE_IN_WORDS: Final = re.compile(r"[«\"]?(\d{1,2})[»\"]?\s+([а-я]+)\s+(\d{4})")
_SERIAL: Final = re.compile(r"\d{5}")
_NUMBER: Final = re.compile(r"([+−-]?\d[\d\s]*(?:[.,]\d+)?(?:[eE][+-]?\d{1,3})?)\s*(.*)", re.DOTALL)
_NUMBER_SIGN: Final = re.compile(r"^\s*(?:[^\W\d_]{1,20}\.?\s*)?(?:№\s*)+")
_ADDRESS: Final = re.compile(r"(?!file:)[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_BARE_ADDRESS: Final = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?(?:/\S*)?")
_ON_ONE_COMPUTER: Final = re.compile(r"[a-z]:[\\/]|\\\\|file:", re.IGNORECASE)
_LONGEST_NUMBER: Final = 40
_CENTURY: Final = 2000


class TypedWords(Model):
    """Everything in `reports/typed.yml`."""

    yes: tuple[Text, ...]
    no: tuple[Text, ...]
    units: tuple[Text, ...]
    above: tuple[Text, ...]
    around_dates: tuple[Text, ...]
    months: tuple[tuple[Text, ...], ...]
    """each of the twelve in the forms in which it stands in a text"""
    files: tuple[Text, ...]


@cache
def typed_words() -> TypedWords:
    """The words, read once."""
    return validated(TypedWords, read(shipped("reports") / "typed.yml", RulesetError), RulesetError)


def typed_date(text: str, day_zero: date | None) -> str | None:
    """A date as ISO: «14.02.2022», «14.02.22», «14 февраля 2022 г.», «2022-02-14», or the number of days since
    `day_zero` that is left of a date without its format. None for what is none of these."""
    words = [word for word in text.casefold().split() if word not in typed_words().around_dates]
    plain = re.sub(r"(?<=\d)г(?:\.|ода)?$", "", " ".join(words)).strip(" .,")
    try:
        if _SERIAL.fullmatch(plain):
            return (day_zero + timedelta(int(plain))).isoformat() if day_zero is not None else None
        if found := _DATE.fullmatch(plain):
            year = int(found[3]) + (_CENTURY if len(found[3]) == len("22") else 0)
            return date(year, int(found[2]), int(found[1])).isoformat()
        if found := _DATE_IN_WORDS.fullmatch(plain):
            number = month(found[2])
            return date(int(found[3]), number, int(found[1])).isoformat() if number is not None else None
        return date.fromisoformat(plain.split("t")[0].split()[0] if plain else plain).isoformat()
    except ValueError:
        return None


def document_number(text: str) -> tuple[str, str | None]:
    """The number of a document without its sign and the word before it, and the ISO date that stands with it: «приказ
    № 112-од от 14.02.2022»."""
    if "№" not in text and " от " not in text:  # as nearly all are written
        return text.strip() or text, None
    plain = text
    while (less := _NUMBER_SIGN.sub("", plain)) != plain:
        plain = less
    number, of, rest = plain.partition(" от ")
    day = typed_date(rest, None) if of else None
    found = number.strip() if day is not None else plain.strip()
    return (found, day) if found else (text, None)


def is_guessed(text: str) -> bool:
    """Whether a date that was read leaves something to guess: the century, or the day that its number stands for."""
    found = _DATE.fullmatch(text.strip(" .г"))
    return bool(_SERIAL.fullmatch(text.strip())) or bool(found and len(found[3]) == len("22"))


def typed_number(text: str) -> str | None:
    """A number with a decimal point: «82,5», «1 024», «91,2 %», «87 чел.». None for what is no number."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None or (found[2].strip() and folded(found[2]) not in typed_words().units):
        return None
    plain = re.sub(r"\s+", "", found[1]).replace(",", ".").replace("−", "-")
    try:
        number = Decimal(plain) if len(plain) <= _LONGEST_NUMBER and plain.isascii() else None
    except InvalidOperation:
        return None
    fits = number is not None and number.is_finite() and abs(number.adjusted()) <= _LONGEST_NUMBER
    return format(number, "f") if fits else None


def typed_whole(text: str) -> str | None:
    """A whole number; none for what is no such number."""
    number = typed_number(text)
    return number if number is not None and "." not in number else None


def typed_flag(text: str) -> str | None:
    """`true` or `false` for what people write for yes and no; none for anything else."""
    word = folded(text)
    if word in typed_words().yes:
        return "true"
    return "false" if word in typed_words().no else None


def means_above(text: str) -> bool:
    """Whether a cell says that what stands above holds for it: «см. выше»."""
    return folded(text).strip("()") in typed_words().above


Whereabouts = Literal["url", "file", "here", "nowhere"]
"""an address on the web, a file beside the table, a place on one computer, or none of these"""


def whereabouts(text: str) -> tuple[Whereabouts, str]:
    """What a cell says of where a document is, and the address or the path in it; an address may lack its «http://»."""
    plain = text.strip()
    if _ADDRESS.fullmatch(plain):
        return "url", plain
    if _ON_ONE_COMPUTER.match(plain):
        return "here", plain
    is_file = plain.rpartition(".")[2].casefold() in typed_words().files
    if _BARE_ADDRESS.fullmatch(plain) and not (is_file and "/" not in plain):
        return "url", f"http://{plain}"
    return ("file", plain.replace("\\", "/")) if is_file else ("nowhere", plain)
