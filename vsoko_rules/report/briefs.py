"""A finding in short: what is wrong, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass

from vsoko_rules.report.wording import Titles
from vsoko_rules.verdict.assessment import Finding, FindingKind
from vsoko_rules.words import words


@dataclass(frozen=True, slots=True)
class FindingBrief:
    """What is wrong (`fault`), and with what: an element, or where none is meant documents."""

    fault: str
    element: str | None
    documents: tuple[str, ...]


def brief(finding: Finding, titles: Titles) -> FindingBrief:
    """A finding in short."""
    element = titles.known_element(finding.element)
    documents = tuple(titles.documents[d].label for d in finding.documents if d in titles.documents)
    return FindingBrief(_fault(finding, titles), element.title if element else None, documents)


def absence(titles: Titles, element: str) -> str:
    """What is wrong where an element outside the lines has no document; where one is offered, why it is none."""
    known = titles.ruleset.requirements
    missed = next((code for code in titles.missed_by_nearest(element) if known[code].of_presence), None)
    if missed is not None:
        return titles.requirement(missed, element).fault
    return titles.ruleset.stages[titles.resolved(element).stage].absent or str(words()["finding"]["absence"]["fault"])


def _fault(finding: Finding, titles: Titles) -> str:
    if finding.rule is not None:
        return titles.rule(titles.ruleset.rules[finding.rule]).fault
    if finding.kind is FindingKind.REMARK:
        lacks = ", ".join(titles.ruleset.requirements[r].title for r in finding.lacks)
        return str(words()["finding"]["remark"]["lacks"].format(lacks=lacks))
    if finding.kind is FindingKind.ABSENCE and finding.element is not None:
        return absence(titles, finding.element)
    break_ = finding.traces[0].break_ if finding.traces else None
    return str(
        words()["break"][break_.kind.value]["title"] if break_ else words()["finding"][finding.kind.value]["fault"]
    )
