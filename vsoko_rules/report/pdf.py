"""The report as PDF, set by Typst from `reports/pdf/report.typ`. Needs no program on the machine, nor its fonts.

The template gets the paper as data and never as markup, so that no text of a case can become a command.
"""

from __future__ import annotations

import json
from datetime import datetime

from vsoko_rules.report.paper import Paper
from vsoko_rules.report.plain import plain
from vsoko_rules.report.words import words
from vsoko_rules.resources import shipped


def pdf(paper: Paper, on: datetime) -> bytes:
    """One assessment as tagged PDF. `on` stands in its properties: reports never tell the time.

    The file meets PDF/UA-1 unless a text of the case has signs that no font at hand can show.
    """
    from typst import TypstError

    data = json.dumps({**plain(paper), "words": words()}, ensure_ascii=False)
    try:
        return _compiled(data, on, ["ua-1"])
    except TypstError:
        return _compiled(data, on, [])


def _compiled(data: str, on: datetime, standards: list[str]) -> bytes:
    import typst

    found = typst.compile(
        shipped("reports") / "pdf" / "report.typ",
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=standards,
        timestamp=int(on.timestamp()),
        sys_inputs={"paper": data},
    )
    assert isinstance(found, bytes), "one file was asked for"
    return found
