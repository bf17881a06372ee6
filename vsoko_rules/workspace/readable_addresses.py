"""Addresses as people read them: Russian letters in place of their codes with `%`."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

_CODED_LETTERS: Final = re.compile(r"(?:%D[01]%[89AB][0-9A-F])+", re.IGNORECASE)
"""Russian letters in UTF-8, two bytes each"""


def readable_address(text: str) -> str:
    """A text with the addresses in it as people read them. Codes of anything else stay, so that the address means the
    same."""
    return _CODED_LETTERS.sub(lambda found: unquote(found[0]), text)
