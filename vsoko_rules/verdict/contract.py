"""The shape of `result`: what a program that reads the JSON may rely on. Keys are added, never renamed or removed.

The JSON Schema `docs/schema/result.json` is generated from these types and their docstrings (see `answer`).
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field
from typing_extensions import TypedDict

from vsoko_rules.verdict.block_contract import BlockRecord, FindingRecord, LevelRecord, ScoreRecord, TallyRecord
from vsoko_rules.verdict.case_contract import (
    DecisionRecord,
    LinkRecord,
    NoticeRecord,
    OverrideRecord,
    SuspectRecord,
    documented,
)

SCHEMA_VERSION: Final = 2
"""2: the unit of the cycle score is the line, no longer the component"""


@documented
class CycleRecord(ScoreRecord):
    """The score of the management cycle."""

    automatic: ScoreRecord
    """without an expert's decisions"""


@documented
class RulesetRecord(TypedDict):
    """The ruleset that judged."""

    id: str
    version: str
    sha256: str
    label: str | None
    """what must be said wherever results are shown"""


@documented
class CaseRecord(TypedDict):
    """The file of the school."""

    file: str
    sha256: str


@documented
class SchoolRecord(TypedDict):
    """The school, as the case describes it."""

    id: str
    name: str
    municipality: str
    levels: list[str]
    """levels of education: НОО, ООО, СОО"""
    counts: dict[str, int]
    """numbers on which applicability depends, by code"""


@documented
class ResultRecord(TypedDict):
    """One assessment: one case under one ruleset."""

    schema: Literal[2]
    """version of this contract"""
    ruleset: RulesetRecord
    case: CaseRecord
    school: SchoolRecord
    year: Annotated[int, Field(ge=1990, le=2100)]
    """of the study"""
    complete: bool
    """every applicable line holds and nothing blocking was found"""
    level: LevelRecord | None
    """by the score that the ruleset names"""
    automatic: LevelRecord | None
    """the same without an expert's decisions"""
    without_exclusions: LevelRecord | None
    """the same, had no decision left anything out; null where nothing was left out"""
    tally: TallyRecord
    cycle: CycleRecord
    indicators: ScoreRecord
    blocks: list[BlockRecord]
    findings: list[FindingRecord]
    """those that belong to no block"""
    to_do: list[str]
    """fingerprints of the findings that the school itself can mend, what to begin with first"""
    not_applicable: list[str]
    """elements that do not apply to the school, and those that an expert's decisions leave out"""
    left_out: list[str]
    """of these, the ones that decisions leave out"""
    overrides: list[OverrideRecord]
    day: str
    """for which decisions count: when the case was filled in, else the last of the study"""
    decisions: list[DecisionRecord]
    suspect: list[SuspectRecord]
    links: list[LinkRecord]
    """of the documents that have an address or a file"""
    notices: list[NoticeRecord]
