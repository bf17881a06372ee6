"""A letter to a school: a Word document with a part for each addressee."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vsoko_rules.report.composition import settings
from vsoko_rules.report.out.docx import report
from vsoko_rules.report.terms import Reader
from vsoko_rules.verdict.assessment import Assessment


def files(assessments: Sequence[Assessment], _: Reader | None, template: Path | None) -> dict[str, bytes]:
    """The letter about one assessment. Raises `InputError` for a template that cannot be used."""
    (assessment,) = assessments
    return {f"{settings()['letter']['suffix']}.docx": report(assessment, None, template or "letter")}
