"""All kinds of long work, in the modules that do them: imported by a worker, a line each."""

from __future__ import annotations

from vsoko_rules.web.hosted import (
    case_import,  # noqa: F401 (files of a study made without the server)
    packed_study,  # noqa: F401 (cases with the files that were handed over)
    phase_work,  # noqa: F401 (what a phase begins with)
    region_agreement,  # noqa: F401 (κ and α of the experts of a study)
    region_papers,  # noqa: F401 (papers of a region or a municipality)
    seat_readings,  # noqa: F401 (the files of a seat)
)
