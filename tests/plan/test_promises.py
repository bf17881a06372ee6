"""What the plan reckons a set of repairs to be worth is what the pipeline gives once they are done: for every small
school and every set of repairs, not only for the one that a plan chooses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

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
from vsoko_rules.verdict.scoring import Bounds

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
    asked = document["holds"]
    changes = {"lacks": {"holds": asked[:-1]}, "more": {"holds": asked[1:]}, "blank": {"blank": True}}
    return {k: v for k, v in {**document, **changes.get(how, {})}.items() if (how, k) != ("undated", "date")}


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

    def only(self, chosen: Sequence[Repair], written: Sequence[NewDocument] = ()) -> BinaryProgram:
        """The program in which these repairs of what there is are done, any of these documents written, and no more."""
        program = self.program.copy()
        codes = {new.id for new in written}
        for repair, variable in self.variables.items():
            if repair in chosen:
                program.at_least({variable: 1}, 1)
            elif repair.document not in codes or repair.kind is not RepairKind.WRITE:
                program.at_most({variable: 1}, 0)
        return program

    def best(self, chosen: Sequence[Repair], written: Sequence[NewDocument] = ()) -> Choice:
        """The most that may be promised of them."""
        found = self.only(chosen, written).minimize(self.scale.losses)
        assert found.exists
        serving = {key for key, variable in self.scale.chains.serving.items() if variable in found.chosen}
        new = [(each, tuple(e for e in each.elements if (each.id, e) in serving)) for each in written]
        return Choice(tuple(sorted(chosen)), tuple(pair for pair in new if pair[1]), self.scale.points(found.chosen))

    def reached(self, chosen: Sequence[Repair], **asked: object) -> bool:
        """Whether a level that asks for this is promised of them."""
        program, level = self.only(chosen), self.repairs.ruleset.levels[-1].model_copy(update=asked)
        return self.scale.require_level(program, level) and program.minimize({}).exists

    def done(self, choice: Choice) -> Bounds:
        """The score by the pipeline when that is done."""
        changes = Schedule(self.repairs, choice).changes
        after = reassess(self.stands, changed(self.stands.case, changes)) if changes else self.stands
        return after.score.bounds

    def some(self, data: st.DataObject) -> list[Repair]:
        """Some repairs of what there is."""
        return data.draw(st.lists(st.sampled_from(self.known), unique=True, max_size=6)) if self.known else []


@MANY
@given(entangled(), st.data())
def test_repairs_are_worth_what_is_promised(case: Data, data: st.DataObject) -> None:
    model = Model(assessed(case, one_block()))
    nothing, mended = model.best([]), model.best(model.some(data))
    assert nothing.points == model.done(nothing).points
    assert mended.points == model.done(mended).points


@MANY
@given(entangled(), st.data())
def test_new_documents_are_worth_what_is_promised(case: Data, data: st.DataObject) -> None:
    model = Model(assessed(case, one_block()))
    choice = model.best([], data.draw(st.lists(st.sampled_from(model.repairs.new), unique=True, max_size=4)))
    assert choice.points == model.done(choice).points


@settings(MANY, max_examples=30)
@given(entangled(), st.data())
def test_a_threshold_is_promised_where_it_is_reached_and_not_a_thousandth_above(
    case: Data, data: st.DataObject
) -> None:
    model = Model(assessed(case, one_block()))
    some = model.some(data)
    share = model.done(model.best(some)).percent
    if share is not None:
        reached = (Decimal(int(share * 1000)) / 1000, Decimal(int(share * 1000) + 1) / 1000)
        for asked in ("at_least", "each_block"):
            assert [model.reached(some, **{asked: percent}) for percent in reached] == [True, False]
