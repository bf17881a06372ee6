"""Use cases: what the command line, programs and a browser ask for, in one place; and what they let choose."""

from __future__ import annotations

from enum import Enum


class ChainLanguage(str, Enum):
    """Languages in which a chain can be drawn."""

    MERMAID = "mermaid"
    DOT = "dot"


class SchemaOf(str, Enum):
    """What a JSON Schema describes."""

    CASE = "case"
    RESULT = "result"
    RULESET = "ruleset"
    CUES = "cues"
