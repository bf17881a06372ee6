"""The table of guards in `docs/limits.ru.md` names tests that are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@cache
def _tests_in(file: str) -> set[str]:
    """The names of the tests at the top of a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_guard_names_its_test() -> None:
    page = (ROOT / "docs" / "limits.ru.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|") and "tests/" in line]
    assert len(rows) > 20
    named = [pair for row in rows for pair in NAMED.findall(row)]
    assert {len(NAMED.findall(row)) > 0 for row in rows} == {True}
    assert [pair for pair in named if pair[1] not in _tests_in(pair[0])] == []
