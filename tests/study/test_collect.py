"""Which files a study takes, and that none goes missing unsaid."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from tests.builders import as_yaml, school_case
from tests.study.test_batch import study
from vsoko_rules.errors import InputError
from vsoko_rules.study.agreement import agree
from vsoko_rules.study.archive_contents import CONTENTS
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


def archive(folder: Path, counted: list[str], beside: list[str]) -> None:
    """What the server writes beside files of one school that only one study needs."""
    text = json.dumps({"counted": counted, "beside": beside}, ensure_ascii=False)
    (folder / CONTENTS).write_text(text, encoding="utf-8")


def test_of_an_archive_of_a_study_one_file_a_school_is_taken(home: Path, tmp_path: Path) -> None:
    """What somebody adds later counts as in any folder; letters that a system took apart are the same letters."""
    table = normalize("NFD", "Учебный план.xlsx")
    (home / "open" / table).write_bytes(b"no form")
    archive(home, ["open/one.yml"], ["shut/two.yml", "open/Учебный план.xlsx"])
    assert collect([home]).names == ["open/one.yml"]
    report = study(home, tmp_path / "out")
    assert (report.files, report.assessed, report.beside, report.failed) == (1, 1, 2, 0)
    (home / "new.yml").write_text((home / "shut" / "two.yml").read_text(encoding="utf-8"), encoding="utf-8")
    assert collect([home]).names == ["new.yml", "open/one.yml"]


def test_a_file_that_counts_and_is_gone_is_an_error(home: Path, tmp_path: Path) -> None:
    archive(home, ["open/one.yml", "open/gone.yml"], ["shut/two.yml"])
    report = study(home, tmp_path / "out")
    assert (report.assessed, list(report.errors)) == (1, ["open/gone.yml"])


def test_an_archive_in_which_nothing_counts_says_so(home: Path) -> None:
    archive(home, [], ["open/one.yml", "shut/two.yml"])
    with pytest.raises(InputError, match=f"в этом архиве не учитывается ни одна школа; найдено: «{CONTENTS}»"):
        collect([home])


@pytest.mark.parametrize("path", ["../two.yml", "/etc/passwd", "open\\one.yml"])
def test_an_archive_does_not_lead_out_of_its_folder(home: Path, path: str) -> None:
    archive(home, [], [path])
    with pytest.raises(InputError, match="путь ведёт из папки"):
        collect([home])


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
