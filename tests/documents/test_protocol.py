"""The extract from the minutes: counts, drafts of decisions, blanks instead of names."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.documents.reading import word_tables, word_text
from tests.report.pages import shipped
from vsoko_rules.errors import InputError
from vsoko_rules.reading.yaml import read
from vsoko_rules.report.protocol import Pairing, Protocol, protocol, protocol_file
from vsoko_rules.resources import shipped as folder
from vsoko_rules.ruleset.load import load
from vsoko_rules.ruleset.model import Origin
from vsoko_rules.verdict.readback import read_results
from vsoko_rules.verdict.result import result
from vsoko_rules.words import limit, words
from vsoko_rules.writing.json_text import json_text

OFFICE = shutil.which("soffice")
NAMES = ("gorodskaya-sosh", "polnaya-struktura", "selskaya-oosh", "samoproverka", "bez-ssylok")


def _results(*names: str) -> list[dict[str, Any]]:
    return [{**result(shipped(name))} for name in names]


def _protocol(*names: str) -> Protocol:
    return protocol(_results(*names), load("bashkortostan-2022"))


def test_schools_are_counted_as_the_minutes_count_them() -> None:
    found = _protocol(*NAMES)
    assert [level.summary for level in found.levels] == [
        "показали сформированность ВСОКО –\u00a01\u00a0ОУ (20\u00a0%)",
        "показали частичную сформированность –\u00a03\u00a0ОУ (60\u00a0%)",
        "не сформирована ВСОКО –\u00a00",
        "проверены не до конца, уровень может измениться –\u00a01\u00a0ОУ (20\u00a0%)",
    ]
    assert sum(level.count for level in found.levels) == found.count == len(NAMES)


def test_percents_of_levels_sum_to_a_hundred() -> None:
    """Of three schools one is 33,3 and two are 66,7: never 99,9 in all."""
    found = _protocol("gorodskaya-sosh", "polnaya-struktura", "selskaya-oosh")
    assert [level.percent for level in found.levels if level.count] == ["33,3\u00a0%", "66,7\u00a0%"]


def test_weakest_stages_become_decisions_with_addressee_and_deadline() -> None:
    found = _protocol(*NAMES)
    assert 0 < len(found.weakest) <= limit("weak_stages")
    texts = [each for group in found.decided for each in group.decisions]
    assert len({each.number for each in texts}) == len(texts)
    for weak in found.weakest:
        assert any(weak.stage in each.why and weak.points in each.why for each in texts)
    assert all(each.deadline and each.text and group.addressee for group in found.decided for each in group.decisions)
    assert {each.origin for each in texts} == {Origin.SEED, Origin.PROPOSED}


def test_shares_of_the_weakest_stage_are_those_of_the_results() -> None:
    results = _results(*NAMES)
    found = protocol(results, load("bashkortostan-2022"))
    for weak in found.weakest:
        parts = [c for r in results for b in r["blocks"] for c in b["components"] if c["stage"] == weak.id]
        got, most = sum(c["points"] for c in parts), sum(c["max"] for c in parts)
        assert weak.points == words()["number"]["points"].format(points=got, max=most)


def test_the_four_decisions_stand_in_every_extract_with_their_full_sense() -> None:
    for names in (NAMES, ("polnaya-struktura",)):
        heads = _protocol(*names).decided[0]
        decided = [each for each in heads.decisions if each.origin is Origin.SEED]
        assert [each.number for each in decided] == ["1.1", "1.2", "1.3", "1.4"]
        assert [each.deadline for each in decided] == [
            "в течение 2022–2023 учебного года", "постоянно", "2022–2023 учебный год", "постоянно",
        ]  # fmt: skip
        said = " ".join(decided[2].points)
        for sense in ("комплексно и системно", "всех процедур", "все проблемы", "адекватные", "эффективность"):
            assert sense in said


def test_a_proposed_decision_says_so_in_the_document() -> None:
    found = _protocol(*NAMES)
    text = word_text(protocol_file(found))
    for each in (each for group in found.decided for each in group.decisions):
        mark = "(предложено программой) " if each.origin is Origin.PROPOSED else ""
        assert f"{each.number}. {mark}{each.text}" in text


def test_complete_schools_lose_nothing() -> None:
    found = _protocol("polnaya-struktura")
    assert not found.weakest
    assert [level.count for level in found.levels] == [1, 0, 0]
    text = word_text(protocol_file(found))
    assert "что из 1 школы" in text
    assert "между учреждениями" in text


def test_the_document_follows_the_order_of_the_minutes() -> None:
    content = protocol_file(_protocol(*NAMES))
    text = word_text(content)
    order = ["Выписка из протокола", "Место проведения", "Председатель совещания", "Секретарь", "Повестка дня"]
    order += ["Слушали", "по 6 направлениям", "выявлено, что из 5 школ", "Решили", "В соответствии с рекомендациями"]
    order += ["Срок:", "Председатель:", "Секретарь:", "Приложение 1"]
    at = 0
    for each in order:
        at = text.index(each, at)
    assert text.count("____") > 10
    (head, *rows), *_ = word_tables(content)
    assert head == ["№", "Школа", "Руководитель", "Уровень ВСОКО", "Полные линии"]
    assert [row[0] for row in rows if row[0].isdecimal()] == ["1", "2", "3", "4", "5"]


def test_each_school_is_named_once_and_elsewhere_by_its_number() -> None:
    results = _results("gorodskaya-sosh", "polnaya-struktura")
    short, whole = (r["school"]["id"] for r in results)
    pairs = [Pairing(short, "B1", "analysis", whole), Pairing(short, "B2", "order", None)]
    found = protocol(results, load("bashkortostan-2022"), pairs=pairs)
    text = word_text(protocol_file(found))
    for school in found.schools:
        assert text.count(school.name) == 1
    numbers = {
        r["school"]["id"]: row.number for row in found.schools for r in results if r["school"]["name"] == row.name
    }
    helped, alone = found.sharing
    assert helped.pairs == (f"{numbers[whole]}\u00a0→ {numbers[short]}",)
    assert (alone.pairs, alone.unserved) == ((), (numbers[short],))


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not there")
def test_the_extract_of_sixty_schools_is_six_pages(tmp_path: Path) -> None:
    """With the widest result: every school has a need in every block, and names are as long as names of schools are."""
    results = _results(*["gorodskaya-sosh"] * 60)
    pairs = []
    for n, one in enumerate(results):
        name = f"МБОУ «Сельская средняя общеобразовательная школа № {n}»"
        one["school"] = {**one["school"], "id": f"s{n}", "name": name, "municipality": f"Район {n // 12}"}
        for b, stage in enumerate(load("bashkortostan-2022").components):
            pairs.append(Pairing(f"s{n}", f"B{b + 1}", stage, f"s{(n + b) % 20}" if n % 3 else None))
    path = tmp_path / "протокол.docx"
    path.write_bytes(protocol_file(protocol(results, load("bashkortostan-2022"), pairs=pairs)))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    assert len(PdfReader(tmp_path / "протокол.pdf").pages) <= 6


def test_results_come_from_json_too(tmp_path: Path) -> None:
    results = _results(*NAMES)
    (tmp_path / "итоги.json").write_text(json_text(results), encoding="utf-8")
    (tmp_path / "один.json").write_text(json_text(results[0]), encoding="utf-8")
    lines = "".join(json.dumps({"study": {}, **each}, ensure_ascii=False) + "\n" for each in results)
    (tmp_path / "итоги.jsonl").write_text(lines, encoding="utf-8")
    wanted = protocol(results, load("bashkortostan-2022"))
    for name in ("итоги.json", "итоги.jsonl"):
        assert protocol(read_results(tmp_path / name), load("bashkortostan-2022")) == wanted
    assert len(read_results(tmp_path / "один.json")) == 1


@pytest.mark.parametrize("text", ["", "{", "[1]", "{}", '{"schema": 2}', "null"])
def test_what_is_no_result(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.json"):
        read_results(tmp_path / "a.json")


def test_changed_results_are_refused() -> None:
    broken = _results("gorodskaya-sosh")
    del broken[0]["blocks"][0]["components"][0]["points"]
    with pytest.raises(InputError, match="итоги неполны или изменены"):
        protocol(broken, load("bashkortostan-2022"))


def test_one_ruleset_one_year_each_school_once() -> None:
    results = _results("gorodskaya-sosh", "gorodskaya-sosh", "pokazateli-tver", "bez-ssylok")
    results[3]["year"] = 2021
    with pytest.raises(InputError) as caught:
        protocol(results, load("bashkortostan-2022"))
    text = str(caught.value)
    assert "школа указана дважды" in text
    assert "школы проверены не по одной методике: bashkortostan-2022 — cases/gorodskaya-sosh.yml, " in text
    assert "; tver-2022 — cases/pokazateli-tver.yml; ожидалось: одна методика." in text
    assert "другого года" in text


def test_every_decision_has_an_origin_and_an_addressee() -> None:
    said = read(folder("reports") / "protocol" / "decisions.yml").data
    for each in [*said["stages"].values(), *said["general"]]:
        assert Origin(each["origin"]) in (Origin.SEED, Origin.PROPOSED)
        assert each["addressee"] in said["addressees"]
    assert set(load("bashkortostan-2022").components) == set(said["stages"])
