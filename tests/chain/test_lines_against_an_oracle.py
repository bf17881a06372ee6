"""`trace` against a second, brute-force definition of a line: try every tuple of documents, one for each stage.

The oracle knows the definitions and none of the code: it reads the case as data, judges requirements by itself, and
enumerates. Slow and short, so it is easily seen to be right; run on small random cases.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import LAST_DAY, Data, assessed, expectation, lines_of, only_blocks, trace_of
from tests.damaged import BLOCKS, small_cases
from vsoko_rules.ruleset.lines import LineSpec
from vsoko_rules.ruleset.model import Element, Grade
from vsoko_rules.verdict.chain import BreakKind
from vsoko_rules.verdict.evidence import Outcome

EXPECTED = expectation()
RULESET = only_blocks(*BLOCKS)
OPENS = date(2021, 8, 20)
"""orders of late August belong to the school year that begins on 1 September"""

FIRST_WORDS = {
    "приказ": "order",
    "аналитический": "report",
    "методические": "recommendations",
    "план": "plan",
    "рабочая": "programme",
    "страница": "page",
}
TAKES = {
    "monitoring": {"order", "plan", "programme", "regulation"},
    "analysis": {"report"},
    "recommendation": {"recommendations", "report"},
    "measure": {"plan", "programme"},
    "order": {"order"},
}


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
        "published": document.get("url") is not None,
        "own_address": True,  # few documents share one
        "dated": dated is not None,
        "kind": FIRST_WORDS.get(document["kind"].split()[0]) in TAKES.get(element.stage, ()),
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


EXPERT: Data = {"id": "", "based_on": []}


class Oracle:
    """One line of a case, by trying every tuple of documents. Stages `left` out are stepped over; for those that are
    `vouched` for an expert stands as a document that lacks nothing, and what comes after may rest on whatever it does.
    """

    def __init__(self, case: Data, spec: LineSpec, left: Collection[str] = (), vouched: Collection[str] = ()) -> None:
        self.elements = [e for e in spec.elements if e not in left]
        self.vouched = vouched
        self.case = case
        self.spec = spec
        self.offered = [self.serving(e) for e in self.elements]
        self.prefixes = [self.paths(0, length) for length in range(1, len(self.elements) + 1)]

    def serving(self, element: str) -> list[Data]:
        offered = [d for d in self.case["documents"] if element in d["serves"]]
        return [EXPERT, *offered] if element in self.vouched else offered

    def paths(self, start: int, end: int) -> list[Sequence[Data]]:
        """Every tuple of documents that carries the line over its stages from `start` to before `end`."""
        return [path for path in product(*self.offered[start:end]) if self.carries(path, start)]

    def carries(self, path: Sequence[Data], start: int = 0) -> bool:
        names = self.elements[start:]
        for number, (element, document) in enumerate(zip(names, path, strict=False)):
            if element in self.vouched:
                continue
            if lacks(document, element):
                return False
            if number and names[number - 1] in self.vouched:
                continue
            earlier = EXPECTED.elements[element].may_rest_on
            stages = [n for n in range(number) if n == number - 1 or names[n] in earlier]
            if number and not any(self.reaches(path[n], names[n], document, element) for n in stages):
                return False
        return True

    def reaches(self, ground: Data, before: str, document: Data, element: str) -> bool:
        """Whether a document rests on another, over documents of stages left out between them if need be."""
        elements = self.spec.elements
        between = elements[elements.index(before) + 1 : elements.index(element)]
        if any(e in self.elements for e in between):
            return rests(document, ground)
        chains = product(*([None, *self.serving(e)] for e in between))
        return any(
            all(rests(later, earlier) for earlier, later in pairwise(chain))
            for found in chains
            for chain in [[ground, *(d for d in found if d is not None), document]]
        )

    @property
    def first_missing(self) -> int | None:
        return next((n for n, paths in enumerate(self.prefixes) if not paths), None)

    def reached(self, number: int) -> set[str]:
        """Documents of a stage to which some path leads."""
        return {path[-1]["id"] for path in self.prefixes[number]}

    def remarks(self, path: Sequence[Data]) -> int:
        judged = [(d, e) for e, d in zip(self.elements, path, strict=True) if e not in self.vouched]
        return sum(len(unmet(d, e, Grade.REMARK)) for d, e in judged)

    @property
    def worth(self) -> Fraction:
        """1 for a complete line, 0.9 with remarks, else ½ · (h + ½ (p − h)) / n."""
        stages = len(self.elements)
        if self.first_missing is None:
            least = min(self.remarks(path) for path in self.prefixes[-1])
            return Fraction(9, 10) if least else Fraction(1)
        spans = [(a, b) for a in range(stages) for b in range(a + 1, stages + 1)]
        run = max((b - a for a, b in spans if self.paths(a, b)), default=0)
        there = sum(any(not d.get("blank") for d in offered) for offered in self.offered)
        return Fraction(1, 2) * (run + Fraction(1, 2) * max(there - run, 0)) / stages

    def kind(self, number: int) -> BreakKind:
        offered = self.offered[number]
        if not offered:
            return BreakKind.NO_DOCUMENT
        element = self.elements[number]
        sound = [d for d in offered if not lacks(d, element)]
        if not sound:
            return BreakKind.REQUIREMENTS
        earlier = EXPECTED.elements[element].may_rest_on
        stages = [n for n in range(number) if n == number - 1 or self.elements[n] in earlier]
        grounds = [d for n in stages for d in self.offered[n] if d["id"] in self.reached(n)]
        early = [d for d in sound for g in grounds if g["id"] in d["based_on"] and not in_order(d, g)]
        return BreakKind.DATED_BEFORE if early else BreakKind.NOT_BASED


@given(small_cases())
def test_a_line_holds_when_one_path_of_documents_runs_from_its_goal_to_an_order(case: Data) -> None:
    """«A line is complete when one path of *documents* runs from its goal to an order through every stage.»"""
    assessment = assessed(case, RULESET)
    for line in lines_of(assessment).values():
        oracle, trace = Oracle(case, line.spec), trace_of(assessment, line.spec.id)
        missing = oracle.first_missing
        assert trace.complete is (missing is None)
        assert line.points.low == line.points.points == line.points.high == oracle.worth
        for cell, number in zip(trace.cells, range(missing or 0), strict=False):
            assert set(cell.documents) == oracle.reached(number)
        if missing is None:
            assert trace.break_ is None
            shown = [next(d for d in case["documents"] if d["id"] == name) for name in trace.path]
            assert len(shown) == len(line.spec.elements)
            assert oracle.carries(shown), "the path that is shown must be one that carries the line"
            assert oracle.remarks(shown) == min(oracle.remarks(path) for path in oracle.prefixes[-1])
            assert sum(len(lack.lacks) for lack in trace.remarks) == oracle.remarks(shown)
            continue
        assert trace.path == ()
        assert trace.break_ is not None
        element = line.spec.elements[missing]
        assert trace.break_.element == element
        assert trace.break_.kind is oracle.kind(missing)
        assert {(n.document, frozenset(n.lacks)) for n in trace.break_.documents} == {
            (d["id"], frozenset(lacks(d, element))) for d in oracle.offered[missing]
        }


SHARED = ("A01", "RC01", "P01", "D01")


@settings(max_examples=100)
@given(small_cases(), st.sets(st.sampled_from(SHARED), min_size=1))
def test_a_line_steps_over_the_stages_that_decisions_leave_out(case: Data, stages: set[str]) -> None:
    left = {f"{block}-{stage}" for block in BLOCKS for stage in stages}
    row = {"outcome": "not_applicable", "by": "Эксперт 1", "date": "2022-10-20", "comment": "Не применяется"}
    overrides = [{"of": element, **row} for element in sorted(left)]
    assessment = assessed({**case, "overrides": overrides}, RULESET)
    for line in lines_of(assessment).values():
        oracle, trace = Oracle(case, line.spec, left), trace_of(assessment, line.spec.id)
        assert trace.complete is (oracle.first_missing is None)
        assert line.points.points == oracle.worth
        assert trace.steps == len(oracle.elements)
        outcomes = [cell.outcome for cell in trace.cells]
        assert [o is Outcome.NOT_APPLICABLE for o in outcomes] == [e in left for e in line.spec.elements]


@settings(max_examples=100)
@given(small_cases(), st.sets(st.sampled_from(("G01", "M01", *SHARED)), min_size=1, max_size=2))
def test_a_line_passes_the_stages_that_an_expert_vouches_for(case: Data, stages: set[str]) -> None:
    """Of the paths the one with the fewest remarks counts, and nothing is remarked where the expert decided."""
    vouched = {f"{block}-{stage}" for block in BLOCKS for stage in stages}.intersection(RULESET.elements)
    row = {"outcome": "met", "by": "Эксперт 1", "date": "2022-10-20", "comment": "Представлено на бумаге"}
    overrides = [{"of": element, **row} for element in sorted(vouched)]
    assessment = assessed({**case, "overrides": overrides}, RULESET)
    for line in lines_of(assessment).values():
        oracle, trace = Oracle(case, line.spec, vouched=vouched), trace_of(assessment, line.spec.id)
        missing = oracle.first_missing
        assert trace.complete is (missing is None)
        assert line.points.points == oracle.worth
        for cell, number in zip(trace.cells, range(missing or 0), strict=False):
            assert set(cell.documents) == oracle.reached(number) - {EXPERT["id"]}
        if missing is None:
            remarked = sum(len(lack.lacks) for lack in trace.remarks)
            assert remarked == min(oracle.remarks(path) for path in oracle.prefixes[-1])
            assert len(trace.path) == len(line.spec.elements) - len(vouched.intersection(line.spec.elements))
