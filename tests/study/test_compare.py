"""Two rounds of one school: what was mended, what is new, and what only the rules changed."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Data, add_copy, as_yaml, complete_case, document, without_document
from tests.study.test_batch import study
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError
from vsoko_rules.ruleset.load import load
from vsoko_rules.study.compare import GROUPS, compare, trend
from vsoko_rules.study.pages import page, ruleset_words, text
from vsoko_rules.study.rounds import open_round
from vsoko_rules.study.run import run

RULES = """id: strict
version: '1'
title: Строже
extends: bashkortostan-2022
elements:
  - {id: B1-A01, requires: {statistics: seed}}
"""


def case_file(folder: Path, name: str, case: Data) -> Path:
    path = folder / name / "school.yml"
    path.parent.mkdir()
    path.write_text(as_yaml(case), encoding="utf-8")
    return path


def changes(old: Path, new: Path, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = compare(open_round(old), open_round(new), **more)["changes"][0]
    return found


def prints(found: dict[str, Any], group: str) -> list[str]:
    return [f["fingerprint"] for f in found["findings"][group]]


def test_mended_new_and_unchanged(tmp_path: Path) -> None:
    whole = complete_case(["B1", "B2"])
    old = without_document(without_document(whole, document(whole, "B1-A01")["id"]), document(whole, "B2-M01")["id"])
    new = without_document(without_document(whole, document(whole, "B2-M01")["id"]), document(whole, "B1-P01")["id"])
    found = changes(case_file(tmp_path, "old", old), case_file(tmp_path, "new", new))
    assert "break:B1-A01:no_document" in prints(found, "mended")
    assert "break:B1-P01:no_document" in prints(found, "new")
    assert "break:B2-M01:no_document" in prints(found, "unchanged")
    assert not any(found["findings"][group] for group in GROUPS[3:])
    assert len(found["lines"]["further"]) == 4


def test_a_confirmed_link_whose_ground_changed_is_listed(tmp_path: Path) -> None:
    old = complete_case(["B1", "B2"])
    ground, later = document(old, "B1-A01"), document(old, "B1-RC01")
    ground["number"] = "12-од"
    later["evidence"] = [{"claim": f"based_on {ground['id']}", "seen": {"number": "12-од"}}]
    new = copy.deepcopy(old)
    document(new, "B1-A01")["number"] = "14-од"
    before, after = open_round(case_file(tmp_path, "old", old)), open_round(case_file(tmp_path, "new", new))
    found = compare(before, after)
    assert found["suspect"] == 1
    (suspect,) = found["changes"][0]["suspect"]
    assert suspect["changes"] == [{"what": "number", "was": "12-од", "now": "14-од"}]
    assert compare(after, after)["suspect"] == 0
    claim = f"проверить заново: {later['id']}, «based_on {ground['id']}»"
    titles = ruleset_words(load("bashkortostan-2022"))
    assert claim in text("compare", c=found, titles=titles, groups=GROUPS, trend=None)


def test_what_became_worse_is_told_and_a_break_that_moved_on_is_not(tmp_path: Path) -> None:
    """A line that now breaks further along has a new finding and is no worse; a document outside the lines is one."""
    whole = complete_case(["B1"])
    without = without_document(whole, document(whole, "B1-A01")["id"])
    further = without_document(whole, document(whole, "B1-P01")["id"])
    bare = without_document(whole, document(whole, "B1-E01")["id"])
    files = {n: case_file(tmp_path, n, c) for n, c in (("a", without), ("b", further), ("c", whole), ("d", bare))}
    assert changes(files["c"], files["d"])["worse"] == {"lines": [], "elements": ["B1-E01"]}
    decided = [{"of": "B1-E01", "outcome": "partial", "by": "Эксперт", "date": "2022-10-20", "comment": "Часть есть"}]
    in_part = case_file(tmp_path, "e", {**whole, "overrides": decided})
    assert changes(files["c"], in_part)["worse"]["elements"] == ["B1-E01"]
    assert changes(in_part, files["d"])["worse"]["elements"] == ["B1-E01"], "part of it is more than nothing"
    better = changes(files["a"], files["b"])
    assert better["findings"]["new"]
    assert better["worse"]["lines"] == []
    assert len(changes(files["b"], files["a"])["worse"]["lines"]) == 4
    assert len(changes(files["c"], files["a"])["worse"]["lines"]) == 4


def test_titles_dates_and_places_do_not_matter(tmp_path: Path) -> None:
    """The same faults in a file where everything was renamed, re-dated, re-ordered and moved."""
    whole = complete_case(["B1"])
    old = without_document(whole, document(whole, "B1-A01")["id"])
    document(old, "B1-M02")["holds"] = []
    new = copy.deepcopy(old)
    new["documents"].reverse()
    for n, each in enumerate(new["documents"]):
        each["title"] = f"Новое название {n}"
        each["date"] = f"{int(each['date'][:4]) + 1}{each['date'][4:]}"
        each["page"] = n
    new["study"] = {"year": 2023, "from": "2022-01-01", "to": "2023-12-31"}
    found = changes(case_file(tmp_path, "old", old), case_file(tmp_path, "new", new))
    assert found["years"] == [2022, 2023]
    assert not any(found["findings"][group] for group in GROUPS if group != "unchanged")
    assert found["findings"]["unchanged"]


def test_alike_findings_are_counted_not_only_matched(tmp_path: Path) -> None:
    """Two lines that break at one element over different documents are two findings of one fingerprint."""
    new = complete_case(["B1"])
    add_copy(new, "B1-M01", "second", holds=[])
    found = changes(case_file(tmp_path, "old", complete_case(["B1"])), case_file(tmp_path, "new", new))
    assert found["findings"]["mended"] == []


@pytest.fixture
def strict(tmp_path: Path) -> Path:
    home = tmp_path / "strict"
    home.mkdir()
    (home / "ruleset.yml").write_text(RULES, encoding="utf-8")
    load(str(home))
    return home


def rounds(tmp_path: Path, strict: Path) -> tuple[Path, Path, Path]:
    """The same school twice; the second time its analysis falls under a stricter ruleset, and its order is gone."""
    whole = complete_case(["B1"])
    document(whole, "B1-A01")["holds"] = [h for h in document(whole, "B1-A01")["holds"] if h != "statistics"]
    old = without_document(whole, document(whole, "B1-M01")["id"])
    case_file(tmp_path, "old", old)
    case_file(tmp_path, "new", whole)
    run([tmp_path / "old"], tmp_path / "first", rulesets=["bashkortostan-2022"], jobs=1, engine=EngineName.PLAIN)
    run([tmp_path / "new"], tmp_path / "second", rulesets=[str(strict)], jobs=1, engine=EngineName.PLAIN)
    for folder in ("first", "second"):
        path = tmp_path / folder / "итоги.jsonl"
        data = json.loads(path.read_text("utf-8"))
        data["ruleset"]["id"] = "same"
        path.write_text(json.dumps(data, ensure_ascii=False) + "\n", encoding="utf-8")
    return tmp_path / "first" / "итоги.jsonl", tmp_path / "second" / "итоги.jsonl", tmp_path / "old"


def test_what_the_rules_changed_is_told_apart_when_the_old_case_is_at_hand(tmp_path: Path, strict: Path) -> None:
    first, second, cases = rounds(tmp_path, strict)
    result = compare(open_round(first, cases=cases), open_round(second), str(strict))
    found = result["changes"][0]
    assert (result["rules_changed"], result["unclear"]) == (1, 0)
    assert "break:B1-A01:requirements" in prints(found, "rules_came")
    assert "break:B1-M01:no_document" in prints(found, "mended")
    assert not found["findings"]["new"]


def test_what_the_rules_changed_is_called_unclear_when_it_is_not(tmp_path: Path, strict: Path) -> None:
    first, second, cases = rounds(tmp_path, strict)
    for without in (open_round(first), open_round(first, cases=cases)):
        if without.case(without.record(next(iter(without.keys)))) is not None:
            (cases / "school.yml").write_text(as_yaml(complete_case([])), encoding="utf-8")
        result = compare(without, open_round(second), str(strict))
        found = result["changes"][0]
        assert result["unclear"] == 1
        assert "break:B1-A01:requirements" in prints(found, "unclear_came")
        assert not found["findings"]["mended"]
        assert not found["findings"]["new"]


def test_a_region_is_compared_school_by_school(finished: Path, tmp_path: Path) -> None:
    from region import write_region

    write_region(tmp_path / "later", 15, seed=11, round_=2)
    study(tmp_path / "later", tmp_path / "two")
    old, new = open_round(finished), open_round(tmp_path / "two")
    found = compare(old, new)
    assert found["schools"] == 15
    assert len(found["disappeared"]) == 5
    assert sum(t["n"] for t in found["levels"]) == 15
    assert found["findings"]["unchanged"] > found["findings"]["new"]
    course = trend([old, new, old])
    assert course["schools"] == 15
    assert course["rounds"][0]["levels"] == course["rounds"][2]["levels"]
    words = {
        "c": found,
        "trend": course,
        "groups": GROUPS,
        "version": "0",
        "titles": ruleset_words(load("bashkortostan-2022")),
    }
    assert "15" in text("compare", **words)
    assert "<script" not in page("compare", **words)


def test_of_several_bad_files_each_is_named(tmp_path: Path) -> None:
    for name in ("а.yml", "б.yml"):
        (tmp_path / name).write_text("school: 1\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        open_round(tmp_path)
    assert {Path(problem.place.file).name for problem in error.value.problems} == {"а.yml", "б.yml"}


def test_a_file_that_is_nothing_of_the_kind_is_refused(tmp_path: Path) -> None:
    for name, content in (("a.json", "[1]"), ("b.json", "{"), ("c.txt", "text"), ("d.jsonl", "{}\n")):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        with pytest.raises(InputError):
            open_round(path)
