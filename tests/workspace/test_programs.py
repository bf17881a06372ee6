"""The face for programs: what `docs/programs.md` shows runs, and gives what the command line gives."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import vsoko_rules
from vsoko_rules.case.write import plain_data
from vsoko_rules.resources import shipped
from vsoko_rules.workspace.stored import convert

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "programs.md").read_text(encoding="utf-8")
CASES = shipped("cases")


def test_the_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len([line for line in code.splitlines() if line]) <= 25
    monkeypatch.chdir(ROOT)
    printed = io.StringIO()
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(printed):
        exec(code, names)
    assert names["page"].startswith(b"<!DOCTYPE html>")
    assert names["letter"].startswith(b"PK")
    assert names["data"]["school"]["id"] == "sos-012"
    assert printed.getvalue().startswith(names["assessment"].verdict.level.title)
    assert "данные школы" in printed.getvalue()


def test_the_page_names_everything_that_can_be_called() -> None:
    calls = [name for name in vsoko_rules.__all__ if name[0].islower()]
    assert [name for name in calls if f"`{name}(" not in PAGE] == []
    for name in vsoko_rules.__all__:
        assert getattr(vsoko_rules, name).__doc__
    with pytest.raises(AttributeError):
        _ = vsoko_rules.nothing


def test_importing_costs_nothing() -> None:
    code = "import sys; before = set(sys.modules); import vsoko_rules; print(*(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert [name for name in loaded if name.partition(".")[0] == "vsoko_rules"] == ["vsoko_rules"]
    assert not {"pydantic", "networkx", "jinja2", "yaml"} & set(loaded)


def test_a_file_its_bytes_its_form_and_its_data_are_the_same_case(tmp_path: Path) -> None:
    path = CASES / "selskaya-oosh.yml"
    case = vsoko_rules.open_case(path)
    convert(path, tmp_path / "form.xlsx")
    for source in (path.read_bytes(), (tmp_path / "form.xlsx").read_bytes(), plain_data(case.content)):
        assert vsoko_rules.open_case(source).content == case.content


def test_errors_of_data_name_the_document_and_the_field() -> None:
    data = plain_data(vsoko_rules.open_case(CASES / "selskaya-oosh.yml").content)
    first, *rest = data["documents"]
    with pytest.raises(vsoko_rules.InputError) as error:
        vsoko_rules.open_case({**data, "documents": [{**first, "date": "вчера"}, *rest]}, "школа № 7")
    (problem,) = error.value.problems
    assert str(problem.place) == f"школа № 7, документ {first['id']}, поле «Дата»"


def test_a_program_gets_what_the_command_line_prints() -> None:
    path = "cases/pokazateli-tver.yml"
    command = [sys.executable, "-m", "vsoko_rules", "check", path, "--json", "--engine", "plain"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False).stdout
    assessment = vsoko_rules.assess(vsoko_rules.open_case(ROOT / path, path), engine="plain")
    data: Any = vsoko_rules.result(assessment)
    assert json.loads(printed) == {"results": [data | {"case": data["case"] | {"file": path}}], "errors": []}
    assert json.loads(vsoko_rules.render(assessment, "json"))["results"] == [data]


def test_two_experts_are_compared_from_data() -> None:
    data = plain_data(vsoko_rules.open_case(CASES / "pokazateli-tver.yml").content)
    marks = {code: entry for code, entry in data["indicators"].items() if "mark" in entry}
    code, entry = next(iter(marks.items()))
    other = {**data, "indicators": {**data["indicators"], code: {**entry, "mark": 1 - int(entry["mark"])}}}
    agreement = vsoko_rules.reconcile([vsoko_rules.open_case(data)], [vsoko_rules.open_case(other)])
    assert code in {dispute.of for dispute in agreement.disputes}
    same = vsoko_rules.reconcile([vsoko_rules.open_case(data)], [vsoko_rules.open_case(data)])
    assert same.disputes == []


@pytest.mark.parametrize("wrong", [{"format": "doc"}, {"format": "md", "reader": "school"}])
def test_what_cannot_be_rendered_is_one_clear_error(wrong: dict[str, Any]) -> None:
    assessment = vsoko_rules.assess(vsoko_rules.open_case(CASES / "selskaya-oosh.yml"), engine="plain")
    with pytest.raises(vsoko_rules.InputError) as error:
        vsoko_rules.render(assessment, **wrong)
    assert len(error.value.problems) == 1
