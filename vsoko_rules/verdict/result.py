"""An assessment as plain data, by the contract that programs rely on."""

from __future__ import annotations

from fractions import Fraction

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.lapses import Lapse
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.case.records import Override
from vsoko_rules.errors import Problem
from vsoko_rules.reading.addresses import address_kind
from vsoko_rules.verdict.assessment import Assessment, BlockResult, Finding, Item, Line
from vsoko_rules.verdict.block_contract import (
    BlockRecord,
    BoundsRecord,
    BreakRecord,
    ComponentRecord,
    FindingRecord,
    IndicatorRecord,
    ItemRecord,
    LevelRecord,
    LineRecord,
    ScoreRecord,
    TallyRecord,
)
from vsoko_rules.verdict.case_contract import (
    DecisionRecord,
    LinkRecord,
    NoticeRecord,
    OverrideRecord,
    SuspectRecord,
)
from vsoko_rules.verdict.chain import Break
from vsoko_rules.verdict.contract import SCHEMA_VERSION, ResultRecord
from vsoko_rules.verdict.decisions import DecisionStanding
from vsoko_rules.verdict.indicators import IndicatorRow
from vsoko_rules.verdict.scoring import Bounds, Component, Exact, Score, Tally, Verdict


def result(assessment: Assessment) -> ResultRecord:
    """One assessment as plain data, the same whatever engine concluded it and in whatever order documents came."""
    ruleset, case = assessment.ruleset, assessment.case
    school = case.content.school
    return {
        "schema": SCHEMA_VERSION,
        "ruleset": {"id": ruleset.id, "version": ruleset.version, "sha256": ruleset.sha256, "label": ruleset.label},
        "case": {"file": case.name, "sha256": case.sha256},
        "school": {
            "id": school.id,
            "name": school.name,
            "municipality": school.municipality,
            "levels": [level.value for level in school.levels],
            "counts": dict(sorted(school.counts.items())),
        },
        "year": case.content.study.year,
        "complete": assessment.complete,
        "level": _verdict(assessment.verdict),
        "automatic": _verdict(assessment.automatic.verdict),
        "without_exclusions": _verdict(assessment.unlimited.verdict) if assessment.unlimited else None,
        "tally": _tally(assessment.tally),
        "cycle": {
            **_bounds(assessment.cycle),
            "automatic": _score(assessment.automatic_scores["cycle"]),
            "level": _verdict(assessment.scores["cycle"].verdict),
        },
        "indicators": _score(assessment.scores["indicators"]),
        "blocks": [_block(block) for block in assessment.blocks],
        "findings": [_finding(f) for f in assessment.findings],
        "to_do": [f.fingerprint for f in assessment.to_do()],
        "not_applicable": [*assessment.expectation.inapplicable, *assessment.left_out],
        "left_out": list(assessment.left_out),
        "overrides": [_override(o) for o in case.content.overrides],
        "day": case.content.day.isoformat(),
        "decisions": [_decision(s) for s in assessment.standings],
        "suspect": [_suspect(lapse) for lapse in assessment.lapses],
        "links": [_link(d, case) for d in case.content.documents if d.url is not None or d.file is not None],
        "notices": [_notice(n) for n in assessment.notices],
    }


def number(value: Exact) -> int | float:
    """A fraction as a JSON number: whole where it is whole."""
    return value.numerator if value.denominator == 1 else float(value)


def _bounds(bounds: Bounds) -> BoundsRecord:
    share = bounds.percent
    return {
        "points": number(bounds.points),
        "low": number(bounds.low),
        "high": number(bounds.high),
        "max": number(bounds.max),
        "percent": None if share is None else number(share),
    }


def _verdict(verdict: Verdict | None) -> LevelRecord | None:
    if verdict is None or verdict.level is None:
        return None
    return {
        "id": verdict.level.id,
        "title": verdict.level.title,
        "low": verdict.low.id if verdict.low else None,
        "high": verdict.high.id if verdict.high else None,
        "unmet": [{"condition": unmet.condition, "at": unmet.at} for unmet in verdict.unmet],
    }


def _score(score: Score) -> ScoreRecord:
    return {**_bounds(score.bounds), "level": _verdict(score.verdict)}


def _tally(tally: Tally) -> TallyRecord:
    return {"complete": tally.complete, "remarked": tally.remarked, "most": tally.most, "total": tally.total}


def _block(block: BlockResult) -> BlockRecord:
    return {
        "id": block.id,
        "reviewed": block.reviewed,
        "level": _verdict(block.verdict),
        "tally": _tally(block.tally),
        "cycle": _bounds(block.cycle),
        "indicators": {
            **_bounds(block.indicators),
            "level": _verdict(block.indicator_verdict),
            "rows": [_row(row) for row in block.rows],
        },
        "components": [_component(c) for c in block.components],
        "weakest": block.weakest,
        "lines": [_line(line) for line in block.lines],
        "items": [_item(item) for item in block.items],
        "findings": [_finding(f) for f in block.findings],
    }


def _component(component: Component) -> ComponentRecord:
    return {
        "stage": component.stage,
        "outcome": component.outcome.value,
        **_bounds(component.lines),
        "lines_held": int(component.lines.points),
        "lines": int(component.lines.max),
    }


def _line(line: Line) -> LineRecord:
    found, automatic = line.trace, line.automatic
    return {
        "id": line.spec.id,
        "goal": line.spec.elements[0],
        "elements": list(line.spec.elements),
        "outcome": line.outcome.value,
        "complete": found is not None and found.complete,
        "path": list(found.path) if found else [],
        "cells": [
            {"stage": c.stage, "element": c.element, "outcome": c.outcome.value, "documents": list(c.documents)}
            for c in (found.cells if found else ())
        ],
        "break": _break(found.break_) if found and found.break_ else None,
        "automatic": {
            "complete": automatic is not None and automatic.complete,
            "break": _break(automatic.break_) if automatic and automatic.break_ else None,
        },
        "points": _bounds(line.points),
        "remarks": [
            {"element": lack.element, "document": lack.document, "lacks": list(lack.lacks)} for lack in line.remarks
        ],
        "run": list(found.run) if found else [],
        "there": list(found.there) if found else [],
    }


def _break(found: Break) -> BreakRecord:
    return {
        "stage": found.stage,
        "element": found.element,
        "kind": found.kind.value,
        "documents": [n.document for n in found.documents],
        "lacks": list(found.documents[0].lacks) if found.documents else [],
        "near": [
            {
                "document": n.document,
                "lacks": list(n.lacks),
                "instead": list(n.instead),
                "elsewhere": list(n.elsewhere),
                "early": list(n.early),
            }
            for n in found.documents
        ],
        "reached": list(found.reached),
        "decided": found.decided,
    }


def _row(row: IndicatorRow) -> IndicatorRecord:
    return {
        "id": row.indicator,
        "outcome": row.outcome.value,
        "automatic": row.automatic.value,
        **_bounds(row.points),
        "earned_by": list(row.ways),
        "reasons": [reason.value for reason in row.reasons],
        "target": None if row.target is None else number(Fraction(row.target)),
        "stated": row.entry.model_dump(mode="json", exclude_defaults=True) if row.entry else None,
        "contradiction": row.contradiction.value if row.contradiction else None,
    }


def _item(item: Item) -> ItemRecord:
    return {
        "element": item.element,
        "stage": item.stage,
        "outcome": item.outcome.value,
        "automatic": item.automatic.value,
        "documents": list(item.documents),
        "lacks": {document: list(lacks) for document, lacks in item.lacks},
    }


def _finding(finding: Finding) -> FindingRecord:
    return {
        "fingerprint": finding.fingerprint,
        "kind": finding.kind.value,
        "severity": finding.severity.value,
        "stage": finding.stage,
        "element": finding.element,
        "indicator": finding.indicator,
        "rule": finding.rule,
        "documents": list(finding.documents),
        "lines": list(finding.lines),
        "lacks": list(finding.lacks),
    }


def _override(override: Override) -> OverrideRecord:
    return {
        "of": override.of,
        "outcome": override.outcome,
        "by": override.by,
        "date": override.date.isoformat(),
        "comment": override.comment,
    }


def _decision(standing: DecisionStanding) -> DecisionRecord:
    until = standing.override.until
    return {
        "of": standing.code,
        "until": until.isoformat() if until is not None else None,
        "counts": standing.counts,
        "state": standing.state.value,
        "doubts": [doubt.value for doubt in standing.doubts],
    }


def _suspect(lapse: Lapse) -> SuspectRecord:
    return {
        "document": lapse.document,
        "claim": lapse.claim.claim,
        "ground": lapse.ground,
        "changes": [
            {"what": c.what.value, "was": str(c.was), "now": str(c.now) if c.now else None} for c in lapse.changes
        ],
    }


def _link(document: Document, case: CaseFile) -> LinkRecord:
    found = case.files.get(document.file) if document.file is not None else None
    return {
        "document": document.id,
        "address": address_kind(document.url).value if document.url is not None else None,
        "file": document.file,
        "file_state": found.state.value if found else None,
        "file_type": found.type if found else None,
        "file_size": found.size if found else None,
        "file_sha256": found.sha256 if found else None,
    }


def _notice(notice: Problem) -> NoticeRecord:
    return {
        "place": str(notice.place.shared),
        "message": notice.message,
        "found": notice.found,
        "expected": notice.expected,
    }
