"""What is shown of one block: its points, its lines with their cells, its breaks, what stands outside the lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from vsoko_rules.case.records import IndicatorEntry
from vsoko_rules.report.block_parts import (
    BlockView,
    BreakView,
    CellView,
    ComponentView,
    DecisionView,
    GroupView,
    IndicatorView,
    ItemView,
    LineView,
    Miss,
    RemarkView,
    StatedView,
)
from vsoko_rules.report.scores import cycle_view, points, score_view
from vsoko_rules.report.wording import Titles
from vsoko_rules.verdict.assessment import BlockResult, Finding, FindingKind, Item, Line
from vsoko_rules.verdict.chain import Cell, Lack, NearMiss, Trace
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.indicators import IndicatorRow
from vsoko_rules.verdict.scoring import Component
from vsoko_rules.words import exact, measure, percent, say, share


def block_view(
    block: BlockResult, titles: Titles, decided: Mapping[str, DecisionView], by_indicators: bool
) -> BlockView:
    """Everything that is shown of one block. `decided`: an expert's decisions by element or indicator."""
    return _Block(block, titles, decided).view(by_indicators)


def break_views(block: BlockResult, titles: Titles, decided: Mapping[str, DecisionView]) -> tuple[BreakView, ...]:
    """The breaks of one block alone."""
    return _Block(block, titles, decided).break_views()


class _Block:
    def __init__(self, block: BlockResult, titles: Titles, decided: Mapping[str, DecisionView]) -> None:
        self.block = block
        self.titles = titles
        self.decided = decided
        self.names = titles.line_names(block)
        self.breaks = [f for f in block.findings if f.kind is FindingKind.BREAK]
        self.numbers = {line: n for n, f in enumerate(self.breaks, 1) for line in f.lines}
        self.absent = {f.element: f for f in block.findings if f.kind in (FindingKind.ABSENCE, FindingKind.INCOMPLETE)}

    def view(self, by_indicators: bool) -> BlockView:
        block, titles, ruleset = self.block, self.titles, self.titles.ruleset
        about = ruleset.blocks[block.id]
        lines = tuple(self._line(line) for line in block.lines)
        cycle = cycle_view(block.cycle, block.verdict, block.tally)
        indicators = score_view(block.indicators, block.indicator_verdict)
        own = (e.id for e in ruleset.elements.values() if e.block == block.id)
        return BlockView(
            id=block.id,
            name=about.name,
            basis=titles.basis(about),
            scored=not about.frame,
            reviewed=block.reviewed,
            main=indicators if by_indicators else cycle,
            score=cycle,
            components=tuple(self._component(c, n) for n, c in enumerate(block.components)),
            lines=lines,
            breaks=self.break_views(),
            remarks=tuple(self._remark(f) for f in block.findings if f.kind is FindingKind.REMARK),
            account=tuple(self._account()),
            waiting=tuple(line for line in lines if line.outcome is Outcome.NOT_CHECKED),
            groups=self._groups(),
            inapplicable=tuple(titles.element(e) for e in own if e not in titles.expected.elements),
            weakest=titles.stages[block.weakest] if block.weakest else None,
            indicators=indicators if block.rows else None,
            rows=tuple(indicator_view(row, titles) for row in block.rows),
        )

    def _component(self, component: Component, number: int) -> ComponentView:
        here = {line.trace.cells[number].outcome for line in self.block.lines if line.trace is not None}
        blocked = here == {Outcome.BLOCKED} and component.outcome is not Outcome.NOT_CHECKED
        sign = Outcome.BLOCKED if blocked else component.outcome
        stage = self.titles.stages[component.stage]
        return ComponentView(stage, sign, int(component.lines.points), int(component.lines.max))

    def _line(self, line: Line) -> LineView:
        name, nothing = self.names[line.spec.id], Outcome.NOT_APPLICABLE
        automatic = _whole(line.automatic) if line.automatic else nothing
        if line.outcome is nothing or line.trace is None or line.automatic is None:
            elements = (self.titles.element(e) for e in line.spec.elements)
            empty = (CellView(e, nothing, nothing, e.id in self.decided, None, None, ()) for e in elements)
            return LineView(name, nothing, automatic, tuple(empty))
        pairs = zip(line.trace.cells, line.automatic.cells, strict=True)
        cells = tuple(self._cell(now, was, line) for now, was in pairs)
        value = share(Fraction(line.points.points))
        remarks = tuple(self._lack(lack) for lack in line.remarks)
        return LineView(name, line.outcome, automatic, cells, value, remarks)

    def _line_account(self, line: Line, trace: Trace, value: str) -> str:
        """Why a line is worth what it is worth, with the numbers of the ruleset."""
        scale = self.titles.ruleset.content.cycle
        if trace.complete or scale is None:
            waiting = "line_waiting" if trace.remarks else "line_complete"
            return say("line_remarked" if line.remarks else waiting, value=value)
        run, there = len(trace.run), len(trace.there)
        return say(
            "line_broken",
            run=run,
            there=there,
            beside=max(there - run, 0),
            steps=trace.steps,
            broken=exact(scale.broken),
            scattered=exact(scale.scattered),
            value=value,
        )

    def _account(self) -> Iterator[str]:
        """Why the block is worth what it is worth: each line, then their mean."""
        values = []
        for line in self.block.lines:
            if line.trace is not None:
                values.append(share(Fraction(line.points.points)))
                yield f"{line.spec.id}: {self._line_account(line, line.trace, values[-1])}"
        if values:
            mean = percent(self.block.cycle.percent)
            yield say("block_mean", values=" + ".join(values), total=len(values), percent=mean)

    def _lack(self, lack: Lack) -> RemarkView:
        lacks = self.titles.requirements(lack.lacks, lack.element, lack.document)
        effort = self.titles.lacking_effort(lack.lacks, lack.element)
        return RemarkView(self.titles.element(lack.element), self.titles.documents[lack.document], lacks, effort)

    def _remark(self, finding: Finding) -> RemarkView:
        lack = Lack(finding.element or "", finding.documents[0], finding.lacks)
        return replace(self._lack(lack), lines=tuple(self.names[line] for line in finding.lines))

    def _cell(self, cell: Cell, automatic: Cell, line: Line) -> CellView:
        break_ = line.trace.break_ if line.trace else None
        waits = line.outcome is Outcome.NOT_CHECKED
        outcome = Outcome.NOT_CHECKED if waits and cell.outcome is not Outcome.MET else cell.outcome
        broken = break_.kind if break_ and break_.element == cell.element and not waits else None
        return CellView(
            element=self.titles.element(cell.element),
            outcome=outcome,
            automatic=automatic.outcome,
            decided=cell.element in self.decided,
            broken=broken,
            break_number=self.numbers.get(line.spec.id) if broken else None,
            documents=self.titles.some(cell.documents),
        )

    def break_views(self) -> tuple[BreakView, ...]:
        return tuple(self._break(f, n) for n, f in enumerate(self.breaks, 1))

    def _break(self, finding: Finding, number: int) -> BreakView:
        break_ = finding.traces[0].break_
        assert break_ is not None, "a finding of kind break has a trace that breaks"
        offered = {near.document for near in break_.documents}
        reached = sorted({d for t in finding.traces if t.break_ for d in t.break_.reached} - offered)
        return BreakView(
            number=number,
            fingerprint=finding.fingerprint,
            severity=finding.severity,
            kind=break_.kind,
            decision=self.decided.get(break_.element) if break_.decided else None,
            element=self.titles.element(break_.element),
            lines=tuple(self.names[line] for line in finding.lines),
            misses=tuple(self._miss(near, break_.element) for near in break_.documents),
            reached=self.titles.some(reached),
            rule=self.titles.reference_rule(break_.kind),
            advice=self.titles.advice(self.block.id, break_.stage, break_.kind),
            effort=self.titles.break_effort(break_),
        )

    def _miss(self, near: NearMiss, element: str) -> Miss:
        some = self.titles.some
        lacks = self.titles.requirements(near.lacks, element, near.document)
        others = (some(near.instead), some(near.elsewhere), some(near.early))
        return Miss(self.titles.documents[near.document], lacks, *others)

    def _groups(self) -> tuple[GroupView, ...]:
        groups: dict[str, list[ItemView]] = {}
        for item in self.block.items:
            if item.outcome is not Outcome.NOT_APPLICABLE or item.element in self.decided:
                groups.setdefault(item.stage, []).append(self._item(item))
        return tuple(GroupView(self.titles.stages[stage], tuple(items)) for stage, items in groups.items())

    def _item(self, item: Item) -> ItemView:
        finding = self.absent.get(item.element)
        lacks = ((d, self.titles.requirements(missing, item.element, d)) for d, missing in item.lacks)
        return ItemView(
            element=self.titles.element(item.element),
            outcome=item.outcome,
            automatic=item.automatic,
            decided=item.element in self.decided,
            severity=finding.severity if finding else None,
            documents=self.titles.some(item.documents),
            misses=tuple(Miss(self.titles.documents[d], missing) for d, missing in lacks),
            effort=self._item_effort(item),
        )

    def _item_effort(self, item: Item) -> str | None:
        """Days of work to add the element, or what the nearest document lacks."""
        if item.outcome is Outcome.MISSING:
            return self.titles.document_effort(item.stage)
        if item.outcome is Outcome.PARTIAL and item.lacks:
            return self.titles.lacking_effort(item.lacks[0][1], item.element)
        return None


def _whole(trace: Trace) -> Outcome:
    """The outcome of a whole line: that of the first cell that does not hold."""
    passed = (Outcome.MET, Outcome.NOT_APPLICABLE)
    return next((cell.outcome for cell in trace.cells if cell.outcome not in passed), Outcome.MET)


def indicator_view(row: IndicatorRow, titles: Titles) -> IndicatorView:
    """One row of the region's list with what became of it."""
    about = titles.expected.indicators.get(row.indicator) or titles.ruleset.indicators[row.indicator]
    return IndicatorView(
        id=about.id,
        title=about.title,
        stage=titles.stages[about.stage],
        element=titles.element(about.earned.element) if about.earned.element else None,
        outcome=row.outcome,
        automatic=row.automatic,
        points=points(row.points),
        ways=row.ways,
        reasons=tuple(reason.value for reason in row.reasons),
        contradiction=row.contradiction.value if row.contradiction else None,
        stated=_stated(row.entry, row.target, about.unit, titles) if row.entry or row.target is not None else None,
        example=about.example,
        basis=titles.basis(about),
    )


def _stated(entry: IndicatorEntry | None, target: Decimal | None, unit: str | None, titles: Titles) -> StatedView:
    entry = entry or IndicatorEntry()
    value, previous, goal = (None if n is None else measure(n) for n in (entry.value, entry.previous, target))
    return StatedView(
        value=value,
        previous=previous,
        target=goal,
        unit=entry.unit or unit,
        sample=None if entry.sample is None else str(entry.sample),
        mark=None if entry.mark is None else exact(entry.mark),
        comment=entry.comment,
        documents=titles.some(entry.documents),
    )
