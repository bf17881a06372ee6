"""What is to be done, one record a finding: every finding of an assessment becomes a task, and none is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from vsoko_rules.advice.timing import asks_of_time
from vsoko_rules.report.advice_time import AdviceTime
from vsoko_rules.report.block_parts import BlockView, BreakView, Miss
from vsoko_rules.report.briefs import absence
from vsoko_rules.report.terms import BlockName, DocumentView, ElementView, RequirementView
from vsoko_rules.report.view import TaskView, WarningView
from vsoko_rules.report.wording import Titles
from vsoko_rules.templates import opening
from vsoko_rules.verdict.assessment import Assessment, Finding, FindingKind
from vsoko_rules.verdict.chain import BreakKind
from vsoko_rules.words import limit, say, words


def tasks(
    assessment: Assessment,
    titles: Titles,
    blocks: Sequence[BlockView],
    warnings: Sequence[WarningView],
    time: AdviceTime,
) -> tuple[tuple[TaskView, ...], int]:
    """Every finding as a task, what the school can mend first, in the order of `Assessment.to_do`; and how many of
    them are for the school. Findings of one rule that warns are one task. Once the period of the study is over, what
    belongs to it is not to be mended but written anew in the next cycle."""
    writer = _TaskWriter(assessment, titles, blocks, warnings, time)
    to_do = assessment.to_do()
    named = {finding.fingerprint for finding in to_do}
    rest = (finding for finding in assessment.all_findings() if finding.fingerprint not in named)
    mendable = tuple(writer.tasks(to_do))
    return mendable + tuple(writer.tasks(rest)), len(mendable)


class _TaskWriter:
    """Writes tasks and numbers them from 1."""

    def __init__(
        self,
        assessment: Assessment,
        titles: Titles,
        blocks: Sequence[BlockView],
        warnings: Sequence[WarningView],
        time: AdviceTime,
    ) -> None:
        self.assessment = assessment
        self.time = time
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
        fields = {**usual, **filled, **self._anew(finding)}
        first = [*([opening(fields["todo"])] if fields["todo"] else []), *fields["steps"]]
        step = first[0] if first else None
        number, fingerprint = self.written, finding.fingerprint
        return TaskView(number=number, fingerprint=fingerprint, kind=finding.kind, step=step, **fields)

    def _anew(self, finding: Finding) -> dict[str, Any]:
        """After the period: what to write in the next cycle instead of mending what belongs to this one."""
        e = self.assessment.expectation.elements.get(finding.element or "")
        if self.time.next is None or e is None or finding.rule or not asks_of_time(self.assessment, e.id):
            return {}
        advice = self.titles.advice(e.block, e.stage, BreakKind.NO_DOCUMENT)
        last = self.time.due(e.stage)
        told = say("anew", due=f" {last}" if last else "", todo=advice.todo if advice else "").rstrip()
        asks = "; ".join(lack.ask for lack in self.titles.requirements(finding.lacks, e.id))
        effort = self.titles.document_effort(e.stage)
        return {"todo": told, "steps": (say("anew_asks", asks=asks),) if asks else (), "effort": effort}

    def broken(self, finding: Finding) -> dict[str, Any]:
        break_ = self.breaks[finding.fingerprint]
        what = {"subject": break_.element.title, "lines": break_.lines}
        if break_.decision is not None:
            reason = say("reason_decided", comment=break_.decision.comment)
            return {**what, "fault": words()["break"]["decided"]["title"], "reason": reason}
        nearest, advice = break_.misses[0].lacks if break_.misses else (), break_.advice
        return {
            **what,
            "fault": words()["break"][break_.kind.value]["title"],
            "reason": _why_broken(break_),
            "lacks": nearest,
            "todo": advice.todo if advice and len(nearest) != 1 else None,
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
        known = words()["finding"][finding.kind.value]
        absent = finding.kind is FindingKind.ABSENCE
        fault = absence(self.titles, item.element.id) if absent else known["fault"]
        what = {"fault": fault, "subject": item.element.title}
        if item.decided:
            return {**what, "reason": words()["break"]["decided"]["why"]}
        what["reason"] = _lacking(item.misses[0]) if item.misses else known["why"]
        todo = None if item.misses else self._needed(item.element)
        mending = {"lacks": nearest, "steps": steps_of(nearest), "why": why_of(nearest), "effort": item.effort}
        return {**what, **mending, "todo": todo, "documents": tuple(miss.document for miss in item.misses)}

    def _needed(self, element: ElementView) -> str:
        """What document an element outside the lines needs, and what it must hold."""
        known = self.titles.ruleset.requirements
        asked = (known[r] for r in self.titles.resolved(element.id).requires)
        asks = "; ".join(r.ask for r in asked if r.given_by == "holds")
        kind = element.kind or element.stage.title
        return say("needed", kind=kind, asks=asks) if asks else say("needed_kind", kind=kind)

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
            "reason": warning.rule.why,
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
            "reason": _remarked(self.titles.documents[finding.documents[0]], lacks),
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
    return {"fault": texts["fault"], "reason": texts["why"], "steps": tuple(texts["steps"])}


def _why_broken(break_: BreakView) -> str:
    """Why a line breaks, as a sentence: what is true of the document that comes nearest."""
    if break_.kind is BreakKind.NO_DOCUMENT or not break_.misses:
        return str(words()["break"][break_.kind.value]["why"])
    return why_missed(break_, break_.misses[0])


def why_missed(break_: BreakView, miss: Miss) -> str:
    """Why a document that was offered does not hold the stage where a line breaks, as a sentence."""
    if break_.kind is BreakKind.REQUIREMENTS:
        return _lacking(miss)
    document, grounds = miss.document.label, _named(break_.reached)
    if break_.kind is BreakKind.DATED_BEFORE:
        return say("reason_early", document=document, grounds=_named(miss.early))
    if not miss.instead:
        return say("reason_unbased", document=document, grounds=grounds)
    return say("reason_based", document=document, instead=_named(miss.instead), grounds=grounds)


def _lacking(miss: Miss) -> str:
    """What keeps a document from being credited."""
    faults = "; ".join(lack.fault[:1].lower() + lack.fault[1:] for lack in miss.lacks)
    return say("reason_lacks", document=miss.document.label, faults=faults)


def _remarked(document: DocumentView, lacks: Sequence[RequirementView]) -> str:
    return say("reason_remark", document=document.label, lacks=", ".join(lack.title for lack in lacks))


def _named(documents: Sequence[DocumentView]) -> str:
    """The first of the documents; that there are others."""
    most = limit("grounds")
    named = ", ".join(document.label for document in documents[:most])
    return named if len(documents) <= most else say("and_others", named=named, more=len(documents) - most)


def steps_of(lacks: Iterable[RequirementView]) -> tuple[str, ...]:
    """How to mend each requirement, nothing twice."""
    return tuple(dict.fromkeys(step for lack in lacks for step in lack.steps))


def why_of(lacks: Sequence[RequirementView]) -> str | None:
    """Why what is lacking matters, by the first of it."""
    return lacks[0].why if lacks else None
