"""What is said of a file that was not read, or cannot be trusted."""

from __future__ import annotations

from functools import cache

from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped


@cache
def reasons() -> dict[str, str]:
    """The sentences of `reports/intake/reading.yml` by their codes."""
    return dict(read(shipped("reports") / "intake" / "reading.yml").data)
