"""The report as Markdown with tables. Wording and layout are in `reports/markdown/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vsoko_rules.report.composition import compose
from vsoko_rules.report.terms import Reader
from vsoko_rules.templates import markdown, render
from vsoko_rules.verdict.assessment import Assessment


def files(assessments: Sequence[Assessment], _: Reader | None, __: Path | None) -> dict[str, bytes]:
    """One assessment as Markdown."""
    (assessment,) = assessments
    return {".md": render("markdown/report.md.j2", markdown, view=compose(assessment, with_plan=True)).encode()}
