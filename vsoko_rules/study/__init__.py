"""Studies: many schools assessed, summed up, compared, paired; and two experts on the same schools."""

from __future__ import annotations

from enum import Enum


class Backend(str, Enum):
    """Who does the work of a study."""

    LOCAL = "local"
    DASK = "dask"
