"""Where the shipped rulesets, templates and sample cases are: in the wheel, or in the repository when run from it."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def shipped(folder: str) -> Path:
    """The folder `rulesets`, `reports` or `cases` that came with the program."""
    package = Path(__file__).resolve().parent
    installed = package / "shipped" / folder
    return installed if installed.is_dir() else package.parent / folder
