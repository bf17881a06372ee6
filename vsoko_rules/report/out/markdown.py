"""The report as Markdown with tables. Wording and layout are in `reports/markdown/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vsoko_rules.report.composition import Composer
from vsoko_rules.report.terms import Reader
from vsoko_rules.templates import markdown, render


def files(composers: Sequence[Composer], _: Reader | None, __: Path | None) -> dict[str, bytes]:
    """One assessment as Markdown."""
    (composer,) = composers
    return {".md": render("markdown/report.md.j2", markdown, view=composer.view()).encode()}
