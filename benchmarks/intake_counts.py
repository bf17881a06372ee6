"""What is counted where proposals are held against labels."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from intake_corpus import Label, Paper
from vsoko_rules.case.document_records import Claim
from vsoko_rules.intake.proposals.proposal import ProposedClaim, ProposedDocument


@dataclass
class Tally:
    """Counts of one field."""

    wanted: int = 0
    """how often the label says something"""
    proposed: int = 0
    """how often something was proposed where it counts"""
    right: int = 0
    """how much of it is right"""

    @property
    def precision(self) -> float | None:
        return self.right / self.proposed if self.proposed else None

    @property
    def recall(self) -> float | None:
        return self.right / self.wanted if self.wanted else None


@dataclass(frozen=True)
class Wrong:
    """A claim that the label does not bear out, or a value that was not found."""

    paper: str
    field: str
    said: str
    quote: str
    wanted: str


@dataclass
class Measured:
    """All counts of one run."""

    fields: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    contents: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    """of each requirement"""
    cues: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    """right and wrong claims of each cue"""
    bad: Counter[str] = field(default_factory=Counter)
    """what must never happen"""
    wrong: list[Wrong] = field(default_factory=list)
    missed: list[Wrong] = field(default_factory=list)


@dataclass(frozen=True)
class Matched:
    """One labelled document and what was proposed of it."""

    paper: Paper
    label: Label
    found: ProposedDocument | None

    def claims(self, name: str) -> list[tuple[str, ProposedClaim]]:
        """The values proposed for one field (`holds` for contents), with their claims."""
        told = [] if self.found is None else [(Claim(claim=c.claim), c) for c in self.found.claims]
        if name == "holds":
            return [(read.claim, c) for read, c in told if read.field is None]
        return [(read.value, c) for read, c in told if read.field == name and read.value is not None]


def count_false(result: Measured, paper: Paper, name: str, said: str, claim: ProposedClaim, wanted: str) -> None:
    result.wrong.append(Wrong(paper.id, name, said, claim.span.quote if claim.span else "", wanted))


def number(text: str) -> str:
    """A number of a document for comparing."""
    return re.sub(r"[\s_«»\"']", "", text).replace("–", "-").replace("—", "-").casefold()
