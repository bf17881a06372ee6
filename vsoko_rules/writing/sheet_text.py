"""Texts of a workbook outside its cells: names of sheets, headers and footers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

LONGEST_TAB: Final = 31
"""characters in the name of a sheet"""
LONGEST_HEADER: Final = 255
"""characters of a header or footer, its codes among them"""

_NOT_IN_TABS: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def tab_name(name: str, taken: Collection[str]) -> str:
    """`name` as a sheet may be called: at most 31 characters, cut at a word, and different from all in `taken`."""
    plain = " ".join(name.translate(_NOT_IN_TABS).split())
    used = {other.casefold() for other in taken}
    for number in range(1, len(used) + 2):
        tail = "" if number == 1 else f" {number}"
        short = _cut(plain, LONGEST_TAB - len(tail)) + tail
        if short.casefold() not in used:
            return short
    raise AssertionError("one of these names is free")


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    head = text[:longest]
    return head[: head.rindex(" ")] if " " in head and text[longest] != " " else head.rstrip()


def header_text(text: str, room: int) -> str:
    """Any text in a header or footer, where `&` begins a code, in at most `room` characters."""
    doubled = text.replace("&", "&&")
    return doubled if len(doubled) <= room else doubled[:room].rstrip("&")
