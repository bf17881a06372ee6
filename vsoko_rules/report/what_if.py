"""What is shown of a hypothetical change: what was changed, and how the verdict would differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vsoko_rules.advice.changes import (
    AddCode,
    AddDocument,
    CaseChange,
    RemoveCode,
    RemoveDocument,
    SetBlank,
    SetDate,
    SetMark,
    SetNumber,
)
from vsoko_rules.advice.what_if import Difference
from vsoko_rules.report.wording import Titles, points
from vsoko_rules.templates import render, rich
from vsoko_rules.verdict.assessment import Assessment, Finding, Line
from vsoko_rules.verdict.result import number
from vsoko_rules.words import day, exact, percent, words

_NAMES: dict[type[CaseChange], str] = {
    AddDocument: "add_document",
    RemoveDocument: "remove_document",
    AddCode: "add",
    RemoveCode: "remove",
    SetNumber: "number",
    SetDate: "date",
    SetBlank: "blank",
    SetMark: "mark",
}


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change in words: `what` it is (see the template), the document it changes, and what comes or goes."""

    what: str
    document: str
    value: str | None
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockDifference:
    """The points of a block, before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LineDifference:
    """A line that comes out otherwise: how many of its stages hold, before and after."""

    id: str
    title: str
    before: int
    after: int
    of: int


def what_if_text(difference: Difference) -> str:
    """A difference as Rich markup, at most 100 columns wide."""
    before, after = difference.before, difference.after
    return render(
        "text/what_if.j2",
        rich,
        school=before.case.content.school.name,
        changes=_changes(difference),
        before=_state(before),
        after=_state(after),
        blocks=_blocks(difference),
        lines=tuple(_line(pair, Titles(before)) for pair in difference.lines),
        mended=[line.spec.id for line in difference.mended],
        broken=[line.spec.id for line in difference.broken],
        gone=[_finding(f, before) for f in difference.gone],
        new=[_finding(f, after) for f in difference.new],
    )


def _changes(difference: Difference) -> tuple[ChangeView, ...]:
    """Each change in words, documents named as they are in the case, new ones by their titles."""
    names = {code: d.label for code, d in Titles(difference.before).documents.items()}
    for change in difference.changes:
        if isinstance(change, AddDocument):
            title = change.document.title.replace("«", "„").replace("»", "“")
            names[change.document.id] = words()["document"]["title"].format(title=title)
    return tuple(_change(change, difference, names) for change in difference.changes)


def _change(change: CaseChange, difference: Difference, names: Mapping[str, str]) -> ChangeView:
    ruleset, what = difference.before.ruleset, _NAMES[type(change)]
    if isinstance(change, AddDocument):
        added = change.document
        grounds = tuple(names[g] for g in added.based_on)
        return ChangeView(what, names[added.id], day(added.date) if added.date else None, grounds)
    if isinstance(change, SetMark):
        return ChangeView(what, ruleset.indicators[change.indicator].title, exact(change.mark))
    if isinstance(change, (AddCode, RemoveCode)):
        return ChangeView(f"{what}_{change.field}", names[change.document], _code(change, difference, names))
    assert isinstance(change, (RemoveDocument, SetNumber, SetDate, SetBlank))
    if isinstance(change, SetDate):
        return ChangeView(
            what if change.day else "no_date", names[change.document], day(change.day) if change.day else None
        )
    if isinstance(change, SetBlank):
        what = "blank" if change.blank else "filled"
    elif isinstance(change, SetNumber):
        what = "number" if change.number else "no_number"
    return ChangeView(what, names[change.document], None)


def _code(change: AddCode | RemoveCode, difference: Difference, names: Mapping[str, str]) -> str:
    """What a list of a document gains or loses, by its title."""
    ruleset = difference.before.ruleset
    if change.field == "holds":
        return ruleset.requirements[change.code].title
    return ruleset.addressees[change.code].dative if change.field == "addressees" else names[change.code]


def _state(assessment: Assessment) -> dict[str, str | None]:
    bounds, level = assessment.score.bounds, assessment.verdict.level
    return {"level": level.title if level else None, "points": points(bounds), "percent": percent(bounds.percent)}


def _blocks(difference: Difference) -> tuple[BlockDifference, ...]:
    """Blocks whose points differ."""
    ruleset = difference.before.ruleset
    found = []
    for one, other in zip(difference.before.blocks, difference.after.blocks, strict=True):
        before, after = difference.before.block_score(one), difference.after.block_score(other)
        if before != after:
            found.append(BlockDifference(f"{one.id}. {ruleset.blocks[one.id].name}", points(before), points(after)))
    return tuple(found)


def _line(pair: tuple[Line, Line], titles: Titles) -> LineDifference:
    before, after = (sum(c.outcome.value == "met" for c in line.trace.cells) if line.trace else 0 for line in pair)
    spec = pair[0].spec
    return LineDifference(spec.id, titles.element(spec.elements[0]).title, before, after, len(spec.elements))


def _finding(finding: Finding, assessment: Assessment) -> dict[str, Any]:
    """A finding in short: its kind, and what it is about."""
    titles = Titles(assessment)
    rule = assessment.ruleset.rules[finding.rule] if finding.rule else None
    element = finding.element if finding.element in assessment.ruleset.elements else None
    return {
        "kind": finding.kind.value,
        "fault": (rule.fault or rule.name) if rule else None,
        "element": titles.element(element).title if element else None,
        "documents": [titles.documents[d].label for d in finding.documents if d in titles.documents],
        "break": finding.fingerprint.rsplit(":", 1)[-1] if finding.kind.value == "break" else None,
    }


def what_if_data(difference: Difference) -> dict[str, Any]:
    """A difference as plain data."""
    before, after = difference.before, difference.after
    return {
        "schema": 1,
        "case": {"file": before.case.name, "sha256": before.case.sha256},
        "ruleset": {"id": before.ruleset.id, "version": before.ruleset.version, "sha256": before.ruleset.sha256},
        "changes": [{"kind": c.what, "document": c.document, "value": c.value} for c in _changes(difference)],
        "before": _data(before),
        "after": _data(after),
        "lines": {
            "mended": [line.spec.id for line in difference.mended],
            "broken": [line.spec.id for line in difference.broken],
            "moved": [one.spec.id for one, _ in difference.lines],
        },
        "findings": {
            "gone": [f.fingerprint for f in difference.gone],
            "new": [f.fingerprint for f in difference.new],
        },
    }


def _data(assessment: Assessment) -> dict[str, Any]:
    level = assessment.verdict.level
    return {
        "level": level.id if level else None,
        "score": {"by": assessment.score.by, "points": number(assessment.score.bounds.points)},
        "cycle": number(assessment.cycle.points),
        "indicators": number(assessment.indicators.points),
        "blocks": {
            b.id: {"cycle": number(b.cycle.points), "indicators": number(b.indicators.points)}
            for b in assessment.blocks
        },
    }
