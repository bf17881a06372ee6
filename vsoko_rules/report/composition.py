"""From an assessment to what is shown of it. Nothing is decided here: outcomes, points and the order of what to do are
the assessment's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from functools import cache, cached_property
from typing import Any

import vsoko_rules
from vsoko_rules.advice.timing import advice_day
from vsoko_rules.case.records import FilledBy
from vsoko_rules.reading.yaml import read
from vsoko_rules.report.advice_time import AdviceTime
from vsoko_rules.report.beside_level import in_short, said_beside
from vsoko_rules.report.block_parts import DecisionView
from vsoko_rules.report.blocks import block_view
from vsoko_rules.report.decision_views import decision_views
from vsoko_rules.report.plan_view import PlanView, plan_shown
from vsoko_rules.report.proofs import line_proofs
from vsoko_rules.report.scores import cycle_view, score_view
from vsoko_rules.report.tasks import tasks
from vsoko_rules.report.terms import BlockName, FormulaView, LevelView, Marked, Reader, SchoolView, ScoreView
from vsoko_rules.report.view import (
    AddressedDocument,
    AddresseeView,
    CircleView,
    FaultGroup,
    TaskView,
    View,
    WarningView,
)
from vsoko_rules.report.warning_views import warning_views
from vsoko_rules.report.wording import Titles
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.content import IndicatorScoring, Level, ScoreName
from vsoko_rules.templates import plain, shared
from vsoko_rules.verdict.assessment import Assessment, FindingKind
from vsoko_rules.words import day, exact, limit, percent, quoted, say, words


@cache
def settings() -> Any:
    """The settings of reports: `reports/report.yml`."""
    return read(shipped("reports") / "report.yml").data


_SIGNED = (None, Reader.EXPERT)
"""whose reports name people: the experts who sign"""


class Composer:
    """Composes the views of one assessment; what takes a while is made once. `appendix`: with full proofs in print."""

    def __init__(self, assessment: Assessment, appendix: bool = False) -> None:
        self.assessment = assessment
        self.appendix = appendix
        self.titles = Titles(assessment)

    @cached_property
    def time(self) -> AdviceTime:
        """The day for which advice is given: of filling in, else the last that the case names. It is printed."""
        case = self.assessment.case.content
        return AdviceTime(case, self.assessment.ruleset, advice_day(case))

    @cached_property
    def plan(self) -> PlanView | None:
        """The plan to the next level; none where there is no goal."""
        from vsoko_rules.advice.plan import plan

        shown = plan_shown(plan(self.assessment, on=self.time.on), self.titles)
        return shown if shown.goal is not None else None

    @cached_property
    def moment(self) -> datetime:
        """The date in the properties of documents, the end of the study: reports never tell when they were made."""
        end = self.assessment.case.content.study.end
        return datetime(end.year, end.month, end.day, tzinfo=timezone.utc)

    @cached_property
    def decisions(self) -> tuple[DecisionView, ...]:
        """An expert's decisions."""
        return decision_views(self.assessment, self.titles)

    @cached_property
    def decided(self) -> dict[str, DecisionView]:
        """The same by element or indicator."""
        return {decision.of: decision for decision in self.decisions}

    @cached_property
    def warnings(self) -> tuple[WarningView, ...]:
        """Warnings by rule, gravest first."""
        return warning_views(self.assessment, self.titles)

    @cached_property
    def score(self) -> ScoreView:
        """The cycle score."""
        assessment = self.assessment
        return cycle_view(assessment.cycle, assessment.scores["cycle"].verdict, assessment.tally)

    @cached_property
    def indicators(self) -> ScoreView | None:
        """The indicator score; none where the ruleset has no list."""
        assessment = self.assessment
        verdict = assessment.scores["indicators"].verdict
        return score_view(assessment.indicators, verdict) if assessment.ruleset.indicators else None

    @property
    def main(self) -> ScoreView:
        """The score that decides the level."""
        return self.indicators if self.assessment.score.by == "indicators" and self.indicators else self.score

    def view(self, reader: Reader | None = None, with_plan: bool = True) -> View:
        """Everything that any report shows of the assessment; the proofs for an expert and an appendix."""
        assessment, titles, ruleset = self.assessment, self.titles, self.assessment.ruleset
        by_indicators = assessment.score.by == "indicators"
        blocks = tuple(block_view(block, titles, self.decided, by_indicators) for block in assessment.blocks)
        todo, mendable = tasks(assessment, titles, blocks, self.warnings, self.time)
        return View(
            school=_school(assessment, named=reader in _SIGNED),
            marked=_marked(assessment),
            reader=reader,
            appendix=self.appendix,
            complete=assessment.complete,
            score=self.score,
            beside=tuple(said_beside(assessment, titles)),
            short_of=in_short(assessment, titles),
            time=self.time.sentence,
            indicators=self.indicators,
            by_indicators=by_indicators,
            formula=_cycle_formula(titles),
            indicator_formula=_formula(ruleset.content.indicator_scoring, titles) if ruleset.indicators else None,
            levels=tuple(_level(level, titles, assessment.score.by) for level in ruleset.levels),
            stages=tuple(titles.stages[s] for s in ruleset.components),
            blocks=blocks,
            warnings=self.warnings,
            circles=tuple(
                CircleView(f.severity, titles.some(f.documents))
                for f in assessment.findings
                if f.kind is FindingKind.CIRCLE
            ),
            tasks=todo,
            first=todo[: min(mendable, limit("first"))],
            rest=_by_fault(todo[limit("first") : mendable]),
            addressed=tuple(_addressed(assessment, titles, todo[:mendable])),
            plan=self.plan if with_plan else None,
            proofs=line_proofs(assessment, titles) if self.appendix or reader is Reader.EXPERT else {},
            decisions=self.decisions,
            notices=tuple(str(notice) for notice in assessment.notices),
            documents=titles.documents,
            elements={e: titles.element(e) for e in ruleset.elements},
            sources=tuple(titles.sources.values()),
        )


def _level(level: Level, titles: Titles, by: ScoreName) -> LevelView:
    asked = level.thresholds(by)
    at_least, each_block = (percent(share) if share else None for share in (asked.at_least, asked.each_block))
    asks = [say("level_asks", at_least=at_least)] if at_least else []
    asks += [say("level_asks_blocks", each_block=each_block)] if each_block else []
    if asked.needs:
        named = ", ".join(quoted(titles.element(e).title) for e in asked.needs)
        asks.append(say("level_asks_needs", elements=named))
    asks += [say("level_asks_every")] if asked.every_block else []
    return LevelView(level.title, level.plural, at_least, each_block, "; ".join(asks), titles.basis(level))


def _formula(scoring: IndicatorScoring | None, titles: Titles) -> FormulaView | None:
    return FormulaView(scoring.formula, titles.basis(scoring)) if scoring else None


def _cycle_formula(titles: Titles) -> FormulaView | None:
    """How the cycle is counted, in words, with the numbers and stages of the ruleset."""
    ruleset, scale = titles.ruleset, titles.ruleset.content.cycle
    if scale is None:
        return None
    stages = [ruleset.stages[code] for code in ruleset.components]
    text = (
        shared(plain)
        .get_template("scale/formula.j2")
        .render(scale=scale, stages=stages, apart=[ruleset.stages[code].plural for code in scale.apart])
    )
    return FormulaView(" ".join(text.split()), titles.basis(scale))


def _school(assessment: Assessment, named: bool) -> SchoolView:
    case, filled = assessment.case.content, assessment.case.content.filled_by
    known = assessment.ruleset.counts
    return SchoolView(
        id=case.school.id,
        name=case.school.name,
        municipality=case.school.municipality,
        levels=tuple(level.value for level in case.school.levels),
        counts=tuple((known[c].title if c in known else c, exact(n)) for c, n in case.school.counts.items()),
        year=str(case.study.year),
        start=day(case.study.start),
        end=day(case.study.end),
        filled_by=_filled_by(filled, named) if filled else None,
    )


def _filled_by(filled: FilledBy, named: bool) -> str:
    role = str(words()["role"][filled.role])
    who = f"{role}: {filled.name}" if filled.name and named else role
    return f"{who}, {day(filled.date)}" if filled.date else who


def _marked(assessment: Assessment) -> Marked:
    ruleset, case = assessment.ruleset, assessment.case
    return Marked(
        ruleset=ruleset.id,
        version=ruleset.version,
        title=ruleset.title,
        label=ruleset.label,
        sha256=ruleset.sha256,
        case=case.shared_name,
        case_sha256=case.sha256,
        tool=vsoko_rules.__version__,
    )


def _by_fault(tasks: Sequence[TaskView]) -> tuple[FaultGroup, ...]:
    faults = dict.fromkeys(task.fault for task in tasks)
    return tuple(FaultGroup(fault, tuple(task for task in tasks if task.fault == fault)) for fault in faults)


def _addressed(assessment: Assessment, titles: Titles, todo: Sequence[TaskView]) -> Iterable[AddresseeView]:
    """Who is told anything, in the order of the ruleset: what is theirs to mend, what is recommended to them."""
    ruleset = assessment.ruleset
    for about in ruleset.addressees.values():
        own = tuple(t for t in todo if ruleset.mended_by(t.stage.id if t.stage else None) == about.id)
        given = tuple(_given(about.id, assessment, titles))
        if own or given:
            yield AddresseeView(about.id, about.title, about.dative, own, given)


def _given(addressee: str, assessment: Assessment, titles: Titles) -> Iterable[AddressedDocument]:
    """Recommendations to an addressee that hold an element which asks for one."""
    ruleset, evidence = assessment.ruleset, assessment.evidence
    blocks: dict[str, list[str]] = {}
    for e in assessment.expectation.elements.values():
        if any(ruleset.requirements[r].given_by == "addressees" for r in e.requires):
            for document in evidence.credited.get(e.id, ()):
                if addressee in evidence.documents[document].addressees:
                    blocks.setdefault(document, []).append(e.block)
    for document, named in blocks.items():
        names = tuple(BlockName(b, ruleset.blocks[b].name) for b in dict.fromkeys(named))
        yield AddressedDocument(titles.documents[document], names)
