"""Real programs open the files and print them, LibreOffice and Chromium: what is said stands on the pages, and how many
they are, and how small their print is."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from pypdf import PdfReader

from tests.documents.reading import even, made, pdf_pages
from tests.report.pages import shipped
from vsoko_rules.report.protocol import protocol, protocol_file
from vsoko_rules.report.render import Format
from vsoko_rules.report.scores import lines
from vsoko_rules.report.terms import Reader
from vsoko_rules.verdict.result import result

pytestmark = pytest.mark.slow

SCHOOL: Final = "gorodskaya-sosh"
"""the school of README"""
LETTERS: Final = (SCHOOL, "selskaya-oosh", "pokazateli-tver", "preduprezhdeniya")
SMALLEST: Final = 7.9
"""points; what is set in 8 is printed at a scale that is cut to whole percents"""
CHROMIUM: Final = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-pdf-header-footer"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def tool(*names: str) -> str:
    """The first of these programs that is there. Skips aloud where none is."""
    known = next((path for name in names if (path := shutil.which(name))), None)
    return known or pytest.skip(f"{names[0]} is not there: print is not tested")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """What LibreOffice prints, by names of files: one run for all, from a folder named as people name theirs."""
    soffice, folder = tool("soffice", "libreoffice"), tmp_path_factory.mktemp("office") / "Отчёты за 2022 год"
    folder.mkdir()
    asked: list[tuple[str, Format, Reader | None]] = [(name, Format.LETTERS, None) for name in LETTERS]
    asked += [(SCHOOL, Format.DOCX, reader) for reader in (None, *Reader)]
    asked += [(SCHOOL, Format.XLSX, None)]
    files: list[Path] = []
    for name, format_, reader in asked:
        (content,) = made(shipped(name), format_, reader).values()
        kind = "xlsx" if format_ is Format.XLSX else "docx"
        files.append(folder / f"{name}-{reader.value if reader else format_.value}.{kind}")
        files[-1].write_bytes(content)
    assessment = shipped(SCHOOL)
    files.append(folder / "Выписка № 1.docx")
    files[-1].write_bytes(protocol_file(protocol([result(assessment)], assessment.ruleset)))
    own = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, "--headless", own, "--convert-to", "pdf", "--outdir", str(folder), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True)
    return {path.stem: path.read_bytes() for path in folder.glob("*.pdf")}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """What Chromium prints of the page for each reader, and of the full one."""
    chromium, folder = tool("chromium", "chromium-browser", "google-chrome"), tmp_path_factory.mktemp("chromium")
    found = {}
    for reader in (None, *Reader):
        (content,) = made(shipped(SCHOOL), Format.HTML, reader).values()
        name = reader.value if reader else "full"
        page, pdf = folder / f"Отчёт {name}.html", folder / f"Отчёт {name}.pdf"
        page.write_bytes(content)
        own = [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={pdf}", page.as_uri()]
        subprocess.run([chromium, *CHROMIUM, *own], check=True, capture_output=True)
        found[name] = pdf.read_bytes()
    return found


def said(printed: bytes, most: int | None = 2) -> str:
    """The text of the first pages, where a paper says what is concluded."""
    return even(" ".join(pdf_pages(printed, most)))


def number_of_pages(printed: bytes) -> int:
    return len(PdfReader(io.BytesIO(printed)).pages)


def test_what_libreoffice_prints_says_what_is_concluded(office: Mapping[str, bytes]) -> None:
    assessment = shipped(SCHOOL)
    names = [name for name in office if name.startswith(SCHOOL)]
    assert len(names) == 3 + len(Reader)
    for name in names:
        assert even(lines(assessment.tally)) in said(office[name]), name
    assert even(assessment.case.content.school.name) in said(
        office["Выписка № 1"], most=3
    )  # schools are named in the annex


def test_what_a_browser_prints_says_what_is_concluded(printed: Mapping[str, bytes]) -> None:
    assert len(printed) == 1 + len(Reader)
    for reader, report in printed.items():
        assert even(lines(shipped(SCHOOL).tally)) in said(report), reader


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_one_page(name: str, office: Mapping[str, bytes]) -> None:
    letter = office[f"{name}-letters"]
    assert number_of_pages(letter) == 1
    text = said(letter)
    for odd in ("SHA-256", ".yml", "В таблице структуры", ": нет", "Исходный документ"):
        assert odd not in text
    assert re.findall(r"(?:^| )([123])\. (?=\S)", text)[:3] == ["1", "2", "3"]


def test_a_report_for_a_school_is_four_pages(office: Mapping[str, bytes], printed: Mapping[str, bytes]) -> None:
    (pdf,) = made(shipped(SCHOOL), Format.PDF, Reader.SCHOOL).values()
    for report in (office[f"{SCHOOL}-school"], printed["school"], pdf):
        assert number_of_pages(report) <= 4


def test_a_report_for_an_expert_is_twelve_pages(office: Mapping[str, bytes], printed: Mapping[str, bytes]) -> None:
    (pdf,) = made(shipped(SCHOOL), Format.PDF, Reader.EXPERT).values()
    for report in (office[f"{SCHOOL}-expert"], printed["expert"], printed["full"], pdf):
        assert number_of_pages(report) <= 12


def test_printed_pages_are_a4_and_folded_parts_stay_folded(printed: Mapping[str, bytes]) -> None:
    for report in printed.values():
        pages = PdfReader(io.BytesIO(report)).pages
        assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages} <= {(595, 842)}
    text = said(printed["expert"], most=None)
    assert "Доказательства: линия" not in text
    assert "Почему у блока" in text
    assert "Подряд связано звеньев" not in text


def test_a_workbook_is_printed_on_a4_and_can_be_read(office: Mapping[str, bytes]) -> None:
    """The size of letters on paper, of every text on every page."""
    sizes: set[float] = set()

    def seen(text: str, _: object, matrix: list[float], __: object, size: float) -> None:
        if text.strip():
            sizes.add(round(size * max(abs(matrix[1]), abs(matrix[3])), 1))

    book = PdfReader(io.BytesIO(office[f"{SCHOOL}-xlsx"]))
    for page in book.pages:
        assert sorted(round(float(side)) for side in page.mediabox[2:]) == [595, 842]
        page.extract_text(visitor_text=seen)
    assert min(sizes) >= SMALLEST
