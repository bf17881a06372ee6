"""The face of reports: any format as bytes, one clear message where it cannot be made, nothing printed on the way."""

from __future__ import annotations

import io
import subprocess
import sys
from zipfile import ZipFile

import pytest

from tests.report.pages import CASES, shipped
from vsoko_rules.errors import ExitCode, InputError
from vsoko_rules.report.render import FORMATS, Format, render, requests

CASE = "polnaya-struktura"


def test_a_format_with_one_file_is_that_file() -> None:
    assert render([shipped(CASE)], "md").decode().startswith("# ")
    assert "С чего начать" in render([shipped("gorodskaya-sosh")], "html", "school").decode()


def test_several_files_are_an_archive() -> None:
    with ZipFile(io.BytesIO(render([shipped(CASE)], "csv"))) as archive:
        assert "итог.csv" in archive.namelist()
    both = [shipped(CASE), shipped("pokazateli-tver")]
    with ZipFile(io.BytesIO(render(both, "txt"))) as archive:
        assert archive.namelist() == ["bashkortostan-2022.txt", "tver-2022.txt"]


@pytest.mark.parametrize(
    ("format_", "reader", "message"),
    [
        ("doc", None, "нет такого вида отчёта"),
        ("", None, "нет такого вида отчёта"),
        ("html", "parent", "нет такого читателя"),
        ("xlsx", "school", "этот вид отчёта один для всех"),
    ],
)
def test_what_cannot_be_made(format_: str, reader: str | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        render([shipped(CASE)], format_, reader)


def test_every_format_is_registered() -> None:
    assert FORMATS.keys() == set(Format)
    assert [request.format for request in requests([format_.value for format_ in Format])] == list(Format)


def test_pdf_without_typst_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(InputError, match=r"pip install vsoko-rules\[pdf\]") as caught:
        render([shipped(CASE)], "pdf")
    assert caught.value.exit_code is ExitCode.BAD_INPUT
    assert len(caught.value.problems) == 1


def test_nothing_is_printed_while_reports_are_made() -> None:
    """Native libraries write past Python, so the process itself is watched."""
    program = (
        "import sys; from pathlib import Path; from tests.report.pages import shipped; "
        "from vsoko_rules.report.render import Format, render\n"
        "from importlib.util import find_spec\n"
        "for f in Format:\n"
        "    if f.value != 'pdf' or find_spec('typst'): render([shipped('gorodskaya-sosh')], f.value)\n"
    )
    root = CASES.parent
    done = subprocess.run([sys.executable, "-c", program], cwd=root, check=True, capture_output=True)
    assert done.stdout == b""
    assert done.stderr == b""
