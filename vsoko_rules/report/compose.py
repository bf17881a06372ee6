"""From an assessment to what is shown of it. Nothing is decided here: outcomes and points are the assessment's."""

from __future__ import annotations

from itertools import chain

import vsoko_rules
from vsoko_rules.errors import Place
from vsoko_rules.report.compose_block import block_view, score_view
from vsoko_rules.report.named import Marked, SchoolView
from vsoko_rules.report.view import (
    CircleView,
    DecisionView,
    Formula,
    LevelView,
    Subject,
    View,
    WarningView,
)
from vsoko_rules.report.wording import Titles, points
from vsoko_rules.ruleset.model import Severity
from vsoko_rules.ruleset.scales import CycleScoring, IndicatorScoring, Level
from vsoko_rules.verdict.assessment import Assessment, Finding, FindingKind
from vsoko_rules.verdict.chain import Outcome
from vsoko_rules.words import day, exact, percent, words


def compose(assessment: Assessment) -> View:
    """Everything that any report shows of `assessment`."""
    titles = Titles(assessment)
    ruleset = assessment.ruleset
    decisions = _decisions(assessment, titles)
    blocks = tuple(block_view(block, assessment, titles, decisions) for block in assessment.blocks)
    return View(
        school=_school(assessment),
        marked=_marked(assessment),
        complete=assessment.complete,
        score=score_view(assessment.cycle, assessment.cycle_verdict),
        automatic=points(assessment.automatic_cycle) if assessment.automatic_cycle != assessment.cycle else None,
        indicators=score_view(assessment.indicators, assessment.indicator_verdict) if ruleset.indicators else None,
        by_indicators=ruleset.content.verdict_by == "indicators",
        formula=_formula(ruleset.content.cycle, titles),
        indicator_formula=_formula(ruleset.content.indicator_scoring, titles) if ruleset.indicators else None,
        levels=tuple(_level(level, titles) for level in ruleset.levels),
        stages=tuple(titles.stages[s] for s in ruleset.components),
        blocks=blocks,
        warnings=_warnings(assessment, titles),
        circles=tuple(_circle(f, titles) for f in assessment.findings if f.kind is FindingKind.CIRCLE),
        decisions=decisions,
        notices=tuple(str(notice) for notice in assessment.notices),
        documents=titles.documents,
        elements={e: titles.element(e) for e in ruleset.elements},
        sources=tuple(titles.sources.values()),
    )


def _level(level: Level, titles: Titles) -> LevelView:
    thresholds = [percent(share) if share else None for share in (level.at_least, level.each_block)]
    return LevelView(level.title, level.plural, thresholds[0], thresholds[1], titles.basis(level))


def _formula(scoring: CycleScoring | IndicatorScoring | None, titles: Titles) -> Formula | None:
    return Formula(scoring.formula, titles.basis(scoring)) if scoring else None


def _circle(finding: Finding, titles: Titles) -> CircleView:
    return CircleView(finding.severity, titles.some(finding.documents))


def _school(assessment: Assessment) -> SchoolView:
    case, filled = assessment.case.content, assessment.case.content.filled_by
    counts = ((assessment.ruleset.counts, c, n) for c, n in case.school.counts.items())
    return SchoolView(
        id=case.school.id,
        name=case.school.name,
        municipality=case.school.municipality,
        levels=tuple(level.value for level in case.school.levels),
        counts=tuple((known[c].title if c in known else c, exact(n)) for known, c, n in counts),
        year=str(case.study.year),
        start=day(case.study.start),
        end=day(case.study.end),
        role=filled.role if filled else None,
        filler=filled.name if filled else None,
        filled_on=day(filled.date) if filled and filled.date else None,
    )


def _marked(assessment: Assessment) -> Marked:
    ruleset, case = assessment.ruleset, assessment.case
    return Marked(
        ruleset=ruleset.id,
        version=ruleset.version,
        title=ruleset.title,
        label=ruleset.label,
        sha256=ruleset.sha256,
        case=case.name,
        case_sha256=case.sha256,
        tool=vsoko_rules.__version__,
    )


def _warnings(assessment: Assessment, titles: Titles) -> tuple[WarningView, ...]:
    """Warnings by rule, gravest first, then in the order of the ruleset."""
    found: dict[str, list[Subject]] = {}
    for finding in assessment.all_findings():
        if finding.rule is not None:
            found.setdefault(finding.rule, []).append(_subject(finding, assessment, titles))
    gravity = {severity: number for number, severity in enumerate(Severity)}
    rules = sorted(
        (r for r in assessment.ruleset.rules.values() if r.id in found),
        key=lambda r: gravity[assessment.ruleset.wordings[r.id].severity],
    )
    return tuple(WarningView(titles.rule(r), tuple(found[r.id])) for r in rules)


def _subject(finding: Finding, assessment: Assessment, titles: Titles) -> Subject:
    """What a warning speaks of: a document, a procedure, an indicator."""
    case = assessment.case
    element = titles.element(finding.element) if finding.element else None
    if finding.documents:
        document = titles.documents[finding.documents[0]]
        return Subject(document.label, document.place, document, element)
    code = finding.subject or ""
    for number, procedure in enumerate(case.content.procedures):
        if procedure.id == code:
            text = words()["procedure"].format(subject=procedure.subject, grade=procedure.grade)
            return Subject(text, _line(case.source.place(("procedures", number))), None, element)
    place = _line(case.source.place(("indicators", code))) if code in case.content.indicators else None
    return Subject(element.title if element else code, place, None, element)


def _line(place: Place) -> str:
    return place.brief


def _decisions(assessment: Assessment, titles: Titles) -> tuple[DecisionView, ...]:
    found = []
    ruleset = assessment.ruleset
    aliases = {**ruleset.indicator_aliases, **ruleset.aliases}
    named = {i.id: i.title for i in ruleset.indicators.values()}
    named |= {e: titles.resolved(e).title for e in ruleset.elements}
    for number, decision in enumerate(assessment.case.content.overrides):
        code = aliases.get(decision.of, decision.of)
        found.append(
            DecisionView(
                of=code,
                title=named.get(code),
                outcome=Outcome(decision.outcome),
                automatic=_automatic(code, assessment),
                by=decision.by,
                date=day(decision.date),
                comment=decision.comment,
                place=_line(assessment.case.source.place(("overrides", number))),
            )
        )
    return tuple(found)


def _automatic(code: str, assessment: Assessment) -> tuple[Outcome, ...]:
    """Every outcome that the program found for an element, over all lines that pass it, or for an indicator."""
    found = [item.automatic for block in assessment.blocks for item in block.items if item.element == code]
    traces = (line.automatic for block in assessment.blocks for line in block.lines)
    cells = chain.from_iterable(trace.cells for trace in traces if trace is not None)
    found += [cell.outcome for cell in cells if cell.element == code]
    found += [row.automatic for block in assessment.blocks for row in block.rows if row.indicator == code]
    return tuple(dict.fromkeys(found))
