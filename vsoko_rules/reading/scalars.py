"""Scalar types of cases and rulesets.

The YAML reader hands over every plain scalar as the text that stands in the file (see `vsoko_rules.reading.yaml`), and
the field decides what it means: `number: 010` stays «010», `12:30` stays «12:30», and `no` is never a boolean.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_NUMBER = re.compile(r"[+-]?(0|[1-9]\d*)(\.\d+)?\Z")
_INTEGER = re.compile(r"[+-]?(0|[1-9]\d*)\Z")


def _date(value: Any) -> Any:
    if isinstance(value, str):
        if not _DATE.match(value):
            raise PydanticCustomError("vsoko_date", "a date")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("vsoko_date", "a date") from None
    return value


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
