"""`vsoko intake` as it is typed: on the shipped folder of an invented school, answered by somebody who knows it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from intake_decisions import outcomes
from knowing_person import Person, truth_of
from vsoko_rules import assess, open_case
from vsoko_rules.resources import shipped
from vsoko_rules.workspace.opening import open_ruleset

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "school_folder.py"
PERIOD = ("--levels", "НОО,ООО,СОО", "--from", "2021-09-01", "--to", "31.10.2022")


def vsoko(*arguments: object, at: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vsoko_rules", *map(str, arguments)]
    return subprocess.run(command, cwd=at, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The true case of the shipped folder."""
    at = tmp_path_factory.mktemp("truth")
    command = [sys.executable, str(TOOL), str(at / "папка"), "--truth", str(at / "truth.yml"), "--small"]
    subprocess.run(command, check=True, capture_output=True)
    return at / "truth.yml"


@pytest.fixture(scope="module")
def walked(truth: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], int]:
    """The folder taken in and answered until nothing is asked: where it lies, what was printed, cells answered."""
    at = tmp_path_factory.mktemp("walked")
    shutil.copytree(shipped("cases") / "papka-shkoly", at / "школа")
    counts = yaml.safe_load(truth.read_text(encoding="utf-8"))["school"]["counts"]
    first = vsoko("intake", "школа", *PERIOD, at=at)
    assert first.returncode == 1, first.stderr
    draft = at / "школа.yml"
    text = draft.read_text(encoding="utf-8").replace("levels: [", f"counts: {json.dumps(counts)}, levels: [", 1)
    draft.write_text(text, encoding="utf-8")
    told, filled = [first.stdout], 0
    for _ in range(4):
        person = Person(truth_of(truth), open_case(draft).content, open_ruleset(), "школа/")
        filled += person.fill(at / "школа.подтверждение.xlsx")
        again = vsoko("intake", "школа", at=at)
        assert again.returncode in (0, 1), again.stderr
        told.append(again.stdout)
        if again.returncode == 0:
            return at, told, filled
    raise AssertionError(told[-1])


def test_the_summary_says_what_was_read_and_where_to_begin(walked: tuple[Path, list[str], int]) -> None:
    _, told, _ = walked
    for words in ("файлов:", "прочитано:", "предложено программой:", "Ждут ответа человека:", "Сначала"):
        assert words in told[0]
    assert "Всё отвечено" in told[-1]


def test_the_confirmed_case_comes_out_as_the_truth(walked: tuple[Path, list[str], int], truth: Path) -> None:
    at, _, _ = walked
    ours, true = (outcomes(assess(open_case(path), open_ruleset())) for path in (at / "школа.yml", truth))
    assert ours == true


def test_it_takes_fewer_decisions_than_there_are_cells_to_type(
    walked: tuple[Path, list[str], int], truth: Path
) -> None:
    """Typed into the form, a document takes about seven cells: title, kind, number, date, element, contents, ground."""
    _, _, filled = walked
    assert filled <= 4 * len(truth_of(truth).documents)


def test_a_draft_is_checked_within_bounds(truth: Path, tmp_path: Path) -> None:
    shutil.copytree(shipped("cases") / "papka-shkoly", tmp_path / "школа")
    taken = vsoko("intake", "школа", *PERIOD, "-o", "сводка.json", at=tmp_path)
    assert taken.returncode == 1, taken.stderr
    (summary,) = json.loads((tmp_path / "сводка.json").read_text(encoding="utf-8"))["results"]
    assert summary["claims"]["confirmed"] == 0
    assert summary["claims"]["proposed"] > 50
    assert [q for q in summary["questions"] if q["quote"]]
    checked = vsoko("check", "школа.yml", at=tmp_path)
    assert checked.returncode == 1
    assert "от «не сформирована» до «сформирована»" in checked.stdout
    draft = assess(open_case(tmp_path / "школа.yml"), open_ruleset())
    true = assess(open_case(truth), open_ruleset())
    assert draft.cycle.low <= true.cycle.points <= draft.cycle.high


def test_an_archive_is_taken_as_its_folder(tmp_path: Path) -> None:
    folder = shipped("cases") / "papka-shkoly" / "Общие"
    with zipfile.ZipFile(tmp_path / "школа.zip", "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"Общие/{path.name}")
    taken = vsoko("intake", "школа.zip", *PERIOD, "--json", at=tmp_path)
    assert taken.returncode == 1, taken.stderr
    assert json.loads(taken.stdout)["results"][0]["files"] == len(list(folder.iterdir()))
    case = open_case(tmp_path / "школа.yml")
    assert all(case.files[str(d.file)].published for d in case.content.documents)
    assert {str(d.file).partition("/")[0] for d in case.content.documents} == {"школа.zip"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["нет"], "такого файла или папки нет"),
        (["пусто"], "здесь нет ни одного документа"),
        (["школа", "-o", "пусто/школа.yml"], "файлы школы вне папки её черновика"),
        (["школа", "--from", "вчера"], "--from: дата не подходит"),
        (["школа", "--levels", "ДОУ"], "нет такого уровня образования"),
        (["школа", "-o", "школа.docx"], "имя файла с окончанием"),
        (["школа", "--confirm", "нет.xlsx"], "файла нет"),
    ],
)
def test_what_cannot_be_taken_in_is_one_message(arguments: Sequence[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "пусто").mkdir()
    (tmp_path / "школа").mkdir()
    (tmp_path / "школа" / "приказ.txt").write_text("ПРИКАЗ\n№ 12-од от 14.02.2022\nО мониторинге", encoding="utf-8")
    done = vsoko("intake", *arguments, at=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""
    assert sorted(p.name for p in tmp_path.iterdir()) == ["пусто", "школа"], "nothing was written"
