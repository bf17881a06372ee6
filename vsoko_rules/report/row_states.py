"""What became of each document by itself: for which elements it counts, what it lacks, why a line does not go on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from vsoko_rules.report.blocks import break_views
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.tasks import why_missed
from vsoko_rules.report.terms import ElementView, RequirementView
from vsoko_rules.report.wording import Made, Titles
from vsoko_rules.verdict.assessment import Assessment, Finding
from vsoko_rules.verdict.chain import BreakKind

_OF_REFERENCE: Final = (BreakKind.NOT_BASED, BreakKind.DATED_BEFORE)


@dataclass(frozen=True, slots=True)
class ServedElement:
    """An element that a document serves: whether it is asked of this school, whether the document counts for it, and
    what is missing. `unread`: it is a scan that nobody has read."""

    element: ElementView
    applies: bool
    credited: bool
    unread: bool
    lacks: tuple[RequirementView, ...]
    """without these it does not count"""
    remarks: tuple[RequirementView, ...]
    """without these it counts with a remark"""


@dataclass(frozen=True, slots=True)
class RowState:
    """What became of one document."""

    served: tuple[ServedElement, ...]
    faults: tuple[str, ...]
    """why a line does not go on through it although it counts, and of what the program warns: sentences"""


def row_states(composer: Composer) -> Mapping[str, RowState]:
    """The state of every document by its id, each made when it is asked for."""
    assessment, titles = composer.assessment, composer.titles
    faults = _faults(composer)

    def state(document: str) -> RowState:
        return RowState(tuple(_served(assessment, titles, document)), tuple(dict.fromkeys(faults.get(document, ()))))

    return Made(assessment.case.documents, state)


def _served(assessment: Assessment, titles: Titles, document: str) -> Iterator[ServedElement]:
    evidence = assessment.evidence
    for code in evidence.elements[document]:
        if code not in assessment.ruleset.elements:
            continue
        applies = code in assessment.expectation.elements
        lacks = evidence.lacks(document, code) if applies else ()
        remarks = evidence.remarks(document, code) if applies else ()
        yield ServedElement(
            element=titles.element(code),
            applies=applies,
            credited=document in evidence.credited.get(code, ()),
            unread=document in evidence.unread,
            lacks=titles.requirements(lacks, code, document),
            remarks=titles.requirements(remarks, code, document),
        )


def _faults(composer: Composer) -> dict[str, list[str]]:
    """Sentences about documents that do not come of a lack of their own."""
    faults: dict[str, list[str]] = defaultdict(list)
    blocks = [block for block in composer.assessment.blocks if any(map(_of_reference, block.findings))]
    views = (break_views(block, composer.titles, composer.decided) for block in blocks)
    for break_ in (b for breaks in views for b in breaks if b.kind in _OF_REFERENCE):
        for miss in break_.misses:
            if not miss.lacks:
                faults[miss.document.id].append(why_missed(break_, miss))
    for warning in composer.warnings:
        for subject in warning.subjects:
            if subject.document is not None:
                detail = f": {subject.detail}" if subject.detail else ""
                faults[subject.document.id].append(f"{warning.rule.fault}{detail}.")
    return faults


def _of_reference(finding: Finding) -> bool:
    """Whether a line breaks because a document that counts does not rest on what it has to rest on."""
    return any(trace.break_ is not None and trace.break_.kind in _OF_REFERENCE for trace in finding.traces)
