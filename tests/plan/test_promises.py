"""What the plan reckons a set of repairs to be worth is what the pipeline gives once they are done: for every small
school and every set of repairs, not only for the one that a plan chooses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import FIRST_DAY, Data, assessed, school_case, sound_document
from tests.plan.small import OUTCOMES, one_block
from vsoko_rules.advice.changes import changed
from vsoko_rules.advice.plan.repairs import NewDocument, Repair, RepairKind, Repairs
from vsoko_rules.advice.plan.scale import Scale
from vsoko_rules.advice.plan.schedule import Choice, Schedule
from vsoko_rules.advice.plan.solver import BinaryProgram
from vsoko_rules.advice.timing import advice_day
from vsoko_rules.verdict.assessment import Assessment, reassess

ELEMENTS = [e for e in one_block().elements.values() if any(e.id in line.elements for line in one_block().lines)]
MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def entangled(draw: st.DrawFn) -> Data:
    """A school with up to two documents for each element, which rest on any of those before, whole or with a gap."""
    documents: list[Data] = []
    stages = list(one_block().stages)
    for element in sorted(ELEMENTS, key=lambda e: stages.index(e.stage)):
        before = [d["id"] for d in documents if element.id not in d["serves"]]
        for turn in range(draw(st.sampled_from([0, 1, 1, 1, 2, 2]))):
            day = FIRST_DAY + timedelta(40 * stages.index(element.stage) + draw(st.sampled_from([0, 0, 0, -70])))
            grounds = draw(st.lists(st.sampled_from(before), unique=True, max_size=3)) if before else []
            made = sound_document(element, day, sorted(grounds), id=f"{element.id.lower()}-{turn}")
            documents.append(_spoilt(made, draw(st.sampled_from(["", "", "", "lacks", "more", "blank", "undated"]))))
            documents[-1]["serves"] += draw(st.sampled_from([[], [], [], [draw(st.sampled_from(ELEMENTS)).id]]))
            documents[-1]["serves"] = list(dict.fromkeys(documents[-1]["serves"]))
    kinds = st.tuples(st.sampled_from([e.id for e in ELEMENTS]), st.sampled_from(OUTCOMES))
    signed = {"by": "Эксперт 1", "date": "2022-10-20", "comment": "Проверено"}
    decided = draw(st.lists(kinds, max_size=2, unique_by=lambda pair: pair[0]))
    return school_case(documents, overrides=[{"of": of, "outcome": outcome, **signed} for of, outcome in decided])


def _spoilt(document: Data, how: str) -> Data:
    if how in ("lacks", "more"):
        return {**document, "holds": document["holds"][:-1] if how == "lacks" else document["holds"][1:]}
    return (
        {**document, "blank": True}
        if how == "blank"
        else {k: v for k, v in document.items() if how != "undated" or k != "date"}
    )


class Model:
    """The program of the plan for one school."""

    def __init__(self, stands: Assessment) -> None:
        self.stands = stands
        self.repairs = Repairs(stands, advice_day(stands.case.content))
        self.program = BinaryProgram()
        self.scale = Scale(self.program, self.repairs)
        self.variables = self.scale.chains.variables
        unwritten = {new.id for new in self.repairs.new}
        self.known = [r for r in self.variables if not {r.document, r.code} & unwritten]

    def best(self, chosen: list[Repair], written: Sequence[NewDocument] = ()) -> Choice:
        """The most that may be promised with these repairs of what there is, and any of these documents written."""
        program = self.program.copy()
        codes = {new.id for new in written}
        for repair, variable in self.variables.items():
            if repair in chosen:
                program.at_least({variable: 1}, 1)
            elif repair.document not in codes or repair.kind is not RepairKind.WRITE:
                program.at_most({variable: 1}, 0)
        found = program.minimize(self.scale.losses)
        assert found.exists
        serving = {key for key, variable in self.scale.chains.serving.items() if variable in found.chosen}
        new = [(each, tuple(e for e in each.elements if (each.id, e) in serving)) for each in written]
        return Choice(tuple(sorted(chosen)), tuple(pair for pair in new if pair[1]), self.scale.points(found.chosen))

    def done(self, choice: Choice) -> Fraction:
        """The points by the pipeline when that is done."""
        changes = Schedule(self.repairs, choice).changes
        after = reassess(self.stands, changed(self.stands.case, changes)) if changes else self.stands
        return Fraction(after.score.bounds.points)


@MANY
@given(entangled(), st.data())
def test_repairs_are_worth_what_is_promised(case: Data, data: st.DataObject) -> None:
    model = Model(assessed(case, one_block()))
    nothing = model.best([])
    assert nothing.points == model.done(nothing)
    some = data.draw(st.lists(st.sampled_from(model.known), unique=True, max_size=6)) if model.known else []
    mended = model.best(some)
    assert mended.points == model.done(mended)


@MANY
@given(entangled(), st.data())
def test_new_documents_are_worth_what_is_promised(case: Data, data: st.DataObject) -> None:
    model = Model(assessed(case, one_block()))
    choice = model.best([], data.draw(st.lists(st.sampled_from(model.repairs.new), unique=True, max_size=4)))
    assert choice.points == model.done(choice)
