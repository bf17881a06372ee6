"""The report as PDF, set by Typst from `reports/pdf/report.typ`. Needs no program on the machine, nor its fonts.

The template gets the paper as data and never as markup, so that no text of a case can become a command.
"""

from __future__ import annotations

import json
from datetime import datetime

from vsoko_rules.report.paper import Paper
from vsoko_rules.report.plain import plain
from vsoko_rules.resources import shipped
from vsoko_rules.words import words


def pdf(paper: Paper, on: datetime) -> bytes:
    """One assessment as tagged PDF. `on` stands in its properties: reports never tell the time.

    The file meets PDF/UA-1 unless a text of the case has signs that no font at hand can show.
    """
    from typst import TypstError

    data = json.dumps({**plain(paper), "words": words()}, ensure_ascii=False)
    try:
        return _compiled(data, on, accessible=True)
    except TypstError:
        return _compiled(data, on, accessible=False)


def _compiled(data: str, on: datetime, accessible: bool) -> bytes:
    import typst

    return typst.compile(
        shipped("reports") / "pdf" / "report.typ",
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards="ua-1" if accessible else [],
        timestamp=int(on.timestamp()),
        sys_inputs={"paper": data},
    )
