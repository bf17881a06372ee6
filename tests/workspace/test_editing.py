"""A stored case is changed in part or whole, comments stay, and nobody's change is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vsoko_rules.case.write import plain_data
from vsoko_rules.errors import InputError, LostUpdate, OutputError
from vsoko_rules.resources import shipped
from vsoko_rules.workspace.editing import edit_case, patched, save_case
from vsoko_rules.workspace.opening import open_case
from vsoko_rules.workspace.stored import convert

CASE = shipped("cases") / "gorodskaya-sosh.yml"


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "school.yml"
    path.write_bytes(CASE.read_bytes())
    return path


def test_a_change_of_a_part_leaves_the_rest_as_it_was_written(stored: Path) -> None:
    case = open_case(stored)
    first = case.content.documents[0]
    changed = edit_case(stored, {"documents": {first.id: {"number": "77-од"}}}, case.sha256)
    assert changed.content.documents[0] == first.model_copy(update={"number": "77-од"})
    assert changed.content.documents[1:] == case.content.documents[1:]
    before, after = CASE.read_text(encoding="utf-8").splitlines(), stored.read_text(encoding="utf-8").splitlines()
    assert len(set(after) - set(before)) == 1


def test_entries_are_added_and_taken_away(stored: Path) -> None:
    case = open_case(stored)
    gone = case.content.documents[-1].id
    new = {"title": "Справка", "serves": ["B1-A01"], "date": "2022-05-16"}
    changed = edit_case(stored, {"documents": {gone: None, "new-1": new}, "reviewed": ["B1"]}, case.sha256)
    assert gone not in changed.documents
    assert changed.documents["new-1"].title == "Справка"
    assert changed.content.reviewed == ("B1",)
    again = edit_case(stored, {"reviewed": None}, changed.sha256)
    assert again.content.reviewed is None


def test_a_change_by_someone_else_is_not_lost(stored: Path) -> None:
    case = open_case(stored)
    edit_case(stored, {"reviewed": ["B1"]}, case.sha256)
    held = stored.read_bytes()
    with pytest.raises(LostUpdate):
        edit_case(stored, {"reviewed": ["B2"]}, case.sha256)
    with pytest.raises(LostUpdate):
        save_case(stored, plain_data(case.content), case.sha256)
    with pytest.raises(OutputError):
        save_case(stored, plain_data(case.content), None)
    assert stored.read_bytes() == held


def test_of_many_changes_at_once_one_wins_and_the_others_are_told(stored: Path) -> None:
    revision = open_case(stored).sha256

    def change(block: str) -> bool:
        try:
            edit_case(stored, {"reviewed": [block]}, revision)
        except LostUpdate:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(change, ("B1", "B2", "B3", "B4", "B5", "B6"))) == 1
    assert len(open_case(stored).content.reviewed or ()) == 1


def test_what_is_no_case_is_not_written(stored: Path) -> None:
    case = open_case(stored)
    held = stored.read_bytes()
    first = case.content.documents[0].id
    with pytest.raises(InputError) as error:
        edit_case(stored, {"documents": {first: {"date": "вчера"}}}, case.sha256)
    assert f"документ {first}, поле «Дата»" in str(error.value)
    assert stored.read_bytes() == held


def test_a_form_is_not_changed_in_place(tmp_path: Path) -> None:
    convert(CASE, tmp_path / "form.xlsx")
    with pytest.raises(InputError, match="только файл YAML"):
        edit_case(tmp_path / "form.xlsx", {"reviewed": ["B1"]}, open_case(tmp_path / "form.xlsx").sha256)


def test_a_new_file_holds_what_was_given(tmp_path: Path) -> None:
    data = plain_data(open_case(CASE).content)
    assert save_case(tmp_path / "new.yml", data, None).content == open_case(CASE).content


def test_a_change_touches_neither_side() -> None:
    data, change = {"documents": [{"id": "a", "holds": ["goals"]}]}, {"documents": {"a": {"holds": ["tasks"]}}}
    assert patched(data, change) == {"documents": [{"id": "a", "holds": ["tasks"]}]}
    assert data == {"documents": [{"id": "a", "holds": ["goals"]}]}
    assert change == {"documents": {"a": {"holds": ["tasks"]}}}
