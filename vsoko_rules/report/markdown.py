"""The report as Markdown. Wording and layout are in `reports/markdown/`; every text of a case is escaped."""

from __future__ import annotations

from vsoko_rules.report.paper import Paper
from vsoko_rules.templates import markdown, render


def page(paper: Paper) -> str:
    """One assessment as Markdown with tables."""
    return render("markdown/report.md.j2", markdown, paper=paper)
