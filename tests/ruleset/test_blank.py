"""An empty case loads, claims nothing, and its commented stubs load as well once they are uncommented."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.builders import expectation, ruleset
from tests.documents.reading import sheets
from tests.ruleset.small import MAIN, folder
from vsoko_rules.case.blank import blank
from vsoko_rules.case.reader import CaseFile, check_case, read_case
from vsoko_rules.case.records import IndicatorEntry
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.ruleset.load import load, load_folder
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.assessment import assess

KINDS = [
    pytest.param(("НОО", "ООО", "СОО"), id="СОШ"),
    pytest.param(("НОО", "ООО"), id="ООШ"),
    pytest.param(("НОО",), id="НОШ"),
]


def read(tmp_path: Path, text: str, rules: Ruleset | None = None) -> CaseFile:
    path = tmp_path / "case.yml"
    path.write_text(text, encoding="utf-8")
    case = read_case(path)
    assert check_case(case, rules or ruleset()) == ()
    return case


def uncommented(text: str) -> str:
    """What a user gets who takes every stub: one # and the space after it gone, the brackets of `documents` too."""
    head, body = text.split("ruleset:", 1)
    assert head.startswith("# Показывает: ")
    return "ruleset:" + re.sub(r"(?m)^( *)# ", r"\1", body.replace("\ndocuments: []\n", "\ndocuments:\n"))


@pytest.mark.parametrize("levels", KINDS)
def test_an_empty_case_loads_and_claims_nothing(tmp_path: Path, levels: tuple[str, ...]) -> None:
    case = read(tmp_path, blank(ruleset(), levels, "zar-005", 2022))
    school = case.content.school
    assert (school.id, tuple(level.value for level in school.levels), school.counts) == ("zar-005", levels, {})
    assert (case.content.documents, case.content.reviewed) == ((), ())
    found = assess(case, ruleset(), EngineName.PLAIN)
    assert found.cycle.low == 0
    assert found.cycle.high == found.cycle.max > 0


@pytest.mark.parametrize("levels", KINDS)
def test_stubs_load_when_uncommented(tmp_path: Path, levels: tuple[str, ...]) -> None:
    case = read(tmp_path, uncommented(blank(ruleset(), levels, "zar-005", 2022)))
    served = [element for document in case.content.documents for element in document.serves]
    assert sorted(served) == sorted(expectation(levels).elements), "each applicable element exactly once"
    for document in case.content.documents:
        assert (document.holds, document.based_on, document.number, document.date) == ((), (), None, None)
    assert case.content.procedures
    assert case.content.overrides
    assert (
        assess(case, ruleset(), EngineName.PLAIN).cycle.low <= assess(case, ruleset(), EngineName.PLAIN).cycle.max / 2
    )


@pytest.mark.parametrize("levels", KINDS)
def test_indicators_of_a_regions_list_come_as_empty_rows(tmp_path: Path, levels: tuple[str, ...]) -> None:
    region = load("tver-2022")
    text = blank(region, levels, "zar-005", 2022)
    assert read(tmp_path, text, region).content.indicators == {}
    listed = read(tmp_path, uncommented(text), region).content.indicators
    assert list(listed) == list(region.expects(frozenset(EducationLevel(v) for v in levels), {}).indicators)
    assert all(entry == IndicatorEntry() for entry in listed.values())


@pytest.mark.parametrize("levels", KINDS)
def test_what_applies_is_explained_and_what_does_not_is_only_named(levels: tuple[str, ...]) -> None:
    text = blank(ruleset(), levels, "zar-005", 2022)
    told = " ".join(text.replace("##", " ").split())
    expected = expectation(levels)
    for e in expected.elements.values():
        assert f"{e.id} — {' '.join(e.title.split())}" in told
        for code in e.requires:
            requirement = ruleset().requirements[code]
            assert " ".join(requirement.ask.split()) in told
    for code in expected.inapplicable:
        assert f"{code} — " not in text
        assert code in text


def test_a_period_is_offered_where_a_date_is_asked_and_no_number() -> None:
    """And what runs for years, with the order that approves it, where a plan is."""
    text = blank(ruleset(), ("НОО", "ООО", "СОО"), "s", year=2022)
    stubs = dict(re.findall(r"# - id: doc-(B1-\S+)\n((?:#? .*\n)+)", text))
    assert {code for code, stub in stubs.items() if "period:" in stub} == {"B1-A01", "B1-RC01", "B1-P01", "B1-E01"}
    assert {code for code, stub in stubs.items() if "approved_by:" in stub} == {"B1-P01"}
    assert stubs.keys() > {"B1-G01", "B1-M01", "B1-D01"}


def test_no_line_is_longer_than_a_screen_and_none_ends_with_a_space() -> None:
    for line in blank(ruleset(), ("НОО", "ООО", "СОО"), "s", year=2022).splitlines():
        assert len(line) <= 130, line
        assert line == line.rstrip()


def test_the_header_lines_are_those_of_the_sample_cases() -> None:
    lines = blank(ruleset(), ("НОО",), "s", year=2022).splitlines()
    assert lines[0].startswith("# Показывает: ")
    assert lines[1] == "# yaml-language-server: $schema=case.schema.json"


def test_levels_come_in_their_order_whatever_the_order_asked() -> None:
    assert "levels: [НОО, ООО]" in blank(ruleset(), ("ООО", "НОО"), "s", year=2022)


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as raised:
        blank(ruleset(), ("СПО",), "a b")
    text = str(raised.value)
    assert "нет такого уровня образования; найдено: «СПО»; ожидалось: НОО, ООО, СОО" in text
    assert "код школы не подходит; найдено: «a b»" in text


def test_a_school_teaches_something() -> None:
    with pytest.raises(InputError, match="уровня образования"):
        blank(ruleset(), (), "s")


@pytest.mark.parametrize("code", ["null", "no", "010", "1e5", "2022-01-01", "true", "б-1"])
def test_any_code_of_a_school_comes_back_as_it_was(tmp_path: Path, code: str) -> None:
    assert read(tmp_path, blank(ruleset(), ("НОО",), code, year=2022)).content.school.id == code


def test_hostile_titles_stay_in_their_comments(tmp_path: Path) -> None:
    hostile = '"Приказ\\n- id: x # \\u2028documents: {}"'
    rules = load_folder(folder(tmp_path / "r", ruleset=MAIN.replace("title: Приказ\n", f"title: {hostile}\n")))
    text = blank(rules, ("НОО",), "s", year=2022)
    assert read(tmp_path, text, rules).content.documents == ()
    assert len(read(tmp_path, uncommented(text), rules).content.documents) == 2


@pytest.mark.parametrize(
    ("year", "first", "last"),
    [
        ("", "2022-01-01", "2022-12-31"),
        ("{begins: 09-01, opens: 08-25, origin: proposed}", "2021-08-25", "2022-08-31"),
        ("{begins: 09-01, opens: 08-25, closes: 06-30, origin: proposed}", "2021-08-25", "2022-06-30"),
    ],
)
def test_the_usual_study_is_that_of_the_ruleset(tmp_path: Path, year: str, first: str, last: str) -> None:
    """In an empty file and in an empty form."""
    rules = load_folder(folder(tmp_path / "small", ruleset=f"{MAIN}year: {year}\n" if year else MAIN))
    day_after = date.fromisoformat(last) + timedelta(days=1)
    assert (rules.usual_year(date.fromisoformat(last)), rules.usual_year(day_after)) == (2022, 2023)
    study = read(tmp_path, blank(rules, ("НОО",), "zar-005", 2022), rules).content.study
    assert (str(study.start), str(study.end)) == (first, last)
    (tmp_path / "form.xlsx").write_bytes(write_form(rules, year=2022))
    cells = sheets((tmp_path / "form.xlsx").read_bytes())["Школа"]
    assert {date.fromisoformat(first), date.fromisoformat(last)} <= {
        cell.date() for row in cells for cell in row if isinstance(cell, datetime)
    }
