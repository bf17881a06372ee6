"""A folder as it is sent: every file once and in order, what is no document left out with a line, nothing outside."""

from __future__ import annotations

import hashlib
import os
import sys
import zipfile
from pathlib import Path

import pytest

from tests.intake.texts.made import ORDER, docx, order, p, quality, read_apart, zipped
from vsoko_rules.errors import InputError
from vsoko_rules.intake.texts import inventory
from vsoko_rules.intake.texts.file_text import FileText, Quality
from vsoko_rules.intake.texts.inventory import read_files

TEXT = "\r\n".join(ORDER).encode("cp1251")
OTHER = docx(p("Другой документ. ") + "".join(map(p, ORDER)))


def laid(folder: Path, files: dict[str, bytes]) -> dict[str, FileText]:
    """What is read of a folder with these files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return {text.file: text for text in read_files(folder, quality())}


def test_the_same_file_is_one_text_with_its_copies(tmp_path: Path) -> None:
    found = laid(tmp_path, {"б/приказ.docx": order(), "а/копия.docx": order(), "в.docx": order(), "г.txt": TEXT})
    assert list(found) == ["а/копия.docx", "г.txt"]
    assert found["а/копия.docx"].copies == ("б/приказ.docx", "в.docx")
    assert found["а/копия.docx"].sha256 == hashlib.sha256(order()).hexdigest()


def test_the_order_is_that_of_names_and_progress_is_told(tmp_path: Path) -> None:
    for name in ("Я.txt", "а.txt", "Б.txt"):
        (tmp_path / name).write_bytes(TEXT + name.encode("cp1251"))
    told: list[tuple[int, int]] = []
    texts = read_files(tmp_path, quality(), progress=lambda done, of: told.append((done, of)))
    assert [text.file for text in texts] == ["а.txt", "Б.txt", "Я.txt"]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_what_is_no_document_is_left_out_with_a_line(tmp_path: Path) -> None:
    names = {"~$приказ.docx": "lock", ".~lock.приказ.odt#": "lock", "Thumbs.db": "hidden", ".DS_Store": "hidden",
             "desktop.ini": "hidden", "школа.yml": "own", "итог.json": "own"}  # fmt: skip
    found = laid(tmp_path, {**{name: name.encode() for name in names}, ".git/config": b"x", "приказ.docx": order()})
    assert found.pop("приказ.docx").quality is Quality.GOOD
    assert found.pop(".git/").reason == "hidden"
    assert {name: (text.reason, text.left_out) for name, text in found.items()} == {
        name: (reason, True) for name, reason in names.items()
    }


def test_an_archive_is_opened_and_one_in_it_is_not(tmp_path: Path) -> None:
    inner = zipped({"a.txt": TEXT})
    found = laid(tmp_path, {"архив.zip": zipped({"п/приказ.docx": order(), "ещё.zip": inner, "__MACOSX/п/x": b"1"})})
    assert found["архив.zip/п/приказ.docx"].quality is Quality.GOOD
    assert found["архив.zip/ещё.zip"].reason == "nested"
    assert found["архив.zip/__MACOSX/п/x"].left_out
    assert len(found) == 3


def test_names_in_an_archive_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Windows writes those of DOS, macOS UTF-8 without a word; Python takes both for an American code page."""
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as written:
        for number, encoding in enumerate(("cp866", "utf-8")):
            member = zipfile.ZipInfo("x" * len("приказ.txt".encode(encoding)))
            written.writestr(member, TEXT + bytes([48 + number]))
    content = archive.read_bytes()
    content = content.replace(b"x" * 10, "приказ.txt".encode("cp866"), 1).replace(b"x" * 16, "приказ.txt".encode(), 1)
    tail = content.rindex(b"PK\x01\x02", 0, content.rindex(b"PK\x01\x02"))
    head, tail_part = content[:tail], content[tail:]
    tail_part = tail_part.replace(b"x" * 10, "приказ.txt".encode("cp866"), 1).replace(
        b"x" * 16, "приказ.txt".encode(), 1
    )
    archive.write_bytes(head + tail_part)
    assert [text.file for text in read_files(archive, quality())] == ["a.zip/приказ.txt", "a.zip/приказ.txt"]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"../x.txt": b"1"}, "archive_outside"),
        ({"/etc/x.txt": b"1"}, "archive_outside"),
        ({"x.txt": bytes(5_000_000)}, "archive_swollen"),
        ({f"{n}.txt": b"1" for n in range(2_001)}, "archive_swollen"),
    ],
)
def test_an_archive_that_must_not_be_opened(tmp_path: Path, parts: dict[str, bytes], reason: str) -> None:
    found = laid(tmp_path, {"архив.zip": zipped(parts), "приказ.docx": order()})
    assert (found["архив.zip"].reason, found["архив.zip"].quality) == (reason, Quality.NONE)
    assert found["приказ.docx"].quality is Quality.GOOD


def test_half_an_archive_and_half_a_document(tmp_path: Path) -> None:
    found = laid(
        tmp_path, {"архив.zip": zipped({"a": TEXT})[:-30], "приказ.docx": order()[:-30], "целый.docx": order()}
    )
    assert {name: text.reason for name, text in found.items()} == {
        "архив.zip": "archive_damaged", "приказ.docx": "damaged", "целый.docx": None,
    }  # fmt: skip


def test_a_locked_archive(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": TEXT}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert laid(tmp_path, {"архив.zip": bytes(content)})["архив.zip"].reason == "archive_locked"


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
def test_nothing_outside_the_folder_and_no_pipe_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "чужое"
    outside.mkdir()
    (outside / "тайна.txt").write_bytes(TEXT)
    folder = tmp_path / "школа"
    folder.mkdir()
    (folder / "файл.txt").symlink_to(outside / "тайна.txt")
    (folder / "папка").symlink_to(outside)
    (folder / "круг").symlink_to("круг")
    (folder / "своя.txt").symlink_to("приказ.docx")
    os.mkfifo(folder / "канал.txt")
    found = laid(folder, {"приказ.docx": order()})
    assert {name: text.reason for name, text in found.items()} == {
        "канал.txt": "special", "круг": "outside", "папка/": "outside", "приказ.docx": None, "файл.txt": "outside",
    }  # fmt: skip
    assert found["приказ.docx"].copies == ("своя.txt",)


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8 are possible on Linux alone")
def test_a_name_in_another_encoding(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + "приказ школы.txt".encode("cp1251"))).write_bytes(TEXT)
    (text,) = read_files(tmp_path, quality())
    assert (text.file, text.quality) == ("приказ школы.txt", Quality.GOOD)


def test_more_files_than_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vsoko_rules.intake.texts.folder.MOST_FILES", 5)
    found = laid(tmp_path, {f"{number}.txt": TEXT + str(number).encode() for number in range(9)})
    assert [text.reason for text in found.values()] == [None] * 5 + ["too_many"]


def test_a_file_larger_than_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vsoko_rules.intake.texts.folder.MOST_BYTES", len(TEXT))
    found = laid(tmp_path, {"а.txt": TEXT, "б.txt": TEXT + b"1"})
    assert [text.reason for text in found.values()] == [None, "too_large"]


def test_one_file_and_none(tmp_path: Path) -> None:
    path = tmp_path / "приказ.docx"
    path.write_bytes(order())
    assert [text.file for text in read_files(path, quality())] == ["приказ.docx"]
    with pytest.raises(InputError, match="такого файла или папки нет"):
        read_files(tmp_path / "нет", quality())


def test_without_the_extra_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "_NEEDED", ("no_such_package",))
    with pytest.raises(InputError, match=r'no_such_package.*pip install "vsoko-rules\[intake\]"'):
        read_files(tmp_path, quality())


def test_contents_without_files() -> None:
    assert [text.file for text in read_apart(order(), OTHER)] == ["0", "1"]
