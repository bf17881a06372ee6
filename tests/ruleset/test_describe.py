"""`vsoko rules show`: any code of a ruleset told in Russian, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.builders import ruleset
from tests.ruleset.small import MAIN, folder
from vsoko_rules.errors import InputError
from vsoko_rules.ruleset.docs import describe, entries
from vsoko_rules.ruleset.load import available, load, load_folder


@pytest.mark.parametrize("code", ["B4-D01", "names-deadlines", "formed", "B4-G03-M05"])
def test_an_entry(code: str, snapshot: SnapshotAssertion) -> None:
    told = describe(ruleset(), code)
    assert "\n".join(line for line in told.splitlines() if "Где записано" not in line) == snapshot


@pytest.mark.parametrize("name", available())
def test_every_code_of_a_shipped_ruleset_can_be_told(name: str) -> None:
    rules = load(name)
    collections = (rules.blocks, rules.stages, rules.elements, rules.requirements, rules.rules, rules.addressees)
    for codes in (*collections, rules.remarks, rules.counts, rules.sources, rules.indicators):
        for code in codes:
            told = describe(rules, code)
            assert code in told
            assert "None" not in told
            assert "Origin." not in told


def test_kinds_that_share_a_code_are_all_told() -> None:
    assert {entry.kind for entry in entries(ruleset(), "teachers")} == {"addressees", "counts"}
    assert describe(ruleset(), "teachers").count("teachers") >= 2


def test_the_place_is_that_of_the_file(tmp_path: Path) -> None:
    rules = load_folder(folder(tmp_path, ruleset=MAIN))
    line = MAIN[: MAIN.index("id: A-D")].count("\n") + 1
    assert f"Где записано: {tmp_path / 'ruleset.yml'}:{line}:5" in describe(rules, "A-D")


def test_a_former_code_leads_to_the_present_entry(tmp_path: Path) -> None:
    text = MAIN.replace("  - id: A-D\n", "  - id: A-D\n    aliases: [A-ORDER]\n")
    assert "Элемент A-D." in describe(load_folder(folder(tmp_path, ruleset=text)), "A-ORDER")


def test_an_unknown_code_gets_a_hint() -> None:
    with pytest.raises(InputError, match=r"нет такого кода; найдено: «B4-D1».*Возможно, имелось в виду «B4-D01»"):
        describe(ruleset(), "B4-D1")


def test_a_terminal_is_given_no_orders(tmp_path: Path) -> None:
    text = MAIN.replace("title: Приказ\n", 'title: "Приказ\\e[31m \\a {{ 7 }}"\n')
    told = describe(load_folder(folder(tmp_path, ruleset=text)), "A-D")
    assert "Приказ [31m   {{ 7 }}" in told
    assert told.replace("\n", "").isprintable()
