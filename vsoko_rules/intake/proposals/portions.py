"""A file divided into its documents: an order and its annexes, or several orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from vsoko_rules.intake.cues.recognition import Hit, Recogniser
from vsoko_rules.intake.cues.tokens import Token, by_columns, tokens
from vsoko_rules.intake.texts.file_text import FileText, TextLine
from vsoko_rules.ruleset.cues import RequisiteCue, Zone

_HEAD: Final = 25
"""how many lines the head of a document has at most"""
_BEGIN: Final[tuple[Zone, ...]] = ("starts", "annex", "approved")
"""with what a document begins; an approval block only after an order"""
_END: Final = 10
"""how many lines its end has"""


@dataclass(slots=True)
class Portion:
    """One document of a file: its lines, and what was found in them."""

    text: FileText
    first: int
    last: int
    """the line after its last"""
    tokens: list[Token]
    """of the whole file"""
    hits: list[Hit]
    annex: bool = False
    """it begins as an annex does"""
    after: Portion | None = field(default=None, repr=False)
    """the order in the same file after which it stands"""
    body: int = field(init=False, default=0)
    """the line at which its substance begins, as far as that can be seen"""

    def __post_init__(self) -> None:
        grounds = [line for hit in self.zone("ground") if (line := self.tokens[hit.first].line) > self.first]
        self.body = min([*grounds, self.first + _HEAD, self.last])

    def zone(self, *zones: Zone) -> Iterator[Hit]:
        """What requisite cues of these zones found."""
        return (hit for hit in self.hits if isinstance(hit.cue, RequisiteCue) and hit.cue.zone in zones)

    def stands(self, hit: Hit, kind: str | None, title: range = range(0)) -> bool:
        """Whether a cue counts where it was found, in a document of this kind with its title in these lines."""
        cue = hit.cue
        anyway = kind is None and isinstance(cue, RequisiteCue) and cue.zone in ("approved", "closing", "foreign")
        if cue.kinds and kind not in cue.kinds and not anyway:
            return False
        first = self.tokens[hit.first]
        places: dict[str, Callable[[], bool]] = {
            "any": lambda: True,
            "title": lambda: first.line in title,
            "head": lambda: hit.line < self.body,
            "heading": lambda: hit.line < self.body and not first.item and self._alone(first),
            "above": lambda: hit.line < title.start,
            "end": lambda: first.line >= self.last - _END and not self.line(first.line).cells,
            "point": lambda: first.item,
            "columns": lambda: self._filled(first),
        }
        return places[cue.where]()

    def _alone(self, token: Token) -> bool:
        """Whether nothing stands beside a token in other cells of its line."""
        cells = self.line(token.line).cells
        return sum(bool(cell) for cell in cells) == 1 if cells else token.cell is None

    def _filled(self, heading: Token) -> bool:
        """Whether a cell heads a column in which something stands below it."""
        if heading.cell is None or not self.line(heading.line).cells:
            return False
        above = self.text.lines[heading.line - 1] if heading.line > self.first else None
        below = [line for line in self.text.lines[heading.line + 1 : min(heading.line + 6, self.last)] if line.cells]
        heads = above is None or len([c for c in above.cells if c]) < len(self.line(heading.line).cells)
        return heads and any(len(row.cells) > heading.cell and row.cells[heading.cell].strip(" –-_") for row in below)

    def line(self, number: int) -> TextLine:
        return self.text.lines[number]

    def lines(self) -> range:
        """The numbers of its lines."""
        return range(self.first, self.last)


def portions(text: FileText, known: Recogniser) -> list[Portion]:
    """The documents of a file, in order."""
    given = [(n, line.text, line.cells) for n, line in enumerate(text.lines) if not line.aside]
    found = by_columns(tokens(given), _HEAD)
    hits = known.find(found)
    starts = _starts(found, hits)
    result: list[Portion] = []
    for number, (first, annex) in enumerate(starts):
        last = starts[number + 1][0] if number + 1 < len(starts) else len(text.lines)
        own = [hit for hit in hits if first <= found[hit.first].line < last]
        orders = [each for each in result if not each.annex]
        result.append(Portion(text, first, last, found, own, annex, orders[-1] if annex and orders else None))
    return result


def _starts(found: Sequence[Token], hits: Sequence[Hit]) -> list[tuple[int, bool]]:
    """The first line of each document, and whether it is an annex. A document begins anew where an order does after
    another has come to its substance, and an annex after an order."""
    letterhead = {hit.line for hit in hits if _in(hit, "letterhead")}
    opening = [hit for hit in hits if found[hit.first].opens and not found[hit.first].item and _in(hit, *_BEGIN)]
    begun = sorted({(found[hit.first].line, not _in(hit, "starts"), _in(hit, "approved")) for hit in opening})
    grounds = sorted(found[hit.first].line for hit in hits if _in(hit, "ground"))
    starts: list[tuple[int, bool]] = []
    for line, annex, approved in begun:
        since = starts[-1][0] if starts else 0
        if starts and line == starts[-1][0]:
            continue
        decided = any(since <= ground < line for ground in grounds)
        if not decided and (approved or not (starts and starts[-1][1])):
            if not starts and annex and not approved and line <= 3:
                starts.append((0, True))
            continue
        at = line
        while not annex and at - 1 > since and at - 1 in letterhead:
            at -= 1
        starts.append((at, annex))
    return starts if starts and starts[0][0] == 0 else [(0, False), *starts]


def _in(hit: Hit, *zones: Zone) -> bool:
    return isinstance(hit.cue, RequisiteCue) and hit.cue.zone in zones
