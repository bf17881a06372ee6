r"""Any text in a cell, and back.

XML has no place for control characters, spreadsheets decode `_x0041_` each in their own way, and XlsxWriter takes
`<r>…</r>` for markup. What no cell may hold is written as a backslash and the code of the character in braces,
`\{1F}`; everything else stays as it is.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 32_767
"""characters in one cell"""

_UNSAFE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|\\(?=\{)|_(?=x[0-9A-Fa-f]{4}_)|\A<(?=r>)")
_ESCAPED: Final = re.compile(r"\\\{([0-9A-F]{1,4})\}")


def escaped(text: str) -> str:
    """`text` as it can stand in a cell."""
    return _UNSAFE.sub(lambda match: f"\\{{{ord(match.group()):X}}}", text)


def unescaped(text: str) -> str:
    """What `escaped` was given. A code that it never writes stays as it was typed."""
    return _ESCAPED.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    character = chr(int(match.group(1), 16))
    return character if character in "\\_<" or _UNSAFE.match(character) else match.group()
