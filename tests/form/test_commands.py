"""`vsoko form` and `vsoko convert`, and forms where a command takes a case; names in Cyrillic, paths with spaces."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.form.sheets import Form
from vsoko_rules.case.reader import read_case
from vsoko_rules.cli import app
from vsoko_rules.intake.case_file import read_case_file
from vsoko_rules.resources import shipped

CASE = shipped("cases") / "pokazateli-tver.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "Школы района 2022" / "СОШ № 12"
    made.mkdir(parents=True)
    return made


def vsoko(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["vsoko", *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        app.main()
    return int(left.value.code or 0)


def test_there_and_back(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    form, back = folder / "форма школы.xlsx", folder / "школа снова.yml"
    assert vsoko(monkeypatch, "convert", CASE, "-o", form) == 0
    assert vsoko(monkeypatch, "convert", form, "-o", back) == 0
    assert read_case_file(form).content == read_case(back).content == read_case(CASE).content
    lines = back.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Показывает: МБОУ «СОШ № 2» посёлка Светлоозёрного, 2022 год."
    assert lines[1].startswith("# yaml-language-server: $schema=")
    assert "форма школы.xlsx" in lines[2]
    assert str(folder) not in back.read_text(encoding="utf-8")
    assert "Записано" in capsys.readouterr().out


def test_yaml_to_yaml_keeps_every_word(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = folder / "копия.yml"
    assert vsoko(monkeypatch, "convert", CASE, "-o", copy) == 0
    before, after = (path.read_text(encoding="utf-8").splitlines() for path in (CASE, copy))
    assert [a for b, a in zip(before, after, strict=True) if a != b] == [
        "# yaml-language-server: $schema=case.schema.json"
    ]


def test_a_form_gives_the_verdict_of_its_case(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    form = folder / "форма.xlsx"
    assert vsoko(monkeypatch, "convert", CASE, "-o", form) == 0
    capsys.readouterr()
    said = []
    for path in (CASE, form):
        assert vsoko(monkeypatch, "check", path, "--engine", "plain", "--json") == 1
        said += json.loads(capsys.readouterr().out)["results"]
        said[-1].pop("case")
    assert said[0] == said[1]
    assert vsoko(monkeypatch, "check", form, "--engine", "plain") == 1
    assert "форма.xlsx, лист «Документы», ячейка" in " ".join(capsys.readouterr().out.split())


def test_an_empty_form_for_a_kind_of_school(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = folder / "форма.xlsx"
    given = ("--school-type", "ООШ", "--count", "young_teachers=0")
    assert vsoko(monkeypatch, "form", "tver-2022", *given, "-o", form) == 0
    assert vsoko(monkeypatch, "form", "-o", form) == 2, "never over a form that somebody may have filled in"
    assert vsoko(monkeypatch, "check", form) == 2, "nobody has filled it in"


def test_a_form_for_a_ruleset_of_ones_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, form = folder / "моя-область", folder / "форма.xlsx"
    own.mkdir()
    text = "id: моя-область\nversion: '1'\ntitle: Наша методика\nextends: tver-2022\n"
    (own / "ruleset.yml").write_text(text, encoding="utf-8")
    assert vsoko(monkeypatch, "form", own, "-o", form) == 0
    made = Form(folder, form.read_bytes())
    made.fill_school(
        school__id="s1", school__name="Школа", school__municipality="Район", study__year=2022,
        study__from="01.09.2021", study__to="31.10.2022",
    )  # fmt: skip
    assert made.read().content.ruleset == "моя-область"
    assert vsoko(monkeypatch, "check", made.path, "-r", own, "--engine", "plain") == 1
    assert vsoko(monkeypatch, "check", made.path, "--engine", "plain") == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("form", "--school-type", "лицей"), "ожидалось: начальная, основная, средняя"),
        (("form", "--levels", "НОО,ДОО"), "ожидалось: НОО, ООО, СОО"),
        (("form", "--count", "young_teachers"), "код=число"),
        (("form", "-o", "форма.xls"), "кончается на .xlsx"),
        (("convert", CASE, "-o", "форма.ods"), "кончается на .yml или .yaml или .xlsx"),
        (("convert", "нет такого.xlsx", "-o", "школа.yml"), "файла нет"),
    ],
)
def test_what_cannot_be_done_is_said(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[object, ...],
    said: str,
) -> None:
    monkeypatch.chdir(folder)
    assert vsoko(monkeypatch, *arguments) == 2
    assert said in capsys.readouterr().err
    assert not list(folder.iterdir())


def test_a_notice_when_the_files_stay_behind(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = folder / "школа.yml"
    text = CASE.read_text(encoding="utf-8").replace(
        "    kind: положение\n", "    kind: положение\n    file: документы/а.pdf\n", 1
    )
    here.write_text(text, encoding="utf-8")
    assert vsoko(monkeypatch, "convert", here, "-o", folder.parent / "форма.xlsx") == 0
    assert "перенесите туда и документы" in capsys.readouterr().err


def test_a_form_under_a_name_that_says_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = folder / "форма.xlsx"
    assert vsoko(monkeypatch, "convert", CASE, "-o", form) == 0
    shutil.copy(form, folder / "без окончания")
    assert read_case_file(folder / "без окончания").content == read_case(CASE).content
