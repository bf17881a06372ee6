"""The plan as a part of a paper: each step as a task, in the words of `reports/paper.yml`."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from vsoko_rules.reading.yaml import read
from vsoko_rules.report.paper import BlockName, Planned, Task, TaskKind
from vsoko_rules.report.tasks import advised, steps_of
from vsoko_rules.report.view import View
from vsoko_rules.report.wording import points
from vsoko_rules.resources import shipped
from vsoko_rules.verdict.assessment import Assessment

if TYPE_CHECKING:
    from vsoko_rules.report.plan import PlanView, StepView

_SOLVER = "highspy"


def planned(assessment: Assessment, view: View) -> Planned | None:
    """The plan to the best level that can be reached; none where the solver is not installed or there is no goal."""
    if find_spec(_SOLVER) is None:
        return None
    from vsoko_rules.advice.plan import plan
    from vsoko_rules.report.plan import plan_view

    found = plan(assessment)
    shown = plan_view(found)
    if shown.target is None:
        return None
    said = read(shipped("reports") / "paper.yml").data
    return Planned(
        goal=shown.target,
        effort=shown.effort,
        reached=found.reached,
        optimal=found.optimal,
        points=points(found.after.score.bounds),
        level=shown.after.level,
        remarks=tuple(str(said["remark"][remark.value]) for remark, _ in shown.remarks),
        steps=_tasks(shown, view, said["step"]),
    )


def _tasks(shown: PlanView, view: View, said: Any) -> tuple[Task, ...]:
    blocks = {block.id: BlockName(block.id, block.name) for block in view.blocks}
    lines = {line.name.id: line.name for block in view.blocks for line in block.lines}
    return tuple(
        replace(
            _task(each, view),
            fault=str(said[each.step.kind.value]),
            blocks=tuple(blocks[b] for b in each.step.blocks),
            lines=tuple(lines[line] for line in each.step.lines),
        )
        for each in shown.steps
    )


def _task(each: StepView, view: View) -> Task:
    """A step without what has to be looked up."""
    document = view.documents.get(each.step.document)
    element = each.elements[0]
    return Task(
        number=each.step.number,
        kind=TaskKind.STEP,
        severity=None,
        blocks=(),
        stage=element.stage,
        element=element,
        fault="",
        subject=each.label,
        documents=(document,) if document else (),
        lacks=each.requirements,
        todo=each.advice.todo if each.advice else None,
        steps=() if each.step.new else steps_of(each.requirements),
        rests_on=tuple(cited.label for cited in each.cites),
        why=next((lack.why for lack in each.requirements), None),
        effort=each.effort,
        lines=(),
        basis=element.basis,
        rule=None,
        **advised(each.advice if each.step.new else None),
    )
