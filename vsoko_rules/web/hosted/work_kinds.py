"""All kinds of long work, in the modules that do them: imported by a worker, a line each."""

from __future__ import annotations

from vsoko_rules.web.hosted import (
    phase_work,  # noqa: F401
)
