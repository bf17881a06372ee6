"""What the rules warn of, as it is shown."""

from __future__ import annotations

from vsoko_rules.report.formal import formal_detail
from vsoko_rules.report.view import WarningSubject, WarningView
from vsoko_rules.report.wording import Titles
from vsoko_rules.ruleset.model import Severity
from vsoko_rules.verdict.assessment import Assessment, Finding
from vsoko_rules.words import quoted, words


def warning_views(assessment: Assessment, titles: Titles) -> tuple[WarningView, ...]:
    """Warnings by rule, gravest first, then in the order of the ruleset."""
    subjects: dict[str, list[WarningSubject]] = {}
    for finding in assessment.all_findings():
        if finding.rule is not None:
            subjects.setdefault(finding.rule, []).append(_subject(finding, assessment, titles))
    warning = [rule for rule in assessment.ruleset.rules.values() if rule.id in subjects]
    views = (WarningView(titles.rule(rule), tuple(subjects[rule.id])) for rule in warning)
    return tuple(sorted(views, key=lambda view: list(Severity).index(view.rule.severity)))


def _subject(finding: Finding, assessment: Assessment, titles: Titles) -> WarningSubject:
    """What a warning speaks of: a document, a procedure, an indicator."""
    case, element = assessment.case, titles.known_element(finding.element)
    if finding.documents:
        document = titles.documents[finding.documents[0]]
        detail = formal_detail(finding, assessment, titles)
        text = f"{document.label} — {detail}" if detail else document.label
        return WarningSubject(text, document.place, document, element, detail)
    code = finding.subject or ""
    for number, procedure in enumerate(case.content.procedures):
        if procedure.id == code:
            text = words()["procedure"].format(subject=procedure.subject, grade=procedure.grade)
            return WarningSubject(text, case.source.place(("procedures", number)).brief, None, element)
    place = case.source.place(("indicators", code)).brief if code in case.content.indicators else None
    named = assessment.ruleset.indicators.get(finding.indicator or "")
    text = f"{named.id} {quoted(named.title)}" if named else element.title if element else code
    return WarningSubject(text, place, None, element)
