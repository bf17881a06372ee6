"""Drafts of documents, read back with python-docx: what is known stands there, what is not is a blank, and what is said
to the author stands on a page before."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from pypdf import PdfReader
from syrupy.assertion import SnapshotAssertion

from tests.builders import (
    Data,
    assessed,
    chain_case,
    child_ruleset,
    complete_case,
    document,
    school_case,
    without_document,
)
from vsoko_rules.advice.plan import PlanStep, RepairPlan, ToBlock, ToLevel, plan
from vsoko_rules.report.draft import draft
from vsoko_rules.report.skeletons import draft_words
from vsoko_rules.ruleset.load import load

pytestmark = pytest.mark.slow

HOSTILE = ["Приказ & «Ко»", "<w:p>Текст</w:p>", "{{ school }} {% if x %}", "a\x0bb\u202ec", "]]> &amp; \"'", "Я" * 900]
RULESETS = ["core", "bashkortostan-2022", "tver-2022"]
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def opened(made: RepairPlan, step: PlanStep) -> Word:
    return Document(BytesIO(draft(made, step)))


def paragraphs(word: Word) -> Iterator[Paragraph]:
    """Every paragraph, those of tables in their place."""
    return (Paragraph(p, word._body) for p in word.element.body.iter(qn("w:p")))


def parts(word: Word) -> tuple[str, str]:
    """What is said to the author, and the document itself."""
    guide: list[str] = []
    text: list[str] = []
    for paragraph in paragraphs(word):
        (guide if paragraph.style is not None and paragraph.style.name == "Памятка" else text).append(paragraph.text)
    return "\n".join(guide), "\n".join(text).replace("\u00a0", " ")


def text_of(made: RepairPlan, step: PlanStep) -> str:
    return parts(opened(made, step))[1]


@cache
def whole() -> RepairPlan:
    """A plan that writes a document of every stage."""
    return plan(assessed(school_case()), ToBlock("B2"))


@cache
def large() -> RepairPlan:
    """A plan that writes documents of all blocks, and what stands outside them."""
    return plan(assessed(school_case()), ToLevel("formed"))


@cache
def large_drafts() -> tuple[Word, ...]:
    return tuple(opened(large(), step) for step in large().steps)


def gaps() -> Data:
    """A school whose four documents each lack something else."""
    case = chain_case("B2")
    document(case, "B2-M01")["holds"].remove("deadlines")
    document(case, "B2-M01")["title"] = "Приказ о мониторинге отстающих"
    document(case, "B2-A01")["based_on"] = []
    document(case, "B2-P01")["date"] = "2021-09-01"
    return case


@pytest.mark.parametrize("stage", ["goal", "monitoring", "analysis", "recommendation", "measure", "order"])
def test_how_a_draft_reads(stage: str, snapshot: SnapshotAssertion) -> None:
    step = next(s for s in whole().steps if s.stage == stage)
    assert "\n\n".join(parts(opened(whole(), step))) == snapshot


def test_how_documents_outside_the_lines_read(snapshot: SnapshotAssertion) -> None:
    steps = [s for s in large().steps if s.stage == "organisation" or (s.stage == "order" and len(s.blocks) > 1)]
    assert {e for s in steps for e in s.elements} >= {"C-01", "C-02", "B1-D01", "B6-D01"}
    assert "\n\n".join(text_of(large(), step) for step in steps) == snapshot


def test_how_an_amendment_reads(snapshot: SnapshotAssertion) -> None:
    made = plan(assessed(gaps()), ToBlock("B2"))
    assert "\n\n".join(text_of(made, step) for step in made.steps) == snapshot


def test_an_order_is_amended_by_an_order() -> None:
    made = plan(assessed(gaps()), ToBlock("B2"))
    text = text_of(made, made.steps[0])
    cited = "приказ от 13.10.2021 № 28-од «О мониторинге отстающих»"
    assert "ПРИКАЗ\n«____» ______________ 20____ г.\t№ ______" in text
    assert f"О внесении изменений в {cited}" in text
    assert (
        f"1. Внести в {cited} следующие изменения:\n1.1. Дополнить пунктом ______ следующего содержания: «Срок" in text
    )
    assert "2. Контроль за исполнением приказа возложить на" in text


def test_a_report_is_completed_by_its_author() -> None:
    made = plan(assessed(gaps()), ToBlock("B2"))
    text = text_of(made, made.steps[1])
    assert "ДОПОЛНЕНИЕ\nк аналитическим материалам от 10.11.2021" in text
    assert "ПРИКАЗЫВАЮ" not in text
    assert "«Мониторинг проведён на основании приказа от 13.10.2021 № 28-од „О мониторинге отстающих“" in text


def test_a_plan_is_changed_by_an_order_and_recommendations_by_an_addendum() -> None:
    case = chain_case("B3")
    document(case, "B3-P01")["based_on"] = []
    document(case, "B3-RC01")["addressees"] = ["students"]
    made = plan(assessed(case), ToBlock("B3"))
    texts = {step.stage: text_of(made, step) for step in made.steps}
    assert "О внесении изменений в план от 05.01.2022" in texts["measure"]
    assert "1.1. Дополнить абзацем следующего содержания: «Мероприятия запланированы во исполнение" in texts["measure"]
    assert "ДОПОЛНЕНИЕ\nк рекомендациям от 08.12.2021" in texts["recommendation"]
    assert "«Рекомендации адресованы учителям, педагогам-психологам" in texts["recommendation"]


def test_what_is_issued_anew_is_a_whole_document() -> None:
    made = plan(assessed(gaps()), ToBlock("B2"))
    guide, text = parts(opened(made, made.steps[2]))
    assert "ПЛАН МЕРОПРИЯТИЙ\nпо работе с отстающими обучающимися" in text
    assert "рекомендаций от 08.12.2021" in text
    assert "с новой датой" in guide


def test_a_new_order_takes_the_place_of_the_one_that_is_issued_anew() -> None:
    case = chain_case("B2")
    document(case, "B2-M01")["date"] = "2021-09-01"
    made = plan(assessed(case), ToBlock("B2"))
    order, report, *_ = made.steps
    assert "Признать утратившим силу приказ от 01.09.2021 № 28-од" in text_of(made, order)
    assert "на основании приказа от ____________ № ______ «Документ к элементу B2-M01»" in text_of(made, report)


@pytest.mark.parametrize(("field", "value"), [("number", None), ("holds", "signature"), ("blank", True)])
def test_what_no_text_mends_is_said_to_the_author(field: str, value: object) -> None:
    case = chain_case("B2")
    order = document(case, "B2-M01")
    if field == "holds":
        order["holds"].remove(value)
    else:
        order[field] = value
    made = plan(assessed(case), ToBlock("B2"))
    for step in made.steps:
        if step.document == order["id"]:
            guide, text = parts(opened(made, step))
            assert "полный текст документа" in guide
            assert "1. Провести мониторинг по выявлению отстающих" in text


def test_nothing_said_to_the_author_stands_in_the_document() -> None:
    amended = plan(assessed(gaps()), ToBlock("B2"))
    for word in (*large_drafts(), *(opened(amended, step) for step in amended.steps)):
        styles = [p.style.name for p in paragraphs(word) if p.style is not None]
        own = [name == "Памятка" for name in styles]
        assert own == sorted(own, reverse=True), "the page for the author comes first"
        text = parts(word)[1]
        assert not re.search("Памятка|Пример|удалите|шаг |методик[аиу] |☐", text), text


def test_every_blank_is_highlighted() -> None:
    for word in large_drafts():
        for paragraph in paragraphs(word):
            for run in paragraph.runs:
                is_blank = "___" in run.text and paragraph.style is not None and paragraph.style.name != "Памятка"
                assert (run.font.highlight_color is not None) == is_blank, run.text


def test_the_schools_own_documents_are_cited_by_title_number_and_date() -> None:
    case = without_document(chain_case("B2"), "d-b2-d01")
    document(case, "B2-P01")["title"] = "План работы с отстающими"
    made = plan(assessed(case), ToBlock("B2"))
    (step,) = made.steps
    assert "На основании плана работы с отстающими от 05.01.2022 № 32-од" in text_of(made, step)


def test_what_has_neither_date_nor_number_is_cited_by_its_title() -> None:
    case = without_document(chain_case("B2"), "d-b2-p01")
    del document(case, "B2-RC01")["date"], document(case, "B2-RC01")["number"]
    made = plan(assessed(case), ToBlock("B2"))
    step = next(s for s in made.steps if s.stage == "measure")
    assert "во исполнение рекомендаций «Документ к элементу B2-RC01»." in text_of(made, step)


def test_what_is_not_there_yet_is_cited_with_blanks() -> None:
    step = next(s for s in whole().steps if s.stage == "analysis")
    guide, text = parts(opened(whole(), step))
    cited = "приказа от ____________ № ______ «О проведении мониторингов по работе с отстающими обучающимися»"
    assert f"на основании {cited}" in text
    assert "шаг 2 плана" in guide


def test_whom_recommendations_address() -> None:
    case = without_document(without_document(complete_case(), "d-b3-rc01"), "d-b2-rc01")
    document(case, "B4-A01")["date"] = "2022-05-30"
    of = {"B3": "учителям, педагогам-психологам", "B2": "________________ (адресаты)", "B4": "обучающимся"}
    for block, whom in of.items():
        made = plan(assessed(case), ToBlock(block))
        step = next(s for s in made.steps if s.stage == "recommendation")
        assert f"Кому: {whom}" in text_of(made, step)


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_stay_text(title: str) -> None:
    case = without_document(chain_case("B2"), "d-b2-d01")
    case["school"]["name"] = title
    for known in case["documents"]:
        known["title"] = title
        if known["serves"] == ["B2-P01"]:
            known["based_on"] = []
    made = plan(assessed(case), ToBlock("B2"))
    assert [step.new for step in made.steps] == [False, True]
    shown = made.before.case.content.documents[0].title.replace("\x0b", "").replace("\u202e", "")
    for step in made.steps:
        found = text_of(made, step)
        assert shown.replace("«", "„").replace("»", "“") in found
        assert shown in found


# --- Phrases in the right case


@pytest.mark.parametrize("name", RULESETS)
def test_a_shipped_ruleset_has_every_phrase_that_a_draft_needs(name: str) -> None:
    ruleset, words = load(name), draft_words()
    lacking = [b.id for b in ruleset.blocks.values() if not b.subject]
    for element in ruleset.elements.values():
        kind = ruleset.kind_of(element.kind) if element.kind else None
        skeleton = words.skeleton(element.stage, kind)
        named = [(element.subject, element.point), *((v.subject, v.point) for v in element.variants if v.title)]
        for subject, point in named:
            lacking += [element.id] if not subject and not skeleton.by_block else []
            lacking += [element.id] if not point and skeleton.each else []
    assert lacking == []
    assert all(kind.forms for kind in ruleset.document_kinds.values())


def test_phrases_go_on_after_what_stands_before_them() -> None:
    """An order is about something; whatever is done begins with a verb."""
    for element in load("tver-2022").elements.values():
        if element.point:
            assert re.match(r"(о|об) ", element.subject or ""), element.id
            assert re.match(r"\w+т[ьи]\b", element.point), element.id
        assert (element.subject or "а")[0].islower(), element.id


def test_the_words_of_drafts_name_what_there_is() -> None:
    ruleset, words = load("tver-2022"), draft_words()
    for skeleton in words.skeletons:
        assert {*skeleton.stages} <= {*ruleset.stages}
        assert {*skeleton.kinds} <= {*ruleset.document_kinds}
        assert {*skeleton.points, *skeleton.details} <= {*ruleset.requirements}
    assert {*words.guide.requirements} <= {*words.points} <= {*ruleset.requirements}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("elements: [{id: B2-M01, title: Диагностика отстающих}]", "«Диагностика отстающих»"),
        ("blocks: [{id: B2, name: Трудности учения}]", "О проведении мониторингов по направлению «Трудности учения»"),
    ],
)
def test_a_region_without_phrases_gets_the_name_in_quotes(tmp_path: Path, text: str, expected: str) -> None:
    made = plan(assessed(school_case(), child_ruleset(tmp_path, text)), ToBlock("B2"))
    assert expected in text_of(made, next(s for s in made.steps if s.stage == "monitoring"))


def test_a_variant_has_phrases_of_its_own() -> None:
    case = without_document(complete_case(counts={"young_teachers": 0}), "d-b5-d01")
    made = plan(assessed(case), ToBlock("B5"))
    text = text_of(made, made.steps[-1])
    assert "О мерах поддержки педагогов с профессиональными дефицитами" in text
    assert "молодых" not in text


def test_a_draft_under_the_other_ruleset(snapshot: SnapshotAssertion) -> None:
    made = plan(assessed(school_case(), load("tver-2022")), ToBlock("B6"))
    assert "\n\n".join(text_of(made, step) for step in (made.steps[0], made.steps[-1])) == snapshot


# --- The file


def test_properties() -> None:
    properties = opened(whole(), whole().steps[0]).core_properties
    assert properties.author == "МБОУ СОШ «Сосна»"
    assert properties.language == "ru-RU"
    assert properties.title == "ЦЕЛИ И ЦЕЛЕВЫЕ ПОКАЗАТЕЛИ по работе с отстающими обучающимися"


def test_pages_are_numbered_from_the_second_on() -> None:
    for step in whole().steps:
        guide, own = opened(whole(), step).sections
        assert "PAGE" in own.header._element.xml
        assert "PAGE" not in own.first_page_header._element.xml + guide.header._element.xml
        assert own.different_first_page_header_footer
        margins = (own.left_margin, own.right_margin, own.top_margin, own.bottom_margin)
        assert [round(margin.mm) for margin in margins if margin is not None] == [30, 10, 20, 20]


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_pages_of_a_draft(tmp_path: Path) -> None:
    """An order takes one page after the page for its author; a plan lies on its side."""
    by_stage = {s.stage: s for s in whole().steps}
    for stage in ("monitoring", "measure"):
        (tmp_path / f"{stage}.docx").write_bytes(draft(whole(), by_stage[stage]))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    files = [str(path) for path in sorted(tmp_path.glob("*.docx"))]
    command = [str(OFFICE), "--headless", home, "--convert-to", "pdf", "--outdir", str(tmp_path), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    for stage, sides in (("monitoring", (210, 297)), ("measure", (297, 210))):
        guide, own = PdfReader(tmp_path / f"{stage}.pdf").pages
        assert [round(float(side) / 72 * 25.4) for side in own.mediabox[2:]] == [*sides]
        assert "Как пользоваться заготовкой" in guide.extract_text()
        assert "Сосна" in own.extract_text()


def test_the_same_plan_gives_the_same_bytes() -> None:
    made = plan(assessed(school_case()), ToBlock("B2"))
    assert [draft(made, s) for s in made.steps] == [draft(whole(), s) for s in whole().steps]
