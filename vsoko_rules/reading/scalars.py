"""Scalar types of cases and rulesets.

The YAML reader hands over every plain scalar as the text that stands in the file (see `vsoko_rules.reading.yaml`), and
the field decides what it means: `number: 010` stays «010», `12:30` stays «12:30», and `no` is never a boolean.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?\Z")
_SCHOOL_YEAR = re.compile(r"((?:19|20)[0-9][0-9]) ?[/–—-] ?((?:19|20)?[0-9][0-9])\Z")
_YEAR = re.compile(r"((?:19|20)[0-9][0-9])\Z")
_MONTH = re.compile(r"([а-я]+) ((?:19|20)[0-9][0-9])\Z")
_MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_YEAR_WORDS = ("г.", "год", "уч.", "учебный")
_INTEGER = re.compile(r"[+-]?(0|[1-9][0-9]*)\Z")


def _date(value: Any) -> Any:
    if isinstance(value, str):
        if not _DATE.match(value):
            raise PydanticCustomError("vsoko_date", "a date")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("vsoko_day", "a day of the calendar") from None
    return value


def is_day(text: str) -> bool:
    """Whether a text is a calendar date, written ГГГГ-ММ-ДД."""
    try:
        return bool(_DATE.match(text)) and date.fromisoformat(text) is not None
    except ValueError:
        return False


def _period(value: Any) -> Any:
    if isinstance(value, str) and value.strip() and span(value) is None:
        raise PydanticCustomError("vsoko_period", "a period")
    return value


def span(period: str) -> tuple[date, date] | None:
    """The first and the last day of a period: a school year («2021/22», from 1 September to 31 August), a calendar year
    («2022»), a month («июнь 2022»). None where it is none of these."""
    text = " ".join(period.casefold().replace("ё", "е").split())
    for word in _YEAR_WORDS:
        text = text.removesuffix(word).strip()
    if match := _SCHOOL_YEAR.match(text):
        first, last = int(match[1]), match[2]
        if int(last) == (first + 1) % 100 or int(last) == first + 1:
            return date(first, 9, 1), date(first + 1, 8, 31)
        return None
    if match := _YEAR.match(text):
        return date(int(match[1]), 1, 1), date(int(match[1]), 12, 31)
    if match := _MONTH.match(text):
        number = month(match[1])
        if number is not None:
            start = date(int(match[2]), number, 1)
            after = date(start.year + number // 12, number % 12 + 1, 1)
            return start, after - timedelta(days=1)
    return None


def month(name: str) -> int | None:
    """The number of a month by its name in any case: «июнь», «июня»."""
    return next((n for n, known in enumerate(_MONTHS, 1) if name.startswith(known)), None)


def _number(value: Any) -> Any:
    if isinstance(value, str) and not (_NUMBER.match(value) and len(value) <= 20):
        raise PydanticCustomError("vsoko_number", "a number")
    return value


def _integer(value: Any) -> Any:
    if isinstance(value, str) and not (_INTEGER.match(value) and len(value) <= 12):
        raise PydanticCustomError("vsoko_integer", "an integer")
    return value


def _flag(value: Any) -> Any:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise PydanticCustomError("vsoko_flag", "true or false")
        return value == "true"
    return value


_CODE_PATTERN = r"^[^\W_][\w.\-]*$"

Code = Annotated[str, StringConstraints(pattern=_CODE_PATTERN, max_length=80)]
"""An id: letters, digits and `- . _`, beginning with a letter or digit, at most 80 characters."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
"""Text for people: not empty, stripped, at most 4,000 characters."""

Day = Annotated[date, BeforeValidator(_date)]
"""A calendar date, written ГГГГ-ММ-ДД."""

Period = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), BeforeValidator(_period)]
"""A school year, a calendar year or a month, as `span` reads it."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$", to_lower=True, strip_whitespace=True)]
"""the hash of a file, in hexadecimal digits"""
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
"""A day of any year, written ММ-ДД."""

Number = Annotated[Decimal, BeforeValidator(_number)]
"""An exact decimal number; the fraction is divided by a point."""

NotNegative = Annotated[Number, Field(ge=0)]
"""A number from 0 up: weights, efforts."""

Positive = Annotated[Number, Field(gt=0)]
"""A number above 0: points that can be had."""

Share = Annotated[Number, Field(ge=0, le=100)]
"""Percent of a whole."""

Whole = Annotated[int, BeforeValidator(_integer)]
"""A whole number."""

Flag = Annotated[bool, BeforeValidator(_flag)]
"""`true` or `false`, nothing else."""
