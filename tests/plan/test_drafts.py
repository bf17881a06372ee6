"""Drafts of documents, read back with python-docx: what is known stands there, what is not is a blank."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import chain

import pytest
from docx import Document
from docx.document import Document as Word
from syrupy.assertion import SnapshotAssertion

from tests.builders import assessed, chain_case, complete_case, school_case, without_document
from vsoko_rules.advice.plan import PlanStep, RepairPlan, ToBlock, ToLevel, plan
from vsoko_rules.report.draft import draft

HOSTILE = ["Приказ & «Ко»", "<w:p>Текст</w:p>", "{{ school }} {% if x %}", "a\x0bb\u202ec", "]]> &amp; \"'", "Я" * 900]


def opened(made: RepairPlan, step: PlanStep) -> Word:
    return Document(BytesIO(draft(made, step)))


def text_of(word: Word) -> str:
    cells = (cell.text for table in word.tables for row in table.rows for cell in row.cells)
    return "\n".join(chain((p.text for p in word.paragraphs), cells))


def whole() -> RepairPlan:
    """A plan that writes a document of every stage."""
    return plan(assessed(school_case()), ToBlock("B2"))


@pytest.mark.parametrize("stage", ["goal", "monitoring", "analysis", "recommendation", "measure", "order"])
def test_how_a_draft_reads(stage: str, snapshot: SnapshotAssertion) -> None:
    made = whole()
    step = next(s for s in made.steps if s.stage == stage)
    assert text_of(opened(made, step)) == snapshot


def test_how_an_amendment_reads(snapshot: SnapshotAssertion) -> None:
    case = chain_case("B2")
    by_element = {d["serves"][0]: d for d in case["documents"]}
    by_element["B2-M01"]["holds"].remove("deadlines")
    by_element["B2-A01"]["based_on"] = []
    by_element["B2-P01"]["date"] = "2021-09-01"
    made = plan(assessed(case), ToBlock("B2"))
    assert "\n\n".join(text_of(opened(made, step)) for step in made.steps) == snapshot


def test_every_blank_is_highlighted() -> None:
    made = whole()
    for step in made.steps:
        word = opened(made, step)
        cells = (p for t in word.tables for row in t.rows for cell in row.cells for p in cell.paragraphs)
        for paragraph in chain(word.paragraphs, cells):
            for run in paragraph.runs:
                if re.search("_{3,}", run.text) and "нет пустых мест" not in paragraph.text:
                    assert "highlight" in run._r.xml or "w:shd" in run._r.xml, run.text


def test_the_schools_own_documents_are_cited_by_title_number_and_date() -> None:
    case = chain_case("B2")
    case["documents"] = [d for d in case["documents"] if d["serves"] != ["B2-D01"]]
    made = plan(assessed(case), ToBlock("B2"))
    (step,) = made.steps
    assert "«Документ к элементу B2-P01» № 32-од от 05.01.2022" in text_of(opened(made, step)).replace("\u00a0", " ")


def test_whom_recommendations_address() -> None:
    case = without_document(without_document(complete_case(), "d-b3-rc01"), "d-b2-rc01")
    for block, whom in (("B3", "учителям, педагогам-психологам"), ("B2", "адресат обязательно должен быть назван")):
        made = plan(assessed(case), ToBlock(block))
        step = next(s for s in made.steps if s.stage == "recommendation")
        assert whom in text_of(opened(made, step))


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_stay_text(title: str) -> None:
    case = chain_case("B2")
    case["school"]["name"] = title
    case["documents"] = [d for d in case["documents"] if d["serves"] != ["B2-D01"]]
    for document in case["documents"]:
        document["title"] = title
        if document["serves"] == ["B2-P01"]:
            document["based_on"] = []
    made = plan(assessed(case), ToBlock("B2"))
    assert [step.new for step in made.steps] == [False, True]
    shown = made.before.case.content.documents[0].title.replace("\x0b", "").replace("\u202e", "")
    for step in made.steps:
        found = text_of(opened(made, step))
        assert shown.replace("«", "„").replace("»", "“") in found
        assert shown in found


def test_properties() -> None:
    made = whole()
    properties = opened(made, made.steps[0]).core_properties
    assert properties.author == "МБОУ СОШ «Сосна»"
    assert properties.language == "ru-RU"
    assert properties.title.startswith("Цели и целевые показатели")


def test_pages_are_numbered() -> None:
    made = whole()
    assert all("PAGE" in opened(made, step).sections[0].footer._element.xml for step in made.steps)


def test_the_same_plan_gives_the_same_bytes() -> None:
    one, other = whole(), whole()
    assert [draft(one, s) for s in one.steps] == [draft(other, s) for s in other.steps]


def test_every_step_of_a_large_plan_can_be_drafted() -> None:
    made = plan(assessed(school_case()), ToLevel("formed"))
    assert all(draft(made, step).startswith(b"PK") for step in made.steps)
