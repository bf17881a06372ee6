"""What is shown of one block: its points, its lines with their cells, its breaks, what stands outside the lines."""

from __future__ import annotations

from collections.abc import Sequence

from vsoko_rules.report.compose_indicators import indicator_view
from vsoko_rules.report.view import (
    BlockView,
    BreakView,
    CellView,
    ComponentView,
    DecisionView,
    GroupView,
    ItemView,
    LineName,
    LineView,
    Miss,
    ScoreView,
)
from vsoko_rules.report.wording import Titles, points
from vsoko_rules.ruleset.ruleset import LineSpec
from vsoko_rules.verdict.assessment import Assessment, BlockResult, Finding, FindingKind, Item, Line
from vsoko_rules.verdict.chain import Cell, NearMiss, Outcome, Trace
from vsoko_rules.verdict.scoring import Bounds, Component, Verdict
from vsoko_rules.words import percent


def block_view(
    block: BlockResult, assessment: Assessment, titles: Titles, decisions: Sequence[DecisionView]
) -> BlockView:
    """Everything that is shown of one block."""
    return _Block(block, assessment, titles, decisions).view()


class _Block:
    def __init__(
        self, block: BlockResult, assessment: Assessment, titles: Titles, decisions: Sequence[DecisionView]
    ) -> None:
        self.block = block
        self.titles = titles
        self.ruleset = assessment.ruleset
        self.decided = {decision.of: decision for decision in decisions}
        goals = [line.spec.elements[0] for line in block.lines]
        self.shared = {goal for goal in goals if goals.count(goal) > 1}
        self.names = {line.spec.id: self._name(line.spec, n) for n, line in enumerate(block.lines, 1)}
        self.breaks = [f for f in block.findings if f.kind is FindingKind.BREAK]
        self.numbers = {line: n for n, f in enumerate(self.breaks, 1) for line in f.lines}
        self.findings = {f.element: f for f in block.findings if f.kind is not FindingKind.WARNING}

    def view(self) -> BlockView:
        block, titles = self.block, self.titles
        meant = self.ruleset.blocks[block.id]
        lines = tuple(self._line(line) for line in block.lines)
        inapplicable = [e.id for e in self.ruleset.elements.values() if e.block == block.id]
        return BlockView(
            id=block.id,
            name=meant.name,
            basis=titles.basis(meant),
            scored=not meant.frame,
            reviewed=block.reviewed,
            score=score_view(block.cycle, block.verdict),
            components=tuple(self._component(c, n) for n, c in enumerate(block.components)),
            lines=lines,
            breaks=tuple(self._break(f, n) for n, f in enumerate(self.breaks, 1)),
            waiting=tuple(line for line in lines if line.outcome is Outcome.NOT_CHECKED),
            groups=self._groups(),
            inapplicable=tuple(titles.element(e) for e in inapplicable if e not in titles.expected.elements),
            weakest=titles.stages[block.weakest] if block.weakest else None,
            indicators=score_view(block.indicators, block.indicator_verdict) if block.rows else None,
            rows=tuple(indicator_view(row, titles) for row in block.rows),
        )

    def _name(self, spec: LineSpec, number: int) -> LineName:
        """A line is called by its goal; lines that share a goal by what they monitor."""
        naming = spec.elements[1 if spec.elements[0] in self.shared else 0]
        return LineName(spec.id, number, self.titles.resolved(naming).title)

    def _component(self, component: Component, number: int) -> ComponentView:
        traces = [line.trace for line in self.block.lines if line.trace is not None]
        here = {trace.cells[number].outcome for trace in traces}
        blocked = here == {Outcome.BLOCKED} and component.outcome is not Outcome.NOT_CHECKED
        return ComponentView(
            self.titles.stages[component.stage],
            Outcome.BLOCKED if blocked else component.outcome,
            points(component.points),
            component.held,
            component.total,
        )

    def _line(self, line: Line) -> LineView:
        elements = tuple(self.titles.element(e) for e in line.spec.elements)
        name = self.names[line.spec.id]
        if line.outcome is Outcome.NOT_APPLICABLE or line.trace is None or line.automatic is None:
            nothing = Outcome.NOT_APPLICABLE
            cells = [CellView(e, nothing, nothing, e.id in self.decided, None, None, ()) for e in elements]
            return LineView(name, nothing, _whole(line.automatic) if line.automatic else nothing, tuple(cells))
        pairs = zip(line.trace.cells, line.automatic.cells, strict=True)
        shown = tuple(self._cell(cell, automatic, line) for cell, automatic in pairs)
        return LineView(name, line.outcome, _whole(line.automatic), shown)

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

    def _break(self, finding: Finding, number: int) -> BreakView:
        break_ = finding.traces[0].break_
        assert break_ is not None, "a finding of kind break has a trace that breaks"
        reached = sorted({d for t in finding.traces if t.break_ for d in t.break_.reached})
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
        lacks = self.titles.requirements(near.lacks, element)
        return Miss(self.titles.documents[near.document], lacks, some(near.instead), some(near.early))

    def _groups(self) -> tuple[GroupView, ...]:
        found: dict[str, list[ItemView]] = {}
        for item in self.block.items:
            if item.outcome is not Outcome.NOT_APPLICABLE or item.element in self.decided:
                found.setdefault(item.stage, []).append(self._item(item))
        return tuple(GroupView(self.titles.stages[stage], tuple(items)) for stage, items in found.items())

    def _item(self, item: Item) -> ItemView:
        finding = self.findings.get(item.element)
        lacks = [(d, self.titles.requirements(missing, item.element)) for d, missing in item.lacks]
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


def score_view(bounds: Bounds, verdict: Verdict | None) -> ScoreView:
    """Points with their level; without a level where there is no verdict."""
    levels = (verdict.level, verdict.low, verdict.high) if verdict else (None, None, None)
    level, low, high = (each.title if each else None for each in levels)
    certain = verdict is None or verdict.certain
    return ScoreView(points(bounds), percent(bounds.percent), bounds.certain, level, low, high, certain)


def _whole(trace: Trace) -> Outcome:
    """The outcome of a whole line: that of the first cell that does not hold."""
    return next((cell.outcome for cell in trace.cells if cell.outcome is not Outcome.MET), Outcome.MET)
