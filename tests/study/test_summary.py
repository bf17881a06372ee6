"""Summaries: counts that can be checked by hand, distributions, and an open version that gives no school away."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.builders import Data, as_yaml, complete_case, document, school_case, without_document
from tests.study.test_batch import study
from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError
from vsoko_rules.ruleset.load import beside, load
from vsoko_rules.study.compare import GROUPS, compare, trend
from vsoko_rules.study.figures import histogram, quantile, spread
from vsoko_rules.study.pages import page, ruleset_words, text
from vsoko_rules.study.pages import words as words_of_studies
from vsoko_rules.study.parameters import parameters
from vsoko_rules.study.results import records
from vsoko_rules.study.rounds import open_round
from vsoko_rules.study.summary import small_districts, summarize
from vsoko_rules.study.summary_files import Summaries, summary_docx, summary_xlsx, tables, write_summaries
from vsoko_rules.verdict.assessment import assess
from vsoko_rules.verdict.result import number

OFFICE = shutil.which("soffice")
OPEN = parameters().open.model_copy(update={"smallest_group": 2})
EVIL = '<script>alert(1)</script>" onmouseover="x\' javascript:alert(1) =1+1'


def summary_page(summaries: Summaries) -> str:
    return page("summary", summaries=summaries)


def put(folder: Path, school: str, district: str, case: Data) -> None:
    case["school"] = {**case["school"], "id": school, "municipality": district, "name": f"Школа {school}"}
    folder.mkdir(exist_ok=True)
    (folder / f"{school}.yml").write_text(as_yaml(case), encoding="utf-8")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two districts: two complete schools and one with nothing; and a school whose chain lacks one analysis."""
    folder = tmp_path_factory.mktemp("summary")
    home = folder / "schools"
    put(home, "a1", "Лесной район", complete_case())
    put(home, "a2", "Лесной район", complete_case())
    put(home, "a3", "Лесной район", school_case())
    whole = complete_case()
    short = without_document(whole, document(whole, "B1-A01")["id"])
    document(short, "B2-A01")["holds"] = []
    del document(short, "B3-A01")["date"]
    put(home, "b1", "Полевой район", short)
    study(home, folder / "out")
    return folder / "out"


def test_schools_by_level(results: Path) -> None:
    (summary,) = summarize(results)
    levels = {x["id"]: (x["n"], x["of"], x["percent"]) for x in summary["region"]["levels"]}
    assert levels == {"formed": (2, 4, 50.0), "partly": (1, 4, 25.0), "not_formed": (1, 4, 25.0)}
    assert (summary["region"]["held"], summary["region"]["lines"]) == (19 + 19 + 12, 4 * 19)
    assert summary["region"]["complete"]["most"] == 100
    forest, field = summary["districts"]
    assert (forest["name"], forest["schools"], field["schools"]) == ("Лесной район", 3, 1)


def test_a_school_whose_level_may_still_change_is_marked(tmp_path: Path) -> None:
    put(tmp_path / "schools", "s1", "Лесной район", complete_case())
    put(tmp_path / "schools", "s2", "Лесной район", complete_case() | {"reviewed": ["B1"]})
    put(tmp_path / "schools", "s3", "Лесной район", school_case() | {"reviewed": []})
    study(tmp_path / "schools", tmp_path / "out")
    (summary,) = summarize(tmp_path / "out")
    (district,) = summary["districts"]
    assert [row["certain"] for row in sorted(district["rows"], key=lambda row: row["id"])] == [True, True, False]
    assert summary_page([summary]).count(", проверено не всё") == 1


def test_every_district_has_its_row_in_the_workbook(results: Path) -> None:
    from openpyxl import load_workbook

    (summary,) = summarize(results)
    book = load_workbook(BytesIO(summary_xlsx([summary])))
    rows = {row[:2] for sheet in book for row in sheet.iter_rows(values_only=True)}
    assert rows.issuperset({("Лесной район", 3), ("Полевой район", 1)})
    titled = [[str(area) for area in sheet.merged_cells.ranges if area.min_row == 1] for sheet in book]
    assert {area.split(":")[0] for areas in titled for area in areas} == {"A1"}, "a title stands over all columns"


def test_where_lines_break_first(results: Path) -> None:
    (summary,) = summarize(results)
    block = summary["region"]["blocks"][0]
    assert (block["id"], block["lines"], block["held"]) == ("B1", 16, 8)
    assert (block["breaks"]["goal"], block["breaks"]["analysis"]) == (4, 4)
    assert (block["break_schools"]["goal"], block["break_schools"]["analysis"]) == (1, 1)
    assert sum(block["breaks"].values()) + block["held"] + block["unchecked"] == block["lines"]
    percent = {name: value for name, value in block["percent"].items() if value}
    assert percent == {"held": 50, "goal": 25, "analysis": 25}


def test_what_is_lacking_most(results: Path) -> None:
    (summary,) = summarize(results)
    lacking, remarks = ({x["requirement"]: x["n"] for x in summary["region"][part]} for part in ("lacking", "remarks"))
    assert set(lacking) == {"dated", "window"}
    assert set(remarks) == {"results", "conclusions"}
    assert {*lacking.values(), *remarks.values()} == {1}


def test_a_school_described_twice_is_counted_once(results: Path, tmp_path: Path) -> None:
    shutil.copytree(results.parent, tmp_path, dirs_exist_ok=True)
    twin = tmp_path / "schools" / "zz"
    put(twin, "a1", "Лесной район", school_case())
    study(tmp_path / "schools", tmp_path / "out")
    (summary,) = summarize(tmp_path / "out")
    assert summary["region"]["schools"] == 4
    assert summary["repeated"] == [{"school": "a1", "counted": "a1.yml", "left_out": "zz/a1.yml"}]


def test_the_open_version_names_no_school_and_no_small_district(results: Path) -> None:
    (summary,) = summarize(results, OPEN)
    text = json.dumps(summary, ensure_ascii=False) + summary_page([summary])
    for secret in ("Школа a1", "Школа b1", '"a1"', "b1.yml", "Полевой район", "Лесной район"):
        assert secret not in text
    assert (summary["merged"]["count"], summary["merged"]["schools"]) == (2, 4)


def test_an_open_version_of_too_few_schools_shows_nothing(results: Path) -> None:
    (summary,) = summarize(results, OPEN.model_copy(update={"smallest_group": 5}))
    assert summary["region"] == {"schools": 4}
    assert summary["districts"] == []
    assert "50" not in summary_page([summary]).split("<main")[1].split("</main>")[0]


def test_a_score_spreads_by_quarters() -> None:
    values = {Fraction(n): 1 for n in range(1, 101)}
    found = spread(values)
    assert found is not None
    assert [found[name] for name in ("least", "first", "median", "third", "most")] == [1, 25, 50, 75, 100]


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 12), max_size=12), st.integers(1, 10))
def test_hidden_districts_cannot_be_told_by_subtraction(sizes: dict[str, int], smallest: int) -> None:
    merged = small_districts(sizes, smallest)
    shown = sizes.keys() - set(merged)
    assert all(sizes[name] >= smallest for name in shown)
    if merged and shown:
        assert len(merged) > 1
        assert sum(sizes[name] for name in merged) >= smallest
    if all(n >= smallest for n in sizes.values()):
        assert not merged


values = st.dictionaries(st.fractions(0, 100, max_denominator=72), st.integers(1, 5), min_size=1, max_size=20)


@given(values, st.fractions(0, 1))
def test_a_quantile_is_an_observed_value_with_its_share_below(counts: dict[Fraction, int], share: Fraction) -> None:
    found = quantile(counts, share)
    assert found in counts
    total = sum(counts.values())
    assert sum(n for v, n in counts.items() if v <= found) >= share * total
    assert sum(n for v, n in counts.items() if v < found) <= share * total


@given(values, st.integers(1, 50))
def test_a_histogram_loses_nobody(counts: dict[Fraction, int], step: int) -> None:
    columns = histogram(counts, step)
    assert sum(columns) == sum(counts.values())
    assert len(columns) * step >= 100


class Page(HTMLParser):
    """What may be dangerous in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.handlers: list[Any] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers += [a for a in attrs if a[0].startswith("on")]
        self.links += [v or "" for k, v in attrs if k in ("href", "src")]


def evil(tmp_path: Path) -> Path:
    case = school_case()
    case["school"] |= {"name": EVIL, "municipality": f"=1+1 {EVIL}"}
    (tmp_path / "schools").mkdir()
    (tmp_path / "schools" / "one.yml").write_text(as_yaml(case), encoding="utf-8")
    study(tmp_path / "schools", tmp_path / "out", reports=True)
    return tmp_path / "out"


def test_the_page_escapes_everything(tmp_path: Path) -> None:
    parsed = Page()
    parsed.feed(summary_page(summarize(evil(tmp_path))))
    assert "script" not in parsed.tags
    assert not parsed.handlers
    assert all(unquote(link).startswith(("#", "отчёты/")) for link in parsed.links)


def test_text_in_a_workbook_stays_text(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(summary_xlsx(summarize(evil(tmp_path)))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(str(cell.value).startswith("=1+1") for cell in cells)
    assert {cell.data_type for cell in cells} == {"s", "n"}


def parts(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        yield from archive.namelist()


def test_word_keeps_what_stands_after_signs(tmp_path: Path) -> None:
    import docx

    found = docx.Document(BytesIO(summary_docx(summarize(evil(tmp_path)))))
    text = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    assert any(EVIL in value for value in text)


def test_the_same_study_gives_the_same_bytes(region: Path, finished: Path, tmp_path: Path) -> None:
    names = [f"сводка{kind}.{end}" for kind in ("", "-открытая") for end in ("json", "html", "xlsx", "docx")]
    shutil.copytree(finished, tmp_path / "one")
    study(region, tmp_path / "two")
    for folder in ("one", "two"):
        write_summaries(tmp_path / folder, opened=True)
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not there")
def test_the_summary_of_sixty_schools_is_printed_on_eight_pages(finished: Path, tmp_path: Path) -> None:
    (summary,) = summarize(finished)
    for district in summary["districts"]:
        district["rows"] *= 3
    assert sum(len(district["rows"]) for district in summary["districts"]) == 60
    files = {"сводка.docx": summary_docx([summary]), "таблицы.xlsx": summary_xlsx([summary])}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, *(tmp_path / name for name in files)], check=True, capture_output=True, timeout=300)
    for name in files:
        reader = PdfReader((tmp_path / name).with_suffix(".pdf"))
        pages = [" ".join(page.extract_text().split()) for page in reader.pages]
        assert len(pages) <= 8, name
        school, *_ = (row["name"] for district in summary["districts"] for row in district["rows"])
        assert sum(page.count(school) for page in pages) >= 3, name
        assert f"стр. {len(pages)} из {len(pages)}" in pages[-1], name


def test_several_rulesets_and_years_stand_apart(region: Path, tmp_path: Path) -> None:
    from region import write_region

    write_region(tmp_path / "later", 3, seed=11, round_=2)
    study([region, tmp_path / "later"], tmp_path / "out", rulesets=["bashkortostan-2022", "tver-2022"])
    found = [(s["ruleset"]["id"], s["year"], s["region"]["schools"]) for s in summarize(tmp_path / "out")]
    both = [("bashkortostan-2022", 2022, 20), ("bashkortostan-2022", 2023, 3)]
    assert found == [*both, ("tver-2022", 2022, 20), ("tver-2022", 2023, 3)]
    assert len(list(parts(summary_xlsx(summarize(tmp_path / "out"))))) > 20


@pytest.mark.parametrize("name", ["bashkortostan-2022", "tver-2022"])
def test_what_decides_the_level_is_what_summaries_and_comparisons_show(tmp_path: Path, name: str) -> None:
    """The score that decides is the assessment's, in every shipped case; the other one stands beside it."""
    shipped = Path(__file__).parents[2] / "cases"
    study(shipped, tmp_path / "out", rulesets=[name])
    for record in records(tmp_path / "out"):
        rules = load(name)
        case = read_case(shipped / record["study"]["file"])
        score = assess(case, rules, EngineName.PLAIN, beside(case.content.ruleset, [rules])).score
        decided = record[ruleset_words(rules)["verdict_by"]]
        assert (decided["points"], decided["max"]) == (number(score.bounds.points), number(score.bounds.max))
        assert (record["level"] or {}).get("id") == (score.verdict.level.id if score.verdict.level else None)
    summaries = summarize(tmp_path / "out")
    shown = page("summary", summaries=summaries)
    workbook = [cell for summary in summaries for table in tables(summary) for cell in table.head]
    compared = compare(open_round(tmp_path / "out"), open_round(tmp_path / "out"))
    words = {"c": compared, "groups": GROUPS, "version": "0", "titles": ruleset_words(load(name))}
    words["trend"] = trend([open_round(tmp_path / "out")] * 3)
    both = text("compare", **words) + page("compare", **words)
    said = words_of_studies()
    decides, other = ("indicators", "cycle") if name == "tver-2022" else ("cycle", "indicators")
    assert said["median"][decides] in shown
    assert said["median"][decides] in workbook
    assert f"{said['score'][decides]}: половина школ не выше" in both
    assert said["median"][other] not in shown


def test_a_folder_without_a_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="здесь нет итогов исследования"):
        summarize(tmp_path)


def test_a_large_study_counts_municipalities_without_details(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory stays flat: nothing is kept that no page shows. What is shown is the same."""
    (whole,) = summarize(results)
    fewer = parameters().model_copy(update={"summary": parameters().summary.model_copy(update={"most_schools": 2})})
    monkeypatch.setattr("vsoko_rules.study.summary.parameters", lambda: fewer)
    (short,) = summarize(results)
    assert short["region"] == whole["region"]
    for full, lean in zip(whole["districts"], short["districts"], strict=True):
        assert lean["rows"] == []
        assert {key: value for key, value in full.items() if key in lean and key != "rows"} == {
            key: value for key, value in lean.items() if key != "rows"
        }
        assert "blocks" not in lean
    summary_page([short])
    summary_xlsx([short])
    (opened,) = summarize(results, OPEN)
    assert opened["merged"]["schools"] == 4
