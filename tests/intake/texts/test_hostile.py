"""Files that mean harm, or are broken: each is one line with a reason, and the rest goes on."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from tests.intake.texts.made import (
    ORDER,
    docx,
    lines,
    odt,
    order,
    p,
    page_of_pdf,
    pdf,
    quality,
    read,
    read_apart,
    zipped,
)
from vsoko_rules.intake.texts import inventory
from vsoko_rules.intake.texts.file_text import Quality
from vsoko_rules.intake.texts.reading_reasons import reasons
from vsoko_rules.reading.apart import Apart

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
SAID = p("&said;" + " ".join(ORDER))


def locked_pdf() -> bytes:
    writer, stream = PdfWriter(clone_from=PdfReader(io.BytesIO(page_of_pdf(b"")))), io.BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(stream)
    return stream.getvalue()


def with_doctype(doctype: str) -> bytes:
    return zipped({"word/document.xml": doctype + f'<w:document xmlns:w="urn:w"><w:body>{SAID}</w:body></w:document>'})


def nested(depth: int) -> bytes:
    return docx("<w:tbl><w:tr><w:tc>" * depth + p(" ".join(ORDER)) + "</w:tc></w:tr></w:tbl>" * depth)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb": (lambda: docx(p(" " * 30_000_000)), "swollen"),
    "a part outside": (lambda: zipped({"../../a": "x", "word/document.xml": "<a/>"}), "swollen"),
    "a file of this machine": (
        lambda: with_doctype(f'<!DOCTYPE w [<!ENTITY said SYSTEM "{Path(__file__).as_uri()}">]>'), "unsound",
    ),
    "an entity": (lambda: with_doctype('<!DOCTYPE w [<!ENTITY said "x">]>'), "unsound"),
    "entities in entities": (
        lambda: with_doctype(
            '<!DOCTYPE w [<!ENTITY a "xxxxxxxxxx">'
            + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
            + f'<!ENTITY said "{"&i;" * 10}">]>'
        ),
        "damaged",
    ),
    "tables in tables": (lambda: nested(5_000), "deep"),
    "tags in tags": (("<html><body>" + "<table><tr><td>а</td><td>" * 3_000 + " ".join(ORDER)).encode, "deep"),
    "XML that ends early": (lambda: zipped({"word/document.xml": "<w:document"}), "damaged"),
    "an office document without a text": (lambda: zipped({"word/other.xml": "<a/>"}), "damaged"),
    "a locked Word document": (lambda: OLE + "EncryptedPackage".encode("utf-16-le") + bytes(512), "locked"),
    "a locked OpenDocument": (lambda: odt("", manifest="<m:file-entry><m:encryption-data/></m:file-entry>"), "locked"),
    "a locked PDF": (locked_pdf, "locked"),
    "half a PDF": (lambda: b"%PDF-1.7\n%%EOF", "damaged"),
    "pages that hold one another": (
        lambda: pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"), "scan",
    ),
    "braces without end": (lambda: b"{\\rtf1" + b"{" * 10_000, "empty"),
    "nothing": (lambda: b"", "empty"),
    "noise": (lambda: bytes(range(256)) * 20, "unknown"),
    "an old workbook of nobody": (lambda: OLE + "Workbook".encode("utf-16-le") + bytes(512), "damaged"),
    "a presentation": (lambda: zipped({"ppt/presentation.xml": "<a/>"}), "presentation"),
    "an archive of another kind": (lambda: b"Rar!\x1a\x07\x01\x00" + bytes(100), "archive"),
    "a picture": (lambda: b"\xff\xd8\xff\xe0" + bytes(100), "picture"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_each_is_one_line_with_its_reason(name: str) -> None:
    make, reason = HOSTILE[name]
    text = read(make())
    assert (text.quality, text.reason, text.lines) == (Quality.NONE, reason, ())
    assert reason in reasons()


def test_an_old_document_of_nobody() -> None:
    """The reason is that it is damaged, or that nothing is installed that would read it."""
    text = read(OLE + "WordDocument".encode("utf-16-le") + bytes(512))
    assert (text.quality, text.reason in ("damaged", "doc"), text.lines) == (Quality.NONE, True, ())


def test_nothing_of_this_machine_is_read() -> None:
    text = read(HOSTILE["a file of this machine"][0]())
    assert "HOSTILE" not in repr(text)


def test_tables_as_deep_as_people_nest_them_are_read() -> None:
    assert lines(read(nested(20))) == [" ".join(ORDER)]


def test_macros_are_neither_run_nor_read() -> None:
    text = read(docx("".join(map(p, ORDER)), vbaProject='<a>Sub AutoOpen() Shell "calc"</a>'))
    assert lines(text) == list(ORDER)


def test_a_pdf_that_fills_the_memory_ends_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It unpacks to more than the process that reads it may ask for."""
    monkeypatch.setattr(inventory, "_MEMORY", 300_000_000)
    swollen = zlib.compress(zlib.compress(bytes(300_000_000), 1), 9)
    bomb = page_of_pdf(swollen, b"/Filter[/FlateDecode/FlateDecode]")
    assert len(bomb) < 100_000
    before, hostile, after = read_apart(order(), bomb, docx(p(" ".join(ORDER))))
    assert (hostile.quality, hostile.reason, hostile.format) == (Quality.NONE, "overrun", "pdf")
    assert (before.quality, after.quality) == (Quality.GOOD, Quality.GOOD)


def test_a_file_that_takes_for_ever_ends_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of rich text looks for the end of every link in all that follows."""
    apart: list[Apart] = []

    def impatient(_: int, memory: int) -> Apart:
        apart.append(Apart(2, memory))
        return apart[-1]

    def files() -> Iterator[tuple[str, bytes]]:
        yield "endless", b"{\\rtf1 " + b"{\\field{\\*\\fldinst{ HYPERLINK " * 100_000
        apart[-1]._seconds = 600  # the other one may take its time on a busy machine
        yield "order", order()

    monkeypatch.setattr(inventory, "Apart", impatient)
    hostile, after = inventory.read_each(files(), quality())
    assert (hostile.quality, hostile.reason, hostile.format) == (Quality.NONE, "overrun", "rtf")
    assert after.quality is Quality.GOOD


def test_a_text_longer_than_any_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vsoko_rules.intake.texts.document._LONGEST_TEXT", 100)
    assert read(order()).reason == "too_large"


def test_whatever_a_library_fails_of_is_one_file_less(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: bytes) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("vsoko_rules.intake.texts.docx_text.read", fails)
    assert read(order()).reason == "damaged"


def test_every_reason_in_the_code_has_its_sentence() -> None:
    folder = Path(inventory.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    unused = {code for code in reasons() if f'"{code}"' not in sources}
    assert unused == set()
    assert quality().least_letters > 0
