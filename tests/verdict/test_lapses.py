"""A confirmed link whose ground changed, and a quote whose file changed, have to be confirmed anew: they neither count
nor are they counted as absent."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Data, chain_case, document, document_id, line_of, ruleset
from vsoko_rules.case.reader import case_as_kept, case_of_data
from vsoko_rules.case.write import plain_data
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError
from vsoko_rules.report.out.text import links, summary
from vsoko_rules.verdict.assessment import Assessment, assess
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.result import result

PDF = b"%PDF-1.7\n"
HASH = hashlib.sha256(PDF).hexdigest()
DATED = "as the ground is"
GROUND, LATER, LINE = "B3-A01", "B3-RC01", "B3-M01"


def judged(case: Data, folder: Path | None = None) -> Assessment:
    return assess(case_of_data(case, folder=folder), ruleset(), EngineName.PLAIN)


def linked(seen: dict[str, Any], shorthand: bool = True) -> Data:
    """Block 3 complete; the recommendations rest on the analysis, of which `seen` was confirmed."""
    case = chain_case("B3")
    ground = document(case, GROUND)
    ground["number"] = "12-од"
    if seen.get("date") == DATED:
        seen = seen | {"date": ground["date"]}
    entry = document(case, LATER)
    entry["evidence"] = [{"claim": f"based_on {ground['id']}", "seen": seen}]
    if not shorthand:
        entry["based_on"] = [g for g in entry["based_on"] if g != ground["id"]]
    return case


@pytest.mark.parametrize("shorthand", [True, False])
@pytest.mark.parametrize("seen", [{"number": "12-од"}, {"number": "№ 12-од", "date": DATED}, {"date": DATED}])
def test_a_link_whose_ground_is_as_it_was_counts(seen: dict[str, Any], shorthand: bool) -> None:
    assessment = judged(linked(seen, shorthand))
    assert line_of(assessment, LINE).outcome is Outcome.MET
    assert assessment.lapses == ()


@pytest.mark.parametrize("shorthand", [True, False])
@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ({"number": "14-од"}, "было № 14-од, стало № 12-од"),
        ({"date": "2022-05-20"}, "дата была 20.05.2022, стала "),
        ({"sha256": HASH}, f"контрольная сумма файла была {HASH[:12]}…, стала (нет)"),
    ],
)
def test_a_link_whose_ground_changed_is_open(seen: dict[str, Any], said: str, shorthand: bool) -> None:
    assessment = judged(linked(seen, shorthand))
    line = line_of(assessment, LINE)
    assert line.outcome is Outcome.NOT_CHECKED
    assert line.points.high == 1
    (warned,) = [f for f in assessment.all_findings() if f.rule == "ground-changed"]
    assert warned.documents == (document_id(LATER),)
    text = " ".join(summary(assessment).split()).replace("\u2060", "")
    assert said in text
    (suspect,) = result(assessment)["suspect"]
    assert (suspect["document"], suspect["ground"]) == (document_id(LATER), document_id(GROUND))


def test_what_waits_for_a_person_hides_no_lapse_after_it() -> None:
    case = linked({"number": "14-од"})
    document(case, LATER)["evidence"].insert(0, {"claim": "signature", "state": "not_checked"})
    assert [(lapse.number, lapse.ground) for lapse in judged(case).lapses] == [(1, document_id(GROUND))]


def test_the_hash_of_a_ground_is_held_against_its_file(tmp_path: Path) -> None:
    case = linked({"sha256": HASH.upper()})
    document(case, GROUND)["file"] = "анализ.pdf"
    (tmp_path / "анализ.pdf").write_bytes(PDF)
    assert judged(case, tmp_path).lapses == ()
    (tmp_path / "анализ.pdf").write_bytes(PDF + b"%")
    assert [c.what.value for lapse in judged(case, tmp_path).lapses for c in lapse.changes] == ["sha256"]
    assert judged(case).lapses == (), "nobody could look at the file"


@pytest.mark.parametrize("apart", [False, True])
def test_a_quote_lapses_with_its_file(apart: bool, tmp_path: Path) -> None:
    """What a document holds for one element apart from others, too."""
    case = chain_case("B3")
    order = document(case, "B3-M01")
    if apart:
        order["holds_for"] = {"B3-M01": order["holds"]}
    order["evidence"] = [{"claim": "deadlines", "quote": "до 20 мая", "in": {"file": "п.pdf", "sha256": HASH}}]
    (tmp_path / "п.pdf").write_bytes(PDF)
    assert line_of(judged(case, tmp_path), LINE).outcome is Outcome.MET
    for changed in (b"%PDF-1.8\n", None):
        (tmp_path / "п.pdf").unlink()
        if changed is not None:
            (tmp_path / "п.pdf").write_bytes(changed)
        assessment = judged(case, tmp_path)
        assert line_of(assessment, LINE).outcome is Outcome.NOT_CHECKED
        assert [f.rule for f in assessment.all_findings() if f.oddity == "quote_changed"] == ["quote-changed"]


def test_a_file_that_nobody_could_look_at_is_open_though_another_was_seen(tmp_path: Path) -> None:
    case = chain_case("B3")
    for code in (GROUND, LATER):
        row = document(case, code)
        row.pop("url", None)
        row["file"] = f"{code}.pdf"
        (tmp_path / row["file"]).write_bytes(PDF)
    seen = case_of_data(case, folder=tmp_path)
    assert line_of(assess(seen, ruleset(), EngineName.PLAIN), LINE).outcome is Outcome.MET
    one = {name: file for name, file in seen.files.items() if name == f"{GROUND}.pdf"}
    known = case_as_kept(case, "", "", files=one)
    assert line_of(assess(known, ruleset(), EngineName.PLAIN), LINE).outcome is Outcome.NOT_CHECKED


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        ({"claim": "deadlines", "seen": {"number": "1"}}, "deadlines"),
        ({"claim": "based_on", "seen": {"number": "1"}}, "based_on"),
        ({"claim": "deadlines", "in": {"sha256": HASH}}, None),
        ({"claim": "deadlines", "in": {"file": "../п.pdf", "sha256": HASH}}, "../п.pdf"),
    ],
)
def test_what_was_confirmed_must_make_sense(claim: dict[str, Any], found: str | None) -> None:
    case = chain_case("B3")
    document(case, "B3-M01")["evidence"] = [claim]
    with pytest.raises(InputError) as error:
        judged(case)
    assert [problem.found for problem in error.value.problems] == [found]


def test_what_was_confirmed_is_written_as_it_was_read() -> None:
    case = linked({"number": "12-од", "date": "2022-05-20", "sha256": HASH})
    content = case_of_data(case).content
    written = next(d for d in plain_data(content)["documents"] if d["id"] == document_id(LATER))
    assert [{k: str(v) for k, v in c["seen"].items()} for c in written["evidence"]] == [
        {"sha256": HASH, "number": "12-од", "date": "2022-05-20"}
    ]


def test_links_show_the_address_the_file_and_what_to_record(tmp_path: Path) -> None:
    case = chain_case("B3")
    (first, second, third, *_) = case["documents"]
    first |= {"file": "а.pdf", "number": "12-од"}
    second["url"] = "см. сайт"
    third |= {"file": "нет.pdf"}
    (tmp_path / "а.pdf").write_bytes(PDF)
    plain = judged(case, tmp_path)
    assert plain.case.files["а.pdf"].sha256 is None, "a plain check takes no hashes"
    hashed = plain.case.hashed()
    found = hashed.files["а.pdf"]
    assert (found.size, found.type, found.sha256) == (len(PDF), "pdf", HASH)
    text = " ".join(links(assess(hashed, ruleset(), EngineName.PLAIN)).split()).replace("\u2060", "")
    assert f"«а.pdf» — обычный файл, тип pdf, {len(PDF)} байт, SHA-256 {HASH[:12]}…" in text
    assert "«см. сайт» — это слова, а не адрес" in text
    assert "«нет.pdf» — файла нет" in text
    assert 'number: "12-од"' in text
    assert f"sha256: {HASH}" in text


def test_an_address_that_is_none_is_quoted_with_its_place() -> None:
    case = chain_case("B3")
    case["documents"][0]["url"] = "см. сайт " + "оч " * 400
    text = " ".join(summary(judged(case)).split()).replace("\u2060", "")
    assert "адрес «см. сайт оч" in text
    assert "оч…» (" in text
