"""An expert's decisions, each beside what the program found."""

from __future__ import annotations

from vsoko_rules.report.block_parts import DecisionView
from vsoko_rules.report.wording import Titles
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.words import day


def decision_views(assessment: Assessment, titles: Titles) -> tuple[DecisionView, ...]:
    """An expert's decisions, each beside what the program found."""
    titled = titles.decidable
    return tuple(
        DecisionView(
            of=standing.code,
            title=titled.get(standing.code),
            outcome=Outcome(standing.override.outcome),
            automatic=automatic_outcomes(standing.code, assessment),
            by=standing.override.by,
            date=day(standing.override.date),
            until=day(standing.override.until) if standing.override.until is not None else None,
            comment=standing.override.comment,
            place=assessment.case.source.place(("overrides", standing.number)).brief,
            state=standing.state,
            doubts=standing.doubts,
        )
        for standing in assessment.standings
    )


def automatic_outcomes(code: str, assessment: Assessment) -> tuple[Outcome, ...]:
    """Every outcome that the program found for an element, over all lines that pass it, or for an indicator."""
    blocks = assessment.blocks
    traces = (line.automatic for block in blocks for line in block.lines if line.automatic is not None)
    outcomes = [item.automatic for block in blocks for item in block.items if item.element == code]
    outcomes += [cell.outcome for trace in traces for cell in trace.cells if cell.element == code]
    outcomes += [row.automatic for block in blocks for row in block.rows if row.indicator == code]
    return tuple(dict.fromkeys(outcomes))
