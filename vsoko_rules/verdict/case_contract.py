"""The part of the contract that speaks of the file of a school: decisions, confirmations, addresses, notices.

See `contract`, which holds the rest.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

from pydantic import ConfigDict, with_config
from pydantic_core import core_schema
from typing_extensions import TypedDict

from vsoko_rules.case.lapses import ChangedPart
from vsoko_rules.reading.addresses import AddressKind
from vsoko_rules.reading.attached import FileState
from vsoko_rules.verdict.decisions import DecisionState, Doubt
from vsoko_rules.verdict.evidence import Outcome

documented = with_config(ConfigDict(use_attribute_docstrings=True, allow_inf_nan=False))


class OneOf:
    """The text is one of the values of an `Enum`, for a schema and for who reads results back."""

    def __init__(self, words: type[Enum]) -> None:
        self.values = [word.value for word in words]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return core_schema.literal_schema(self.values)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "string", "enum": self.values}


OutcomeWord = Annotated[str, OneOf(Outcome)]


@documented
class OverrideRecord(TypedDict):
    """An expert's decision."""

    of: str
    outcome: OutcomeWord
    by: str
    date: str
    comment: str


@documented
class DecisionRecord(TypedDict):
    """How an expert's decision stands; in the order of `overrides`."""

    of: str
    """the present code of an element or indicator"""
    until: str | None
    """the last day on which it counts"""
    counts: bool
    """false: it has ended by `day`, and the verdict is as if it were not there"""
    state: Annotated[str, OneOf(DecisionState)]
    doubts: list[Annotated[str, OneOf(Doubt)]]
    """why it may not mean what it seems to, the gravest first"""


@documented
class ChangeRecord(TypedDict):
    """What a ground or a file was when it was confirmed, and what it is."""

    what: Annotated[str, OneOf(ChangedPart)]
    was: str
    now: str | None


@documented
class SuspectRecord(TypedDict):
    """A confirmation that has to be given anew: it neither counts nor is it counted as absent."""

    document: str
    claim: str
    ground: str | None
    """the document on which a link rests; null where the file of a quote changed"""
    changes: list[ChangeRecord]


@documented
class LinkRecord(TypedDict):
    """Where a document is published, as far as that can be told without the network."""

    document: str
    address: Annotated[str, OneOf(AddressKind)] | None
    """what stands in the place of its address; «web» is well written, nobody tried to open it"""
    file: str | None
    file_state: Annotated[str, OneOf(FileState)] | None
    """null where there is no file, or nobody could look"""
    file_type: str | None
    """by its first bytes; null where they tell nothing"""
    file_size: int | None
    """bytes"""
    file_sha256: str | None
    """taken with `--links`, and where the case records one to compare with"""


@documented
class NoticeRecord(TypedDict):
    """A remark on the file that does not change the verdict."""

    place: str
    message: str
    found: str | None
    expected: str | None
