"""What proves each stage of a line, and what the nearest documents lack where it does not hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vsoko_rules.advice.explain import Explainer
from vsoko_rules.advice.proof_records import Attempt, Failed, Proof
from vsoko_rules.engine.language import Fact
from vsoko_rules.report.sentences import Sentences
from vsoko_rules.report.terms import ProofRow, StageProof
from vsoko_rules.report.wording import Titles
from vsoko_rules.verdict.assessment import Assessment, Line
from vsoko_rules.verdict.chain import Break, Cell
from vsoko_rules.verdict.evidence import Outcome


@dataclass(frozen=True, slots=True)
class ExplainedStage:
    """One stage of a line: the documents in it, the proofs of those that hold, and what the nearest others lack."""

    cell: Cell
    proofs: tuple[Proof, ...]
    attempts: tuple[tuple[str, tuple[Attempt, ...]], ...]
    """for each document that does not hold the stage, why not, nearest first"""
    break_: Break | None


class Prover:
    """Proves what an assessment concluded, and says it."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.explainer = Explainer(assessment.case, assessment.ruleset, assessment.derivations)
        self.sentences = Sentences(assessment)

    def steps(self, line: Line) -> tuple[ExplainedStage, ...]:
        """Each stage of an applicable line with its proofs."""
        if line.trace is None:
            return ()
        break_ = line.trace.break_
        steps: list[ExplainedStage] = []
        before: tuple[str, ...] = ()
        for cell in line.trace.cells:
            held = cell.outcome is Outcome.MET
            proofs = tuple(p for d in cell.documents for p in self._proofs(cell, d, before)) if held else ()
            broken = break_ if break_ is not None and cell.element == break_.element else None
            attempts = self._attempts(broken) if broken is not None else ()
            steps.append(ExplainedStage(cell, proofs, attempts, broken))
            before = cell.documents
        return tuple(steps)

    def _attempts(self, break_: Break) -> tuple[tuple[str, tuple[Attempt, ...]], ...]:
        return tuple((n.document, self._why_not(n.document, break_)) for n in break_.documents)

    def _proofs(self, cell: Cell, document: str, before: tuple[str, ...]) -> Iterator[Proof]:
        credited = self.explainer.why(("credited", document, cell.element))
        yield from credited[:1]
        for previous in self.assessment.expectation.elements[cell.element].follows:
            for ground in before:
                yield from self.explainer.why(("linked", document, cell.element, ground, previous))[:1]

    def _why_not(self, document: str, break_: Break) -> tuple[Attempt, ...]:
        element = break_.element
        credited: Fact = ("credited", document, element)
        if not self.explainer.holds(credited):
            return self.explainer.why_not(credited)
        grounds = [
            self.explainer.why_not(("linked", document, element, ground, previous))
            for previous in self.assessment.expectation.elements[element].follows
            for ground in break_.reached
        ]
        return min((g for g in grounds if g), key=lambda g: g[0].missing, default=())

    def rows(self, proof: Proof, depth: int = 0) -> Iterator[ProofRow]:
        """A proof tree as lines, the conclusion first."""
        place = str(proof.place.shared) if proof.place else None
        rule = self.sentences.rule(proof.rule) if proof.rule else None
        yield ProofRow(depth, self.sentences.fact(proof.fact), rule, place, True)
        for premise in proof.premises:
            yield from self.rows(premise, depth + 1)

    def lacking(self, attempt: Attempt, depth: int = 0) -> Iterator[ProofRow]:
        """What one rule lacked, as lines. A requirement that is not met is said in its own words; what the
        document merely does not hold adds nothing to that and is left out, and nothing is said twice."""
        shown: set[Any] = set()
        for failed in sorted(attempt.fails, key=lambda f: len(f.why)):
            if failed.lacking <= shown:
                continue
            shown |= failed.lacking
            nearest = failed.why[0] if failed.why else None
            rule = self.sentences.rule(nearest.rule if nearest else attempt.rule)
            yield ProofRow(depth, self.failed(failed), rule, None, False)
            if nearest is not None and any(f.fact is None or f.fact.relation != "holds" for f in nearest.fails):
                yield from self.lacking(nearest, depth + 1)

    def failed(self, failed: Failed) -> str:
        if failed.comparison is not None:
            return self.sentences.comparison(failed.comparison)
        assert failed.fact is not None
        if failed.fact.relation == "meets":
            return self.sentences.fault(failed.fact.requirement, failed.fact.element, failed.fact.document)
        return self.sentences.needed(failed.fact)


def line_proofs(assessment: Assessment, titles: Titles) -> dict[str, tuple[StageProof, ...]]:
    """The proof of every line, stage by stage, as reports show it."""
    prover = Prover(assessment)
    lines = (line for block in assessment.blocks for line in block.lines)
    return {line.spec.id: tuple(_stage_proof(step, prover, titles) for step in prover.steps(line)) for line in lines}


def _stage_proof(step: ExplainedStage, prover: Prover, titles: Titles) -> StageProof:
    rows: list[ProofRow] = []
    for proof in step.proofs:
        rows += prover.rows(proof)
    for document, attempts in step.attempts:
        rows.append(ProofRow(0, prover.sentences.document(document), None, None, False))
        for attempt in attempts[:1]:
            rows += prover.lacking(attempt, 1)
    return StageProof(titles.stages[step.cell.stage], step.cell.outcome, tuple(rows), _facts(rows, prover))


def _facts(rows: Sequence[ProofRow], prover: Prover) -> tuple[ProofRow, ...]:
    case = f"{prover.assessment.case.shared_name}:"
    kept = (r for r in rows if not r.depth or not r.holds or (r.place or "").startswith(case))
    return tuple({(r.sentence, r.holds): replace(r, depth=min(r.depth, 1)) for r in kept}.values())
