"""Why each link of a line holds, and why the first broken one does not: for the terminal and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vsoko_rules.advice.explain import Attempt, Explainer, Failed, Proof
from vsoko_rules.engine.language import Fact
from vsoko_rules.errors import InputError, Problem, argument, did_you_mean
from vsoko_rules.report.reasons import level_reason
from vsoko_rules.report.terms import ProofRow, StageProof
from vsoko_rules.report.wording import Sentences, Titles
from vsoko_rules.templates import render, rich
from vsoko_rules.verdict.assessment import Assessment, Line
from vsoko_rules.verdict.chain import Break, Cell
from vsoko_rules.verdict.evidence import Outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing asked about: every proof of it, the shortest first, or where it fails the nearest ways to it."""

    fact: Fact
    proofs: tuple[Proof, ...]
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class ExplainedStage:
    """One stage of a line: the documents in it, the proofs of those that hold, and what the nearest others lack."""

    cell: Cell
    proofs: tuple[Proof, ...]
    attempts: tuple[tuple[str, tuple[Attempt, ...]], ...]
    """for each document that does not hold the stage, why not, nearest first"""
    break_: Break | None


class Explanation:
    """The explanation of one assessment, or of the part of it that was asked for.

    Raises `InputError` when the ruleset has no such block or line.
    """

    def __init__(
        self, assessment: Assessment, block: str | None = None, line: str | None = None, of: str | None = None
    ) -> None:
        self.assessment = assessment
        self.explainer = Explainer(assessment.case, assessment.ruleset, assessment.derivations)
        self.sentences = Sentences(assessment)
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
        why, why_not = self.explainer.why, self.explainer.why_not
        answers = [Answer(fact, why(fact), why_not(fact)) for fact in facts]
        return tuple(sorted(answers, key=lambda a: a.attempts[0].missing if a.attempts else 0))

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
        yield ProofRow(depth, self.sentences.fact(proof.fact), proof.rule, place, True)
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
            yield ProofRow(depth, self._failed(failed), nearest.rule if nearest else attempt.rule, None, False)
            if nearest is not None and any(f.fact is None or f.fact.relation != "holds" for f in nearest.fails):
                yield from self.lacking(nearest, depth + 1)

    def _failed(self, failed: Failed) -> str:
        if failed.comparison is not None:
            return self.sentences.comparison(failed.comparison)
        assert failed.fact is not None
        if failed.fact.relation == "meets":
            return self.sentences.fault(failed.fact.requirement, failed.fact.element, failed.fact.document)
        return self.sentences.needed(failed.fact)

    def text(self) -> str:
        """Rich markup for the terminal."""
        from vsoko_rules.report.composition import Composer

        view = Composer(self.assessment).view(with_plan=False) if self.whole else None
        data = {"explanation": self, "sentences": self.sentences, "assessment": self.assessment, "view": view}
        return render("explain/explain.j2", rich, **data)

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
                    "steps": [self._step_data(step) for step in self.steps(line)],
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
            "says": self.sentences.fact(proof.fact),
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
                    "says": self._failed(f),
                    "fact": list(f.fact) if f.fact else None,
                    "nearest": [self._attempt_data(a) for a in f.why[:1]],
                }
                for f in attempt.fails
            ],
        }


def line_proofs(assessment: Assessment, titles: Titles) -> dict[str, tuple[StageProof, ...]]:
    """The proof of every line, stage by stage, as reports show it."""
    explained = Explanation(assessment)
    return {
        line.spec.id: tuple(_stage_proof(step, explained, titles) for step in explained.steps(line))
        for line in explained.lines
    }


def _stage_proof(step: ExplainedStage, explained: Explanation, titles: Titles) -> StageProof:
    rows: list[ProofRow] = []
    for proof in step.proofs:
        rows += explained.rows(proof)
    for document, attempts in step.attempts:
        rows.append(ProofRow(0, explained.sentences.document(document), None, None, False))
        for attempt in attempts[:1]:
            rows += explained.lacking(attempt, 1)
    return StageProof(titles.stages[step.cell.stage], step.cell.outcome, tuple(rows), _facts(rows, explained))


def _facts(rows: Sequence[ProofRow], explained: Explanation) -> tuple[ProofRow, ...]:
    case = f"{explained.assessment.case.shared_name}:"
    kept = (r for r in rows if not r.depth or not r.holds or (r.place or "").startswith(case))
    return tuple({(r.sentence, r.holds): replace(r, depth=min(r.depth, 1)) for r in kept}.values())


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
