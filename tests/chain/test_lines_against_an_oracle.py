"""`trace` against a second, brute-force definition of a line: try every tuple of documents, one for each stage.

The oracle knows the definitions and none of the code: it reads the case as data, judges requirements by itself, and
enumerates. Slow and short, so it is easily seen to be right; run on small random cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import LAST_DAY, Data, assessed, expectation, lines_of, trace_of
from tests.damaged import BLOCKS, small_cases
from vsoko_rules.ruleset.model import Element
from vsoko_rules.ruleset.ruleset import LineSpec
from vsoko_rules.verdict.chain import BreakKind

EXPECTED = expectation()
OPENS = date(2021, 8, 20)
"""orders of late August belong to the school year that begins on 1 September"""

TAKEN = {"monitoring": {"приказ", "план", "программа"}, "analysis": {"аналитический отчёт"}, "order": {"приказ директора"}}


def day(document: Data) -> date | None:
    return date.fromisoformat(document["date"]) if document.get("date") else None


def meets(document: Data, element: Element, requirement: str) -> bool:
    dated = day(document)
    inside = dated is not None and OPENS <= dated <= LAST_DAY
    addressees = set(document.get("addressees", ()))
    fields = {
        "filled": not document.get("blank", False),
        "window": inside,
        "current": inside or dated is None,
        "number": document.get("number") is not None,
        "date": dated is not None,
        "dated": dated is not None,
        "kind": document.get("kind") != WRONG,
        "addressee": bool(addressees & set(element.addressees) if element.addressees else addressees),
    }
    return fields.get(requirement, requirement in document["holds"])


def unmet(document: Data, element: str, grade: Grade) -> set[str]:
    expected = EXPECTED.elements[element]
    return {r for r in expected.requires if EXPECTED.grade(expected, r) is grade and not meets(document, expected, r)}


def lacks(document: Data, element: str) -> set[str]:
    return unmet(document, element, Grade.BREAKS)


def in_order(later: Data, earlier: Data) -> bool:
    first, second = day(earlier), day(later)
    return first is None or second is None or first <= second


def rests(document: Data, ground: Data) -> bool:
    """A sound reference between two documents, or both stages in one document."""
    return document["id"] == ground["id"] or (ground["id"] in document["based_on"] and in_order(document, ground))


class Oracle:
    """One line of a case, by trying every tuple of documents."""

    def __init__(self, case: Data, spec: LineSpec) -> None:
        self.spec = spec
        self.offered = [[d for d in case["documents"] if e in d["serves"]] for e in spec.elements]
        self.prefixes = [self.paths(length) for length in range(1, len(spec.elements) + 1)]

    def paths(self, length: int) -> list[Sequence[Data]]:
        """Every tuple of documents that carries the line over its first `length` stages."""
        return [path for path in product(*self.offered[:length]) if self.carries(path)]

    def carries(self, path: Sequence[Data]) -> bool:
        for number, (element, document) in enumerate(zip(self.spec.elements, path, strict=False)):
            if lacks(document, element):
                return False
            earlier = EXPECTED.elements[element].may_rest_on
            stages = [n for n in range(number) if n == number - 1 or self.spec.elements[n] in earlier]
            if number and not any(rests(document, path[n]) for n in stages):
                return False
        return True

    @property
    def first_missing(self) -> int | None:
        return next((n for n, paths in enumerate(self.prefixes) if not paths), None)

    def reached(self, number: int) -> set[str]:
        """Documents of a stage to which some path leads."""
        return {path[-1]["id"] for path in self.prefixes[number]}

    def kind(self, number: int) -> BreakKind:
        offered = self.offered[number]
        if not offered:
            return BreakKind.NO_DOCUMENT
        element = self.spec.elements[number]
        sound = [d for d in offered if not lacks(d, element)]
        if not sound:
            return BreakKind.REQUIREMENTS
        earlier = EXPECTED.elements[element].may_rest_on
        stages = [n for n in range(number) if n == number - 1 or self.spec.elements[n] in earlier]
        grounds = [d for n in stages for d in self.offered[n] if d["id"] in self.reached(n)]
        early = [d for d in sound for g in grounds if g["id"] in d["based_on"] and not in_order(d, g)]
        return BreakKind.DATED_BEFORE if early else BreakKind.NOT_BASED


@given(small_cases())
def test_a_line_holds_when_one_path_of_documents_runs_from_its_goal_to_an_order(case: Data) -> None:
    """«A line is complete when one path of *documents* runs from its goal to an order through every stage.»"""
    assessment = assessed(case)
    for line in lines_of(assessment).values():
        if line.spec.block not in BLOCKS:
            continue
        oracle, trace = Oracle(case, line.spec), trace_of(assessment, line.spec.id)
        missing = oracle.first_missing
        assert trace.complete is (missing is None)
        for cell, number in zip(trace.cells, range(missing or 0), strict=False):
            assert set(cell.documents) == oracle.reached(number)
        if missing is None:
            assert trace.break_ is None
            shown = [next(d for d in case["documents"] if d["id"] == name) for name in trace.path]
            assert len(shown) == len(line.spec.elements)
            assert oracle.carries(shown), "the path that is shown must be one that carries the line"
            continue
        assert trace.path == ()
        assert trace.break_ is not None
        element = line.spec.elements[missing]
        assert trace.break_.element == element
        assert trace.break_.kind is oracle.kind(missing)
        assert {(n.document, frozenset(n.lacks)) for n in trace.break_.documents} == {
            (d["id"], frozenset(lacks(d, element))) for d in oracle.offered[missing]
        }
