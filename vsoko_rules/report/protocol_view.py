"""What the extract from the minutes shows: everything worded and counted, names of people left out."""

from __future__ import annotations

from dataclasses import dataclass

from vsoko_rules.ruleset.model import Origin


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school of the district with its verdict."""

    name: str
    level: str
    points: str
    indicators: str


@dataclass(frozen=True, slots=True)
class LevelRow:
    """How many schools have a level for certain; `schools` names them unless all or none do."""

    title: str
    count: int
    total: int
    percent: str
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weak:
    """A stage that lost points over the district; the blocks that lost most first."""

    id: str
    stage: str
    points: str
    percent: str
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A direction of the study and its number of indicators, none where the ruleset lists none."""

    name: str
    indicators: int | None


@dataclass(frozen=True, slots=True)
class Decision:
    """A draft of a decision, and what it follows from."""

    number: str
    text: str
    deadline: str
    why: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Decided:
    """The drafts for one addressee."""

    addressee: str
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Sharing:
    """A pair for the exchange of practice; no helper where no school of the study can help."""

    school: str
    subject: str
    """block and stage at which the school's lines break"""
    helper: str | None


@dataclass(frozen=True, slots=True)
class Protocol:
    """Everything that the extract shows."""

    municipality: str
    year: int
    start: str | None
    end: str | None
    """the window of the study, where it is known and one for all"""
    ruleset: str
    ruleset_id: str
    version: str
    label: str | None
    sha256: str
    tool: str
    count: int
    of_schools: str
    schools: tuple[SchoolRow, ...]
    blocks: tuple[BlockRow, ...]
    levels: tuple[LevelRow, ...]
    open: tuple[str, ...]
    """schools whose level unchecked things may still change"""
    weakest: tuple[Weak, ...]
    decided: tuple[Decided, ...]
    sharing: tuple[Sharing, ...]
    """who shares practice with whom: a proposal, as the decisions are"""
    notices: tuple[str, ...]
