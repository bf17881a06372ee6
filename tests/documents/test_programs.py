"""Real programs open the files: LibreOffice turns them into PDF, a browser prints the pages. Skipped where absent."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.documents.reading import even, one
from tests.report.pages import shipped
from vsoko_rules.report.protocol import protocol, protocol_file
from vsoko_rules.report.render import Format
from vsoko_rules.report.scores import lines
from vsoko_rules.report.terms import Reader
from vsoko_rules.verdict.result import result

OFFICE = shutil.which("soffice")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
CASE = "gorodskaya-sosh"


def _text(pdf: Path) -> str:
    return even(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.read_bytes())).pages))


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not there")
def test_libreoffice_opens_the_documents(tmp_path: Path) -> None:
    folder = tmp_path / "Отчёты за 2022 год"
    folder.mkdir()
    assessment = shipped(CASE)
    files = {
        "Отчёт школы.docx": one(assessment, Format.DOCX),
        "Отчёт эксперту.docx": one(assessment, Format.DOCX, Reader.EXPERT),
        "Отчёт школе.docx": one(assessment, Format.DOCX, Reader.SCHOOL),
        "Отчёт методисту.docx": one(assessment, Format.DOCX, Reader.METHODIST),
        "Письмо.docx": one(assessment, Format.LETTERS),
        "Выписка № 1.docx": protocol_file(protocol([result(assessment)], assessment.ruleset)),
        "Книга.xlsx": one(assessment, Format.XLSX),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *(str(folder / name) for name in files)], check=True, capture_output=True, timeout=300)
    for name in files:
        told = assessment.case.content.school.name if name.startswith("Выписка") else lines(assessment.tally)
        assert even(told) in _text(folder / f"{Path(name).stem}.pdf"), name


@pytest.mark.skipif(BROWSER is None, reason="no browser is there")
@pytest.mark.parametrize("reader", [None, *Reader])
def test_a_browser_prints_the_pages(reader: Reader | None, tmp_path: Path) -> None:
    page, pdf = tmp_path / "Отчёт школы.html", tmp_path / "Отчёт школы.pdf"
    assessment = shipped(CASE)
    page.write_bytes(one(assessment, Format.HTML, reader))
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    command = [str(BROWSER), *options, f"--print-to-pdf={pdf}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert even(lines(assessment.tally)) in _text(pdf)
