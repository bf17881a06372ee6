"""Names of the back ends, apart from what they need, so that the command line starts at once."""

from __future__ import annotations

from enum import Enum


class Backend(str, Enum):
    """Who does the work."""

    LOCAL = "local"
    DASK = "dask"
