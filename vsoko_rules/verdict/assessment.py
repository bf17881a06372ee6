"""The pipeline: from a ruleset and a case to an explained verdict on every block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vsoko_rules.case.claims import confirmed, hoped
from vsoko_rules.case.facts import expectation, facts
from vsoko_rules.case.lapses import lapses, reopened
from vsoko_rules.case.reader import CaseFile, check_case
from vsoko_rules.engine.inference import conclude
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import Problem
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.assessed import Assessment, BlockResult, Line
from vsoko_rules.verdict.block_results import BlockResults
from vsoko_rules.verdict.decided import Concluded, UnderDecisions
from vsoko_rules.verdict.decisions import DecisionStanding, decision_notices, in_force, standings
from vsoko_rules.verdict.evidence import Evidence, Outcome
from vsoko_rules.verdict.findings import Finding, FindingKind, Item, circles, numbered, warnings

__all__ = ["Assessment", "BlockResult", "Finding", "FindingKind", "Item", "Line", "assess"]


def assess(
    case: CaseFile, ruleset: Ruleset, engine: EngineName = EngineName.AUTO, others: Sequence[Ruleset] = ()
) -> Assessment:
    """Assess one case under one ruleset.

    `others` are further rulesets the same case is assessed under: codes only they know are passed over.
    Raises `InputError` when the case names what the ruleset does not know, `EnginesDisagree` when engines differ.
    """
    notices = check_case(case, ruleset, others)
    return _Pipeline(case, ruleset, engine).assessment(notices)


def reassess(before: Assessment, case: CaseFile, engine: EngineName | None = None) -> Assessment:
    """Assess a changed copy of a case that was assessed before, by the same rules and, if not told, the same engine.

    The codes of the case were checked then; whoever changes it adds only codes that the ruleset knows.
    """
    of_decisions = tuple(decision_notices(before.case, before.standings))  # to be said anew, of the changed case
    notices = tuple(notice for notice in before.notices if notice not in of_decisions)
    return _Pipeline(case, before.ruleset, engine or EngineName(before.engine)).assessment(notices)


class _Pipeline:
    """From a case to its assessment: rules once, then the verdict under the decisions that must be told apart."""

    def __init__(self, case: CaseFile, ruleset: Ruleset, engine: EngineName) -> None:
        self.case = case
        self.ruleset = ruleset
        self.lapses = lapses(case.content, case.files)
        self.content = confirmed(reopened(case.content, self.lapses))
        self.expected = expectation(self.content, ruleset)
        self.derived = conclude(ruleset.program, facts(self.content, ruleset, case.files, lapsed=self.lapses), engine)
        self.evidence = Evidence(self.content, ruleset, self.expected, self.derived)
        self.hoped = self._hoped(engine)
        self.decisions = in_force(case.content, ruleset)
        self.warnings = warnings(case, ruleset, self.derived)
        self.reviewed = case.content.reviewing(ruleset.blocks)
        self.concluded = Concluded(
            self.content, ruleset, self.expected, self.derived, self.evidence, self.hoped, self.reviewed
        )

    def _hoped(self, engine: EngineName) -> Evidence:
        """The evidence with every claim granted that no person has confirmed or rejected yet."""
        files = self.case.files
        if not self.content.open_claims and all(d.file in files for d in self.content.documents if d.file is not None):
            return self.evidence
        content = hoped(self.content, self.ruleset)
        derived = conclude(self.ruleset.program, facts(content, self.ruleset, files, hoping=True), engine)
        return Evidence(content, self.ruleset, self.expected, derived)

    def assessment(self, notices: tuple[Problem, ...]) -> Assessment:
        verdicts = UnderDecisions(self.concluded, self.decisions)
        automatic = UnderDecisions(self.concluded, {}) if self.decisions else verdicts
        left_out = {e for e, outcome in self.decisions.items() if outcome is Outcome.NOT_APPLICABLE}
        rest = {e: outcome for e, outcome in self.decisions.items() if e not in left_out}
        unlimited = UnderDecisions(self.concluded, rest) if left_out else None
        results = BlockResults(self.concluded, verdicts, automatic, self.warnings)
        told = tuple(self._standings(verdicts, automatic))
        findings = [*circles(self.evidence, self.ruleset), *(f for f in self.warnings if f.block is None)]
        return Assessment(
            ruleset=self.ruleset,
            case=self.case,
            engine=self.derived.engine,
            expectation=self.expected,
            evidence=self.evidence,
            hoped=self.hoped,
            derivations=self.derived,
            lapses=self.lapses,
            decisions=self.decisions,
            standings=told,
            scores=verdicts.scores,
            automatic_scores=automatic.scores,
            unlimited_scores=unlimited.scores if unlimited else None,
            automatic_tally=automatic.tally,
            unlimited_tally=unlimited.tally if unlimited else None,
            left_out=self._in_order(left_out),
            tally=verdicts.tally,
            blocks=tuple(results.of(block) for block in self.ruleset.blocks),
            findings=numbered(findings),
            notices=(*notices, *decision_notices(self.case, told)),
        )

    def _in_order(self, codes: set[str]) -> tuple[str, ...]:
        """Elements and indicators in the order of the ruleset."""
        everything = (*self.ruleset.elements, *self.ruleset.indicators) if codes else ()
        return tuple(dict.fromkeys(code for code in everything if code in codes))

    def _standings(self, verdicts: UnderDecisions, automatic: UnderDecisions) -> Iterator[DecisionStanding]:
        """How each of an expert's decisions stands."""
        rows = {row.indicator: row.outcome for part in automatic.blocks.values() for row in part.rows}

        def changes_nothing(code: str) -> bool:
            element = self.ruleset.elements.get(code)
            alone = rows.get(code)
            if element is not None:
                alone = self.evidence.outcome_of(code, element.block in self.reviewed, self.hoped)
            if alone is not self.decisions[code]:
                return False
            rest = {e: outcome for e, outcome in self.decisions.items() if e != code}
            return UnderDecisions(self.concluded, rest).same_as(verdicts)

        return standings(self.case.content, self.ruleset, self.expected, changes_nothing)
