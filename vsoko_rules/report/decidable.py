"""What an expert can decide about: the elements of a block, each with the program's outcome and the expert's own."""

from __future__ import annotations

from dataclasses import dataclass

from vsoko_rules.report.block_parts import DecisionView
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.decision_views import automatic_outcomes
from vsoko_rules.verdict.evidence import Outcome


@dataclass(frozen=True, slots=True)
class DecidableRow:
    """An element, or whatever else a decision is about: what the program found over all lines, what the expert
    decided."""

    code: str
    title: str | None
    stage: str | None
    automatic: tuple[Outcome, ...]
    decision: DecisionView | None


@dataclass(frozen=True, slots=True)
class DecidableBlock:
    """A block and how many of its elements an expert decided about."""

    id: str
    name: str
    decided: int


def decidable_blocks(composer: Composer) -> tuple[DecidableBlock, ...]:
    """The blocks of the ruleset."""
    ruleset = composer.assessment.ruleset
    return tuple(
        DecidableBlock(block.id, block.name, sum(e in composer.decided for e in ruleset.elements_of[block.id]))
        for block in ruleset.blocks.values()
    )


def decidable_rows(composer: Composer, block: str) -> tuple[DecidableRow, ...]:
    """The elements of a block that are asked of the school, and others about which something was decided."""
    assessment = composer.assessment
    expected = assessment.expectation.elements
    codes = [e for e in assessment.ruleset.elements_of[block] if e in expected or e in composer.decided]
    return tuple(decidable_row(composer, code) for code in codes)


def other_decisions(composer: Composer) -> tuple[DecidableRow, ...]:
    """Decisions about what is no element of the ruleset: indicators, and what is not there at all."""
    known = composer.assessment.ruleset.elements
    return tuple(decidable_row(composer, code) for code in composer.decided if code not in known)


def decidable_row(composer: Composer, code: str) -> DecidableRow:
    """One of them."""
    ruleset = composer.assessment.ruleset
    element = ruleset.elements.get(code)
    stage = ruleset.stages[element.stage].title if element is not None else None
    title = composer.titles.decidable.get(code)
    automatic = automatic_outcomes(code, composer.assessment)
    return DecidableRow(code, title, stage, automatic, composer.decided.get(code))
