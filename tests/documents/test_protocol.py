"""The extract from the minutes: counts, drafts of decisions, blanks instead of names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.documents.reading import word_tables, word_text
from tests.report.pages import shipped
from vsoko_rules.errors import InputError
from vsoko_rules.reading.yaml import read
from vsoko_rules.report.protocol import Protocol, protocol, protocol_file
from vsoko_rules.resources import shipped as folder
from vsoko_rules.ruleset.load import load
from vsoko_rules.ruleset.model import Origin
from vsoko_rules.verdict.readback import read_results
from vsoko_rules.verdict.result import result, to_json
from vsoko_rules.words import limit, words

NAMES = ("gorodskaya-sosh", "polnaya-struktura", "selskaya-oosh", "samoproverka", "bez-ssylok")


def _results(*names: str) -> list[dict[str, Any]]:
    return [{**result(shipped(name))} for name in names]


def _protocol(*names: str) -> Protocol:
    return protocol(_results(*names), load("bashkortostan-2022"))


def test_schools_are_counted_by_level() -> None:
    found = _protocol(*NAMES)
    counts = {level.title: (level.count, level.percent) for level in found.levels}
    assert counts["сформирована"] == (1, "20\u00a0%")
    assert counts["частично сформирована"] == (3, "60\u00a0%")
    assert counts["не сформирована"] == (0, "0\u00a0%")
    assert len(found.open) == 1
    assert sum(level.count for level in found.levels) + len(found.open) == found.count == len(NAMES)


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


def test_complete_schools_share_their_practice_and_lose_nothing() -> None:
    found = _protocol("polnaya-struktura")
    assert not found.weakest
    numbers = [level.count for level in found.levels]
    assert numbers == [1, 0, 0]
    text = word_text(protocol_file(found))
    assert "из 1 школы" in text
    assert "между организациями" in text


def test_the_document_follows_the_order_of_the_minutes() -> None:
    content = protocol_file(_protocol(*NAMES))
    text = word_text(content)
    order = ["Выписка из протокола", "Место проведения", "Председатель совещания", "Секретарь", "Повестка дня"]
    order += ["Слушали", "По итогам исследования из 5 школ", "Решили", "Срок:", "Председатель:", "Секретарь:"]
    places = [text.index(each) for each in order[:4]]
    assert places == sorted(places)
    at = 0
    for each in order:
        at = text.index(each, at)
    assert text.count("____") > 10
    (head, *rows), *_ = word_tables(content)
    assert head == ["Школа", "Уровень", "Управленческий цикл", "Показатели"]
    assert len(rows) == len(NAMES)


def test_results_come_from_json_too(tmp_path: Path) -> None:
    results = _results(*NAMES)
    (tmp_path / "итоги.json").write_text(to_json(results), encoding="utf-8")
    (tmp_path / "один.json").write_text(to_json(results[0]), encoding="utf-8")
    lines = "".join(json.dumps({"study": {}, **each}, ensure_ascii=False) + "\n" for each in results)
    (tmp_path / "results.jsonl").write_text(lines, encoding="utf-8")
    wanted = protocol(results, load("bashkortostan-2022"))
    for name in ("итоги.json", "results.jsonl"):
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
    assert "по другой методике" in text
    assert "другого года" in text


def test_every_decision_has_an_origin_and_an_addressee() -> None:
    said = read(folder("reports") / "protocol" / "decisions.yml").data
    for each in [*said["stages"].values(), *said["general"]]:
        assert Origin(each["origin"]) in (Origin.SEED, Origin.PROPOSED)
        assert each["addressee"] in said["addressees"]
    assert set(load("bashkortostan-2022").components) == set(said["stages"])
