"""The summary for the terminal. Wording and layout are in `reports/text/`."""

from __future__ import annotations

from vsoko_rules.report.compose import compose
from vsoko_rules.report.templates import text_environment
from vsoko_rules.verdict.assessment import Assessment


def summary(assessment: Assessment) -> str:
    """One assessment as Rich markup, at most 100 columns wide. Text of the user is escaped."""
    return text_environment().get_template("text/summary.j2").render(view=compose(assessment))
