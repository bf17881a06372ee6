"""What is looked at before a workbook is opened, and how its cells read."""

from __future__ import annotations

import os
import struct
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from vsoko_rules.errors import InputError
from vsoko_rules.reading import apart, archive, workbook
from vsoko_rules.reading.native import panic_contained
from vsoko_rules.reading.workbook import column_letters, read_workbook

DIRECTORY_ENDS = b"PK\x05\x06"


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_workbook(path)
    return str(caught.value)


def test_cells_read_as_the_text_a_person_sees(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet_in = book.worksheets[0]
    sheet_in.title = "Блок 1"
    sheet_in.append(["010", 82.5, 7, True, date(2022, 2, 14), None, "\u00a0 текст "])
    book.save(tmp_path / "форма школы.xlsx")
    (sheet,) = read_workbook(tmp_path / "форма школы.xlsx")
    assert list(sheet.rows[0]) == ["010", "82.5", "7", "да", "2022-02-14", None, "текст"]
    assert str(sheet.place(0, 6)).endswith("форма школы.xlsx, лист «Блок 1», ячейка G1")


def test_columns_are_lettered_as_in_a_spreadsheet() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    assert "распаковывается" in refusal(zipped(tmp_path / "b.xlsx", {"xl/a.xml": b"0" * 5_000_000}))


def test_too_many_members(tmp_path: Path) -> None:
    members = {f"xl/{n}.xml": b"" for n in range(archive.MOST_MEMBERS + 1)}
    assert "слишком много частей" in refusal(zipped(tmp_path / "m.xlsx", members))


def test_a_path_out_of_the_file(tmp_path: Path) -> None:
    assert "за его пределы" in refusal(zipped(tmp_path / "p.xlsx", {"../evil.xml": b"x"}))


def test_an_encrypted_member(tmp_path: Path) -> None:
    path = zipped(tmp_path / "e.xlsx", {"xl/a.xml": b"x"})
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    assert "паролем" in refusal(path)


@pytest.mark.parametrize("content", [b"", b"not a table", b"PK\x03\x04 cut"])
def test_what_is_no_table_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    assert refusal(tmp_path / "x.xlsx").count("\n") == 0


def test_a_word_document_is_no_table(tmp_path: Path) -> None:
    """What somebody drops on the icon in place of a form is told in Russian, whatever the reader says of it."""
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", "<document/>")
    with pytest.raises(InputError, match="это не таблица"):
        read_workbook(tmp_path / "a.docx")


def test_a_folder_a_missing_file_and_a_large_one(tmp_path: Path) -> None:
    assert "файла нет" in refusal(tmp_path / "none.xlsx")
    (tmp_path / "f.xlsx").mkdir()
    assert "папка" in refusal(tmp_path / "f.xlsx")
    with (tmp_path / "l.xlsx").open("wb") as stream:
        stream.truncate(archive.MOST_BYTES + 1)
    assert "слишком велик" in refusal(tmp_path / "l.xlsx")


def cut_xls() -> bytes:
    """An old workbook that ends where its table of sectors begins: the reader, written in Rust, panics on it."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<5H", head, 24, 62, 3, 0xFFFE, 9, 6)
    struct.pack_into("<4I", head, 44, 1, 0, 0, 4096)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    return bytes(head) + bytes(418)


def test_a_panic_of_the_reader_is_bad_input_and_says_nothing_of_its_own(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "форма.xls").write_bytes(cut_xls())
    message = refusal(tmp_path / "форма.xls")
    assert message.endswith("таблица Excel или LibreOffice: .xlsx, .xlsm, .xls или .ods.")
    assert message.count("\n") == 0
    assert workbook._here(cut_xls(), verbatim=True) == "файл повреждён"
    assert capfd.readouterr().err == ""


def test_what_others_write_on_the_error_stream_is_kept(capfd: pytest.CaptureFixture[str]) -> None:
    with panic_contained():
        os.write(2, b"a warning")
    assert capfd.readouterr().err == "a warning"


@pytest.mark.parametrize("child", ["import os; os._exit(134)", "while True: pass"])
def test_a_reader_that_dies_of_a_workbook_or_never_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, child: str
) -> None:
    monkeypatch.setattr(apart, "_CHILD", child)
    monkeypatch.setattr(workbook, "_MOST_SECONDS", 1)
    (tmp_path / "форма.xls").write_bytes(cut_xls())
    assert "файл повреждён" in refusal(tmp_path / "форма.xls")
    openpyxl.Workbook().save(tmp_path / "форма.xlsx")
    assert "файл повреждён" in refusal(tmp_path / "форма.xlsx")


def test_a_binary_workbook_is_refused(tmp_path: Path) -> None:
    assert "xlsb" in refusal(zipped(tmp_path / "форма.xlsx", {"xl/workbook.bin": b"x"}))


def lying(path: Path, size: int, declared: int) -> Path:
    """A zipped file whose only part declares another size than it unpacks to, in both places where a size stands."""
    zipped(path, {"xl/a.xml": b"0" * size})
    raw = path.read_bytes()
    path.write_bytes(raw.replace(struct.pack("<L", size), struct.pack("<L", declared)))
    return path


def test_a_part_that_is_larger_than_it_says(tmp_path: Path) -> None:
    assert "не того размера" in refusal(lying(tmp_path / "l.xlsx", 5_000_000, 1_000))


def test_a_part_that_says_little_is_unpacked_no_further_than_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED", 2_000_000)
    content = lying(tmp_path / "l.xlsx", 50_000_000, 1_000).read_bytes()
    tracemalloc.start()
    with pytest.raises(InputError, match="распаковывается в 2000000 байт и больше"):
        archive.guard(content, "l.xlsx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000


def test_a_way_of_packing_that_unpacks_all_at_once(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.xlsx", "w", zipfile.ZIP_BZIP2) as book:
        book.writestr("xl/a.xml", b"0" * 1_000)
    assert "сжатые необычным способом" in refusal(tmp_path / "z.xlsx")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.xlsx")
    assert "не обычный файл" in refusal(tmp_path / "p.xlsx")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="a system without devices as files")
def test_a_device_is_refused_and_not_read() -> None:
    assert "не обычный файл" in refusal(Path("/dev/zero"))


def test_of_two_directories_in_one_file_only_the_one_that_was_looked_at_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archive inside the comment of another: readers differ in which of the two they see."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["видимое"])
    book.save(tmp_path / "seen.xlsx")
    book.worksheets[0].append(["скрытое"])
    book.save(tmp_path / "hidden.xlsx")
    with zipfile.ZipFile(tmp_path / "seen.xlsx", "a") as seen:
        seen.comment = (tmp_path / "hidden.xlsx").read_bytes()
    content = (tmp_path / "seen.xlsx").read_bytes()
    assert content.count(DIRECTORY_ENDS) == 2
    opened: list[bytes] = []

    def here(given: bytes, verbatim: bool) -> list[tuple[str, list[list[str | None]]]]:
        opened.append(given)
        return []

    monkeypatch.setattr(workbook, "_apart", here)
    read_workbook(tmp_path / "seen.xlsx")
    assert [given.count(DIRECTORY_ENDS) for given in opened] == [1]
