"""Drafts of what a meeting decides: the four decisions of the minutes of 2022, and proposals for the weakest stages.

The texts are in `reports/protocol/decisions.yml`, each with its origin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vsoko_rules.ruleset.model import Origin
from vsoko_rules.templates import plain, shared

Facts = Mapping[str, Any]
"""what is true of the schools, by the names that the drafts use"""
_Draft = tuple[Mapping[str, Any], Facts]


@dataclass(frozen=True, slots=True)
class Decision:
    """A draft of a decision, and what it follows from."""

    number: str
    text: str
    points: tuple[str, ...]
    """what the text announces, each to be printed on a line of its own"""
    deadline: str
    why: str
    origin: Origin
    proposed: bool
    """no minutes decided so: it is said beside the text"""


@dataclass(frozen=True, slots=True)
class Decided:
    """The drafts for one addressee."""

    addressee: str
    decisions: tuple[Decision, ...]


def resolutions(said: Mapping[str, Any], facts: Facts, weak: Sequence[Facts]) -> tuple[Decided, ...]:
    """The drafts by addressee: those of the minutes first. `weak`: what is true of each weak stage, by `id` its own."""
    drafts = list(_drafts(said, facts, weak))
    groups = {to: [draft for draft in drafts if draft[0]["addressee"] == to] for to in said["addressees"]}
    filled = ((to, own) for to, own in groups.items() if own)
    return tuple(_group(n, said["addressees"][to], own) for n, (to, own) in enumerate(filled, 1))


def _drafts(said: Mapping[str, Any], facts: Facts, weak: Sequence[Facts]) -> Iterator[_Draft]:
    for draft in said["general"]:
        if shared(plain).compile_expression(draft["when"], undefined_to_none=False)(**facts):
            yield draft, facts
    for stage in weak:
        if stage["id"] in said["stages"]:
            yield {**said["stages"][stage["id"]], "why": said["stage_why"]}, {**facts, **stage}


def _group(number: int, addressee: str, drafts: Sequence[_Draft]) -> Decided:
    in_order = sorted(drafts, key=lambda draft: Origin(draft[0]["origin"]) is Origin.PROPOSED)
    return Decided(addressee, tuple(_decision(f"{number}.{n}", *draft) for n, draft in enumerate(in_order, 1)))


def _decision(number: str, draft: Mapping[str, Any], facts: Facts) -> Decision:
    def told(text: str) -> str:
        return shared(plain).from_string(text).render(facts)

    text, deadline, why = (told(draft[key]) for key in ("text", "deadline", "why"))
    points, origin = tuple(map(told, draft.get("points", ()))), Origin(draft["origin"])
    return Decision(number, text, points, deadline, why, origin, origin is Origin.PROPOSED)
