"""A file filled for one ruleset is read under another: codes that only its own ruleset knows are no mistake in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError
from vsoko_rules.ruleset.load import beside, load
from vsoko_rules.workspace.judging import assess_file

CASE = Path(__file__).parents[2] / "cases" / "pokazateli-tver.yml"


def test_under_another_ruleset() -> None:
    (found,) = assess_file(CASE, ["bashkortostan-2022"], EngineName.PLAIN)
    assert found.ruleset.id == "bashkortostan-2022"
    assert any(notice.found == "tver-2022" for notice in found.notices)


def test_without_a_name_of_its_own_they_are(tmp_path: Path) -> None:
    path = tmp_path / "case.yml"
    path.write_text(CASE.read_text(encoding="utf-8").replace("ruleset: tver-2022\n", ""), encoding="utf-8")
    with pytest.raises(InputError, match="с таким кодом нет"):
        assess_file(path, ["bashkortostan-2022"], EngineName.PLAIN)


def test_the_own_ruleset_stands_beside_once() -> None:
    both = [load("tver-2022"), load("bashkortostan-2022")]
    assert beside("tver-2022", both) == tuple(both)
    assert beside("tver-2022", both[1:]) == (both[1], both[0])
    assert beside(None, both[:1]) == tuple(both)
