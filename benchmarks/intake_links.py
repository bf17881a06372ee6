"""Links between documents that were proposed, held against what labels say is cited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from intake_counts import Matched, Measured, Wrong, count_false, number
from vsoko_rules.case.document_records import RELATIONS


def count_relations(matched: Sequence[Matched], result: Measured) -> None:
    """Links named in a text, among the documents that were read together; those that only may be are left out. What is
    cited by a number may be any of those that have it: the order, or the plan that it approves."""
    tally, by_key = result.fields["relations"], {one.found.key: one for one in matched if one.found is not None}
    for one in matched:
        cited = [goals for ref in one.label.refs if (goals := _named(ref, one, matched))]
        claims = [pair for name in RELATIONS for pair in one.claims(name) if not pair[1].possible]
        targets = [by_key.get(value) for value, _ in claims]
        reached = [any(other is target for other in goals for target in targets) for goals in cited]
        tally.wanted, tally.right = tally.wanted + len(cited), tally.right + sum(reached)
        for goals, done in zip(cited, reached, strict=True):
            tally.proposed += done
            if not done:
                result.missed.append(Wrong(one.paper.id, "relations", "", "", goals[0].paper.id))
        for (value, claim), target in zip(claims, targets, strict=True):
            if any(other is target for goals in cited for other in goals):
                continue
            right = target is not None and _whole(one, target)
            tally.wanted, tally.proposed, tally.right = tally.wanted + right, tally.proposed + 1, tally.right + right
            if not right:
                said = target.paper.id if target else value
                count_false(result, one.paper, "relations", said, claim, ", ".join(one.label.refs))


def _named(ref: str, one: Matched, matched: Sequence[Matched]) -> list[Matched]:
    """The documents that a reference of a label names: by a number, or by a word of the kind and a date."""
    return [o for o in matched if o is not one and o.paper.school == one.paper.school and _is(ref, one, o)]


def _is(ref: str, one: Matched, other: Matched) -> bool:
    if other.label.unrelated or other.label.annex:
        return False
    days = {d for d in other.label.date if d}
    if " " in ref:
        return any(ref.endswith(f"{date.fromisoformat(d):%d.%m.%Y}") for d in days) and _of_kind(ref, other)
    # numbers begin anew every year, so that a number alone is not enough where a date stands with it
    same_year = not days or not days.isdisjoint(one.label.cites)
    return number(ref) in {number(n) for n in other.label.number if n} and same_year


_KIND_WORDS: Final = {
    "справка": "report",
    "отчёт": "report",
    "анализ": "report",
    "рекомендации": "recommendations",
    "план": "plan",
}


def _of_kind(ref: str, other: Matched) -> bool:
    return _KIND_WORDS.get(ref.split(" ", 1)[0]) in other.label.kind


def _whole(one: Matched, other: Matched) -> bool:
    """Whether they are of one order: an annex in the same file, or an act approved by an order with the same number."""
    if one.paper is other.paper:
        return one.label.annex or other.label.annex
    same = {number(n) for n in one.label.number if n} & {number(n) for n in other.label.number if n}
    return bool(same) and one.paper.school == other.paper.school
