"""Saved pages of a site: what is seen of them, where their links lead, and the addresses of what lies beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.texts.made import ORDER, lines, order, quality, read
from vsoko_rules.intake.texts.file_text import FileText, Quality
from vsoko_rules.intake.texts.inventory import read_files

LONG = "".join(f"<p>{part}</p>" for part in ORDER)
PNG = b"\x89PNG\r\n\x1a\n"
SITE = "https://school.example/vsoko/"


def page(body: str, head: str = "", before: str = "") -> bytes:
    return f"<!DOCTYPE html>\n{before}<html><head>{head}</head><body>{body}{LONG}</body></html>".encode()


def laid(folder: Path, files: dict[str, bytes]) -> dict[str, FileText]:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return {text.file: text for text in read_files(folder, quality())}


def test_what_a_reader_of_the_page_sees() -> None:
    text = read(page(
        "<nav><a href='/'>Главная</a></nav><header>Сайт школы</header><script>alert(1)</script><style>p{}</style>"
        "<p style='display:none'>спрятано</p><main><header><h1>Положение\n  о ВСОКО</h1></header>"
        "первая<br>вторая <b>жирно</b>е<ol><li>цель<li><p>задача</p></ol><pre>так\nи так</pre>"
        "<table><tr><th>Срок<td>Ответ&shy;ственный</tr><tr><td><p>май</p><td></tr></table></main><footer>Телефон</footer>"
    ))  # fmt: skip
    assert [line.text for line in text.lines if line.aside] == ["Главная", "Сайт школы", "Телефон"]
    assert [line.text for line in text.lines if not line.aside][:-4] == [
        "Положение о ВСОКО", "первая", "вторая жирное", "1. цель", "2. задача", "так", "и так", "Срок | Ответственный",
        "май | ",
    ]  # fmt: skip


def test_a_page_that_is_laid_out_as_a_table_keeps_its_paragraphs() -> None:
    page = f"<html><table><tr><td>Меню</td><td>{LONG}{LONG}</td></tr></table></html>"
    assert lines(read(page.encode())) == ["Меню", *ORDER, *ORDER]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r", "utf-16"])
@pytest.mark.parametrize("named", [True, False])
def test_encodings_of_pages(encoding: str, named: bool) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">' if named else ""
    text = page("", head).decode().replace("–", "-").encode(encoding)
    assert lines(read(text))[0] == ORDER[0]


def test_a_page_that_names_a_wrong_encoding() -> None:
    assert lines(read(page("", '<meta charset="windows-1251">')))[0] == ORDER[0]
    assert lines(read(page("", '<meta charset="no-such">')))[0] == ORDER[0]


@pytest.mark.parametrize(
    ("head", "before"),
    [
        ("", f"<!-- saved from url=(0029){SITE} -->"),
        (f'<base href="{SITE}">', ""),
        (f'<link rel="canonical" href="{SITE}">', ""),
    ],
)
def test_files_beside_a_saved_page_get_the_addresses_to_which_it_leads(tmp_path: Path, head: str, before: str) -> None:
    links = (
        "<a href='files/%D0%BF%D1%80%D0%B8%D0%BA%D0%B0%D0%B7.docx'>Приказ</a><a href='#x'>К началу</a>"
        "<a href='https://other.example/a?file=1'>Другое</a><a href='mailto:a@b.example'>Почта</a>"
        "<a href='http://[x'>Сломано</a><img src='ВСОКО_files/b.png'>"
    )
    found = laid(tmp_path, {
        "ВСОКО.html": page(links, head, before), "ВСОКО_files/a.js": b"let a = 1", "ВСОКО_files/b.png": PNG,
        "ВСОКО_files/frame.html": page("Реклама"), "приказ.docx": order(), "другой.txt": "\n".join(ORDER).encode(),
    })  # fmt: skip
    assert list(found) == ["ВСОКО.html", "ВСОКО_files/", "другой.txt", "приказ.docx"]
    saved = found["ВСОКО.html"]
    assert (saved.address, saved.quality) == (SITE, Quality.GOOD)
    assert [link.target for link in saved.links] == [
        f"{SITE}files/%D0%BF%D1%80%D0%B8%D0%BA%D0%B0%D0%B7.docx", "https://other.example/a?file=1",
    ]  # fmt: skip
    assert found["приказ.docx"].address == f"{SITE}files/%D0%BF%D1%80%D0%B8%D0%BA%D0%B0%D0%B7.docx"
    assert found["другой.txt"].address is None
    assert (found["ВСОКО_files/"].reason, found["ВСОКО_files/"].left_out) == ("page_parts", True)


def test_a_document_among_the_parts_of_a_page_is_read(tmp_path: Path) -> None:
    found = laid(tmp_path, {"а.htm": page(""), "а.files/приказ.docx": order()})
    assert found["а.files/приказ.docx"].quality is Quality.GOOD


def test_a_page_of_nowhere_leads_to_files_of_the_folder(tmp_path: Path) -> None:
    found = laid(tmp_path, {"сайт/а.html": page("<a href='../док/приказ.docx'>Приказ</a>"), "док/приказ.docx": order()})
    assert [link.target for link in found["сайт/а.html"].links] == ["док/приказ.docx"]
    assert found["док/приказ.docx"].address is None


def test_two_addresses_that_end_alike_name_no_file(tmp_path: Path) -> None:
    links = "<a href='https://school.example/1/a.docx'>1</a><a href='https://school.example/2/a.docx'>2</a>"
    assert laid(tmp_path, {"x.html": page(links), "a.docx": order()})["a.docx"].address is None


def test_a_page_saved_in_one_file() -> None:
    body = page("<a href='a.docx'>Приказ</a>")
    head = (
        "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://school.example/\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="=="\r\n\r\n--==\r\nContent-Type: text/html; '
        f"charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nContent-Location: {SITE}\r\n\r\n"
    )
    text = read(head.encode() + body + b"\r\n--==--\r\n")
    assert (text.format, text.address) == ("mht", SITE)
    assert lines(text)[-1] == ORDER[-1]
