"""The invented documents as files: written out by LibreOffice in one go a format, and read back by the program."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from intake_corpus import Paper
from school_papers import docx, page
from spreadsheet import soffice
from vsoko_rules.intake.texts.file_text import FileText
from vsoko_rules.intake.texts.inventory import read_files
from vsoko_rules.ruleset.ruleset import Ruleset

FILTERS: Final = {
    "docx": "docx:MS Word 2007 XML",
    "pdf": "pdf:writer_pdf_Export",
    "odt": "odt",
    "rtf": "rtf:Rich Text Format",
    "html": "html:HTML (StarWriter)",
}
"""of LibreOffice"""

_SECONDS: Final = 900


def write_files(papers: Sequence[Paper], formats: Sequence[str], into: Path) -> None:
    """Each paper as `into/FORMAT/ID/its name`. Pages of a site stay pages. Raises `SystemExit` without LibreOffice."""
    program = soffice()
    if program is None:
        raise SystemExit("LibreOffice (soffice) is not installed: only --formats txt can be measured")
    plain = into / "source"
    plain.mkdir(parents=True)
    converted = [paper for paper in papers if not _is_page(paper)]
    for paper in converted:
        (plain / f"{paper.id}.docx").write_bytes(docx([line for line in paper.text.splitlines() if line.strip()]))
    for name in formats:
        _convert(program, name, sorted(plain.glob("*.docx")), into)
        for paper in papers:
            folder = into / name / paper.id
            folder.mkdir(parents=True)
            if _is_page(paper):
                text = page(paper.text.splitlines(), "https://school.example/", {})
                (folder / paper.name).write_bytes(text)
            else:
                stem = paper.name.rpartition(".")[0]
                shutil.move(into / f"{name}-out" / f"{paper.id}.{name}", folder / f"{stem}.{name}")


def _is_page(paper: Paper) -> bool:
    return paper.name.endswith(".html")


def _convert(program: str, name: str, files: Sequence[Path], into: Path) -> None:
    home = f"-env:UserInstallation={(into / 'profile').as_uri()}"
    out = ["--convert-to", FILTERS[name], "--outdir", str(into / f"{name}-out")]
    command = [program, home, "--headless", *out, *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)


def mixed(papers: Sequence[Paper], formats: Sequence[str], into: Path, most: int) -> Path:
    """A folder of at most so many files, each in another format than the one before."""
    folder = into / "mixed"
    for number, paper in enumerate(papers[:most]):
        shutil.copytree(into / formats[number % len(formats)] / paper.id, folder / paper.id)
    return folder


def read_back(folder: Path, ruleset: Ruleset) -> Mapping[str, FileText]:
    """What is read of `folder/ID/name`, by the id. Raises `SystemExit` for a ruleset that says nothing of quality."""
    quality = ruleset.content.text_quality
    if quality is None:
        raise SystemExit("the ruleset does not say when a text can be trusted")
    return {PurePosixPath(text.file).parts[0]: text for text in read_files(folder, quality)}
