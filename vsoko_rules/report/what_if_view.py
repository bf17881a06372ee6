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
    SetField,
    SetMark,
    SetNumber,
)
from vsoko_rules.advice.what_if import Difference
from vsoko_rules.case.document_records import RELATIONS
from vsoko_rules.report.advice_time import AdviceTime
from vsoko_rules.report.briefs import brief
from vsoko_rules.report.plan_data import standing_data
from vsoko_rules.report.plan_view import standing
from vsoko_rules.report.scores import points
from vsoko_rules.report.terms import LineName
from vsoko_rules.report.wording import Titles
from vsoko_rules.templates import render, rich
from vsoko_rules.verdict.assessment import Assessment, Line
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.result import number
from vsoko_rules.words import day, exact, quoted

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


def what_if_text(difference: Difference) -> str:
    """A difference as Rich markup, at most 100 columns wide."""
    return render("text/what_if.j2", rich, **what_if_shown(difference))


def what_if_shown(difference: Difference) -> dict[str, Any]:
    """Everything that is shown of a difference, in words."""
    before, after = difference.before, difference.after
    titles = Titles(before)
    named = titles.line_names(*before.blocks)
    time = AdviceTime(before.case.content, before.ruleset, difference.day)
    return {
        "school": before.case.content.school.name,
        "time": time.sentence if time.next else None,
        "changes": _changes(difference),
        "before": standing(before),
        "after": standing(after),
        "blocks": _blocks(difference),
        "lines": [_line(pair, named) for pair in difference.lines],
        "mended": [named[line.spec.id] for line in difference.mended],
        "broken": [named[line.spec.id] for line in difference.broken],
        "gone": [brief(f, titles) for f in difference.gone],
        "new": [brief(f, Titles(after)) for f in difference.new],
    }


def _changes(difference: Difference) -> tuple[ChangeView, ...]:
    """Each change in words, documents named as they are in the case, new ones by their titles."""
    names = {code: d.label for code, d in Titles(difference.before).documents.items()}
    for change in difference.changes:
        if isinstance(change, AddDocument):
            names[change.document.id] = quoted(change.document.title)
    return tuple(_change(change, difference, names) for change in difference.changes)


def _change(change: CaseChange, difference: Difference, names: Mapping[str, str]) -> ChangeView:
    ruleset, what = difference.before.ruleset, _NAMES.get(type(change), "")
    if isinstance(change, AddDocument):
        added = change.document
        grounds = tuple(names[g] for g in added.based_on)
        return ChangeView(what, names[added.id], day(added.date) if added.date else None, grounds)
    if isinstance(change, SetMark):
        return ChangeView(what, quoted(ruleset.indicators[change.indicator].title), exact(change.mark))
    if isinstance(change, SetField):
        value = change.value
        if value is not None and change.field in RELATIONS:
            value = names[value]
        return ChangeView(change.field if value else f"no_{change.field}", names[change.document], value)
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


def _blocks(difference: Difference) -> list[tuple[str, str, str]]:
    """Blocks whose points differ: the name, the points before and after."""
    before, after = difference.before, difference.after
    pairs = zip(before.blocks, after.blocks, strict=True)
    scores = [(one.id, before.block_score(one), after.block_score(other)) for one, other in pairs]
    names = before.ruleset.blocks
    return [(f"{b}. {names[b].name}", points(was), points(now)) for b, was, now in scores if was != now]


def _line(pair: tuple[Line, Line], named: Mapping[str, LineName]) -> dict[str, Any]:
    """A line that comes out otherwise: how many of its stages hold, before and after."""
    before, after = (sum(c.outcome is Outcome.MET for c in line.trace.cells) if line.trace else 0 for line in pair)
    spec = pair[0].spec
    return {"id": spec.id, "title": named[spec.id].title, "before": before, "after": after, "of": len(spec.elements)}


def what_if_data(difference: Difference) -> dict[str, Any]:
    """A difference as plain data."""
    before, after = difference.before, difference.after
    return {
        "schema": 1,
        "case": {"file": before.case.name, "sha256": before.case.sha256},
        "ruleset": {"id": before.ruleset.id, "version": before.ruleset.version, "sha256": before.ruleset.sha256},
        "day": {"date": difference.day.day.isoformat(), "from": difference.day.origin.value},
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
    blocks = {
        b.id: {"cycle": number(b.cycle.points), "indicators": number(b.indicators.points)} for b in assessment.blocks
    }
    return {**standing_data(assessment), "blocks": blocks}
