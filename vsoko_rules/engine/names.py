"""The names of engines, apart from the engines so that a command line can offer them without loading any."""

from __future__ import annotations

from enum import Enum


class EngineName(str, Enum):
    """Which engine concludes. `auto` is `both` where durable-rules imports, else `plain`."""

    AUTO = "auto"
    PLAIN = "plain"
    DURABLE = "durable"
    BOTH = "both"
