"""Documents of Word 97 to 2003, written by LibreOffice, read by each of the two libraries and by none."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document

from tests.intake.texts.made import ORDER, lines, read
from vsoko_rules.intake.texts import doc_text
from vsoko_rules.intake.texts.file_text import Quality

OFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed: no old document of Word can be made")
    folder = tmp_path_factory.mktemp("doc")
    document = Document()
    for part in ORDER:
        document.add_paragraph(part)
    for cell, text in zip(document.add_table(1, 2).rows[0].cells, ("Срок", "Ответственный"), strict=True):
        cell.text = text
    document.save(str(folder / "a.docx"))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", "doc", "--outdir", str(folder), str(folder / "a.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return (folder / "a.doc").read_bytes()


@pytest.mark.parametrize("library", ["office_oxide", "legacy_doc"])
def test_an_old_document_is_read(library: str, old: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(library)
    monkeypatch.setattr(doc_text, "find_spec", lambda name: name == library or None)
    text = read(old)
    assert (text.format, text.quality) == ("doc", Quality.GOOD)
    assert lines(text)[:4] == list(ORDER)
    assert any("Срок" in line and "Ответственный" in line for line in lines(text))


def test_without_a_library_the_reason_says_what_to_do(old: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doc_text, "find_spec", lambda _: None)
    assert (read(old).quality, read(old).reason) == (Quality.NONE, "doc")


def test_a_damaged_one_is_one_line(old: bytes) -> None:
    assert Path(doc_text.__file__).is_file()
    half = read(old[: len(old) // 2])
    assert half.quality is not Quality.GOOD or half.lines
