"""What is shown of a block's rows in the region's list of indicators."""

from __future__ import annotations

from decimal import Decimal

from vsoko_rules.case.records import IndicatorEntry
from vsoko_rules.report.view import IndicatorView, StatedView
from vsoko_rules.report.wording import Titles, points
from vsoko_rules.verdict.indicators import IndicatorRow
from vsoko_rules.words import exact, measure


def indicator_view(row: IndicatorRow, titles: Titles) -> IndicatorView:
    """One indicator with what became of it."""
    meant = titles.ruleset.indicators[row.indicator]
    return IndicatorView(
        id=meant.id,
        title=meant.title,
        stage=titles.stages[meant.stage],
        element=titles.element(meant.earned.element) if meant.earned.element else None,
        outcome=row.outcome,
        automatic=row.automatic,
        points=points(row.points),
        ways=row.ways,
        possible=meant.earned.names,
        reasons=tuple(reason.value for reason in row.reasons),
        contradiction=row.contradiction.value if row.contradiction else None,
        stated=_stated(row.entry, row.target, meant.unit, titles) if row.entry or row.target is not None else None,
        example=meant.example,
        basis=titles.basis(meant),
    )


def _stated(entry: IndicatorEntry | None, target: Decimal | None, unit: str | None, titles: Titles) -> StatedView:
    entry = entry or IndicatorEntry()
    number, previous, goal = (None if n is None else measure(n) for n in (entry.value, entry.previous, target))
    return StatedView(
        value=number,
        previous=previous,
        target=goal,
        unit=entry.unit or unit,
        sample=None if entry.sample is None else str(entry.sample),
        mark=None if entry.mark is None else exact(entry.mark),
        comment=entry.comment,
        documents=titles.some(entry.documents),
    )
