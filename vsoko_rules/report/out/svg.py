"""The drawing of one block's chain: where everything stands. What it looks like is in `reports/html/chain.svg.j2`.

Elements are nodes in one column a stage, references that lines need are edges. States are told apart by shape and line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from vsoko_rules.report.block_parts import BlockView, CellView, LineView
from vsoko_rules.report.terms import ElementView, StageView
from vsoko_rules.verdict.chain import BreakKind
from vsoko_rules.verdict.evidence import Outcome

COLUMN: Final = 156
"""distance of the columns; all lengths are in units of the drawing"""
ROW: Final = 66
NODE_WIDTH: Final = 116
NODE_HEIGHT: Final = 44
HEADING: Final = 34
EDGE: Final = 4
"""margin on every side"""


class DrawnState(str, Enum):
    """How a node or an edge is drawn."""

    HELD = "held"
    PART = "part"
    """held on some of the lines that run through"""
    BROKEN = "broken"
    """a node whose document is missing or not credited, or an edge without its reference"""
    BLOCKED = "blocked"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class DrawnElement:
    """One element. `held` of `total` lines pass it; `kind`: how the others break here; `decided`: an expert did so."""

    element: ElementView
    x: int
    y: int
    state: DrawnState
    held: int
    total: int
    kind: BreakKind | None
    decided: bool


@dataclass(frozen=True, slots=True)
class DrawnReference:
    """What leads from one element to the next; `cut` where the reference is what fails."""

    path: str
    middle: tuple[int, int]
    state: DrawnState


@dataclass(frozen=True, slots=True)
class ChainDrawing:
    """A whole drawing with its size."""

    width: int
    height: int
    columns: tuple[tuple[int, StageView], ...]
    nodes: tuple[DrawnElement, ...]
    edges: tuple[DrawnReference, ...]


def drawing(block: BlockView) -> ChainDrawing | None:
    """The drawing of a block's lines; none where no line applies."""
    lines = [line for line in block.lines if line.outcome is not Outcome.NOT_APPLICABLE]
    if not lines:
        return None
    layers = [tuple(dict.fromkeys(line.cells[n].element.id for line in lines)) for n in range(len(lines[0].cells))]
    tallest = max(len(layer) for layer in layers)
    places = {
        element: (
            EDGE + COLUMN * n,
            EDGE + HEADING + (2 * k + 1) * tallest * ROW // (2 * len(layer)) - NODE_HEIGHT // 2,
        )
        for n, layer in enumerate(layers)
        for k, element in enumerate(layer)
    }
    return ChainDrawing(
        width=2 * EDGE + COLUMN * (len(layers) - 1) + NODE_WIDTH,
        height=2 * EDGE + HEADING + tallest * ROW,
        columns=tuple((EDGE + COLUMN * n + NODE_WIDTH // 2, c.element.stage) for n, c in enumerate(lines[0].cells)),
        nodes=tuple(_node(e, n, lines, places[e]) for n, layer in enumerate(layers) for e in layer),
        edges=tuple(_edges(lines, places)),
    )


def _node(element: str, number: int, lines: Sequence[LineView], place: tuple[int, int]) -> DrawnElement:
    cells = [line.cells[number] for line in lines if line.cells[number].element.id == element]
    held = sum(cell.outcome is Outcome.MET for cell in cells)
    broken = next((cell for cell in cells if cell.broken), None)
    kind = broken.broken if broken else None
    if held == len(cells):
        state = DrawnState.HELD
    elif held:
        state = DrawnState.PART
    elif broken:
        state = DrawnState.BROKEN
    else:
        state = DrawnState.UNCHECKED if any(c.outcome is Outcome.NOT_CHECKED for c in cells) else DrawnState.BLOCKED
    return DrawnElement(cells[0].element, *place, state, held, len(cells), kind, bool(broken and broken.decided))


def _edges(lines: Sequence[LineView], places: dict[str, tuple[int, int]]) -> list[DrawnReference]:
    pairs: dict[tuple[str, str], list[tuple[CellView, CellView]]] = {}
    for line in lines:
        for before, after in zip(line.cells, line.cells[1:], strict=False):
            pairs.setdefault((before.element.id, after.element.id), []).append((before, after))
    return [_edge(places[before], places[after], _between(cells)) for (before, after), cells in pairs.items()]


def _between(cells: Sequence[tuple[CellView, CellView]]) -> DrawnState:
    held = [before.outcome is after.outcome is Outcome.MET for before, after in cells]
    if any(held):
        return DrawnState.HELD if all(held) else DrawnState.PART
    if any(after.broken in (BreakKind.NOT_BASED, BreakKind.DATED_BEFORE) and not after.decided for _, after in cells):
        return DrawnState.BROKEN
    waits = any(after.outcome is Outcome.NOT_CHECKED for _, after in cells)
    return DrawnState.UNCHECKED if waits else DrawnState.BLOCKED


def _edge(start: tuple[int, int], end: tuple[int, int], state: DrawnState) -> DrawnReference:
    left, right = start[0] + NODE_WIDTH, end[0]
    top, bottom = start[1] + NODE_HEIGHT // 2, end[1] + NODE_HEIGHT // 2
    middle = (left + right) // 2
    path = f"M{left} {top}C{middle} {top} {middle} {bottom} {right - 5} {bottom}"
    return DrawnReference(path, (middle, (top + bottom) // 2), state)
