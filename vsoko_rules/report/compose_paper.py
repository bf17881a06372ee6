"""From an assessment to what a document is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

from vsoko_rules.reading.yaml import read
from vsoko_rules.report.compose import compose
from vsoko_rules.report.explanation import Explanation, Row, Step
from vsoko_rules.report.paper import (
    Addressed,
    BlockName,
    Numbers,
    Paper,
    Planned,
    ProofRow,
    ProofStep,
    Reader,
    Task,
    TaskKind,
)
from vsoko_rules.report.planned import planned
from vsoko_rules.report.tasks import numbered, tasks
from vsoko_rules.report.view import View
from vsoko_rules.report.wording import Titles
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.model import Severity
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.scoring import Bounds

TOTAL = "total"
"""the key of the whole cycle among the numbers"""

_MARK = "mark"
"""the relation of an expert's marks"""


@cache
def settings() -> Any:
    """The words and settings of documents: `reports/paper.yml`."""
    return read(shipped("reports") / "paper.yml").data


def paper(assessment: Assessment, reader: Reader | None = None) -> Paper:
    """Everything that a document shows of `assessment`; the proofs only for an expert."""
    view, titles = compose(assessment), Titles(assessment)
    names = {b.id: BlockName(b.id, b.name) for b in view.blocks}
    todo = tasks(view, {e.id: names[e.block] for e in assessment.ruleset.elements.values()})
    plan = planned(assessment, view)
    schools = tuple(task for task in todo if task.rule not in _about_marks(assessment))
    return Paper(
        view=view,
        reader=reader,
        numbers={TOTAL: _numbers(assessment.cycle)} | {b.id: _numbers(b.cycle) for b in assessment.blocks},
        tasks=todo,
        first=_first(view, schools, plan),
        addressed=_addressed(assessment, view, schools),
        plan=plan,
        proofs=_proofs(assessment, titles) if reader is Reader.EXPERT else {},
    )


def _about_marks(assessment: Assessment) -> frozenset[str]:
    """Rules that speak of an expert's marks: what they find is not for the school to mend."""
    rules = assessment.ruleset.rules.values()
    return frozenset(rule.id for rule in rules if any(_MARK in condition for condition in rule.when))


def _numbers(bounds: Bounds) -> Numbers:
    return Numbers(
        Fraction(bounds.points), Fraction(bounds.low), Fraction(bounds.high), Fraction(bounds.max), bounds.percent
    )


def _first(view: View, todo: Sequence[Task], plan: Planned | None) -> tuple[Task, ...]:
    """What must not stay as it is, then the steps of the plan where blocks were gone through, then the gravest rest."""
    urgent = [task for task in todo if task.severity is Severity.BLOCKING and task.kind is TaskKind.WARNING]
    reviewed = {block.id for block in view.blocks if block.reviewed}
    steps = [step for step in plan.steps if {b.id for b in step.blocks} <= reviewed] if plan else []
    mended = {line.id for step in steps for line in step.lines}
    rest = [t for t in todo if t not in urgent and not (t.lines and {line.id for line in t.lines} <= mended)]
    return numbered([*urgent, *steps, *rest][: int(settings()["first"])])


def _addressed(assessment: Assessment, view: View, todo: Sequence[Task]) -> tuple[Addressed, ...]:
    """What concerns each addressee that the ruleset names for this school, in the order of the ruleset."""
    expected = assessment.expectation.elements.values()
    names = {b.id: BlockName(b.id, b.name) for b in view.blocks}
    found = []
    for meant in assessment.ruleset.addressees.values():
        naming = {e.id for e in expected if meant.id in e.addressees}
        blocks = tuple(dict.fromkeys(names[e.block] for e in expected if e.id in naming))
        everything = meant.id == settings()["everything"]
        if not blocks and not everything:
            continue
        own = tuple(t for t in todo if t.element and t.element.id in naming)
        near = tuple(t for t in todo if t not in own and (everything or _concerns(t, blocks)))
        found.append(Addressed(meant.id, meant.title, meant.dative, blocks, own, near))
    return tuple(found)


def _concerns(task: Task, blocks: Sequence[BlockName]) -> bool:
    """Whether a task is grave enough to speak of it to everybody in these blocks."""
    grave = task.severity is not None and task.severity.value in settings()["near"]
    return grave and bool(set(task.blocks) & set(blocks))


def _proofs(assessment: Assessment, titles: Titles) -> dict[str, tuple[ProofStep, ...]]:
    explained = Explanation(assessment, None, None)
    return {
        line.spec.id: tuple(_proof_step(step, explained, titles) for step in explained.steps(line))
        for line in explained.lines
    }


def _proof_step(step: Step, explained: Explanation, titles: Titles) -> ProofStep:
    rows: list[Row] = []
    for proof in step.proofs:
        rows += explained.rows(proof)
    for document, attempts in step.attempts:
        rows.append(Row(0, explained.sentences.document(document), None, None, False))
        for attempt in attempts[:1]:
            rows += explained.lacking(attempt, 1)
    shown = tuple(ProofRow(r.depth, r.sentence, r.rule, r.place, r.holds) for r in rows)
    return ProofStep(titles.stages[step.cell.stage], step.cell.outcome, shown, _facts(shown, explained))


def _facts(rows: Sequence[ProofRow], explained: Explanation) -> tuple[ProofRow, ...]:
    case = f"{explained.assessment.case.name}:"
    kept = (r for r in rows if not r.depth or not r.holds or (r.place or "").startswith(case))
    return tuple({(r.sentence, r.holds): replace(r, depth=min(r.depth, 1)) for r in kept}.values())
