"""A table of schools or people as CSV, as Excel and LibreOffice save it: one sheet, every cell a text."""

from __future__ import annotations

import csv
import re
from pathlib import PurePath
from typing import Final

from vsoko_rules.accepted_files import CSV
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.texts.encodings import decoded
from vsoko_rules.reading.workbook import MOST_CELLS, Sheet, is_workbook
from vsoko_rules.region.roster_words import roster_words

_DELIMITERS: Final = ";,\t"
"""those of a Russian Excel come first"""
_AS_TEXT: Final = re.compile(r'="((?:[^"]|"")*)"')
"""what is written so that Excel leaves the zeros of a code where they are"""


def is_csv(content: bytes, name: str) -> bool:
    """Whether a file is to be read as CSV: it is called so and is no workbook under a wrong name."""
    return PurePath(name).suffix.lower() == CSV and not is_workbook(content)


def csv_sheet(content: bytes, name: str) -> Sheet:
    """The one sheet of a CSV file, called as the file is, in UTF-8 with or without a mark, UTF-16 or Windows letters,
    with cells apart by `;`, `,` or tabs. A cell that holds a formula has no value. Raises `InputError`."""
    text = decoded(content)
    if "\x00" in text:
        raise _refused(name, "nul")
    lines = text.splitlines(keepends=True)
    head = next((line for line in lines if line.strip()), "")
    rows: list[list[str | None]] = []
    faults: dict[tuple[int, int], str] = {}
    cells = 0
    reader = csv.reader(lines, delimiter=max(_DELIMITERS, key=head.count), strict=True)
    try:
        for number, row in enumerate(reader):
            cells += len(row)
            if cells > MOST_CELLS:
                raise _refused(name, "large")
            rows.append([_text(cell, (number, at), faults) for at, cell in enumerate(row)])
    except csv.Error as exc:
        raise _refused(name, "broken", str(reader.line_num)) from exc
    return Sheet(name, PurePath(name).stem, rows, {}, faults)


def _text(cell: str, at: tuple[int, int], faults: dict[tuple[int, int], str]) -> str | None:
    if (as_text := _AS_TEXT.fullmatch(cell.strip())) is not None:
        return as_text[1].replace('""', '"') or None
    if cell.lstrip().startswith("="):
        faults[at] = cell.strip()
        return None
    return cell if cell.strip() else None


def _refused(name: str, fault: str, found: str | None = None) -> InputError:
    said, expected = roster_words().csv[fault]
    return InputError([Problem(Place(name), said.format(line=found), expected=expected)])
