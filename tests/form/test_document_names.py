"""A document is known by whatever people call it; a name that means two is never taken for one of them."""

from __future__ import annotations

import pytest

from vsoko_rules.intake.form.document_names import DocumentNames, NamedDocument
from vsoko_rules.reading.typed import document_number, whereabouts

NAMES = DocumentNames(
    [
        NamedDocument("d1", "Программа развития школы на 2021–2025 годы", "54", "2021-08-31"),
        NamedDocument("d2", "Приказ о проведении ВПР", "12-од", "2022-02-14"),
        NamedDocument("d3", "План работы", "12-ОД", "2022-03-01"),
        NamedDocument("d4", "Рабочая программа воспитания", "54", "2021-08-31"),
        NamedDocument("d5", "Отчёт, справка и выводы"),
        NamedDocument("d6", "Справка"),
        NamedDocument("d7", "Справка"),
    ],
    {"doc-B1-G02": "d1"},
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("d2", "d2"), ("doc-B1-G02", "d1"), ("Приказ о проведении ВПР № 12-од", "d2"),
        ("приказ о проведении впр", "d2"),
        ("«Приказ о проведении ВПР»", "d2"), ("Приказ № 12-од", "d2"), ("приказ от 14.02.2022", "d2"),
        ("№ 12-од от 01.03.2022", "d3"), ("план (№ 12-од)", "d3"), ("Приказ № 12-од «О проведении ВПР»", "d2"),
        ("Программа развития", "d1"), ("отчет, справка и выводы", "d5"),
    ],
)  # fmt: skip
def test_what_is_meant(said: str, meant: str) -> None:
    assert NAMES.find(said) == [meant]


@pytest.mark.parametrize(
    "said", ["№ 54", "№ 12-од", "Справка", "программа развития и воспитания", "№ 99", "на", "Приказ"]
)
def test_what_means_none_or_several(said: str) -> None:
    assert len(NAMES.find(said)) != 1


def test_a_number_with_another_name_after_it_is_not_the_whole_of_what_was_said() -> None:
    assert NAMES.find("Приказ № 12-од, Рабочая программа") == []


def test_a_label_that_means_two_documents_is_never_written() -> None:
    assert [NAMES.called(code) for code in ("d2", "d6", "d7")] == ["Приказ о проведении ВПР № 12-од", "d6", "d7"]


@pytest.mark.parametrize(
    ("text", "number", "day"),
    [
        ("№ 112-од от 14.02.2022", "112-од", "2022-02-14"), ("№ № 5", "5", None),
        ("приказ №7 от 1 июня 2022 г.", "7", "2022-06-01"),
        ("35/1", "35/1", None), ("б/н", "б/н", None), ("№", "№", None),
    ],
)  # fmt: skip
def test_a_number_as_it_is_written(text: str, number: str, day: str | None) -> None:
    assert document_number(text) == (number, day)
    assert document_number(number) == (number, None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://shkola.example/1.pdf", "url"), ("shkola.example/vsoko/", "url"), ("www.shkola.example", "url"),
        ("приказ 12.pdf", "file"), ("docs/приказ.docx", "file"), ("C:\\Документы\\приказ.doc", "here"),
        ("\\\\server\\приказ.doc", "here"), ("file:///C:/приказ.doc", "here"), ("на сайте", "nowhere"),
    ],
)  # fmt: skip
def test_where_a_document_is(text: str, kind: str) -> None:
    assert whereabouts(text)[0] == kind
