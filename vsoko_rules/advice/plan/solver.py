"""A program of 0/1 variables over whole numbers, and HiGHS to solve it. What comes back is checked exactly, without
floats."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import gcd, lcm
from typing import Any, Final

from vsoko_rules.advice.plan import highs_in_browser
from vsoko_rules.words import limit

Terms = Mapping[int, Fraction | int]
"""coefficients by variable"""


class SolverStatus(Enum):
    """How solving ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    """a solution, not proven to be the best"""
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"
    """a limit was reached before any solution was found"""


@dataclass(frozen=True, slots=True)
class Solution:
    """`chosen`: the variables that are 1."""

    status: SolverStatus
    chosen: frozenset[int] = frozenset()

    @property
    def exists(self) -> bool:
        return self.status in (SolverStatus.OPTIMAL, SolverStatus.FEASIBLE)


class BinaryProgram:
    """Variables that are 0 or 1, and rows `Σ coefficient · variable ≤ bound` over whole numbers."""

    def __init__(self) -> None:
        self.size = 0
        self._rows: list[tuple[dict[int, int], int]] = []

    def copy(self) -> BinaryProgram:
        """The same variables and rows, to which further rows can be added."""
        twin = BinaryProgram()
        twin.size, twin._rows = self.size, list(self._rows)
        return twin

    def variable(self) -> int:
        """A new variable, by its number."""
        self.size += 1
        return self.size - 1

    def at_most(self, terms: Terms, bound: Fraction | int) -> None:
        """The sum is at most `bound`. Fractions are cleared, so that the row holds exactly or not at all; what no sum
        of the coefficients can reach is cut off."""
        scale = lcm(*(Fraction(value).denominator for value in (*terms.values(), bound)))
        row = {v: int(value * scale) for v, value in sorted(terms.items()) if value}
        step = gcd(*row.values()) or 1
        self._rows.append(({v: value // step for v, value in row.items()}, int(bound * scale) // step))

    def at_least(self, terms: Terms, bound: Fraction | int) -> None:
        """The sum is at least `bound`."""
        self.at_most({v: -value for v, value in terms.items()}, -bound)

    def implies(self, variable: int, *others: int) -> None:
        """`variable` is 1 only where at least one of `others` is."""
        if variable not in others:
            self.at_most({variable: 1, **dict.fromkeys(others, -1)}, 0)

    def any(self, variables: Iterable[int]) -> int:
        """A variable that is 1 only where one of others is."""
        found = list(dict.fromkeys(variables))
        if len(found) == 1:
            return found[0]
        variable = self.variable()
        self.implies(variable, *found)
        return variable

    def satisfied_by(self, chosen: frozenset[int]) -> bool:
        """Whether every row holds, exactly, when these variables are 1."""
        return all(sum(c for v, c in row.items() if v in chosen) <= bound for row, bound in self._rows)

    def minimize(self, costs: Terms) -> Solution:
        """The cheapest choice of variables. `costs` are cleared of fractions."""
        if not self.size:
            return Solution(SolverStatus.OPTIMAL if self.satisfied_by(frozenset()) else SolverStatus.INFEASIBLE)
        scale = lcm(*(Fraction(c).denominator for c in costs.values()))
        status, chosen = _solve(self.size, self._rows, {v: int(c * scale) for v, c in costs.items()})
        if chosen is None or not self.satisfied_by(chosen):
            return Solution(SolverStatus.INFEASIBLE if status == "kInfeasible" else SolverStatus.UNKNOWN)
        return Solution(SolverStatus.OPTIMAL if status == "kOptimal" else SolverStatus.FEASIBLE, chosen)


def _solve(
    size: int, rows: Sequence[tuple[Mapping[int, int], int]], costs: Mapping[int, int]
) -> tuple[str, frozenset[int] | None]:
    """The name of the status that HiGHS ends with, and the variables that are 1, if it found any solution."""
    if sys.platform == "emscripten":  # in a browser HiGHS is there as well, built for it
        return highs_in_browser.solved(size, rows, costs, _options())
    import highspy
    import numpy as np

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = size, len(rows)
    lp.col_cost_ = np.array([costs.get(v, 0) for v in range(size)], dtype=float)
    lp.col_lower_, lp.col_upper_ = np.zeros(size), np.ones(size)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * size
    lp.row_lower_ = np.full(len(rows), -highspy.kHighsInf)
    lp.row_upper_ = np.array([bound for _, bound in rows], dtype=float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(row) for row, _ in rows)], dtype=np.int32)
    lp.a_matrix_.index_ = np.array([v for row, _ in rows for v in row], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([c for row, _ in rows for c in row.values()], dtype=float)
    solver = _silent_solver()
    solver.passModel(lp)
    solver.run()
    status, values = solver.getModelStatus().name, solver.getSolution().col_value
    return status, frozenset(v for v in range(size) if values[v] > 0.5) if len(values) == size else None


def _silent_solver() -> Any:
    """A solver that prints nothing, not even while it is made: standard output belongs to the answer.

    HiGHS prints a banner on descriptor 1 from whichever of its methods is called first while its output is on. Since
    highspy 1.16 the constructor itself calls one that does, to enable its callbacks, so output is off before that.
    """
    import highspy

    class SilentHighs(highspy.Highs):
        def enableCallbacks(self) -> None:  # noqa: N802
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    solver: Any = SilentHighs()  # type: ignore[no-untyped-call]
    for option, value in _options().items():
        solver.setOptionValue(option, value)
    return solver


def _options() -> dict[str, Any]:
    limits = {"mip_max_nodes": limit("plan_nodes"), "time_limit": float(limit("plan_seconds"))}
    return {**_OPTIONS, **limits}


_OPTIONS: Final[dict[str, Any]] = {
    "output_flag": False,
    "parallel": "off",  # the same way every time
    "random_seed": 0,
    "mip_allow_restart": False,  # models are small: starting over costs more than it brings
    "mip_heuristic_run_rins": False,  # nor do programs within the program bring the proof nearer
    "mip_heuristic_run_rens": False,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.5,  # costs are whole numbers
}
