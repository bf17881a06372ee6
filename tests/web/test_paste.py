"""Rows pasted from Excel: shown as they were understood, added as one change, nothing dropped in silence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from vsoko_rules.web.site import Site
from vsoko_rules.workspace.opening import open_case

HEAD = (
    "Название документа\tВид\tНомер\tДата или период\tК чему относится\tЧто в нём есть, кому адресован\t"
    "На что опирается\tАдрес или файл"
)
GROUND, ADDRESS = "Положение о ВСОКО (новая редакция)", "https://school.example/12.pdf"
WHAT = "Мониторинг результатов ВПР\tцели; задачи; сроки"
ROWS = (
    f"Приказ о мониторинге ВПР\tприказ\t№ 12-од\t14.02.2022\t{WHAT}\t{GROUND}\t{ADDRESS}",
    "\t\t\t\t\tподпись\t\t",
    '"Справка по ""ВПР"""\tсправка\t\t20 июня 2022 г.\tB1-A01\t\tПриказ о мониторинге ВПР\t',
)
UNDERSTOOD = ("B1-M02 Мониторинг результатов ВПР", "цели, задачи, сроки, подпись", "14.02.2022", "20.06.2022")


def upload(name: str, content: bytes) -> Any:
    """A file as a form sends it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "gorodskaya-sosh.yml"


def preview(client: Any, site: Site, path: Path, *rows: str, **more: Any) -> Any:
    return client.post(f"/s/{site.code(path)}/paste", {"table": "\n".join(rows), **more})


def test_what_was_understood_is_shown_and_then_added(client: Any, site: Site, path: Path) -> None:
    before = path.read_bytes()
    answer = preview(client, site, path, *ROWS)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Понято строк: 2 из 2" in page
    for words in UNDERSTOOD:
        assert words in page, words
    assert path.read_bytes() == before
    assert (
        preview(client, site, path, *ROWS, add="1", line=re.findall(r'name="line" value="(\d+)"', page)).status_code
        == 302
    )
    order, report = open_case(path).content.documents[-2:]
    assert (order.number, str(order.date), order.serves, order.based_on) == (
        "12-од",
        "2022-02-14",
        ("B1-M02",),
        ("polozhenie",),
    )
    assert order.holds == ("goals", "tasks", "deadlines", "signature")
    assert (report.title, report.based_on) == ('Справка по "ВПР"', (order.id,)), "a row may name one of the same table"
    client.post(f"/s/{site.code(path)}/undo")
    assert path.read_bytes() == before, "all rows are one change"


def test_headings_say_which_column_is_which(client: Any, site: Site, path: Path) -> None:
    page = preview(client, site, path, "Дата или период\tНазвание документа", "14.02.2022\tПриказ").content.decode()
    assert "<strong>Приказ</strong>" in page
    assert "14.02.2022" in page
    assert "Понято строк: 1 из 1" in preview(client, site, path, HEAD, ROWS[0]).content.decode()


def test_headings_of_a_table_of_ones_own_are_understood(client: Any, site: Site, path: Path) -> None:
    """As a school keeps its documents, with its own words and a column of row numbers."""
    head = "№ п/п\tНаименование документа\tДата\t№ документа\tСсылка\tЭлементы"
    row = f"1\tПриказ о мониторинге ВПР\t14.02.2022\t12-од\t{ADDRESS}\tB1-M02"
    page = preview(client, site, path, head, row).content.decode()
    assert "Понято строк: 1 из 1" in page
    for words in ("12-од", "14.02.2022", ADDRESS, "B1-M02 Мониторинг результатов ВПР"):
        assert words in page, words


def test_titles_alone_are_enough(client: Any, site: Site, path: Path) -> None:
    assert "Понято строк: 2 из 2" in preview(client, site, path, "Приказ первый", "Приказ второй").content.decode()


def test_a_row_that_is_not_understood_is_told_and_not_added(client: Any, site: Site, path: Path) -> None:
    wrong = "Приказ\tприказ\t5\t31.02.2022\tМониторинг погоды\tпогода\tТо, чего нет\t"
    page = preview(client, site, path, wrong, "Приказ второй").content.decode()
    assert "Понято строк: 1 из 2" in page
    for words in ("31.02.2022", "Мониторинг погоды", "погода", "То, чего нет"):
        assert f"«{words}»" in page
    before = path.read_bytes()
    answer = preview(client, site, path, wrong, "Приказ второй", add="1", line=["1", "2"])
    assert answer.status_code == 422
    assert path.read_bytes() == before
    assert preview(client, site, path, wrong, "Приказ второй", add="1", line=["2"]).status_code == 302
    assert open_case(path).content.documents[-1].title == "Приказ второй"


def test_a_document_that_is_there_already_is_not_added_unasked(client: Any, site: Site, path: Path) -> None:
    there = open_case(path).documents["komanda"]
    page = preview(client, site, path, f"{there.title}\tприказ\t{there.number}\t02.09.2021").content.decode()
    assert "Такой документ уже есть" in page
    assert not re.search(r'name="line" value="1"[^>]* checked', page)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("", "В таблице нет ни одной строки."),
        (" \n\t\n", "В таблице нет ни одной строки."),
        ("\n".join(["Приказ"] * 1001), "В таблице слишком много строк: «1001». Нужно: до 1000."),
        ('"' + "а" * 200_000, "аблиц"),
    ],
)
def test_a_table_that_is_none_is_told(client: Any, site: Site, path: Path, table: str, told: str) -> None:
    answer = preview(client, site, path, table)
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_an_address_is_shown_in_russian_letters(client: Any, site: Site, path: Path) -> None:
    """Only letters: a code of anything else means something in an address."""
    address = "https://school.example/%D0%9F%D1%80%D0%B8%D0%BA%D0%B0%D0%B7%2F12%20a.pdf"
    row = f"Приказ о мониторинге ВПР\tприказ\t\t14.02.2022\t\t\t\t{address}"
    page = preview(client, site, path, row).content.decode()
    assert "<dd>https://school.example/Приказ%2F12%20a.pdf</dd>" in page


@pytest.mark.parametrize("ending", ["yml", "xlsx"])
def test_everything_is_taken_from_a_file_of_the_school(ending: str, client: Any, site: Site, folder: Path) -> None:
    path = folder / "gorodskaya-sosh.yml"
    code = site.code(path)
    content = client.post(f"/s/{code}/copy/{ending}").content
    before = open_case(path).content
    shown = client.get(f"/s/{code}/documents?row=komanda").content.decode()
    (etag,) = set(re.findall(r'name="etag" value="(\w+)"', shown))
    client.post(f"/s/{code}/documents/komanda/remove", {"etag": etag})
    assert open_case(path).content != before
    sent = upload(f"школа.{ending}", content)
    assert client.post(f"/s/{code}/from-file", {"file": sent}).status_code == 302
    assert open_case(path).content == before
    client.post(f"/s/{code}/undo")
    assert "komanda" not in open_case(path).documents


def test_a_file_of_another_school_is_refused(client: Any, site: Site, folder: Path) -> None:
    path = folder / "gorodskaya-sosh.yml"
    sent = upload("другая.yml", (folder / "selskaya-oosh.yml").read_bytes())
    told = client.post(f"/s/{site.code(path)}/from-file", {"file": sent})
    assert told.status_code == 422
    assert "файл другой школы" in told.content.decode()
