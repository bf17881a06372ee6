"""What a region comes to while its study goes on is what a study of the same files puts into its summary."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.builders import as_yaml, complete_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError
from vsoko_rules.intake.case_file import read_case_file
from vsoko_rules.region.standing import overview, standing, titles_of
from vsoko_rules.ruleset.load import load
from vsoko_rules.study.collect import collect
from vsoko_rules.study.exchange import as_data, exchange
from vsoko_rules.study.parameters import parameters
from vsoko_rules.study.results import Record, records
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.studies import study

RULESETS = titles_of([load("bashkortostan-2022"), load("tver-2022")])
SHIPPED = Path(__file__).parents[2] / "cases"


def kept(folder: Path) -> list[Record]:
    """What is kept of the schools in a folder, as it comes back from where it was stored."""
    files = [(Path(file.path), file.name) for file in collect([folder])]
    assessments = (assess(read_case_file(path, name), engine=EngineName.PLAIN) for path, name in files)
    return [json.loads(json.dumps(standing(each), ensure_ascii=False)) for each in assessments]


def studied(folder: Path, out: Path, opened: bool = False) -> list[dict[str, Any]]:
    study([folder], out, jobs=1, engine=EngineName.PLAIN, open_version=opened, smallest=4)
    name = "сводка-открытая.json" if opened else "сводка.json"
    found: list[dict[str, Any]] = json.loads((out / name).read_text(encoding="utf-8"))
    return found


def as_json(summaries: Sequence[Any]) -> Any:
    return json.loads(json.dumps(summaries, ensure_ascii=False))


@pytest.mark.parametrize("opened", [False, True])
def test_a_region_is_summed_up_as_a_study_sums_it_up(schools: Path, tmp_path: Path, opened: bool) -> None:
    version = parameters().open.model_copy(update={"smallest_group": 4}) if opened else None
    expected = studied(schools, tmp_path / "out", opened)
    assert expected[0]["region"]["schools"] == 20
    assert as_json(overview(kept(schools), RULESETS, version)) == expected


def test_several_rulesets_and_years_and_a_school_that_comes_twice(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    for path in SHIPPED.glob("*.yml"):
        shutil.copy(path, folder)
    for name, year in (("вторая", 2022), ("позже", 2023)):
        case = complete_case(["B1"])
        case["school"]["id"] = "repeated"
        case["study"]["year"] = year
        (folder / f"{name}.yml").write_text(as_yaml(case), encoding="utf-8")
    shutil.copy(folder / "вторая.yml", folder / "третья.yml")
    expected = studied(folder, tmp_path / "out")
    assert {(each["ruleset"]["id"], each["year"]) for each in expected} >= {
        ("bashkortostan-2022", 2022), ("bashkortostan-2022", 2023), ("tver-2022", 2022),
    }  # fmt: skip
    assert any(each["repeated"] for each in expected)
    assert as_json(overview(kept(folder), RULESETS)) == expected


def test_schools_share_practice_alike(schools: Path, tmp_path: Path) -> None:
    study([schools], tmp_path / "out", jobs=1, engine=EngineName.PLAIN)
    costs = parameters().exchange
    of_files = as_data(exchange(records(tmp_path / "out"), costs), costs)
    assert of_files["pairs"]
    assert as_data(exchange(kept(schools), costs), costs) == of_files


def test_a_record_is_small(schools: Path) -> None:
    """1,500 of them are read and summed up for one page."""
    assert max(len(json.dumps(record, ensure_ascii=False)) for record in kept(schools)) < 20_000


def test_a_school_under_another_ruleset_is_refused(schools: Path) -> None:
    with pytest.raises(InputError, match="о которой итоги не говорят"):
        overview(kept(schools)[:1], {})
