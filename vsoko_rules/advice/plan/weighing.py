"""Which documents a plan weighs: all, or in a case too dense for that the nearest ones of each element."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.words import limit


class Weighed:
    """The documents of one case that a plan weighs, by element."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.expected = assessment.expectation
        self.evidence = assessment.evidence

    def serving(self, element: str) -> Sequence[str]:
        """Documents offered for an element, sorted; in a case too dense to weigh them all, only the nearest ones."""
        return self._nearest.get(element, ())

    @cached_property
    def whole(self) -> bool:
        """Whether every document that serves an element is weighed, so that a plan may be proven to be the cheapest."""
        return self._most >= max(map(len, self.evidence.serves.values()), default=0)

    @cached_property
    def _most(self) -> int:
        """How many documents of one element are weighed at most. Each of one stage is weighed against each of another,
        so the program grows with the square of their number, and the time to solve it faster."""
        most = max(map(len, self.evidence.serves.values()), default=0)
        while most > 1 and self._pairs(most) > limit("plan_pairs"):
            most -= 1
        return most

    def _pairs(self, most: int) -> int:
        """How many pairs of documents may rest on one another on all lines, if so many an element are weighed."""
        number = {e: min(len(self.evidence.serves.get(e, ())), most) for e in self.expected.elements}
        pairs = 0
        for line in self.expected.lines:
            for before, after in pairwise(line.elements):
                earlier = set(self.expected.elements[after].may_rest_on).intersection(line.elements) - {before}
                pairs += number[after] * sum(number[ground] for ground in (before, *earlier))
        return pairs

    @cached_property
    def _nearest(self) -> dict[str, list[str]]:
        """By element, sorted, the documents weighed: those that hold a line now first, then those that lack least."""
        if self.whole:
            return self.evidence.serves
        lines = [line.trace for block in self.assessment.blocks for line in block.lines if line.trace is not None]
        held = {(c.element, d) for t in lines for c in t.cells if c.outcome is Outcome.MET for d in c.documents}
        nearest: dict[str, list[str]] = {}
        for element in self.expected.elements:
            lacks = {
                d: (len(self.evidence.lacks(d, element)), len(self.evidence.remarks(d, element)), d)
                for d in self.evidence.serves.get(element, ())
            }
            ranked = sorted(lacks, key=lambda d: ((element, d) not in held, *lacks[d]))
            nearest[element] = sorted(ranked[: self._most])
        return nearest
