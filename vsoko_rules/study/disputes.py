"""Where experts who studied one school differ: in what they stated themselves, or in what came of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any

from vsoko_rules.study.opinions import RANKED, ExpertView, Opinion, block_of, listed_indicators
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.evidence import Outcome


class Aspect(str, Enum):
    """In what experts differ."""

    MARK = "mark"
    """marks that they gave"""
    DECISION = "decision"
    """decisions that they took over what the documents say"""
    OUTCOME = "outcome"
    """what came of everything they stated"""
    LINK = "link"
    """whether documents that hold an element alike rest on those before it, so that a line comes out otherwise"""


@dataclass(frozen=True, slots=True)
class Dispute:
    """One element or indicator of one school on which experts differ; `over`: in what.

    `opinions` are those of the experts in their order, none of one who did not look at the school; `settled`: they have
    taken a decision together since.
    """

    school: str
    year: int
    name: str
    block: str | None
    of: str
    title: str
    over: tuple[Aspect, ...]
    opinions: tuple[Opinion | None, ...]
    settled: bool = False

    def data(self) -> dict[str, Any]:
        """The dispute as JSON data. Files are named as the cases name them."""
        data = asdict(self) | {"over": [aspect.value for aspect in self.over]}
        for opinion in filter(None, data["opinions"]):
            for document in opinion["documents"]:
                del document["file"]
        return data


def disputes(views: Sequence[ExpertView | None]) -> Iterator[Dispute]:
    """Everything on which assessments of one school under one ruleset differ, in the order of the ruleset. A view is
    none where an expert did not look at the school.

    A code that is both an element and an indicator is listed once.
    """
    present = [view for view in views if view is not None]
    content, rules = present[0].assessment.case.content, present[0].assessment.ruleset
    codes = dict.fromkeys([*rules.elements, *listed_indicators(*present)])
    differing = {code: over for code in codes if (over := tuple(_differing(present, code)))}
    linked = set(_linked_otherwise(present, differing.keys()))
    for code in codes:
        over = differing.get(code) or ((Aspect.LINK,) if code in linked else ())
        if over:
            opinions = tuple(view.opinion(code, code in linked) if view is not None else None for view in views)
            school, title = content.school, _title(present[0].assessment, code)
            yield Dispute(
                school.id, content.study.year, school.name, block_of(rules, code), code, title, over, opinions
            )


def settled(alone: Sequence[Dispute], together: Sequence[Dispute], decided: Collection[str]) -> Iterator[Dispute]:
    """Disputes of one school after its experts took decisions together: `alone` without those decisions, `together`
    with them, `decided` the codes that they are about."""
    left = {dispute.of: dispute for dispute in together if dispute.of not in decided}
    for dispute in alone:
        yield replace(dispute, settled=left.pop(dispute.of, None) is None)
    yield from left.values()


def _title(assessment: Assessment, code: str) -> str:
    rules = assessment.ruleset
    known = assessment.expectation.elements.get(code) or rules.elements.get(code) or rules.indicators.get(code)
    return known.title if known else code


def _differing(views: Sequence[ExpertView], code: str) -> Iterator[Aspect]:
    decisions = {view.decision(code) for view in views}
    if len({view.mark(code) for view in views} - {None}) > 1:
        yield Aspect.MARK
    if len(decisions - {None}) > 1:
        yield Aspect.DECISION
    elements = {view.element(code) for view in views}
    earned = {view.indicator(code) for view in views}
    held = elements == {Outcome.MET} and None in decisions
    remarked = held and len({view.remarks(code) for view in views}) > 1
    if len(elements) > 1 or remarked or (len(earned) > 1 and earned <= set(RANKED)):
        yield Aspect.OUTCOME


def _linked_otherwise(views: Sequence[ExpertView], disputed: Set[str]) -> Iterator[str]:
    """Elements that all hold alike, and at which a line holds together by one case and not by another. A line with
    another dispute is passed over: what it comes to is seen when that is settled."""
    for lines in zip(*(view.lines() for view in views), strict=True):
        traces = [line.trace for line in lines if line.trace is not None]
        unknown = all(line.outcome is Outcome.NOT_CHECKED for line in lines)
        if unknown or len(traces) < len(lines) or not disputed.isdisjoint(lines[0].spec.elements):
            continue
        breaks = {trace.break_.element for trace in traces if trace.break_ is not None}
        if len({trace.break_.element if trace.break_ is not None else None for trace in traces}) > 1:
            yield from (code for code in breaks if _held(views, code))
            continue
        runs = [set(trace.run) for trace in traces]
        apart = set.union(*runs) - set.intersection(*runs)
        yield from [code for code in lines[0].spec.elements if code in apart and _held(views, code)][:1]


def _held(views: Sequence[ExpertView], code: str) -> bool:
    """Whether documents hold an element by all cases, and nobody has decided on it."""
    return all(view.element(code) is Outcome.MET and view.decision(code) is None for view in views)
