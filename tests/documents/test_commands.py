"""The commands that write documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents.reading import word_text
from tests.report.pages import CASES
from vsoko_rules.cli.document_commands import letters, protocol, report
from vsoko_rules.errors import ExitCode, InputError

CASE = CASES / "razryv-mezhdu-otchetami.yml"
"""of which a plan is made quickly"""


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_page_by_default(tmp_path: Path) -> None:
    assert report(CASE, tmp_path) == ExitCode.COMPLETE
    assert _names(tmp_path) == {"sos-002.html"}


def test_formats_repeat_or_stand_in_a_list(tmp_path: Path) -> None:
    folder = tmp_path / "Отчёты за 2022 год"
    report(CASE, folder, ["docx, xlsx", "md", "docx"])
    assert _names(folder) == {"sos-002.docx", "sos-002.xlsx", "sos-002.md"}


def test_names_tell_the_reader(tmp_path: Path) -> None:
    for reader in ("expert", "school", "methodist"):
        report(CASE, tmp_path, ["html,docx"], reader)
    assert len(_names(tmp_path)) == 6


def test_two_rulesets_never_overwrite_each_other(tmp_path: Path) -> None:
    report(CASE, tmp_path, ["md", "html"], ruleset=["bashkortostan-2022", "tver-2022"])
    assert _names(tmp_path) == {"sos-002-bashkortostan-2022.md", "sos-002-tver-2022.md", "sos-002.html"}


@pytest.mark.parametrize(
    ("formats", "reader", "template", "message"),
    [
        (["doc"], None, None, "нет такого вида отчёта"),
        ([","], None, None, "нет такого вида отчёта"),
        (["html"], "parent", None, "нет такого читателя"),
        (["xlsx"], "school", None, "этот вид отчёта один для всех"),
        (["html"], None, Path("a.docx"), "шаблон не подходит к виду отчёта"),
        (["docx"], None, Path("templates"), "шаблон не подходит к виду отчёта"),
    ],
)
def test_what_cannot_be_asked_for(
    formats: list[str], reader: str | None, template: Path | None, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message):
        report(CASE, tmp_path, formats, reader, template=template)
    assert not _names(tmp_path)


@pytest.mark.parametrize(("formats", "reader"), [(["xlsx"], None), (["docx"], "school")])
def test_where_there_is_no_appendix(formats: list[str], reader: str | None, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="нет"):
        report(CASE, tmp_path, formats, reader, appendix=True)
    assert not _names(tmp_path)


def test_letters_to_many_schools(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "плохой.yml").write_text("school: 1", encoding="utf-8")
    folder = tmp_path / "письма"
    cases = [CASE, tmp_path / "плохой.yml", CASES / "preduprezhdeniya.yml", CASE]
    assert letters(cases, folder) == ExitCode.BAD_INPUT
    assert len(_names(folder)) == 3
    assert "плохой.yml" in capsys.readouterr().err


def test_a_protocol_of_cases(tmp_path: Path) -> None:
    path = tmp_path / "Протоколы" / "Выписка № 1.docx"
    assert protocol([CASE, CASES / "preduprezhdeniya.yml"], path) == ExitCode.COMPLETE
    text = word_text(path.read_bytes())
    assert "из 2 школ" in text
    assert "с 01.09.2021 по 31.10.2022" in text
