"""Every plan there is for a small school, tried one after another: a second, slow judge of what is cheapest.

It knows the kinds of repairs and their efforts, and none of the planner's code: it makes the repairs in the data of the
case and lets the pipeline say what they are worth.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from tests.builders import FIRST_DAY, LAST_DAY, Data, case_file, sound_document
from tests.plan.small import one_block
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.case.records import Case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.verdict.assessment import Assessment, assess
from vsoko_rules.verdict.evidence import Outcome

Edit = Callable[[Data], None]

_FIELDS = {"filled": ("blank", False), "number": ("number", "1"), "addressee": ("addressees", ["class_teachers"])}
"""what requirements that are seen from a field ask of it in the block"""

OPENS = date(2021, 8, 20)
"""the first day of the window: orders of August open the school year"""


@dataclass(frozen=True)
class Act:
    """One repair: its effort in days, and what it does to the data. `shifts`: it may also do harm, by a later date."""

    name: str
    effort: Decimal
    edit: Edit
    shifts: bool = False
    writes: str | None = None
    """the new document's id"""


class Oracle:
    """All plans for one school."""

    def __init__(self, case: Data) -> None:
        self.case = case
        self.rules = one_block()
        self.file = case_file(case)
        self.before = assess(self.file, self.rules, EngineName.PLAIN)
        self.expected = self.before.expectation.elements
        self.documents = {d["id"]: d for d in case["documents"]}
        self._assessed: dict[frozenset[str], Assessment] = {}
        self.acts = [*self._lacking(), *self._dating(), *self._citing(), *self._writing()]

    def cheaper(self, limit: Decimal, good: Callable[[Assessment], bool]) -> list[str] | None:
        """A plan below `limit` days whose result is `good`; none if there is none."""
        for acts in self._sets(limit, True, lambda acts: good(self.assessed(acts))):
            if good(self.result(acts)):
                return [act.name for act in acts]
        return None

    def most_points(self, budget: Decimal) -> Fraction:
        """The most points within `budget` days."""
        most = [_points(self.before)]
        for acts in self._sets(budget, False, lambda acts: _points(self.assessed(acts)) > most[-1]):
            most.append(max(most[-1], _points(self.result(acts))))
        return most[-1]

    def _sets(self, limit: Decimal, strict: bool, hopeful: Callable[[list[Act]], bool]) -> Iterator[list[Act]]:
        """Every set of acts within the limit that may be worth a look.

        Acts that can only help are left out only where they no longer fit. For the same reason a choice is given up as
        soon as even everything that is still open, whatever it takes, would not be `hopeful`.
        """
        shifting = [a for a in self.acts if a.shifts]
        helping = sorted((a for a in self.acts if not a.shifts), key=lambda a: -a.effort)

        def fits(acts: list[Act]) -> bool:
            total = sum((a.effort for a in acts), Decimal(0))
            return total < limit if strict else total <= limit

        def filled(chosen: list[Act], rest: list[Act], left: list[Act]) -> Iterator[list[Act]]:
            rest = [act for act in rest if fits([*chosen, act])]
            if not hopeful([*chosen, *rest]):
                return
            if not rest:
                if not any(fits([*chosen, act]) for act in left):
                    yield chosen
                return
            yield from filled([*chosen, rest[0]], rest[1:], left)
            yield from filled(chosen, rest[1:], [*left, rest[0]])

        for size in range(len(shifting) + 1):
            for some in combinations(shifting, size):
                if fits(list(some)):
                    yield from filled(list(some), helping, [])

    def result(self, acts: list[Act]) -> Assessment:
        """The case after these acts, assessed, without new documents that would rest on nothing."""
        while True:
            result = self.assessed(acts)
            grounded = [a for a in acts if a.writes is None or self._grounded(a.writes, result)]
            if len(grounded) == len(acts):
                return result
            acts = grounded

    def _grounded(self, document: str, result: Assessment) -> bool:
        """Whether a new document rests soundly on a credited one of the stage before, or begins a line."""
        evidence = result.evidence
        for element in result.case.documents[document].serves:
            for before in self._stages_before(element, result):
                credited = evidence.credited.get(before or "", ())
                if before is None or result.decisions.get(before) is Outcome.MET:
                    return True
                if any((document, ground) in evidence.ordered for ground in credited):
                    return True
        return False

    @staticmethod
    def _stages_before(element: str, result: Assessment) -> Iterator[str | None]:
        """For each line through an element the one before it, stages left out stepped over; none where it is first."""
        for block in result.blocks:
            for line in block.lines:
                cells = line.trace.cells if line.trace is not None else ()
                kept = [c.element for c in cells if c.outcome is not Outcome.NOT_APPLICABLE]
                if element in kept:
                    at = kept.index(element)
                    yield kept[at - 1] if at else None

    def assessed(self, acts: list[Act]) -> Assessment:
        """The case after these acts, assessed: once for each set of acts."""
        names = frozenset(act.name for act in acts)
        if names not in self._assessed:
            self._assessed[names] = self._assess(acts)
        return self._assessed[names]

    def _assess(self, acts: list[Act]) -> Assessment:
        case = copy.deepcopy(self.case)
        for act in sorted(acts, key=lambda a: a.writes is None):
            act.edit(case)
        known = {d["id"] for d in case["documents"]}
        for document in case["documents"]:
            document["based_on"] = [g for g in document["based_on"] if g in known]
        file = CaseFile(Case.model_validate(case), self.file.source, self.file.name, self.file.sha256)
        return assess(file, self.rules, EngineName.PLAIN)

    # --- The repairs

    def _lacking(self) -> Iterator[Act]:
        requirements = self.rules.requirements
        for d in self.documents.values():
            for r in (r for r in self._unmet(d) if requirements[r].given_by not in ("date", "kind")):
                effort = self.rules.requirements[r].mend.effort
                name = f"{d['id']}+{r}"
                if requirements[r].given_by == "holds":
                    yield Act(name, effort, _hold(d["id"], r))
                elif requirements[r].given_by == "url":
                    yield Act(name, effort, _set(d["id"], "url", f"https://new.example/{d['id']}"))
                else:
                    field, value = _FIELDS[r]
                    yield Act(name, effort, _set(d["id"], field, value))

    def _unmet(self, document: Data) -> list[str]:
        """What the elements of a document ask of it and do not find, whatever its grade."""
        evidence, code = self.before.evidence, document["id"]
        served = [e for e in document["serves"] if e in self.expected]
        return sorted({r for e in served for r in (*evidence.lacks(code, e), *evidence.remarks(code, e))})

    def _dating(self) -> Iterator[Act]:
        anew = self.rules.wordings["in-order"].mend.effort
        for d in self.documents.values():
            lacks = [r for r in self._unmet(d) if self.rules.requirements[r].given_by == "date"]
            undated = "date" not in d
            effort = sum((self.rules.requirements[r].mend.effort for r in lacks), Decimal(0))
            yield Act(f"{d['id']} anew", effort if lacks else anew, _set(d["id"], "date", LAST_DAY.isoformat()), True)
            if undated and lacks:
                yield Act(f"{d['id']} dated", effort, _set(d["id"], "date", self._own_day(d["id"])), True)

    def _own_day(self, document: str) -> str:
        """No later than any document that rests on it."""
        dated = [d["date"] for d in self.documents.values() if "date" in d]
        inside = [day for day in dated if OPENS.isoformat() <= day <= LAST_DAY.isoformat()]
        resting = [d["date"] for d in self.documents.values() if "date" in d and document in d["based_on"]]
        day = min(resting, default=max(inside, default=FIRST_DAY.isoformat()))
        return max(OPENS, min(date.fromisoformat(day), LAST_DAY)).isoformat()

    def _citing(self) -> Iterator[Act]:
        effort = self.rules.wordings["linked-by-reference"].mend.effort
        grounds = {**{d: x["serves"] for d, x in self.documents.items()}, **dict(self._groups())}
        for d in self.documents.values():
            before = {b for e in d["serves"] for b in (*self._follows(e), *self.expected[e].may_rest_on)}
            for ground, serves in grounds.items():
                if ground not in (d["id"], *d["based_on"]) and before & set(serves):
                    yield Act(f"{d['id']}>{ground}", effort, _cite(d["id"], ground))

    def _follows(self, element: str) -> Iterator[str]:
        """Elements of the stage before; where a decision leaves that out, those before it."""
        for before in self.expected[element].follows:
            left_out = self.before.decisions.get(before) is Outcome.NOT_APPLICABLE
            yield from self._follows(before) if left_out else (before,)

    def _groups(self) -> Iterator[tuple[str, list[str]]]:
        """New documents with the elements they would serve: all of the stage, as they ask the same."""
        for stage in self.rules.components:
            yield f"written-{stage}", [e.id for e in self.expected.values() if e.stage == stage]

    def _writing(self) -> Iterator[Act]:
        for code, elements in self._groups():
            effort = self.rules.stages[self.expected[elements[0]].stage].effort
            assert effort is not None
            yield Act(code, effort, self._write(code, elements), False, code)

    def _write(self, code: str, elements: list[str]) -> Edit:
        before = {b for e in elements for b in self._follows(e)}
        offered = [d for d, x in self.documents.items() if before & set(x["serves"])]
        grounds = [*offered, *(c for c, serves in self._groups() if before & set(serves))]
        new = sound_document(self.expected[elements[0]], LAST_DAY, grounds, id=code, serves=elements)
        return lambda case: case["documents"].append(copy.deepcopy(new))


def _points(assessment: Assessment) -> Fraction:
    return Fraction(assessment.cycle.points)


def _find(case: Data, document: str) -> Data:
    found: Data = next(d for d in case["documents"] if d["id"] == document)
    return found


def _hold(document: str, requirement: str) -> Edit:
    return lambda case: _find(case, document)["holds"].append(requirement)


def _set(document: str, field: str, value: object) -> Edit:
    return lambda case: _find(case, document).update({field: value})


def _cite(document: str, ground: str) -> Edit:
    return lambda case: _find(case, document)["based_on"].append(ground)
