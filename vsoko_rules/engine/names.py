"""The engines by name, apart from the engines so that a command line can offer them without loading any.

To add one, write its module in this room and name it here; `vsoko_rules.engine.inference.EngineModule` says what the
module offers.
"""

from __future__ import annotations

from enum import Enum


class EngineName(str, Enum):
    """Which engine concludes: a module of this room, `both` for every one of them, `auto` for all that can be used."""

    AUTO = "auto"
    PLAIN = "plain"
    DURABLE = "durable"
    BOTH = "both"


ENGINES = tuple(name for name in EngineName if name not in (EngineName.AUTO, EngineName.BOTH))
"""the engines themselves; the first is always there"""
