"""Templates can be read at all, those that no test shows, too."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment

REPORTS = Path(__file__).resolve().parents[2] / "reports"
TEMPLATES = sorted(REPORTS.rglob("*.j2"))


@pytest.mark.parametrize("folder", sorted({path.parent for path in TEMPLATES}), ids=lambda path: path.name)
def test_every_template_can_be_read(folder: Path) -> None:
    for path in folder.glob("*.j2"):
        Environment().parse(path.read_text(encoding="utf-8"), filename=str(path))
