"""A line laid over the documents of a case: which of its stages hold, where it breaks first, and how."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from vsoko_rules.ruleset.lines import LineSpec
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.frozen import frozen

EXPERT = ""
"""stands for a document where an expert decided that the stage holds; never the id of a document"""


class BreakKind(str, Enum):
    """Why a line breaks where it breaks."""

    NO_DOCUMENT = "no_document"
    REQUIREMENTS = "requirements"
    NOT_BASED = "not_based"
    DATED_BEFORE = "dated_before"


@frozen
class NearMiss:
    """A document that was offered where a line breaks, and what keeps it from holding the line."""

    document: str
    lacks: tuple[str, ...]
    """requirements it does not meet, in the order of the ruleset"""
    instead: tuple[str, ...]
    """documents it is based on, none of which the line had reached"""
    elsewhere: tuple[str, ...]
    """of these, the ones that serve other blocks alone"""
    early: tuple[str, ...]
    """documents the line had reached and this one is based on, although it is dated before them"""


@frozen
class Break:
    """The first break of a line. `documents` nearest first; `decided` when an expert decided so."""

    stage: str
    element: str
    kind: BreakKind
    documents: tuple[NearMiss, ...]
    reached: tuple[str, ...]
    """documents of the stage before that the line had reached"""
    decided: bool = False


class Cell(NamedTuple):
    """One stage of one line. `documents`: those that hold it, or for a cell that does not hold, those offered."""

    stage: str
    element: str
    outcome: Outcome
    documents: tuple[str, ...]


@frozen
class Lack:
    """A document that holds an element and misses requirements that are only remarked."""

    element: str
    document: str
    lacks: tuple[str, ...]
    """requirements of grade «remark», in the order of the ruleset"""


@frozen
class Trace:
    """One line laid over the documents of a case."""

    spec: LineSpec
    cells: tuple[Cell, ...]
    break_: Break | None
    path: tuple[str, ...]
    """for a complete line, one document a stage, with the fewest remarks and of those the first in the order of ids; an
    expert's stage has none"""
    remarks: tuple[Lack, ...]
    """for a complete line, what is remarked of the documents of its path as they are proven"""
    run: tuple[str, ...]
    """elements of the longest run of neighbouring stages that hold and are linked; of equals the first"""
    there: tuple[str, ...]
    """elements for which there is a document, published and more than a form with blanks"""
    steps: int
    """how many stages the line has, those left out by a decision not counted"""

    @property
    def complete(self) -> bool:
        """Whether a path of documents runs through every stage."""
        return self.break_ is None


def weakest_stage(traces: Sequence[Trace], components: Sequence[str]) -> str | None:
    """The stage at which most of the lines break first; of equals the earlier. None when all hold."""
    broken = [t.break_.stage for t in traces if t.break_ is not None]
    return max(components, key=broken.count) if broken else None
