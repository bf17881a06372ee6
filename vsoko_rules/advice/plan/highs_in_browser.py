"""HiGHS as it is built for browsers: it takes a program as text (LP format) and gives JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

Rows = Sequence[tuple[Mapping[int, int], int]]

_STATUS = {"Optimal": "kOptimal", "Infeasible": "kInfeasible"}
"""how both builds call what the plan asks about"""


def solved(
    size: int, rows: Rows, costs: Mapping[int, int], options: Mapping[str, Any]
) -> tuple[str, frozenset[int] | None]:
    """The status as the other build calls it, and the variables that are 1, if any solution was found. The script of
    the page offers the solver as the module `vsoko_solver`."""
    solver: Any = import_module("vsoko_solver")
    told = json.loads(solver.solve(program_text(size, rows, costs), json.dumps(dict(options))))
    columns = told.get("Columns") or {}
    values = [columns.get(f"x{v}", {}).get("Primal") for v in range(size)]
    if any(value is None for value in values):
        return _STATUS.get(told["Status"], told["Status"]), None
    return _STATUS.get(told["Status"], told["Status"]), frozenset(v for v in range(size) if values[v] > 0.5)


def program_text(size: int, rows: Rows, costs: Mapping[int, int]) -> str:
    """A program of 0/1 variables in LP format."""
    return "\n".join(_lines(size, rows, costs)) + "\n"


def _lines(size: int, rows: Rows, costs: Mapping[int, int]) -> Iterator[str]:
    yield "Minimize"
    yield f" cost: {_sum({v: costs.get(v, 0) for v in range(size)})}"
    yield "Subject To"
    for number, (row, bound) in enumerate(rows):
        if row:
            yield f" r{number}: {_sum(row)} <= {bound}"
        elif bound < 0:  # nothing is never less than nothing
            yield f" r{number}: x0 - x0 <= {bound}"
    yield "Binary"
    yield " " + " ".join(f"x{v}" for v in range(size))
    yield "End"


def _sum(terms: Mapping[int, int]) -> str:
    return " ".join(f"{'-' if value < 0 else '+'} {abs(value)} x{v}" for v, value in terms.items())
