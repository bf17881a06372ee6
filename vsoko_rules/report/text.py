"""The summary for the terminal. Wording and layout are in `reports/text/`."""

from __future__ import annotations

from vsoko_rules.report.compose import compose
from vsoko_rules.templates import render, rich
from vsoko_rules.verdict.assessment import Assessment


def summary(assessment: Assessment) -> str:
    """One assessment as Rich markup, at most 100 columns wide. Text of the user is escaped."""
    return render("text/summary.j2", rich, view=compose(assessment))
