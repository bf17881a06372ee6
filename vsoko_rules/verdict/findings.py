"""What is wrong with a case, one finding a fault: where lines break, what is absent, what rules warn of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any, Final

from vsoko_rules.case.facts import served
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.engine.inference import Derivations
from vsoko_rules.engine.language import Firing, Variable
from vsoko_rules.ruleset.model import Concerned, Severity
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.chain import BreakKind, Lack, NearMiss, Trace
from vsoko_rules.verdict.evidence import Evidence, Outcome
from vsoko_rules.verdict.frozen import frozen
from vsoko_rules.verdict.indicators import IndicatorRow


class FindingKind(str, Enum):
    """What a finding is about."""

    BREAK = "break"
    """a line breaks"""
    ABSENCE = "absence"
    """an element outside the lines is not there"""
    INCOMPLETE = "incomplete"
    """an element outside the lines is there and misses requirements"""
    WARNING = "warning"
    """a rule warns"""
    CONTRADICTION = "contradiction"
    """a mark and the documents disagree"""
    CIRCLE = "circle"
    """documents rest on one another in a circle"""
    REMARK = "remark"
    """a document holds its place and lacks what is only remarked"""


@frozen
class Item:
    """An element outside the lines: rationale, indicators, methods, effect, the frame."""

    element: str
    stage: str
    outcome: Outcome
    automatic: Outcome
    documents: tuple[str, ...]
    """credited documents, or those offered when none is"""
    lacks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """for each document offered and not credited, nearest first, the requirements it misses"""


@frozen
class Finding:
    """One thing wrong. `fingerprint` stays the same between studies while the fault is the same; within one assessment
    no two findings share it."""

    fingerprint: str
    kind: FindingKind
    severity: Severity
    block: str | None
    stage: str | None
    element: str | None
    documents: tuple[str, ...]
    lines: tuple[str, ...] = ()
    """lines that break here"""
    rule: str | None = None
    """the rule that warns"""
    subject: str | None = None
    """what a rule warns of, a document, a procedure or an indicator; for a contradiction the indicator"""
    traces: tuple[Trace, ...] = ()
    """for a break, the lines that break so"""
    concerns: Concerned = Concerned.SCHOOL
    """who can mend it"""
    lacks: tuple[str, ...] = ()
    """for a remark, the requirements that the document does not meet"""
    indicator: str | None = None
    """for a warning or a contradiction, the indicator of which it speaks; `element` never holds one"""
    oddity: str | None = None
    """for a warning of what is formally odd about a document, what that is"""


def nearest_first(lacks: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Documents with the requirements they miss, those first that miss least."""
    return tuple(sorted(lacks, key=lambda pair: (len(pair[1]), pair[0])))


def numbered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with a number after each fingerprint that came before: two documents may share a fault."""
    seen: Counter[str] = Counter()
    told: list[Finding] = []
    for finding in findings:
        seen[finding.fingerprint] += 1
        again = seen[finding.fingerprint]
        told.append(finding if again == 1 else replace(finding, fingerprint=f"{finding.fingerprint}#{again}"))
    return tuple(told)


def breaks(traces: Sequence[Trace], block: str, ruleset: Ruleset) -> list[Finding]:
    """One finding for each different first break: lines that break alike are mended together."""
    alike: dict[tuple[str, BreakKind, tuple[NearMiss, ...]], list[Trace]] = {}
    for line in traces:
        if line.break_ is not None:
            key = (line.break_.element, line.break_.kind, line.break_.documents)
            alike.setdefault(key, []).append(line)
    return [
        Finding(
            fingerprint=f"break:{element}:{kind.value}",
            kind=FindingKind.BREAK,
            severity=ruleset.findings["break"].severity,
            concerns=ruleset.findings["break"].concerns,
            block=block,
            stage=ruleset.elements[element].stage,
            element=element,
            documents=tuple(n.document for n in near),
            lines=tuple(t.spec.id for t in same),
            traces=tuple(same),
        )
        for (element, kind, near), same in alike.items()
    ]


_ABSENT: Final = (Outcome.MISSING, Outcome.PARTIAL)


def absences(items: Sequence[Item], ruleset: Ruleset) -> list[Finding]:
    """Elements outside the lines that are missing or incomplete, as grave as their stage says."""
    found = []
    for item in items:
        if item.outcome not in _ABSENT or (severity := ruleset.stages[item.stage].absence) is None:
            continue
        kind = FindingKind.ABSENCE if item.outcome is Outcome.MISSING else FindingKind.INCOMPLETE
        block = ruleset.elements[item.element].block
        fingerprint = f"{kind.value}:{item.element}"
        found.append(Finding(fingerprint, kind, severity, block, item.stage, item.element, item.documents))
    return found


def contradictions(rows: Sequence[IndicatorRow], ruleset: Ruleset) -> list[Finding]:
    """Indicators that are marked as held while no document is credited."""
    return [
        Finding(
            fingerprint=f"contradiction:{row.indicator}",
            kind=FindingKind.CONTRADICTION,
            severity=ruleset.findings["contradiction"].severity,
            concerns=ruleset.findings["contradiction"].concerns,
            block=ruleset.indicators[row.indicator].block,
            stage=ruleset.indicators[row.indicator].stage,
            element=ruleset.indicators[row.indicator].earned.element,
            indicator=row.indicator,
            documents=row.entry.documents if row.entry else (),
            subject=row.indicator,
        )
        for row in rows
        if row.contradiction is not None
    ]


def warnings(case: CaseFile, ruleset: Ruleset, derived: Derivations) -> list[Finding]:
    """What rules warn of, one finding a rule and subject."""
    found: dict[tuple[str, str], Finding] = {}
    for (_, _, subject), firings in derived.supporting("warning").items():
        for firing in firings:
            rule = ruleset.rules[derived.program.rules[firing.rule].id]
            oddities = _named(firing, derived, ("oddity",))
            code = _about(firing, subject, case, ruleset, derived)
            element, indicator = ruleset.elements.get(code or ""), ruleset.indicators.get(code or "")
            about = element or indicator
            found.setdefault(
                (rule.id, subject),
                Finding(
                    fingerprint=f"warning:{rule.id}:{code or subject}",
                    kind=FindingKind.WARNING,
                    severity=ruleset.wordings[rule.id].severity,
                    block=about.block if about is not None else None,
                    stage=None,
                    element=element.id if element is not None else None,
                    indicator=indicator.id if indicator is not None else None,
                    documents=(subject,) if subject in case.documents else (),
                    rule=rule.id,
                    subject=subject,
                    concerns=rule.concerns,
                    oddity=min(oddities, default=None),
                ),
            )
    return [found[key] for key in sorted(found)]


def _about(firing: Firing, subject: str, case: CaseFile, ruleset: Ruleset, derived: Derivations) -> str | None:
    """The element or indicator a warning speaks of: named by the rule, or the first the document serves."""
    named = _named(firing, derived, ("element", "indicator"))
    document = case.documents.get(subject)
    about = named or (set(served(document, ruleset)) if document is not None else set())
    return next((code for code in (*ruleset.elements, *ruleset.indicators) if code in about), None)


def _named(firing: Firing, derived: Derivations, columns: Sequence[str]) -> set[Any]:
    """What stands in these columns of the facts by which a rule fired."""
    program = derived.program
    return {
        term if not isinstance(term, Variable) else firing.bindings[term.number]
        for pattern in program.rules[firing.rule].patterns
        for column, term in zip(program.schema[pattern.relation].columns, pattern.terms, strict=True)
        if column in columns
    }


def remarks(
    block: str, traces: Sequence[Trace], evidence: Evidence, hoped: Evidence, ruleset: Ruleset
) -> list[Finding]:
    """What is remarked of documents that hold an element of the block, one finding a document and what it lacks."""
    alike: dict[tuple[str, tuple[str, ...]], list[Lack]] = {}
    for lack in remarked(block, traces, evidence, hoped, ruleset):
        alike.setdefault((lack.document, lack.lacks), []).append(lack)
    return [_remark(block, same, lacks, traces, ruleset) for (_, lacks), same in alike.items()]


def remarked(
    block: str, traces: Sequence[Trace], evidence: Evidence, hoped: Evidence, ruleset: Ruleset
) -> tuple[Lack, ...]:
    """What is known to be remarked of the elements of a block.

    Of an element on a complete line the document of its path is meant, of any other the one that lacks least.
    """
    on_paths = dict.fromkeys(lack for line in traces for lack in line.remarks)
    pathed = {e for line in traces if line.complete for e in line.spec.elements}
    elsewhere = (
        _nearest(e, evidence) for e in ruleset.elements_of[block] if e in evidence.credited and e not in pathed
    )
    return known((*on_paths, *(lack for lack in elsewhere if lack is not None)), evidence, hoped)


def known(lacks: Iterable[Lack], evidence: Evidence, hoped: Evidence) -> tuple[Lack, ...]:
    """The remarks without what waits for a person to look: what `hoped` has, and scans that nobody read."""
    read = [lack for lack in lacks if lack.document not in evidence.unread]
    if hoped is evidence:
        return tuple(read)
    sure = (
        replace(lack, lacks=tuple(r for r in lack.lacks if r in hoped.remarks(lack.document, lack.element)))
        for lack in read
    )
    return tuple(lack for lack in sure if lack.lacks)


def _nearest(element: str, evidence: Evidence) -> Lack | None:
    """What is remarked of the credited document of an element that lacks least; none where one lacks nothing."""
    credited = [(d, evidence.remarks(d, element)) for d in evidence.credited.get(element, ())]
    document, lacks = min(((len(lacks), d, lacks) for d, lacks in credited), default=(0, "", ()))[1:]
    return Lack(element, document, lacks) if lacks else None


def _remark(
    block: str, same: Sequence[Lack], lacks: tuple[str, ...], traces: Sequence[Trace], ruleset: Ruleset
) -> Finding:
    first = same[0]
    about = {(lack.element, lack.document) for lack in same}
    lines = tuple(t.spec.id for t in traces if any((lack.element, lack.document) in about for lack in t.remarks))
    grade = ruleset.findings["remark"]
    return Finding(
        fingerprint=f"remark:{first.element}:{','.join(lacks)}",
        kind=FindingKind.REMARK,
        severity=grade.severity,
        block=block,
        stage=ruleset.elements[first.element].stage,
        element=first.element,
        documents=(first.document,),
        lines=lines,
        concerns=grade.concerns,
        lacks=lacks,
    )


def circles(evidence: Evidence, ruleset: Ruleset) -> list[Finding]:
    """Groups of documents that rest on one another in a circle."""
    grade = ruleset.findings["circle"]
    return [
        Finding(
            fingerprint="circle:" + ",".join(group),
            kind=FindingKind.CIRCLE,
            severity=grade.severity,
            block=None,
            stage=None,
            element=None,
            documents=group,
            concerns=grade.concerns,
        )
        for group in evidence.circles()
    ]
