"""Experts differ, decide together, and what they decided stands in the files of each: all of it or nothing."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.builders import Data, complete_case, document
from vsoko_rules.errors import ExitCode, InputError, LostUpdate, OutputError
from vsoko_rules.workspace.editing import Rewrite, rewrite_all
from vsoko_rules.workspace.opening import open_case
from vsoko_rules.workspace.reconciling import Written, agree, read_decisions, write_decisions
from vsoko_rules.workspace.stored import convert
from vsoko_rules.writing.files import write
from vsoko_rules.writing.yaml_text import as_text

FIRST = "Эксперт № 1, 5 лет"
"""a name that is read back to the letter, though spaces in it are such as no line breaks at in print"""
DECIDED: dict[str, Any] = {"Итог": "выполнено", "Почему": "Дата стоит на титуле", "Дата решения": date(2022, 11, 15)}


def stored(folder: Path, name: str, case: Data) -> Path:
    """An expert's folder with one case in it, a comment in the file."""
    case["filled_by"] = {"role": "expert", "name": name, "date": "2022-10-20"}
    folder.mkdir()
    (folder / "school.yml").write_text("# Смотрели на сайте\n" + as_text(case), encoding="utf-8")
    return folder


def differing() -> tuple[Data, Data]:
    """Of one school the experts differ on two documents and on a mark."""
    mine = complete_case(["B1"])
    mine["indicators"] = {"B1-I01": {"mark": 1, "documents": []}}
    other = copy.deepcopy(mine)
    del document(other, "B1-A01")["date"]
    other["indicators"]["B1-I01"]["mark"] = 0
    document(other, "B1-P01")["holds"] = []
    return mine, other


@pytest.fixture
def experts(tmp_path: Path) -> list[Path]:
    mine, other = differing()
    return [stored(tmp_path / "a", FIRST, mine), stored(tmp_path / "b", "Петров", other)]


def decided(experts: Sequence[Path], form: Path, rows: int, answers: dict[str, Any] | None = None) -> Path:
    """The form of reconciliation with its first rows filled in as somebody would."""
    agree(experts, form=form)
    book = load_workbook(form)
    sheet = book["Разногласия"]
    heads = {cell.value: number for number, cell in enumerate(sheet[1], 1)}
    for row in range(2, rows + 2):
        for title, value in (DECIDED | (answers or {})).items():
            sheet.cell(row, heads[title]).value = value
    book.save(form)
    return form


def told(written: Written) -> str:
    return written.text().replace("\n", " ")


def test_decisions_stand_in_both_files_and_nothing_is_left_to_settle(experts: list[Path], tmp_path: Path) -> None:
    before = {path: path.read_bytes() for folder in experts for path in folder.iterdir()}
    measured = agree(experts).results[0]
    written = write_decisions(experts, decided(experts, tmp_path / "f.xlsx", 3))
    assert "Разногласий было 3, осталось 0." in told(written)
    assert written.exit_code is ExitCode.COMPLETE
    assert written.results[0]["disputes"] == {"before": 3, "after": 0}
    assert "Расхождения: 3, осталось решить: 0" in written.page()
    assert written.page().count("Решено вместе.") == 3
    for path, old in before.items():
        assert path.with_name("school.yml.bak").read_bytes() == old
        assert path.read_text("utf-8").startswith("# Смотрели на сайте\n")
        overrides = open_case(path).content.overrides
        assert {o.of for o in overrides} == {"B1-A01", "B1-P01", "B1-I01"}
        assert {(o.by, o.outcome) for o in overrides} == {(f"{FIRST}, Петров", "met")}
    again = agree(experts)
    assert again.exit_code is ExitCode.COMPLETE
    (now,) = again.results
    for part in ("stated", "outcomes"):
        assert now[part] == measured[part], "what was decided together is no agreement of opinions formed apart"


def test_what_an_expert_decided_alone_gives_way_and_stays_in_the_copy(experts: list[Path], tmp_path: Path) -> None:
    _, other = differing()
    alone = {"of": "B1-P01", "outcome": "missing", "by": "Петров", "date": "2022-10-20", "comment": "Не открылся"}
    both = [experts[0], stored(tmp_path / "c", "Петров", other | {"overrides": [alone]})]
    assert not write_decisions(both, decided(both, tmp_path / "f.xlsx", 3)).after.open
    assert {o.by for o in open_case(both[1] / "school.yml").content.overrides} == {f"{FIRST}, Петров"}
    assert "Не открылся" in (both[1] / "school.yml.bak").read_text("utf-8")


def test_writing_again_changes_nothing(experts: list[Path], tmp_path: Path) -> None:
    form = decided(experts, tmp_path / "f.xlsx", 2)
    assert write_decisions(experts, form).exit_code is ExitCode.GAPS
    files = {path: path.read_bytes() for folder in experts for path in folder.iterdir()}
    again = write_decisions(experts, form)
    assert not again.copies
    assert "уже внесены" in told(again)
    assert "Разногласий было 3, осталось 1." in told(again)
    assert {path: path.read_bytes() for folder in experts for path in folder.iterdir()} == files


def test_a_form_that_a_school_fills_takes_decisions_too(experts: list[Path], tmp_path: Path) -> None:
    convert(experts[0] / "school.yml", tmp_path / "own" / "school.xlsx")
    both = [tmp_path / "own", experts[1]]
    content = open_case(tmp_path / "own" / "school.xlsx").content
    written = write_decisions(both, decided(both, tmp_path / "f.xlsx", 3))
    assert not written.after.open
    now = open_case(tmp_path / "own" / "school.xlsx").content
    assert len(now.overrides) == 3
    assert now.model_copy(update={"overrides": ()}) == content


def test_three_experts_decide_together(experts: list[Path], tmp_path: Path) -> None:
    three = [*experts, stored(tmp_path / "c", "Сидорова", differing()[0])]
    report = agree(three)
    assert [len(d["opinions"]) for d in report.results[0]["disputes"]] == [3, 3, 3]
    row = report.results[0]["stated"]["marks"][-1]
    assert "kappa" not in row
    assert row["alpha"]["reading"] == "unreliable"
    assert "κ\u00a0Коэна определён только для двух экспертов" in report.text()
    written = write_decisions(three, decided(three, tmp_path / "f.xlsx", 3))
    assert (len(written.copies), written.after.open) == (3, [])


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"Код школы": "another"}, "такой школы нет среди файлов экспертов"),
        ({"Год исследования": 2021}, "такой школы нет среди файлов экспертов"),
        ({"О чём решение": "B1-A77"}, "нет такого элемента или показателя"),
        ({"О чём решение": "B1-A01"}, "решение повторяется"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_written(
    experts: list[Path], tmp_path: Path, answers: dict[str, Any], message: str
) -> None:
    form = decided(experts, tmp_path / "f.xlsx", 2, answers)
    with pytest.raises(InputError, match=message) as caught:
        write_decisions(experts, form)
    assert "лист «Разногласия», ячейка " in str(caught.value)
    assert [path.name for folder in experts for path in folder.iterdir()] == ["school.yml"] * 2


def test_a_form_that_an_older_version_wrote_is_read(experts: list[Path], tmp_path: Path) -> None:
    form = decided(experts, tmp_path / "f.xlsx", 3, {"Итог": "есть, но не засчитано"})
    book = load_workbook(form)
    sheet, named = book["Разногласия"], book["Эксперты"]
    heads = {cell.value: cell for cell in sheet[1]}
    former = {"Итог": "Общее решение", "Почему": "Почему так решили", "О чём решение": "Код"}
    for title, old in former.items():
        heads[title].value = old
    sheet.delete_cols([cell.value for cell in sheet[1]].index("Год исследования") + 1)
    named["A2"], named["A3"] = "Первый эксперт", "Второй эксперт"
    book.save(form)
    written = write_decisions(experts, form)
    assert not written.after.open
    assert {d.override.outcome for d in written.filled.decisions} == {"partial"}


def test_a_table_of_another_format_is_refused(experts: list[Path], tmp_path: Path) -> None:
    """It is read as a case, and what is not kept in it would be lost."""
    convert(experts[0] / "school.yml", tmp_path / "own" / "school.xlsx")
    (tmp_path / "own" / "school.xlsx").rename(tmp_path / "own" / "school.ods")
    both = [tmp_path / "own", experts[1]]
    with pytest.raises(InputError, match=r"решения не записываются в такой файл; найдено: «\.ods»; ожидалось: \.xlsx"):
        write_decisions(both, decided(both, tmp_path / "f.xlsx", 3))
    assert [path.name for path in experts[1].iterdir()] == ["school.yml"]


def test_a_form_for_other_experts_is_refused(experts: list[Path], tmp_path: Path) -> None:
    form = decided(experts, tmp_path / "f.xlsx", 3)
    third = stored(tmp_path / "c", "Сидорова", differing()[0])
    with pytest.raises(InputError, match="лист составлен для других экспертов"):
        write_decisions([experts[0], third], form)


def test_where_one_file_cannot_be_written_none_is(
    experts: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = {path: path.read_bytes() for folder in experts for path in folder.iterdir()}
    form = decided(experts, tmp_path / "f.xlsx", 3)
    full = str(experts[1])

    def refusing(path: Path, content: bytes) -> None:
        if str(path).startswith(full):
            raise OutputError([])
        write(path, content)

    monkeypatch.setattr("vsoko_rules.workspace.editing.write", refusing)
    with pytest.raises(OutputError):
        write_decisions(experts, form)
    assert {path: path.read_bytes() for folder in experts for path in folder.iterdir()} == files


def test_a_file_that_somebody_changed_meanwhile_is_left_alone(experts: list[Path]) -> None:
    path = experts[0] / "school.yml"
    with pytest.raises(LostUpdate):
        rewrite_all([Rewrite(path, "another", b"")])
    assert [p.name for p in experts[0].iterdir()] == ["school.yml"]


def test_a_form_that_somebody_began_to_fill_in_is_not_written_over(experts: list[Path], tmp_path: Path) -> None:
    form = tmp_path / "f.xlsx"
    agree(experts, form=form)
    untouched = form.read_bytes()
    agree(experts, form=form)
    assert form.read_bytes() == untouched
    for answers in ({}, {"Почему": None}):
        form.unlink()
        begun = decided(experts, form, 1, answers).read_bytes()
        with pytest.raises(OutputError, match="такой файл уже есть, и в нём могут быть решения"):
            agree(experts, form=form)
        assert form.read_bytes() == begun


def test_decisions_can_still_be_had_as_files_of_their_own(experts: list[Path], tmp_path: Path) -> None:
    filled = read_decisions(decided(experts, tmp_path / "f.xlsx", 3), tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["sosna-1.overrides.yml"]
    assert filled.open == 0


def test_documents_of_a_dispute_open_with_a_click(tmp_path: Path) -> None:
    """An address opens itself, a file by a path from the workbook, several documents where they are listed."""
    mine, other = differing()
    url = "https://school.example/analiz.pdf"
    document(mine, "B1-A01")["url"] = document(other, "B1-A01")["url"] = url
    document(mine, "B1-P01").pop("url")
    document(mine, "B1-P01")["file"] = "файлы/план.pdf"
    both = [stored(tmp_path / "a", "Иванова", mine), stored(tmp_path / "b", "Петров", other)]
    form = tmp_path / "forms" / "f.xlsx"
    agree(both, form=form)
    book = load_workbook(form)
    rows = {row[3].value: row for row in book["Разногласия"].iter_rows(min_row=2)}
    heads = [cell.value for cell in book["Разногласия"][1]]
    links = {code: row[heads.index("Открыть")].hyperlink for code, row in rows.items()}
    assert links["B1-A01"] is not None
    assert links["B1-A01"].target == url
    assert links["B1-P01"] is not None
    assert str(links["B1-P01"].location).replace("'", "").startswith("Документы!A")
    opened = [cell.hyperlink.target for row in book["Документы"] for cell in row if cell.hyperlink]
    assert {str(target).replace("\\", "/") for target in opened} > {url, "../a/файлы/план.pdf"}
