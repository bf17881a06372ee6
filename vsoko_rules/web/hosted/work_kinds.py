"""All kinds of long work, in the modules that do them: imported by a worker, a line each."""

from __future__ import annotations

from vsoko_rules.web.hosted import (
    phase_work,  # noqa: F401 (what a phase begins with)
    region_papers,  # noqa: F401 (papers of a region or a municipality)
)
