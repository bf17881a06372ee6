"""Which files are taken where, by the endings of their names, and how that is told: everything that names them, a page,
an error or the dialogue of a browser, has it from here. What is in a file is looked at all the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

BOOKS: Final = (".xlsx", ".xlsm", ".xls", ".ods")
YAML: Final = (".yml", ".yaml")
CASES: Final = (*YAML, *BOOKS)
"""files of schools"""
CSV: Final = ".csv"
TABLES: Final = (*BOOKS, CSV)
"""schools and people of a study"""
ARCHIVE: Final = ".zip"
STUDIES: Final = (*CASES, ARCHIVE)
"""what a study that was made with files is taken in from"""

TEXTS: Final = (".docx", ".doc", ".odt", ".rtf", ".pdf", ".xlsx", ".xls", ".ods", ".txt")
PAGES: Final = (".html", ".htm", ".mht", ".mhtml")
SCANS: Final = (".jpg", ".jpeg", ".png", ".tif", ".tiff")
DOCUMENTS: Final = (*TEXTS, *PAGES, *SCANS)
"""what schools hand over: documents, tables, pages and scans; nothing that a program runs"""
_OTHER_WAYS: Final = frozenset({".jpeg", ".tif"})
"""endings that another one tells as well"""


def either(names: Sequence[str]) -> str:
    """Names of which one will do: «.xlsx, .ods или .csv»."""
    *others, last = names
    return f"{', '.join(others)} или {last}" if others else last


def kinds(endings: Sequence[str]) -> list[str]:
    """How kinds of files are called: «DOCX»."""
    return [ending.removeprefix(".").upper() for ending in endings if ending not in _OTHER_WAYS]
