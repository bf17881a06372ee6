"""The words of a region's study, from `reports/region/`."""

from __future__ import annotations

from functools import cache
from typing import Any

from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.words import plural


@cache
def region_words() -> Any:
    """The words, read once."""
    return read(shipped("reports") / "region" / "words.yml").data


def many(noun: str, number: int) -> str:
    """A number with its noun: «12 школ»."""
    forms = region_words()["plural"][noun]
    return f"{number}\u00a0{plural(number, [*forms, forms[1]])}"
