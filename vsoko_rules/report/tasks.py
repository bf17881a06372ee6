"""What is to be done, one record a finding: every finding of an assessment becomes a task, and none is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from vsoko_rules.report.terms import BlockName, RequirementView
from vsoko_rules.report.view import BlockView, TaskView, WarningView
from vsoko_rules.report.wording import Titles
from vsoko_rules.verdict.assessment import Assessment, Finding, FindingKind
from vsoko_rules.words import limit, words


def tasks(
    assessment: Assessment, titles: Titles, blocks: Sequence[BlockView], warnings: Sequence[WarningView]
) -> tuple[tuple[TaskView, ...], int]:
    """Every finding as a task, what the school can mend first, in the order of `Assessment.to_do`; and how many of
    them are for the school. Findings of one rule that warns are one task."""
    writer = _TaskWriter(titles, blocks, warnings)
    to_do = assessment.to_do()
    named = {finding.fingerprint for finding in to_do}
    rest = (finding for finding in assessment.all_findings() if finding.fingerprint not in named)
    mendable = tuple(writer.tasks(to_do))
    return mendable + tuple(writer.tasks(rest)), len(mendable)


class _TaskWriter:
    """Writes tasks and numbers them from 1."""

    def __init__(self, titles: Titles, blocks: Sequence[BlockView], warnings: Sequence[WarningView]) -> None:
        self.titles = titles
        self.blocks = blocks
        self.names = {block.id: BlockName(block.id, block.name) for block in blocks}
        self.breaks = {break_.fingerprint: break_ for block in blocks for break_ in block.breaks}
        self.items = {item.element.id: item for block in blocks for group in block.groups for item in group.items}
        self.rows = {row.id: row for block in blocks for row in block.rows}
        self.warnings = {warning.rule.id: warning for warning in warnings}
        self.written = 0
        self.warned: set[str] = set()

    def tasks(self, findings: Iterable[Finding]) -> Iterator[TaskView]:
        for finding in findings:
            if finding.kind is FindingKind.WARNING and finding.rule in self.warned:
                continue
            self.written += 1
            yield self._task(finding, **_WRITERS[finding.kind](self, finding))

    def _task(self, finding: Finding, **filled: Any) -> TaskView:
        """A task of a finding; `filled` are the fields that its kind fills."""
        element = self.titles.known_element(finding.element)
        usual: dict[str, Any] = {
            "severity": finding.severity,
            "blocks": (self.names[finding.block],) if finding.block else (),
            "stage": element.stage if element else None,
            "element": element,
            "documents": self.titles.some(finding.documents),
            "basis": element.basis if element else None,
            **dict.fromkeys(("todo", "signs", "cites", "sample", "why", "effort", "rule")),
            **dict.fromkeys(("lacks", "steps", "lines"), ()),
        }
        return TaskView(number=self.written, kind=finding.kind, **{**usual, **filled})

    def broken(self, finding: Finding) -> dict[str, Any]:
        break_ = self.breaks[finding.fingerprint]
        what = {"subject": break_.element.title, "lines": break_.lines}
        if break_.decision is not None:
            return {**what, "fault": words()["break"]["decided"]["title"]}
        nearest, advice = break_.misses[0].lacks if break_.misses else (), break_.advice
        return {
            **what,
            "fault": words()["break"][break_.kind.value]["title"],
            "lacks": nearest,
            "todo": advice.todo if advice else None,
            "steps": steps_of(nearest) or (break_.rule.steps if break_.rule else ()),
            "signs": advice.signs if advice else None,
            "cites": advice.cites if advice else None,
            "sample": advice.sample if advice else None,
            "why": break_.rule.why if break_.rule else why_of(nearest),
            "effort": break_.effort,
        }

    def absent(self, finding: Finding) -> dict[str, Any]:
        item = self.items[str(finding.element)]
        nearest = item.misses[0].lacks if item.misses else ()
        what = {"fault": words()["item"][item.outcome.value], "subject": item.element.title}
        if item.decided:
            return what
        mending = {"lacks": nearest, "steps": steps_of(nearest), "why": why_of(nearest), "effort": item.effort}
        return {**what, **mending, "documents": tuple(miss.document for miss in item.misses)}

    def warning(self, finding: Finding) -> dict[str, Any]:
        warning = self.warnings[str(finding.rule)]
        self.warned.add(warning.rule.id)
        elements = [subject.element for subject in warning.subjects if subject.element]
        ruleset = self.titles.ruleset
        return {
            "blocks": tuple(dict.fromkeys(self.names[ruleset.elements[e.id].block] for e in elements)),
            "stage": elements[0].stage if elements else None,
            "element": elements[0] if elements else None,
            "fault": warning.rule.fault,
            "subject": _listed([subject.text for subject in warning.subjects]),
            "documents": tuple(subject.document for subject in warning.subjects if subject.document),
            "steps": warning.rule.steps,
            "why": warning.rule.why,
            "effort": warning.rule.effort,
            "basis": warning.rule.basis,
            "rule": warning.rule.id,
        }

    def contradiction(self, finding: Finding) -> dict[str, Any]:
        row = self.rows[str(finding.subject)]
        fault = words()["contradiction"][row.contradiction]
        return {**_of_kind(finding), "fault": fault, "subject": f"{row.title} ({row.id})", "basis": row.basis}

    def remark(self, finding: Finding) -> dict[str, Any]:
        element = str(finding.element)
        lacks = self.titles.requirements(finding.lacks, element)
        names = {line.name.id: line.name for block in self.blocks for line in block.lines}
        return {
            "fault": words()["finding"]["remark"]["fault"],
            "subject": self.titles.element(element).title,
            "lines": tuple(names[line] for line in finding.lines),
            "lacks": lacks,
            "steps": steps_of(lacks),
            "why": why_of(lacks),
            "effort": self.titles.lacking_effort(finding.lacks, element),
        }

    def circle(self, finding: Finding) -> dict[str, Any]:
        documents = self.titles.some(finding.documents)
        return {**_of_kind(finding), "subject": "; ".join(document.label for document in documents)}


_WRITERS = {
    FindingKind.BREAK: _TaskWriter.broken,
    FindingKind.ABSENCE: _TaskWriter.absent,
    FindingKind.INCOMPLETE: _TaskWriter.absent,
    FindingKind.WARNING: _TaskWriter.warning,
    FindingKind.CONTRADICTION: _TaskWriter.contradiction,
    FindingKind.CIRCLE: _TaskWriter.circle,
    FindingKind.REMARK: _TaskWriter.remark,
}


def _listed(subjects: Sequence[str]) -> str:
    """What a task is about; the report lists all of it where it warns."""
    most = limit("task_subjects")
    if len(subjects) <= most:
        return "; ".join(subjects)
    return str(words()["more"]).format(shown="; ".join(subjects[:most]), rest=len(subjects) - most)


def _of_kind(finding: Finding) -> dict[str, Any]:
    """What is said of every finding of a kind, where neither a rule nor an element says it."""
    texts = words()["finding"][finding.kind.value]
    return {"fault": texts["fault"], "why": texts["why"], "steps": tuple(texts["steps"])}


def steps_of(lacks: Iterable[RequirementView]) -> tuple[str, ...]:
    """How to mend each requirement, nothing twice."""
    return tuple(dict.fromkeys(step for lack in lacks for step in lack.steps))


def why_of(lacks: Sequence[RequirementView]) -> str | None:
    """Why what is lacking matters, by the first of it."""
    return lacks[0].why if lacks else None
