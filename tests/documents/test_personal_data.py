"""`limits.md`, «Personal data»: names of people appear only where an expert signs. A case has names wherever the model
asks for one; every output is searched for them."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from pathlib import Path

import pytest

from tests.documents.reading import made
from tests.fuzz.watch import run
from vsoko_rules.reading.yaml import read
from vsoko_rules.report.render import FORMATS, Format
from vsoko_rules.report.terms import Reader
from vsoko_rules.resources import shipped
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.opening import open_case

FILLED, DECIDED = "Ёлкина", "Ёжикова"

SIGNED = {Format.HTML, Format.DOCX, Format.MD, Format.TXT, Format.JSON, Format.PDF}
"""reports that state an expert's decisions, with who took them"""
UNSIGNED = (Reader.SCHOOL, Reader.METHODIST)


@pytest.fixture(scope="module")
def data() -> dict[str, object]:
    case = copy.deepcopy(read(shipped("cases") / "resheniya-eksperta.yml").data)
    case["filled_by"]["name"] = FILLED
    for decision in case["overrides"]:
        decision["by"] = DECIDED
    return dict(case)


@pytest.fixture(scope="module")
def assessment(data: dict[str, object]) -> Assessment:
    return assess(open_case(data))


def named(content: bytes) -> set[str]:
    """The names that stand in a file."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(map(archive.read, archive.namelist()))
    return {name for name in (FILLED, DECIDED) if name.encode() in content}


@pytest.mark.parametrize("format_", sorted(set(Format) - {Format.PDF}))
def test_names_stand_in_reports_only_where_an_expert_signs(format_: Format, assessment: Assessment) -> None:
    found = set().union(*map(named, made(assessment, format_).values()))
    assert (DECIDED in found) == (format_ in SIGNED), "the names are searched for where they do stand, too"
    assert FILLED not in found or format_ in SIGNED
    for reader in UNSIGNED if FORMATS[format_].by_reader else ():
        assert not set().union(*map(named, made(assessment, format_, reader=reader).values())), reader


def test_no_name_leaves_a_study_but_in_the_results_that_state_decisions(
    data: dict[str, object], tmp_path: Path
) -> None:
    (tmp_path / "schools").mkdir()
    (tmp_path / "schools" / "a.yml").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    out = tmp_path / "out"
    code, said = run(["study", str(tmp_path / "schools"), "-o", str(out), "--jobs", "1", "--open"], 600)
    assert code in (0, 1), said
    assert not named(said.encode())
    assert run(["protocol", str(tmp_path / "schools" / "a.yml"), "-o", str(out / "протокол.docx")], 600)[0] in (0, 1)
    assert {path.name for path in out.rglob("*") if path.is_file() and named(path.read_bytes())} <= {"итоги.jsonl"}
    assert len([*out.rglob("*")]) > 6
