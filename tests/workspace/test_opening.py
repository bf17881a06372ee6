"""Rulesets are opened by name or folder, and a folder that was changed is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ruleset.small import MAIN, folder
from vsoko_rules.errors import RulesetError
from vsoko_rules.workspace.opening import open_ruleset, ruleset_names


def test_shipped_rulesets_are_read_once() -> None:
    for name in ruleset_names():
        assert open_ruleset(name) is open_ruleset(name)
        assert open_ruleset(name).id == name


def test_a_changed_folder_is_seen(tmp_path: Path) -> None:
    own = folder(tmp_path, ruleset=MAIN)
    first = open_ruleset(own)
    assert open_ruleset(str(own)) is first
    text = (own / "ruleset.yml").read_text(encoding="utf-8")
    (own / "ruleset.yml").write_text(text.replace(first.title, "Другая"), encoding="utf-8")
    assert open_ruleset(own).title == "Другая"
    (own / "ruleset.yml").unlink()
    with pytest.raises(RulesetError):
        open_ruleset(own)
