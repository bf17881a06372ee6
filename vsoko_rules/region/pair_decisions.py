"""What is decided of that on which the experts of a school differ: proposals of each, and the word of a third person.

A decision remembers on what the experts differed when it was made. When one of them opens the case again and comes to
another outcome, it lapses: it was about something else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints

from vsoko_rules.case.records import Override
from vsoko_rules.reading.scalars import Code, Day, NotNegative, Text
from vsoko_rules.reading.validation import Model
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.study.disputes import Dispute
from vsoko_rules.study.reconcile import Agreed
from vsoko_rules.words import day as day_words
from vsoko_rules.writing.json_text import json_line

LONGEST_COMMENT: Final = 1000
"""characters: those of all experts stand in one comment of a case"""
LONGEST_TEXT: Final = 4000
"""characters of a text in a case"""
_STAMP: Final = 16


class PairDecision(Model):
    """An outcome or a mark for a code on which experts differ, as one person sees it. As JSON data by `model_dump` in
    the mode «json», and back by `model_validate`."""

    code: Code
    outcome: Agreed | None = None
    mark: NotNegative | None = None
    comment: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_COMMENT)]
    by: Text
    at: Day
    expert: Annotated[int, Field(ge=0)] | None = None
    """whose proposal it is, by the place of the expert from 0; none: a third person's, which decides"""
    about: Text
    """on what the experts differed when it was made (`stamp_of`)"""

    @property
    def said(self) -> tuple[Any, Any]:
        """What is decided, whoever says it."""
        return self.outcome, self.mark


@dataclass(frozen=True, slots=True)
class SettledDispute:
    """What was decided in the end: by all experts alike, or by a third person. `by` names all of them."""

    code: str
    outcome: Agreed | None
    mark: NotNegative | None
    by: str
    at: date
    comment: str

    @property
    def override(self) -> Override | None:
        """As a case holds it; none of a mark."""
        if self.outcome is None:
            return None
        return Override(of=self.code, outcome=self.outcome, by=self.by, date=self.at, comment=self.comment)

    @property
    def mark_comment(self) -> str:
        """What stands beside a mark: a case says nowhere else who gave it, and when."""
        said = pair_words()["mark"].format(comment=self.comment, by=self.by, day=day_words(self.at))
        return said[:LONGEST_TEXT]


@cache
def pair_words() -> Mapping[str, str]:
    """The words of agreed cases, read once."""
    words: Mapping[str, str] = read(shipped("reports") / "region" / "pair.yml").data
    return words


def stamp_of(dispute: Dispute) -> str:
    """A mark of what the experts differ on: another as soon as one of them comes to another outcome. Comments, quotes
    and names of documents make no difference."""
    opinions = [
        None if o is None else [o.outcome, o.indicator, o.mark, o.decision, sorted(o.lacks), sorted(o.grounds or ())]
        for o in dispute.opinions
    ]
    said = json_line([[aspect.value for aspect in dispute.over], opinions])
    return hashlib.sha256(said.encode()).hexdigest()[:_STAMP]


def latest(decisions: Iterable[PairDecision]) -> dict[int | None, PairDecision]:
    """The last word of each expert and of the third person."""
    return {decision.expert: decision for decision in decisions}


def settlement(decisions: Sequence[PairDecision], names: Sequence[str]) -> SettledDispute | None:
    """What these decisions about one code come to: a third person decides; else all experts must propose the same.
    `names` are those of the experts in their order."""
    last = latest(decisions)
    third = last.get(None)
    if third is not None:
        by = pair_words()["third"].format(third=third.by, names=", ".join(names))
        return SettledDispute(third.code, third.outcome, third.mark, by, third.at, third.comment)
    proposals = [last[n] for n in range(len(names)) if n in last]
    if len(proposals) < len(names) or len({proposal.said for proposal in proposals}) > 1:
        return None
    first = proposals[0]
    comment = joined((name, proposal.comment) for name, proposal in zip(names, proposals, strict=True))
    day = max(proposal.at for proposal in proposals)
    return SettledDispute(first.code, first.outcome, first.mark, ", ".join(names), day, comment)


def joined(comments: Iterable[tuple[str, str]]) -> str:
    """What several people wrote, as one text: once where they wrote the same."""
    told = list(comments)
    if len({comment for _, comment in told}) == 1:
        return told[0][1]
    lines = (pair_words()["said"].format(name=name, comment=comment) for name, comment in told)
    return "\n".join(lines)[:LONGEST_TEXT]
