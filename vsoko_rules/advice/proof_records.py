"""Of what an explanation is made: proofs of what was concluded, attempts at what was not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from vsoko_rules.engine.language import Fact
from vsoko_rules.errors import Place

OPEN: Final = None
"""the value of a column that may be anything"""


@dataclass(frozen=True, slots=True)
class Proof:
    """One conclusion or stated fact, and what it rests on. A stated fact has a place and no rule."""

    fact: Fact
    rule: str | None
    premises: tuple[Proof, ...]
    place: Place | None
    size: int
    """number of facts in the tree, the shorter proof is shown first"""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two values that do not compare as a rule demands. `column` is what the left one is: a `day`, a `sample`, …"""

    left: Any
    sign: str
    right: Any
    column: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A condition that does not hold. `fact` has `OPEN` in columns that may be anything; `comparison` is given instead
    when two values do not compare as they must; `why` explains a condition that other rules would have to conclude."""

    fact: Any
    comparison: Compared | None
    why: tuple[Attempt, ...] = ()

    @property
    def lacking(self) -> frozenset[Fact | Compared]:
        """What the case itself would have to state otherwise, by the nearest way."""
        if self.why:
            return self.why[0].lacking
        only = self.fact if self.fact is not None else self.comparison
        return frozenset() if only is None else frozenset([only])


@dataclass(frozen=True, slots=True)
class Attempt:
    """One rule that could have given the conclusion: the conditions that hold and those that fail."""

    rule: str
    holds: tuple[Fact, ...]
    fails: tuple[Failed, ...]

    @property
    def lacking(self) -> frozenset[Fact | Compared]:
        """What the case itself would have to state otherwise for this rule to conclude."""
        return frozenset[Fact | Compared]().union(*(f.lacking for f in self.fails))

    @property
    def missing(self) -> int:
        """How many stated things are lacking, counted down to the case."""
        return len(self.lacking)

    @property
    def absent(self) -> int:
        """How many of them are facts that are not there at all."""
        return sum(isinstance(lacking, tuple) for lacking in self.lacking)
