"""Why each link of a line holds, and why the first broken one does not: for the terminal and as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vsoko_rules.advice.proof_records import Attempt, Proof
from vsoko_rules.engine.language import Fact
from vsoko_rules.errors import InputError, Problem, argument, did_you_mean
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.proofs import ExplainedStage, Prover
from vsoko_rules.report.reasons import level_reason
from vsoko_rules.templates import render, rich
from vsoko_rules.verdict.assessment import Assessment, Line


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing asked about: every proof of it, the shortest first, or where it fails the nearest ways to it."""

    fact: Fact
    proofs: tuple[Proof, ...]
    attempts: tuple[Attempt, ...]


class Explanation:
    """The explanation of one assessment, or of the part of it that was asked for.

    Raises `InputError` when the ruleset has no such block or line.
    """

    def __init__(
        self, assessment: Assessment, block: str | None = None, line: str | None = None, of: str | None = None
    ) -> None:
        self.assessment = assessment
        self.prover = Prover(assessment)
        self.full = line is not None
        self.level = level_reason(assessment)
        self.whole = block is None and line is None and of is None
        self.lines = () if of is not None else _chosen(assessment, block, line)
        self.answers = self._about(of) if of is not None else ()

    def _about(self, code: str) -> tuple[Answer, ...]:
        """Everything the rules may conclude of a document, an element or an indicator, what lacks least first."""
        ruleset, evidence = self.assessment.ruleset, self.assessment.evidence
        element = ruleset.aliases.get(code, code)
        facts: list[Fact] = []
        if code in self.assessment.case.documents:
            facts += [
                ("credited", code, e)
                for e in self.assessment.expectation.elements
                if code in evidence.serves.get(e, ())
            ]
        if element in self.assessment.expectation.elements:
            facts += [("credited", document, element) for document in evidence.serves.get(element, ())]
        indicator = ruleset.indicator_aliases.get(code, code)
        if indicator in self.assessment.expectation.indicators:
            facts.append(("earned", indicator))
        known = [*self.assessment.case.documents, *ruleset.elements, *ruleset.indicators]
        if not facts and code not in known:
            raise InputError([_no_such("of", "нет такого документа, элемента или показателя", code, known, few=True)])
        why, why_not = self.prover.explainer.why, self.prover.explainer.why_not
        answers = [Answer(fact, why(fact), why_not(fact)) for fact in facts]
        return tuple(sorted(answers, key=lambda a: a.attempts[0].missing if a.attempts else 0))

    def text(self) -> str:
        """Rich markup for the terminal."""
        view = Composer(self.assessment).view(with_plan=False) if self.whole else None
        known = {"explanation": self, "prover": self.prover, "sentences": self.prover.sentences}
        return render("explain/explain.j2", rich, **known, assessment=self.assessment, view=view)

    def data(self) -> dict[str, Any]:
        """The same as plain data, with whole proof trees."""
        return {
            "schema": 1,
            "ruleset": {"id": self.assessment.ruleset.id, "sha256": self.assessment.ruleset.sha256},
            "case": {"file": self.assessment.case.name, "sha256": self.assessment.case.sha256},
            "level": self.level.data(),
            "answers": [
                {
                    "fact": list(answer.fact),
                    "holds": bool(answer.proofs),
                    "proofs": [self._proof_data(p) for p in answer.proofs],
                    "why_not": [self._attempt_data(a) for a in answer.attempts],
                }
                for answer in self.answers
            ],
            "lines": [
                {
                    "id": line.spec.id,
                    "outcome": line.outcome.value,
                    "steps": [self._step_data(step) for step in self.prover.steps(line)],
                }
                for line in self.lines
            ],
        }

    def _step_data(self, step: ExplainedStage) -> dict[str, Any]:
        return {
            "stage": step.cell.stage,
            "element": step.cell.element,
            "outcome": step.cell.outcome.value,
            "documents": list(step.cell.documents),
            "proofs": [self._proof_data(p) for p in step.proofs],
            "why_not": {document: [self._attempt_data(a) for a in attempts] for document, attempts in step.attempts},
        }

    def _proof_data(self, proof: Proof) -> dict[str, Any]:
        return {
            "fact": list(proof.fact),
            "says": self.prover.sentences.fact(proof.fact),
            "rule": proof.rule,
            "place": str(proof.place.shared) if proof.place else None,
            "premises": [self._proof_data(p) for p in proof.premises],
        }

    def _attempt_data(self, attempt: Attempt) -> dict[str, Any]:
        return {
            "rule": attempt.rule,
            "missing": attempt.missing,
            "holds": [list(fact) for fact in attempt.holds],
            "fails": [
                {
                    "says": self.prover.failed(f),
                    "fact": list(f.fact) if f.fact else None,
                    "nearest": [self._attempt_data(a) for a in f.why[:1]],
                }
                for f in attempt.fails
            ],
        }


def _chosen(assessment: Assessment, block: str | None, line: str | None) -> tuple[Line, ...]:
    lines = [own for b in assessment.blocks if block in (None, b.id) for own in b.lines]
    blocks = [b.id for b in assessment.blocks if b.lines]
    if block is not None and block not in blocks:
        raise InputError([_no_such("block", "нет такого блока", block, blocks)])
    chosen = tuple(own for own in lines if line in (None, own.spec.id))
    if line is not None and not chosen:
        raise InputError([_no_such("line", "нет такой линии", line, [own.spec.id for own in lines])])
    return chosen


def _no_such(name: str, message: str, code: str, known: list[str], few: bool = False) -> Problem:
    hint = did_you_mean(code, known)
    return Problem(argument(name), message, code, None if few else "одно из: " + ", ".join(known), hint)
