"""Which files a study takes, and that none goes missing unsaid."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.builders import as_yaml, school_case
from tests.study.test_batch import study
from vsoko_rules.errors import InputError
from vsoko_rules.study.agreement import agree
from vsoko_rules.study.collect import collect
from vsoko_rules.study.results import records


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Schools in two folders."""
    for name in ("open/one", "shut/two"):
        path = tmp_path / "schools" / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        case = school_case()
        case["school"]["id"] = path.stem
        path.write_text(as_yaml(case), encoding="utf-8")
    return tmp_path / "schools"


@pytest.fixture
def shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder `shut` cannot be listed, whoever runs the tests."""
    listed = os.scandir

    def refuse(path: Any = ".") -> Any:
        if os.path.basename(os.fspath(path)) == "shut":  # noqa: PTH119 (what os.walk hands over)
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)


def test_a_folder_that_cannot_be_listed_is_an_error_of_its_own(home: Path, tmp_path: Path, shut: None) -> None:
    report = study(home, tmp_path / "out")
    assert (report.files, report.assessed, report.failed) == (1, 1, 1)
    (error,) = (json.loads(line) for line in (tmp_path / "out" / "ошибки.jsonl").read_text("utf-8").splitlines())
    assert error["file"] == "shut/"
    assert error["problems"][0]["message"] == "папка не читается"
    assert error["problems"][0]["found"] == "нет прав на чтение"
    assert list(report.errors) == ["shut/"]
    assert "папка не читается" in report.errors["shut/"]


def test_experts_are_not_compared_over_what_cannot_be_listed(home: Path, shut: None) -> None:
    with pytest.raises(InputError, match="папка не читается"):
        agree([home, home])


def test_a_folder_of_nothing_else_is_named(home: Path, tmp_path: Path, shut: None) -> None:
    with pytest.raises(InputError, match="папка не читается"):
        study(home / "shut", tmp_path / "out")


def linked(link: Path, target: Path) -> None:
    try:
        link.symlink_to(target, target_is_directory=True)
    except OSError:  # Windows asks for a privilege
        pytest.skip("no links here")


def test_linked_folders_are_gone_through_once(home: Path, tmp_path: Path) -> None:
    home.joinpath("shut").rename(tmp_path / "elsewhere")
    linked(home / "linked", tmp_path / "elsewhere")
    linked(tmp_path / "elsewhere" / "round", home)
    assert [file.name for file in collect([home])] == ["linked/two.yml", "open/one.yml"]


@pytest.mark.skipif(os.name == "nt", reason="names of Windows are Unicode")
def test_a_name_that_is_no_text_stops_nobody(home: Path, tmp_path: Path) -> None:
    try:
        os.rename(home / "open" / "one.yml", os.fsencode(home / "open") + b"/\xd8\xea.yml")  # noqa: PTH104
    except OSError:
        pytest.skip("this file system takes Unicode alone")
    assert study(home, tmp_path / "out").failed == 0
    names = {record["study"]["file"] for record in records(tmp_path / "out")}
    assert names == {"open/\\udcd8\\udcea.yml", "shut/two.yml"}


class Panic(BaseException):
    """As a native reader panics: no `Exception`."""


def test_a_panic_of_a_reader_ends_only_that_file(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vsoko_rules.intake.case_file import read_case_file

    def panic(path: Path, name: str) -> Any:
        if path.stem == "one":
            raise Panic("index out of bounds")
        return read_case_file(path, name)

    monkeypatch.setattr("vsoko_rules.study.worker.read_case_file", panic)
    report = study(home, tmp_path / "out")
    assert (report.assessed, report.failed) == (1, 1)
