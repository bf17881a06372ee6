"""A letter to a school: a Word document with a part for each addressee."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vsoko_rules.report.composition import Composer, settings
from vsoko_rules.report.out.docx import report
from vsoko_rules.report.terms import Reader


def files(composers: Sequence[Composer], _: Reader | None, template: Path | None) -> dict[str, bytes]:
    """The letter about one assessment. Raises `InputError` for a template that cannot be used."""
    (composer,) = composers
    return {f"{settings()['letter']['suffix']}.docx": report(composer, None, template or "letter")}
