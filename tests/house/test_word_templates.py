"""Every Word template that is shipped is the one that its description makes."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
SHIPPED, SOURCES = ROOT / "reports" / "docx", ROOT / "tools" / "word"
NAMES = sorted(path.relative_to(SHIPPED).with_suffix("").as_posix() for path in SHIPPED.rglob("*.docx"))
EPOCH = (1980, 1, 1, 0, 0, 0)


def made(folder: Path, seed: str) -> Path:
    """What `python tools/word_templates.py` writes."""
    command = [sys.executable, str(ROOT / "tools" / "word_templates.py"), "--into", str(folder)]
    env = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=False, env=env, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all of them, made anew."""
    return made(tmp_path_factory.mktemp("templates"), "1")


def parts(path: Path) -> dict[str, bytes]:
    """What a package holds. XML is compared by what it says: versions of the libraries may write it otherwise."""
    with zipfile.ZipFile(path) as package:
        assert {member.date_time for member in package.infolist()} == {EPOCH}
        return {name: _plain(name, package.read(name)) for name in package.namelist()}


def _plain(name: str, part: bytes) -> bytes:
    if not name.endswith((".xml", ".rels")):
        return part
    plain: bytes = etree.tostring(etree.fromstring(part), method="c14n2")
    return plain


def test_every_template_has_a_description() -> None:
    described = (path.relative_to(SOURCES).with_suffix("").as_posix() for path in SOURCES.rglob("*.yml"))
    assert sorted(name for name in described if not name.startswith("parts/")) == NAMES
    assert len(NAMES) == 15


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_what_its_description_makes(templates: Path, name: str) -> None:
    """`python tools/word_templates.py` writes them anew."""
    assert parts(templates / f"{name}.docx") == parts(SHIPPED / f"{name}.docx"), "run python tools/word_templates.py"


def test_the_same_bytes_each_time(templates: Path, tmp_path: Path) -> None:
    again = made(tmp_path, "2")
    assert [name for name in NAMES if _bytes(again, name) != _bytes(templates, name)] == []


def _bytes(folder: Path, name: str) -> bytes:
    return (folder / f"{name}.docx").read_bytes()
