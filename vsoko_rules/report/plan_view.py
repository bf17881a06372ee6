"""What is shown of a plan: its steps with titles and words looked up, as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from vsoko_rules.advice.plan import (
    PlanCaveat,
    PlanStep,
    RepairKind,
    RepairPlan,
    StepKind,
    ToBlock,
    ToLevel,
    WithinBudget,
)
from vsoko_rules.report.advice_time import AdviceTime, due
from vsoko_rules.report.briefs import FindingBrief, brief
from vsoko_rules.report.scores import lines, points
from vsoko_rules.report.skeletons import designation
from vsoko_rules.report.terms import (
    AdviceView,
    BlockName,
    ElementView,
    LineName,
    RequirementView,
    StageView,
)
from vsoko_rules.report.wording import Titles
from vsoko_rules.ruleset.model import Origin
from vsoko_rules.templates import render, rich
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.chain import BreakKind
from vsoko_rules.words import day, effort, limit, percent, quoted, words

_ADVICE = {
    StepKind.WRITE: BreakKind.NO_DOCUMENT,
    StepKind.AMEND: BreakKind.REQUIREMENTS,
    StepKind.CITE: BreakKind.NOT_BASED,
    StepKind.PUBLISH: BreakKind.REQUIREMENTS,
    StepKind.REISSUE: BreakKind.DATED_BEFORE,
}


@dataclass(frozen=True, slots=True)
class StandingView:
    """Where the school stands: the level, the points of the score that gives it, and how many lines are complete."""

    level: str | None
    points: str
    percent: str | None
    lines: str | None
    """«полных линий 5 из 19»; none where no line applies"""

    by_lines: bool
    """whether lines decide the level; else the points of indicators do"""

    @property
    def sentence(self) -> str:
        """«частично сформирована — полных линий 5 из 19, 53,3 %», where lines decide."""
        level = self.level or words()["number"]["no_level"]
        first, second = (self.lines, None) if self.by_lines and self.lines else (self.points, self.lines)
        share = f", {self.percent}" if self.percent else ""
        return f"{level} — {first}{share}{'; ' + second if second else ''}"


@dataclass(frozen=True, slots=True)
class GroundView:
    """A document to be cited: its title, number and date; `step` when an earlier step of the plan writes it."""

    id: str
    label: str
    step: int | None


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the plan: what to do (`fault`) with which document (`subject`)."""

    number: int
    kind: str
    """`write`, `amend`, `cite` or `reissue`"""
    repairs: tuple[str, ...]
    """codes of what is changed in the document"""
    document: str
    new: bool
    title: str
    """the whole step in a sentence: «Напишите: приказ о проведении мониторинга …»"""
    fault: str
    subject: str
    document_kind: str | None
    place: str | None
    """file:line of a document that there is"""
    scan: bool
    blocks: tuple[BlockName, ...]
    stage: StageView
    elements: tuple[ElementView, ...]
    lacks: tuple[RequirementView, ...]
    """what a new document must hold, or one that there is lacks"""
    addressees: tuple[str, ...]
    any_addressee: bool
    """whoever it may be, an addressee must be named"""
    cites: tuple[GroundView, ...]
    advice: AdviceView | None
    lines: tuple[LineName, ...]
    cleared: tuple[LineName, ...]
    """complete lines of which the step takes a remark away"""
    after: tuple[int, ...]
    """numbers of the steps that come before"""
    effort: str
    origin: Origin

    @property
    def block_titles(self) -> tuple[str, ...]:
        """«B4. Профориентация» of every block."""
        return tuple(f"{block.id}. {block.name}" for block in self.blocks)

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Documents that the step must name as its ground, by title, number and date."""
        return tuple(ground.label for ground in self.cites)


@dataclass(frozen=True, slots=True)
class PlanView:
    """The least work to a goal."""

    time: str
    """for which day the plan is made and where that day comes from; after the period, that it is of the next cycle"""
    ahead: bool
    """whether it plans the next cycle"""
    aim: str
    """`level`, `block`, `budget`, or `none` where there is nothing to plan for"""
    goal: str | None
    reached: bool
    optimal: bool
    before: StandingView
    after: StandingView
    effort: str
    steps: tuple[StepView, ...]
    first: tuple[StepView, ...]
    remarks: tuple[str, ...]
    """what has to be said beside the plan"""
    left: tuple[FindingBrief, ...]
    """where the best level is reached already: what the school can mend still"""
    unknown: tuple[str, ...]
    """blocks that nobody went through, and without which it cannot be decided how to reach the goal"""


def plan_shown(plan: RepairPlan, titles: Titles | None = None) -> PlanView:
    """Everything that is shown of a plan."""
    titles = titles or Titles(plan.before)
    writer = _StepComposer(plan, titles)
    steps = tuple(writer.step(step) for step in plan.steps)
    aim, goal = _goal(plan, titles)
    return PlanView(
        time=AdviceTime(plan.present.case.content, plan.present.ruleset, plan.day).sentence,
        ahead=plan.ahead,
        aim=aim,
        goal=goal,
        reached=plan.reached,
        optimal=plan.optimal,
        before=standing(plan.present),
        after=standing(plan.after),
        effort=effort(plan.effort),
        steps=steps,
        first=steps[: limit("first")],
        remarks=tuple(_remark(remark, codes, titles) for remark, codes in plan.caveats),
        left=tuple(brief(f, titles) for f in plan.present.to_do()) if aim == "none" and plan.reached else (),
        unknown=tuple(titles.block(code) for code in plan.unknown),
    )


def standing(assessment: Assessment) -> StandingView:
    """Where the school stands, by the score that decides."""
    score = assessment.score
    level = score.verdict.level
    told = lines(assessment.tally)
    share, by_lines = percent(score.bounds.percent), score.by == "cycle"
    return StandingView(level.title if level else None, points(score.bounds), share, told, by_lines)


def _goal(plan: RepairPlan, titles: Titles) -> tuple[str, str | None]:
    if isinstance(plan.goal, ToLevel):
        return "level", next(v.title for v in plan.before.ruleset.levels if v.id == plan.goal.level)
    if isinstance(plan.goal, ToBlock):
        return "block", titles.block(plan.goal.block)
    return ("budget", effort(plan.goal.days)) if isinstance(plan.goal, WithinBudget) else ("none", None)


def _remark(remark: PlanCaveat, codes: Sequence[str], titles: Titles) -> str:
    said = str(words()["plan"]["remark"][remark.value])
    if remark is PlanCaveat.SHORT_TIME:
        left, end = codes
        return said.format(left=left, end=day(date.fromisoformat(end)))
    return said.format(named="; ".join(_named(remark, codes, titles)), count=len(codes))


def _named(remark: PlanCaveat, codes: Sequence[str], titles: Titles) -> Iterable[str]:
    """What a remark speaks of, by name."""
    if remark in (PlanCaveat.UNREAD, PlanCaveat.STAYING):
        return (titles.documents[code].label for code in codes)
    if remark is PlanCaveat.NOT_REVIEWED:
        return map(titles.block, codes)
    return (f"{titles.decidable[code]} ({code})" if code in titles.decidable else code for code in codes)


class _StepComposer:
    def __init__(self, plan: RepairPlan, titles: Titles) -> None:
        self.plan = plan
        self.titles = titles
        self.lines = titles.line_names(*plan.before.blocks)

    def step(self, step: PlanStep) -> StepView:
        titles, ruleset = self.titles, self.plan.before.ruleset
        existing = titles.documents.get(step.document)
        elements = tuple(titles.element(e) for e in step.elements)
        kinds = {part.kind for part in step.parts}
        kind = existing.kind if existing else elements[0].kind
        addressed = (step.new and "addressee" in step.requirements) or RepairKind.ADDRESS in kinds
        return StepView(
            number=step.number,
            kind=step.kind.value,
            repairs=tuple(part.kind.value for part in step.parts),
            document=step.document,
            new=step.new,
            title=self._title(step, RepairKind.FILL in kinds),
            fault=str(words()["plan"]["step"][step.kind.value]),
            subject=self._label(step),
            document_kind=kind,
            place=existing.place if existing else None,
            scan=existing.scan if existing else False,
            blocks=tuple(BlockName(b, ruleset.blocks[b].name) for b in step.blocks),
            stage=titles.stages[step.stage],
            elements=elements,
            lacks=self._requirements(step),
            addressees=tuple(ruleset.addressees[a].dative for a in step.addressees),
            any_addressee=addressed and not step.addressees,
            cites=tuple(self._ground(code) for code in step.cites),
            advice=titles.advice(step.blocks[0], step.stage, _ADVICE[step.kind]),
            lines=tuple(self.lines[line] for line in step.lines),
            cleared=tuple(self.lines[line] for line in step.cleared),
            after=step.after,
            effort=effort(step.effort),
            origin=step.origin,
        )

    def _requirements(self, step: PlanStep) -> tuple[RequirementView, ...]:
        """Each requirement as the first of the step's elements that has it asks for it. The kind of a new document and
        the time of one of the next cycle are said with its title, and where it is published once it is written."""
        titles, asked = self.titles, self.plan.before.ruleset.requirements
        shown: list[RequirementView] = []
        for code in step.requirements:
            told = asked[code].given_by in ("kind", "url") or (self.plan.ahead and asked[code].of_period)
            if not (step.new and told):
                element = next((e for e in step.elements if code in titles.resolved(e).requires), step.elements[0])
                shown.append(titles.requirement(code, element))
        return tuple(shown)

    def _title(self, step: PlanStep, fills: bool) -> str:
        verb = words()["plan"]["verb"]["fill" if fills and step.kind is StepKind.AMEND else step.kind.value]
        title = f"{verb} {self._designation(step) if step.new else self._label(step)}"
        return ", ".join(part for part in (title, due(step.due, self.plan.day)) if part)

    def _designation(self, step: PlanStep) -> str:
        """What a new document is and what it is about, in the right case."""
        named = designation(self.plan.before.ruleset, [self.titles.resolved(e) for e in step.elements])
        return f"{named.kind} {named.subject}"

    def _label(self, step: PlanStep) -> str:
        """How the document of a step is called; one that it writes by the title of its first element, in quotes."""
        existing = self.titles.documents.get(step.document)
        return existing.label if existing else quoted(self.titles.element(step.elements[0]).title)

    def _ground(self, code: str) -> GroundView:
        written = next((s for s in self.plan.steps if s.document == code and s.new), None)
        if written is not None:
            return GroundView(code, self._designation(written), written.number)
        return GroundView(code, self.titles.documents[code].label, None)


def plan_text(plan: RepairPlan) -> str:
    """A plan as Rich markup, at most 100 columns wide."""
    school, file = plan.before.case.content.school.name, plan.before.case.name
    return render("text/plan.j2", rich, plan=plan_shown(plan), school=school, file=file)
