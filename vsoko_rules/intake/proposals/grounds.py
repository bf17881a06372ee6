"""Candidates of relations: first what a text names by its number or its date, then what only may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from vsoko_rules.intake.cues.shapes import Shape
from vsoko_rules.intake.proposals.portions import Portion
from vsoko_rules.intake.proposals.signs import Examined, Sign
from vsoko_rules.ruleset.cues import Cue, RequisiteCue
from vsoko_rules.ruleset.ruleset import Ruleset

MOST_CANDIDATES: Final = 3
_BESIDE: Final = 3
"""how many tokens stand at most between the number and the date of one document"""
_BEFORE: Final = 10
"""among how many tokens before a number or a date the kind of its document is named"""


def relate(documents: Sequence[Examined], ruleset: Ruleset) -> None:
    """Give every document its candidates."""
    for number, one in enumerate(documents):
        if one.portion.after is not None:
            order = next(n for n, other in enumerate(documents) if other.portion is one.portion.after)
            one.links.append(("annex_of", order, None, False))
        linked = {other for _, other, _, _ in one.links}
        for name, other, place in _named(number, documents, ruleset):
            if other not in linked:
                linked.add(other)
                one.links.append((name, other, place, False))
        if not any(name == "based_on" for name, *_ in one.links):
            possible = [other for other in _possible(number, documents, ruleset) if other not in linked]
            one.links += [("based_on", other, None, True) for other in possible[:MOST_CANDIDATES]]


def _named(number: int, documents: Sequence[Examined], ruleset: Ruleset) -> Iterator[tuple[str, int, Sign]]:
    """Documents whose number or date stands in the text of another."""
    one = documents[number]
    portion = one.portion
    others = [
        (n, other)
        for n, other in enumerate(documents)
        if n != number
        and other.elements
        and not (other.portion.text is portion.text and other.portion.after is not None)
    ]
    approved = {sign.last: "approved_by" for sign in one.chosen if _approving(sign)}
    approved |= {at: "annex_of" for at in approved if _of_annex(portion, at)}
    for at, token in enumerate(portion.tokens):
        if token.shape not in (Shape.NUMBER, Shape.DATE) or not portion.first <= token.line < portion.last:
            continue
        fitting = [(n, other) for n, other in others if _fits(portion, at, other, ruleset)]
        if not fitting:
            continue
        relation = approved.get(at, "based_on")
        if relation == "based_on" and token.value in (one.own("number"), one.own("date")):
            continue
        kinds = _kinds_before(portion, at, ruleset)
        best = min(fitting, key=lambda pair: (_rank(pair[1], kinds, relation, ruleset), pair[0]))
        yield relation, best[0], Sign(Cue.model_construct(id=""), relation, at, at)


def _approving(sign: Sign) -> bool:
    """Whether a number or a date is that of the order that approves the document."""
    return isinstance(sign.cue, RequisiteCue) and sign.cue.zone == "approved"


def _of_annex(portion: Portion, at: int) -> bool:
    return portion.annex and portion.tokens[at].line <= portion.first + 3


def _rank(other: Examined, kinds: Sequence[str], relation: str, ruleset: Ruleset) -> int:
    if relation != "based_on":
        return 0 if other.kind is not None and not other.portion.annex and _decides(other, ruleset) else 1
    return kinds.index(other.kind) if other.kind in kinds else len(kinds)


def _decides(other: Examined, ruleset: Ruleset) -> bool:
    """Whether a document is of a kind that every decision takes."""
    return any(
        other.kind in stage.kinds and len(stage.kinds) == 1 for stage in ruleset.stages.values() if stage.carried_out
    )


def _fits(portion: Portion, at: int, other: Examined, ruleset: Ruleset) -> bool:
    """Whether what stands at a token names another document."""
    token = portion.tokens[at]
    beside = [
        near
        for near in portion.tokens[max(0, at - _BESIDE) : at + _BESIDE + 1]
        if near is not token and near.line == token.line and near.shape in (Shape.NUMBER, Shape.DATE)
    ]
    number, day = other.own("number"), other.own("date")
    if token.shape is Shape.NUMBER:
        days = {near.value for near in beside if near.shape is Shape.DATE}
        return number is not None and _same(number, token.value) and day is not None and (day in days)
    numbers = [near.value for near in beside if near.shape is Shape.NUMBER]
    if day != token.value or number is not None or numbers:
        return False
    return other.kind in _kinds_before(portion, at, ruleset)[:1]


def _same(number: str, other: str | None) -> bool:
    return other is not None and number.casefold() == other.casefold()


def _kinds_before(portion: Portion, at: int, ruleset: Ruleset) -> list[str]:
    """The kinds of documents that the words before a token name, nearest first."""
    line = portion.tokens[at].line
    near = [token for token in portion.tokens[max(0, at - _BEFORE) : at] if line - 1 <= token.line <= line]
    kinds = (ruleset.kind_of(token.text) for token in reversed(near) if token.shape is None)
    return list(dict.fromkeys(kind for kind in kinds if kind is not None))


def _possible(number: int, documents: Sequence[Examined], ruleset: Ruleset) -> list[int]:
    """Documents of the stage before and an earlier date, nearest first."""
    one = documents[number]
    if not one.elements:
        return []
    element = ruleset.elements[one.elements[0]]
    before = {*element.follows, *element.may_rest_on}
    day = one.own("date")
    rows = [
        (other.own("date") or "", n)
        for n, other in enumerate(documents)
        if n != number
        and before.intersection(other.elements[:1])
        and day is not None
        and "" < (other.own("date") or "") <= day
    ]
    return [n for _, n in sorted(rows, key=lambda row: (row[0], -row[1]), reverse=True)]
