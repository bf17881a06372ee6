"""The same check-list as a workbook with formulas, recalculated by LibreOffice without a window.

One row an element, one column a requirement: 1 where the document holds it, 0 where it lacks it, empty where nobody
asks. Formulas say whether the element is credited, how far each line goes, the points of each stage of each block,
their sum and the level. That is less than the program does: no documents, no dates, no links, no reasons, no report.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from vsoko_rules.reading.workbook import read_workbook
from vsoko_rules.verdict.assessment import Assessment

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""always recalculate: without it LibreOffice shows what the file says was calculated before"""

_FIRST = 3
"""the first column of requirements: before it stand the element, its block and its stage"""


def soffice() -> str | None:
    """The program, where it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def write_checklist(assessment: Assessment, path: Path) -> None:
    """The check-list of one assessed school, filled in as its documents are, with every formula still to calculate."""
    with xlsxwriter.Workbook(path) as book:
        rows = _elements(book.add_worksheet("Elements"), assessment)
        _lines(book.add_worksheet("Lines"), assessment, rows)
        _points(book.add_worksheet("Points"), assessment, len(rows))


def _elements(sheet: Any, assessment: Assessment) -> dict[str, str]:
    """Writes the elements; returns the cell that says whether each is credited."""
    evidence, asked = assessment.evidence, list(assessment.ruleset.requirements)
    credited, cells = _FIRST + len(asked), {}
    for row, (code, element) in enumerate(assessment.expectation.elements.items()):
        for column, text in enumerate((code, element.block, element.stage)):
            sheet.write_string(row, column, text)
        offered = evidence.serves.get(code, ())
        lacks = min((evidence.lacks(d, code) for d in offered), key=len, default=tuple(asked))
        for column, requirement in enumerate(asked, _FIRST):
            if requirement in element.requires:
                sheet.write_number(row, column, int(bool(offered) and requirement not in lacks))
        first, last = xl_rowcol_to_cell(row, _FIRST), xl_rowcol_to_cell(row, credited - 1)
        there = int(bool(evidence.credited.get(code)) or bool(offered and not lacks))
        sheet.write_number(row, credited + 1, int(bool(offered)))
        offer = xl_rowcol_to_cell(row, credited + 1)
        sheet.write_formula(row, credited, f"=IF(AND({offer}=1,COUNTIF({first}:{last},0)=0),1,0)", None, -1)
        cells[code] = f"Elements!{xl_rowcol_to_cell(row, credited, row_abs=True, col_abs=True)}"
        sheet.write_number(row, credited + 2, there)
    return cells


def _lines(sheet: Any, assessment: Assessment, cells: dict[str, str]) -> None:
    """For each line the number of its elements that hold without a gap."""
    for row, line in enumerate(assessment.expectation.lines):
        sheet.write_string(row, 0, line.id)
        for column, element in enumerate(line.elements, 1):
            before = "" if column == 1 else f"{xl_rowcol_to_cell(row, column - 1)}=1,"
            sheet.write_formula(row, column, f"=IF(AND({before}{cells[element]}=1),1,0)", None, -1)
        reached = f"{xl_rowcol_to_cell(row, 1)}:{xl_rowcol_to_cell(row, len(line.elements))}"
        sheet.write_formula(row, len(line.elements) + 1, f"=COUNTIF({reached},1)", None, -1)


def _points(sheet: Any, assessment: Assessment, rows: int) -> None:
    """0, 1 or 2 points for each stage of each block, sums, percent, and the level."""
    stages, blocks = assessment.ruleset.components, [b.id for b in assessment.blocks if b.components]
    column = xl_col_to_name(_FIRST + len(assessment.ruleset.requirements))
    block_of, stage_of, held = (f"Elements!${c}$1:${c}${rows}" for c in ("B", "C", column))
    for row, block in enumerate(blocks):
        sheet.write_string(row, 0, block)
        for at, stage in enumerate(stages, 1):
            about = f'{block_of},"{block}",{stage_of},"{stage}"'
            there, whole = f"COUNTIFS({about},{held},1)", f"COUNTIFS({about})"
            sheet.write_formula(row, at, f"=IF({there}={whole},2,IF({there}>0,1,0))", None, -1)
        points = f"{xl_rowcol_to_cell(row, 1)}:{xl_rowcol_to_cell(row, len(stages))}"
        sheet.write_formula(row, len(stages) + 1, f"=SUM({points})", None, -1)
    total, share = len(blocks), f"B{len(blocks) + 1}*100/{max(1, len(blocks) * len(stages) * 2)}"
    last = xl_col_to_name(len(stages) + 1)
    sheet.write_formula(total, 1, f"=SUM({last}1:{last}{total})", None, -1)
    sheet.write_formula(total, 2, f'=IF({share}>=85,"high",IF({share}>=50,"middle","low"))', None, "-")
    sheet.write_formula(total, 3, f"=SUM(Elements!{column}1:{column}{rows})", None, -1)


class LibreOffice:
    """LibreOffice with a profile of its own in `folder`, so that nothing of the user's is touched."""

    def __init__(self, program: str, folder: Path) -> None:
        self.program, self.folder = program, folder
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")

    def convert(self, files: Sequence[Path]) -> float:
        """Recalculate all files in one go; seconds."""
        out = self.folder / "recalculated"
        home = f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"
        command = [self.program, home, "--headless", "--convert-to", "xlsx", "--outdir", str(out), *map(str, files)]
        begun = perf_counter()
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        return perf_counter() - begun

    def check(self, file: Path) -> None:
        """The formulas really were calculated: as many elements are credited as the program says."""
        sheets = {s.name: s for s in read_workbook(self.folder / "recalculated" / file.name)}
        expected = sum(int(row[-1] or 0) for row in sheets["Elements"].rows)
        found = [row[3] for row in sheets["Points"].rows if row[0] is None]
        if found != [str(expected)]:
            raise SystemExit(f"{file.name}: LibreOffice counts {found} credited elements, the program {expected}")
