"""What a page shows of the disputes of a pair: what each expert found, with quotes and documents, what each proposes,
and what it came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vsoko_rules.region.pair_decisions import PairDecision, SettledDispute, pair_words
from vsoko_rules.region.pairs import PairDispute, SchoolPair
from vsoko_rules.study.disputes import Aspect
from vsoko_rules.study.opinions import DisputedDocument
from vsoko_rules.study.pages import words
from vsoko_rules.study.reconcile_form import opinion_lines, outcome_words


@dataclass(frozen=True, slots=True)
class OpinionShown:
    """What one expert found. `lines` say what came of it and why."""

    name: str
    lines: tuple[str, ...]
    quotes: tuple[str, ...]
    documents: tuple[DisputedDocument, ...]


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """What one expert proposes; `place` is the number of the expert from 0, `said` its outcome or mark in words."""

    place: int
    name: str
    said: str
    decision: PairDecision


@dataclass(frozen=True, slots=True)
class DisputeShown:
    """One dispute. `over`: in what they differ, in words; `marked`: whether a mark may be agreed on."""

    code: str
    title: str
    block: str | None
    over: tuple[str, ...]
    marked: bool
    opinions: tuple[OpinionShown, ...]
    proposals: tuple[ProposalShown, ...]
    settled: SettledDispute | None
    settled_said: str

    def proposal(self, place: int | None) -> ProposalShown | None:
        """What the expert with this number proposes."""
        return next((each for each in self.proposals if each.place == place), None)


def disputes_shown(pair: SchoolPair) -> tuple[DisputeShown, ...]:
    """All disputes of a pair, those that are open first."""
    shown = [_shown(each, pair) for each in pair.disputes]
    return tuple(sorted(shown, key=lambda each: each.settled is not None))


def outcome_choices() -> Mapping[str, str]:
    """The outcomes that can be decided on, in words by their codes."""
    return outcome_words()


def _shown(each: PairDispute, pair: SchoolPair) -> DisputeShown:
    dispute, aspects = each.dispute, words()["aspect"]
    opinions = tuple(
        OpinionShown(name, tuple(opinion_lines(o, documents=False)), o.quotes if o else (), o.documents if o else ())
        for name, o in zip(pair.names, dispute.opinions, strict=True)
    )
    proposals = tuple(
        ProposalShown(place, pair.names[place], _said(decision), decision)
        for place, decision in sorted(each.proposals.items())
    )
    block = pair.ruleset.blocks.get(dispute.block or "")
    return DisputeShown(
        code=each.code,
        title=dispute.title,
        block=block.name if block is not None else None,
        over=tuple(aspects[aspect.value] for aspect in dispute.over),
        marked=Aspect.MARK in dispute.over,
        opinions=opinions,
        proposals=proposals,
        settled=each.settled,
        settled_said=_said(each.settled) if each.settled is not None else "",
    )


def _said(decided: PairDecision | SettledDispute) -> str:
    if decided.outcome is not None:
        return outcome_words()[decided.outcome]
    return str(pair_words()["given_mark"]).format(mark=str(decided.mark).replace(".", ","))
