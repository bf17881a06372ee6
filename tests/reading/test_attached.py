"""Files that a case names, as far as their type and hash."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from vsoko_rules.reading.addresses import AddressKind, address_kind, same_place
from vsoko_rules.reading.attached import FileState, look


def zipped(path: Path, *names: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")


@pytest.mark.parametrize(
    ("name", "content", "state"),
    [
        ("a.pdf", b"%PDF-1.4", FileState.THERE),
        ("a.pdf", b"\xff\xd8\xff", FileState.FOREIGN),
        ("a.pdf", b"", FileState.EMPTY),
        ("a.rtf", b"{\\rtf1", FileState.THERE),
        ("a.doc", b"{\\rtf1", FileState.THERE),
        ("a.docx", b"%PDF-1.4", FileState.FOREIGN),
        ("a.html", "<!DOCTYPE html>".encode("utf-16"), FileState.THERE),
        ("a.JPG", b"\xff\xd8\xff\xe0", FileState.THERE),
        ("a.txt", b"text", FileState.THERE),
    ],
)
def test_the_first_bytes_tell_the_type(name: str, content: bytes, state: FileState, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert look(tmp_path / name).state is state


def test_office_documents_are_told_apart_by_what_is_in_them(tmp_path: Path) -> None:
    zipped(tmp_path / "a.docx", "[Content_Types].xml", "word/document.xml")
    zipped(tmp_path / "b.docx", "[Content_Types].xml", "xl/workbook.xml")
    assert [look(tmp_path / name).type for name in ("a.docx", "b.docx")] == ["docx", "xlsx"]
    assert look(tmp_path / "b.docx").state is FileState.FOREIGN


def test_a_hash_is_taken_only_where_it_is_asked(tmp_path: Path) -> None:
    content = b"%PDF-" + b"x" * 3_000_000
    (tmp_path / "a.pdf").write_bytes(content)
    assert look(tmp_path / "a.pdf").sha256 is None
    assert look(tmp_path / "a.pdf", digest=True).sha256 == hashlib.sha256(content).hexdigest()


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    assert look(tmp_path).state is FileState.SPECIAL
    assert look(tmp_path / "нет").state is FileState.ABSENT
    assert look(tmp_path / ("ж" * 300)).state is not FileState.THERE
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "a.pdf")
        assert look(tmp_path / "a.pdf", digest=True).state is FileState.SPECIAL


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://school.example/1.pdf", AddressKind.WEB),
        ("http://школа.рф/приказ.pdf", AddressKind.WEB),
        ("https://xn--80aa.xn--p1ai:8080/", AddressKind.WEB),
        ("см. выше", AddressKind.WORDS),
        ("б/н", AddressKind.WORDS),
        ("\\\\server\\disk", AddressKind.DISK),
        ("file:///C:/1.pdf", AddressKind.DISK),
        ("a@school.example", AddressKind.MAIL),
        ("школа.рф/1.pdf", AddressKind.BARE),
        ("https://school/1.pdf", AddressKind.BROKEN),
        ("https://school.example:порт/", AddressKind.BROKEN),
        ("https://[", AddressKind.BROKEN),
        ("https://school.example/мой приказ.pdf", AddressKind.BROKEN),
    ],
)
def test_what_stands_in_the_place_of_an_address(text: str, kind: AddressKind) -> None:
    assert address_kind(text) is kind


def test_two_ways_to_write_one_place() -> None:
    assert same_place("HTTP://www.School.example/a/") == same_place("https://school.example/a")
    assert same_place("https://school.example/a#page=2") != same_place("https://school.example/a#page=3")


def test_a_file_in_an_archive_is_looked_at_in_it(tmp_path: Path) -> None:
    """The names in it may be those of DOS, as Windows writes them."""
    content = b"%PDF-1.7 invented"
    with zipfile.ZipFile(tmp_path / "школа.zip", "w") as archive:
        archive.writestr("приказы/приказ.pdf", content)
        archive.writestr("plan.pdf", content)
    written = (tmp_path / "школа.zip").read_bytes()
    (tmp_path / "школа.zip").write_bytes(written.replace(b"plan.pdf", "план.pdf".encode("cp866")))
    for name in ("приказы/приказ.pdf", "план.pdf"):
        found = look(tmp_path / "школа.zip" / name, digest=True)
        assert (found.state, found.type, found.size) == (FileState.THERE, "pdf", len(content))
        assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert look(tmp_path / "школа.zip" / "нет.pdf").state is FileState.ABSENT
    (tmp_path / "школа.zip").write_bytes(b"PK\x03\x04 damaged")
    assert look(tmp_path / "школа.zip" / "план.pdf").state is FileState.ABSENT
