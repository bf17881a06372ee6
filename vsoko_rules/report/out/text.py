"""The summary for the terminal, and as a text file. Wording and layout are in `reports/text/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vsoko_rules.report.composition import compose
from vsoko_rules.report.terms import Reader
from vsoko_rules.templates import render, rich
from vsoko_rules.verdict.assessment import Assessment


def files(assessments: Sequence[Assessment], _: Reader | None, __: Path | None) -> dict[str, bytes]:
    """The summary of one assessment as plain text."""
    from rich.text import Text

    (assessment,) = assessments
    return {".txt": Text.from_markup(summary(assessment), emoji=False).plain.replace("\u2060", "").encode()}


def summary(assessment: Assessment) -> str:
    """One assessment as Rich markup, at most 100 columns wide."""
    return render("text/summary.j2", rich, view=compose(assessment))
