"""The plan as it is shown: each step by the title of its document, with what the rules advise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vsoko_rules.assessment import Assessment
from vsoko_rules.chain import BreakKind
from vsoko_rules.report.named import AdviceView, RequirementView
from vsoko_rules.report.paper import BlockName, PlanView, Task, TaskKind
from vsoko_rules.report.tasks import advised, steps_of
from vsoko_rules.report.titles import Titles
from vsoko_rules.report.view import LineName, View
from vsoko_rules.report.words import effort, points
from vsoko_rules.resources import shipped
from vsoko_rules.yamlio import read

if TYPE_CHECKING:
    from vsoko_rules.plan import Plan, Step


def plan_view(assessment: Assessment, view: View, titles: Titles) -> PlanView | None:
    """The plan to the best level that can be reached; none where the solver is not installed or there is no way."""
    try:
        from vsoko_rules.plan import ToLevel, plan
    except ImportError:
        return None
    found = plan(assessment)
    goal = found.goal.level if isinstance(found.goal, ToLevel) else None
    level = next((each.title for each in assessment.ruleset.levels if each.id == goal), None)
    if level is None:
        return None
    verdict = found.after.verdict.level
    return PlanView(
        goal=level,
        effort=effort(found.effort),
        reached=found.reached,
        optimal=found.optimal,
        points=points(found.after.cycle),
        level=verdict.title if verdict else None,
        remarks=tuple(str(_words()["remark"][remark.value]) for remark, _ in found.remarks),
        steps=_Steps(found, view, titles).tasks(),
    )


def _words() -> Any:
    return read(shipped("reports") / "paper.yml").data


class _Steps:
    def __init__(self, plan: Plan, view: View, titles: Titles) -> None:
        self.plan = plan
        self.view = view
        self.titles = titles
        self.words = _words()["step"]
        self.blocks = {b.id: BlockName(b.id, b.name) for b in view.blocks}
        self.lines = {line.name.id: line.name for b in view.blocks for line in b.lines}
        self.new = {s.document: titles.element(s.elements[0]).title for s in plan.steps if s.new}

    def tasks(self) -> tuple[Task, ...]:
        return tuple(self._task(step) for step in self.plan.steps)

    def _task(self, step: Step) -> Task:
        element = self.titles.element(step.elements[0])
        lacks = self._lacks(step)
        advice = self._advice(step)
        document = self.titles.documents.get(step.document)
        return Task(
            number=step.number,
            kind=TaskKind.STEP,
            severity=None,
            blocks=tuple(self.blocks[b] for b in step.blocks),
            stage=self.titles.stages[step.stage],
            element=element,
            fault=self.words[step.kind.value],
            subject=document.label if document else element.title,
            documents=(document,) if document else (),
            lacks=lacks,
            todo=advice.todo if advice else None,
            steps=() if step.new else steps_of(lacks),
            rests_on=tuple(self._named(d) for d in step.cites),
            why=next((lack.rule.why for lack in lacks if lack.rule), None),
            effort=effort(step.effort),
            lines=self._lines(step),
            basis=element.basis,
            **advised(advice if step.new else None),
        )

    def _lines(self, step: Step) -> tuple[LineName, ...]:
        return tuple(self.lines[line] for line in step.lines)

    def _lacks(self, step: Step) -> tuple[RequirementView, ...]:
        found: dict[str, RequirementView] = {}
        for requirement in step.requirements:
            asking = [e for e in step.elements if requirement in self.titles.resolved(e).requires]
            found[requirement] = self.titles.requirement(requirement, asking[0] if asking else step.elements[0])
        return tuple(found.values())

    def _advice(self, step: Step) -> AdviceView | None:
        kind = BreakKind.NO_DOCUMENT if step.new else BreakKind.REQUIREMENTS if step.requirements else None
        return self.titles.advice(step.blocks[0], step.stage, kind or BreakKind.NOT_BASED)

    def _named(self, document: str) -> str:
        known = self.titles.documents.get(document)
        return known.label if known else self.new.get(document, document)
