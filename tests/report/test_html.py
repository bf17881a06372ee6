"""The page: whole, self-contained, readable by machines that read aloud, and the same for the same input."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from functools import cache
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.builders import assessed, complete_case, document, school_case
from tests.report.pages import SHIPPED, Page, reviewable, shipped
from vsoko_rules.engine import durable
from vsoko_rules.engine.names import EngineName
from vsoko_rules.report.briefs import brief
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.out.html import page
from vsoko_rules.report.wording import Titles
from vsoko_rules.resources import shipped as folder
from vsoko_rules.verdict.assessment import FindingKind


class _HtmlFile(SingleFileSnapshotExtension):
    """A page as a file of its own, to be opened in a browser."""

    file_extension = "html"
    _write_mode = WriteMode.TEXT


@cache
def _page(name: str) -> str:
    return page([shipped(name)])


@pytest.mark.parametrize("name", ["gorodskaya-sosh", "resheniya-eksperta", "samoproverka"])
def test_the_whole_page(name: str, snapshot: SnapshotAssertion) -> None:
    assert reviewable(_page(name), shipped(name)) == snapshot(extension_class=_HtmlFile)


def test_the_page_brings_its_stylesheet() -> None:
    """The snapshots leave it out."""
    style = re.search(r"<style>\n(.*?)</style>", _page("samoproverka"), re.DOTALL)
    assert style is not None
    assert style[1].strip() == (folder("reports") / "html" / "report.css").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_case_makes_a_sound_page(name: str) -> None:
    found = Page(_page(name))
    _sound(found)


def test_two_rulesets_on_one_page() -> None:
    one = shipped("polnaya-struktura")
    found = Page(page([one, one]))
    _sound(found)
    assert any(value.startswith("m2-") for value in found.values("id"))


def _sound(found: Page) -> None:
    """Nothing comes from elsewhere, nothing runs, every reference inside the page leads somewhere."""
    ids = found.values("id")
    assert len(ids) == len(set(ids))
    targets = {f"#{each}" for each in ids}
    hrefs = found.values("href")
    assert {href for href in hrefs if href.startswith("#")} <= targets
    assert all(href.startswith(("#", "http://", "https://")) for href in hrefs)
    for attribute in ("aria-labelledby", "aria-describedby"):
        assert {each for value in found.values(attribute) for each in value.split()} <= set(ids)
    assert not found.values("src")
    assert not found.values("style")
    assert not {tag.name for tag in found.tags} & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert {tag.name for tag in found.tags if "href" in tag.attributes} == {"a"}
    assert all("scope" in tag.attributes for tag in found.named("th"))
    assert len(found.named("h1")) == 1
    for drawing in found.named("svg"):
        assert drawing.attributes["role"] == "img"
    assert len(found.named("svg")) == len(found.named("desc"))


def test_the_head_forbids_everything() -> None:
    found = Page(_page("polnaya-struktura"))
    assert found.named("html")[0].attributes["lang"] == "ru"
    policy = next(tag for tag in found.named("meta") if tag.attributes.get("http-equiv") == "Content-Security-Policy")
    rules = policy.attributes["content"]
    assert "default-src 'none'" in rules
    assert "script-src" not in rules
    style = re.search(r"<style>(.*?)</style>", found.source, re.DOTALL)
    assert style is not None
    assert not re.search(r"url\(|@import|expression", style[1])


def test_the_page_names_what_made_it() -> None:
    assessment = shipped("samoproverka")
    text = Page(_page("samoproverka")).text
    for mark in (assessment.ruleset.sha256, assessment.case.sha256, assessment.ruleset.version, assessment.ruleset.id):
        assert mark in text
    assert assessment.engine not in text.casefold().split()


def test_what_is_missing_is_explained() -> None:
    text = Page(_page("gorodskaya-sosh")).text
    for expected in ("B1-G03-M03", "Мониторинг: нет документа", "Кто подписывает", "предложено", "Пример", "0,5 дня"):
        assert expected in text


def test_nothing_applicable_is_not_scored() -> None:
    blocks = ("B1", "B2", "B3", "B4", "B5", "B6")
    goals = [f"{b}-G0{n}" for b, n in zip(blocks, (4, 2, 3, 3, 3, 1), strict=True) for n in range(1, n + 1)]
    decided = {"outcome": "not_applicable", "by": "Эксперт", "date": "2022-01-01", "comment": "нет"}
    assessment = assessed(school_case(overrides=[{"of": goal, **decided} for goal in goals]))
    text = Page(page([assessment])).text
    assert "не оценивается" in text
    assert "100 %" not in text.split("Содержание")[0].split("Пороги")[0]


def test_the_engine_leaves_no_trace() -> None:
    if not durable.available():
        pytest.skip("durable-rules is not there")
    pages = {page([shipped("preduprezhdeniya", engine)]) for engine in (EngineName.PLAIN, EngineName.DURABLE)}
    assert len(pages) == 1


def test_hash_seeds_change_nothing() -> None:
    program = (
        "import sys, hashlib; from tests.report.pages import shipped; from vsoko_rules.report.out.html import page; "
        "from vsoko_rules.report.out.text import summary; a = shipped('krug-ssylok-i-skany'); "
        "print(hashlib.sha256((page([a]) + summary(a)).encode()).hexdigest())"
    )

    def run(seed: str) -> str:
        environment: dict[str, Any] = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(
            [sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True
        ).stdout

    digests = {run("1"), run("2")}
    assert len(digests) == 1
    assert len(digests.pop().strip()) == hashlib.sha256().digest_size * 2


@pytest.mark.parametrize("change", [{"url": None}, {"blank": True}])
def test_a_document_that_is_none_is_called_by_what_is_wrong_with_it(change: dict[str, Any]) -> None:
    """Outside the lines as on them, in reports and in short."""
    case = complete_case()
    document(case, "C-02").update(change)
    assessment = assessed(case)
    task = next(t for t in Composer(assessment).view(with_plan=False).tasks if t.kind is FindingKind.ABSENCE)
    fault = "Документ не опубликован" if "url" in change else "Опубликован незаполненный шаблон"
    assert task.fault == fault
    finding = next(f for f in assessment.all_findings() if f.kind is FindingKind.ABSENCE)
    assert brief(finding, Titles(assessment)).fault == fault
    decided = {"of": "C-02", "outcome": "missing", "by": "Эксперт 1", "date": "2022-10-20", "comment": "Не открывается"}
    (task,) = Composer(assessed({**complete_case(), "overrides": [decided]})).view(with_plan=False).tasks
    assert task.fault == "не подтверждено документом"
