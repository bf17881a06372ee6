"""A study: the same bytes however it is run, one bad file among good ones, and nothing done twice."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.builders import as_yaml, complete_case, school_case
from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, OutputError
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.ruleset.load import load
from vsoko_rules.study.exchange import exchange
from vsoko_rules.study.parameters import parameters
from vsoko_rules.study.results import FORMER_NAMES, records
from vsoko_rules.study.rounds import open_round
from vsoko_rules.study.run import StudyCounts, run
from vsoko_rules.study.store import Store, writing
from vsoko_rules.study.summary import summarize
from vsoko_rules.study.summary_files import write_summaries

FILES = ("итоги.jsonl", "ошибки.jsonl", "исследование.json")


LATER = {"indicator", "tally", "to_do", "unmet", "without_exclusions", "elsewhere", "left_out"}
"""keys of results that 0.1 did not write"""


def without(data: Any, keys: set[str]) -> Any:
    """JSON data without some keys, wherever they stand."""
    if isinstance(data, dict):
        return {key: without(value, keys) for key, value in data.items() if key not in keys}
    return [without(value, keys) for value in data] if isinstance(data, list) else data


def study(inputs: Iterable[Path] | Path, out: Path, **more: Any) -> StudyCounts:
    paths = [inputs] if isinstance(inputs, Path) else list(inputs)
    return run(paths, out, **{"jobs": 1, "engine": EngineName.PLAIN, **more})


def written(out: Path) -> list[bytes]:
    return [(out / name).read_bytes() for name in FILES]


def exported(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "итоги.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture
def schools(tmp_path: Path) -> Path:
    """Three small schools in two districts."""
    home = tmp_path / "schools"
    for district, school in (("b", "one"), ("a", "two"), ("a", "three")):
        path = home / district / f"{school}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        case = school_case()
        case["school"]["id"] = school
        path.write_text(as_yaml(case), encoding="utf-8")
    return home


def test_any_number_of_workers_writes_the_same_bytes(region: Path, finished: Path, tmp_path: Path) -> None:
    two = study(region, tmp_path / "two", jobs=2)
    assert two.assessed == two.files == 20
    assert written(finished) == written(tmp_path / "two")


def test_results_stand_in_the_order_of_the_file_names(schools: Path, tmp_path: Path) -> None:
    study(sorted(schools.rglob("*.yml"), reverse=True), tmp_path / "out")
    assert [r["case"]["file"] for r in exported(tmp_path / "out")] == ["a/three.yml", "a/two.yml", "b/one.yml"]


def test_names_do_not_depend_on_where_the_folder_lies(schools: Path, tmp_path: Path) -> None:
    shutil.copytree(schools, tmp_path / "elsewhere" / "deep")
    study(schools, tmp_path / "first")
    study(tmp_path / "elsewhere" / "deep", tmp_path / "second")
    assert written(tmp_path / "first") == written(tmp_path / "second")
    assert str(tmp_path).encode() not in b"".join(written(tmp_path / "first"))


def test_a_file_given_twice_is_assessed_once(schools: Path, tmp_path: Path) -> None:
    assert study([schools, schools / "a" / "two.yml"], tmp_path / "out").files == 3


def test_the_output_folder_inside_the_input_is_not_read(schools: Path) -> None:
    study(schools, schools / "out")
    (schools / "out" / "stray.yml").write_text("x: 1\n", encoding="utf-8")
    assert study(schools, schools / "out").files == 3


@pytest.mark.parametrize("jobs", [1, 2])
def test_bad_files_are_listed_with_their_places_and_stop_nobody(schools: Path, tmp_path: Path, jobs: int) -> None:
    (schools / "a" / "bad.yml").write_text("school: {id: x}\ndocuments: 5\n", encoding="utf-8")
    (schools / "empty.yaml").write_text("", encoding="utf-8")
    report = study(schools, tmp_path / "out", jobs=jobs)
    assert (report.assessed, report.failed) == (3, 2)
    errors = [json.loads(line) for line in (tmp_path / "out" / "ошибки.jsonl").read_text("utf-8").splitlines()]
    assert [e["file"] for e in errors] == ["a/bad.yml", "empty.yaml"]
    assert {p["place"]["line"] for p in errors[0]["problems"]} >= {1, 2}
    assert errors[1]["problems"][0]["message"] == "файл пуст"


def test_a_mended_file_leaves_the_list_of_errors(schools: Path, tmp_path: Path) -> None:
    bad = schools / "a" / "two.yml"
    good = bad.read_text("utf-8")
    bad.write_text("oops", encoding="utf-8")
    assert study(schools, tmp_path / "out").failed == 1
    bad.write_text(good, encoding="utf-8")
    report = study(schools, tmp_path / "out")
    assert (report.assessed, report.reused, report.failed) == (1, 2, 0)
    assert (tmp_path / "out" / "ошибки.jsonl").read_bytes() == b""
    study(schools, tmp_path / "clean")
    assert written(tmp_path / "out") == written(tmp_path / "clean")


def test_a_second_run_does_only_what_changed(schools: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    study(schools, out)
    assert study(schools, out).reused == 3
    changed = complete_case()
    changed["school"]["id"] = "two"
    (schools / "a" / "two.yml").write_text(as_yaml(changed), encoding="utf-8")
    (schools / "b" / "one.yml").rename(schools / "b" / "renamed.yml")
    (schools / "a" / "three.yml").unlink()
    report = study(schools, out)
    assert (report.files, report.assessed, report.reused) == (2, 2, 0)
    study(schools, tmp_path / "clean")
    assert written(out) == written(tmp_path / "clean")


def test_a_school_that_was_removed_leaves_its_results(schools: Path, tmp_path: Path) -> None:
    """Every reader: the records, the summary, a round to compare with, and its page."""
    out = tmp_path / "out"
    study(schools, out, reports=True)
    gone = next(r["study"] for r in records(out) if r["school"]["id"] == "two")
    assert (out / "отчёты" / gone["report"]).is_file()
    (schools / "a" / "two.yml").unlink()
    report = study(schools, out, reports=True)
    assert (report.files, report.assessed, report.reused) == (2, 0, 2)
    left = ["three", "one"]
    assert [r["study"]["school"] for r in records(out)] == [r["study"]["school"] for r in exported(out)] == left
    assert summarize(out)[0]["region"]["schools"] == 2
    assert sorted(school for school, _ in open_round(out).keys) == sorted(left)
    assert sorted(p.name for p in (out / "отчёты").iterdir()) == sorted(r["study"]["report"] for r in records(out))


def test_another_ruleset_does_everything_again(schools: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    study(schools, out)
    assert study(schools, out, rulesets=["bashkortostan-2022"]).reused == 3
    assert study(schools, out, rulesets=["bashkortostan-2022", "tver-2022"]).assessed == 3
    assert len(exported(out)) == 6
    assert study(schools, out, rulesets=["bashkortostan-2022", "tver-2022"]).reused == 3


def test_the_export_says_what_the_store_holds(schools: Path, tmp_path: Path) -> None:
    study(schools, tmp_path / "out", rulesets=["bashkortostan-2022", "tver-2022"], reports=True)
    assert exported(tmp_path / "out") == json.loads(json.dumps(list(records(tmp_path / "out"))))


def test_a_touched_export_is_written_anew(schools: Path, tmp_path: Path) -> None:
    study(schools, tmp_path / "out")
    before = written(tmp_path / "out")
    (tmp_path / "out" / "итоги.jsonl").write_bytes(b"garbage")
    assert study(schools, tmp_path / "out").reused == 3
    assert written(tmp_path / "out") == before


def test_every_school_has_its_own_page(schools: Path, tmp_path: Path) -> None:
    """Two files of one school, and ids that differ only in case, never share a page."""
    twin = school_case()
    twin["school"]["id"] = "two"
    (schools / "two.yml").write_text(as_yaml(twin), encoding="utf-8")
    twin["school"]["id"] = "TWO"
    (schools / "b" / "upper.yml").write_text(as_yaml(twin), encoding="utf-8")
    report = study(schools, tmp_path / "out", reports=True)
    pages = sorted(p.name.casefold() for p in (tmp_path / "out" / "отчёты").iterdir())
    assert len(set(pages)) == report.assessed == 5
    named = {r["study"]["report"].casefold() for r in records(tmp_path / "out")}
    assert named == set(pages)


def test_a_second_file_of_a_school_is_an_error_that_stops_nobody(schools: Path, tmp_path: Path) -> None:
    """One message for each file but the first, whether the files were assessed now or taken over; another year is no
    repetition."""
    twin = school_case()
    twin["school"]["id"] = "two"
    for name in ("b/again.yml", "c.yml"):
        (schools / name).write_text(as_yaml(twin), encoding="utf-8")
    twin["study"] |= {"year": 2023, "to": "2023-10-31"}
    (schools / "later.yml").write_text(as_yaml(twin), encoding="utf-8")
    for reused in (0, 6):
        report = study(schools, tmp_path / "out")
        assert (report.reused, report.failed) == (reused, 2)
        errors = [json.loads(line) for line in (tmp_path / "out" / "ошибки.jsonl").read_text("utf-8").splitlines()]
        assert [error["file"] for error in errors] == ["b/again.yml", "c.yml"]
        assert all("уже описана в файле a/two.yml" in error["problems"][0]["message"] for error in errors)
    assert len(exported(tmp_path / "out")) == 6


def test_what_an_earlier_version_left_is_read_and_written_over(schools: Path, tmp_path: Path) -> None:
    """0.1 wrote the same lines and words under English names, and no file of results."""
    study(schools, tmp_path / "out", reports=True)
    write_summaries(tmp_path / "out")
    before = list(records(tmp_path / "out"))
    (tmp_path / "out" / "study.sqlite").unlink()
    for former, name in FORMER_NAMES.items():
        if (tmp_path / "out" / name).exists():
            (tmp_path / "out" / name).rename(tmp_path / "out" / former)
    assert list(records(tmp_path / "out")) == json.loads(json.dumps(before))
    lines = [json.dumps({**without(record, LATER), "schema": 1}) for record in before]
    (tmp_path / "out" / "results.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert [record["tally"]["total"] for record in records(tmp_path / "out")] == [19, 19, 19]
    assert exchange(records(tmp_path / "out"), parameters().exchange) == exchange(before, parameters().exchange)
    assert summarize(tmp_path / "out")[0]["region"]["schools"] == 3
    assert len(open_round(tmp_path / "out").keys) == 3
    study(schools, tmp_path / "out", reports=True)
    write_summaries(tmp_path / "out")
    assert not {path.name for path in (tmp_path / "out").iterdir()} & FORMER_NAMES.keys()
    (tmp_path / "out" / "study.sqlite").unlink()
    (tmp_path / "out" / "итоги.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="не читается как JSON"):
        summarize(tmp_path / "out")


def test_pages_that_were_not_asked_for_before_are_written_now(schools: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    study(schools, out)
    assert study(schools, out, reports=True).assessed == 3
    assert study(schools, out, reports=True).reused == 3
    next((out / "отчёты").iterdir()).unlink()
    assert study(schools, out, reports=True).assessed == 1
    assert study(schools, out).reused == 3
    study(schools, tmp_path / "clean")
    assert written(out) == written(tmp_path / "clean")


def test_progress_counts_every_file(schools: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    study(schools, tmp_path / "out", progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_nothing_to_assess_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="нет ни одного файла школы"):
        study(tmp_path, tmp_path / "out")
    with pytest.raises(InputError, match="нет такого файла"):
        study(tmp_path / "nowhere", tmp_path / "out")


def test_a_study_of_the_wrong_folder_leaves_the_results_of_the_right_one(schools: Path, tmp_path: Path) -> None:
    study(schools, tmp_path / "out")
    before = written(tmp_path / "out")
    wrong = tmp_path / "документы"
    wrong.mkdir()
    (wrong / "перечень.yml").write_text("oops", encoding="utf-8")
    with pytest.raises(InputError, match="не прочитано ни одной школы"):
        study(wrong, tmp_path / "out")
    assert written(tmp_path / "out") == before
    assert study(schools, tmp_path / "out").reused == 3


def test_results_do_not_go_among_the_schools(schools: Path) -> None:
    before = sorted(schools.rglob("*"))
    with pytest.raises(InputError, match="в ту же папку"):
        study(schools, schools.parent / "." / schools.name)
    assert sorted(schools.rglob("*")) == before


def test_two_studies_cannot_write_into_one_folder(schools: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Store(out), pytest.raises(OutputError, match="уже пишет другое исследование") as caught:
        study(schools, out)
    assert len(caught.value.problems) == 1
    assert study(schools, out).assessed == 3


def test_a_file_in_place_of_the_folder_is_one_clear_message(schools: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("busy", encoding="utf-8")
    with pytest.raises(OutputError, match="результат не записывается") as caught:
        study(schools, tmp_path / "out")
    assert len(caught.value.problems) == 1


def test_nothing_but_the_results_is_left_behind(schools: Path, tmp_path: Path) -> None:
    study(schools, tmp_path / "out")
    study(schools, tmp_path / "out")
    left = {p.name for p in (tmp_path / "out").iterdir()} - {".study.lock"}
    assert left == {*FILES, "study.sqlite"}


@pytest.mark.parametrize(
    ("number", "reason", "hint"),
    [
        (errno.ENOSPC, "на диске не осталось места", "Готовое сохранено"),
        (errno.EROFS, "диск доступен только для чтения", "Укажите папку, в которую можно писать"),
        (errno.EACCES, "нет прав на запись", "Укажите папку, в которую можно писать"),
    ],
)
def test_what_the_system_refuses_is_said_in_russian(tmp_path: Path, number: int, reason: str, hint: str) -> None:
    with pytest.raises(OutputError, match=reason) as caught, writing(tmp_path):
        raise OSError(number, "No such luck")
    assert hint in str(caught.value)
    assert "No such luck" not in str(caught.value)


def test_a_form_is_studied_beside_yaml(schools: Path, tmp_path: Path) -> None:
    form = schools / "a" / "two.xlsx"
    form.write_bytes(write_form(load("bashkortostan-2022"), case=read_case(schools / "a" / "two.yml").content))
    (schools / "a" / "two.yml").unlink()
    assert study(schools, tmp_path / "out").assessed == 3
    files = [record["study"]["file"] for record in records(tmp_path / "out")]
    assert files == ["a/three.yml", "a/two.xlsx", "b/one.yml"]
    assert study(schools, tmp_path / "out").reused == 3
