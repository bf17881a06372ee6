"""The invented region: valid, the same for a seed, alike inside districts, with two experts who differ a little."""

from __future__ import annotations

from pathlib import Path
from statistics import mean, pvariance

from region import Region, write_region
from tests.study.test_batch import study
from vsoko_rules.ruleset.load import load
from vsoko_rules.study.results import records


def texts(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in sorted(folder.rglob("*.yml"))}


def test_the_same_seed_gives_the_same_schools_and_more_schools_change_none(tmp_path: Path) -> None:
    write_region(tmp_path / "few", 6, seed=3)
    write_region(tmp_path / "many", 12, seed=3)
    write_region(tmp_path / "other", 6, seed=4)
    few, many = texts(tmp_path / "few"), texts(tmp_path / "many")
    assert few.items() <= many.items()
    assert not set(few.values()) & set(texts(tmp_path / "other").values())


def test_every_case_is_valid_for_every_ruleset(experts: tuple[Path, Path], region: Path, tmp_path: Path) -> None:
    for number, folder in enumerate((region, *experts)):
        assert study(folder, tmp_path / f"one-{number}").failed == 0
    write_region(tmp_path / "tver", 5, seed=2, name="tver-2022")
    report = study(tmp_path / "tver", tmp_path / "two")
    assert (report.assessed, report.failed) == (5, 0)
    assert all(r["indicators"]["max"] for r in records(tmp_path / "two"))


def test_schools_of_a_district_are_alike() -> None:
    """The quality of schools differs less inside districts than between them."""
    groups: dict[str, list[float]] = {}
    for district, school in Region(load("bashkortostan-2022"), 1).schools(400):
        groups.setdefault(district.name, []).append(school.quality)
    inside = mean(pvariance(g) for g in groups.values() if len(g) > 2)
    between = pvariance([mean(g) for g in groups.values() if len(g) > 2])
    assert between > inside / 2


def test_two_experts_see_the_same_documents(experts: tuple[Path, Path]) -> None:
    first, second = (texts(folder) for folder in experts)
    assert first.keys() == second.keys()
    for name in first:
        mine, other = ([x for x in t[name].splitlines() if x.startswith("  - id")] for t in (first, second))
        assert mine == other
    assert any(first[name].split("documents:")[1] != second[name].split("documents:")[1] for name in first)
