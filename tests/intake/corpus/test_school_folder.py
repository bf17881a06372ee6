"""The folder of an invented school: the same bytes whenever it is made, and a true case that is whole."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml
from pypdf import PdfReader

from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.verdict.assessment import Assessment, assess
from vsoko_rules.workspace.stored import case_files

ROOT = Path(__file__).resolve().parents[3]
TOOL = ROOT / "tools" / "school_folder.py"
SHIPPED = shipped("cases") / "papka-shkoly"


def made(at: Path, *options: str, seed: str = "0") -> dict[str, bytes]:
    environment = {"PYTHONHASHSEED": seed, "PATH": ""}
    command = [sys.executable, str(TOOL), str(at / "папка"), "--truth", str(at / "truth.yml"), *options]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    files = (path for path in (at / "папка").rglob("*") if path.is_file())
    return {path.relative_to(at / "папка").as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    at = tmp_path_factory.mktemp("whole")
    return at, made(at)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    at = tmp_path_factory.mktemp("small")
    return at, made(at, "--small", seed="7")


def said(name: str, content: bytes) -> object:
    """What a file says: how it is packed and set differs by the versions of what makes it."""
    if name.endswith(".pdf"):
        return [page.extract_text().split() for page in PdfReader(BytesIO(content)).pages]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as parts:
            return {part: said(part, parts.read(part)) for part in parts.namelist()}
    return content


def described() -> list[dict[str, Any]]:
    files: list[dict[str, Any]] = yaml.safe_load(TOOL.with_suffix(".yml").read_text(encoding="utf-8"))["files"]
    return files


def assessed(at: Path) -> Assessment:
    return assess(read_case(at / "truth.yml"), load(DEFAULT), EngineName.PLAIN)


def test_sixty_files_of_every_format(whole: tuple[Path, dict[str, bytes]]) -> None:
    assert len(described()) == 60
    endings = {PurePosixPath(name).suffix for name in whole[1]}
    assert endings >= {".docx", ".odt", ".rtf", ".pdf", ".xlsx", ".html", ".txt", ".zip"}


def test_the_shipped_files_are_those_that_are_made_today(
    whole: tuple[Path, dict[str, bytes]], small: tuple[Path, dict[str, bytes]]
) -> None:
    """`python tools/school_folder.py cases/papka-shkoly --small` makes them anew."""
    stands = {p.relative_to(SHIPPED).as_posix(): p.read_bytes() for p in SHIPPED.rglob("*") if p.is_file()}
    assert set(stands) == set(small[1])
    assert [name for name in sorted(stands) if said(name, stands[name]) != said(name, small[1][name])] == []
    assert {name: whole[1][name] for name in stands} == small[1], "the same bytes, whatever else is made"
    assert sum(map(len, stands.values())) < 400_000


def test_a_command_that_reads_all_cases_takes_nothing_of_the_folder_for_a_case() -> None:
    assert [path for path in case_files([shipped("cases")]) if SHIPPED in path.parents] == []


def complete_lines(result: Assessment) -> list[str]:
    return [b.id for b in result.blocks for line in b.lines if line.trace is not None and line.trace.complete]


def test_the_true_case_of_the_whole_folder_is_complete(whole: tuple[Path, dict[str, bytes]]) -> None:
    result = assessed(whole[0])
    assert len(complete_lines(result)) == 19
    assert result.complete
    assert len(result.case.documents) == 60


def test_the_true_case_of_the_small_folder_is_a_part_of_it(small: tuple[Path, dict[str, bytes]]) -> None:
    assert complete_lines(assessed(small[0])) == ["B1", "B1", "B1"]


def test_every_file_of_the_truth_is_in_the_folder(whole: tuple[Path, dict[str, bytes]]) -> None:
    for document in read_case(whole[0] / "truth.yml").content.documents:
        assert document.file is not None
        outer = document.file.split(".zip/")[0] + ".zip" if ".zip/" in document.file else document.file
        assert outer in whole[1]


@pytest.mark.parametrize("file", [f for f in described() if "text" in f], ids=lambda f: str(f["file"]))
def test_what_the_truth_says_of_a_document_stands_in_its_file(file: dict[str, Any]) -> None:
    text = " ".join(file["text"].split()).casefold()
    for document in file["documents"]:
        assert str(document.get("number", "")) in text
        if "date" in document:
            day = document["date"]
            assert f"{day:%d.%m.%Y}" in text or f"{day.day} " in text
