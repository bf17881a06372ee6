"""The published JSON Schema of a result is what `check --json` prints, key by key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.load import available, load
from vsoko_rules.verdict.answer import answer, result_schema
from vsoko_rules.verdict.assessment import assess
from vsoko_rules.verdict.contract import SCHEMA_VERSION
from vsoko_rules.verdict.readback import read_results
from vsoko_rules.verdict.result import result
from vsoko_rules.writing.json_text import json_text

CASES = sorted(shipped("cases").glob("*.yml"))
PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / "result.json"


def closed(schema: Any) -> Any:
    """The same schema that lets no further key through: what is printed must be documented."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {key: closed(value) for key, value in schema.items()}
    return {**parts, "additionalProperties": False} if "required" in schema and "properties" in schema else parts


OPEN = json.loads(PUBLISHED.read_text(encoding="utf-8"))
CLOSED = Draft202012Validator(closed(OPEN))


@pytest.mark.parametrize("name", available())
@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_every_shipped_case_gives_what_the_schema_says(path: Path, name: str) -> None:
    known = [load(each) for each in available()]
    assessment = assess(read_case(path), load(name), EngineName.PLAIN, known)
    assert [e.message for e in CLOSED.iter_errors(json.loads(json_text(answer([result(assessment)]))))] == []


def test_the_schema_holds_something() -> None:
    """A key of another type, an outcome that there is not and a lost key are no result; a new key is one."""
    data = json.loads(json_text(result(assess(read_case(CASES[0]), load(available()[0]), EngineName.PLAIN))))
    schema = Draft202012Validator(OPEN | {"$ref": "#/$defs/ResultRecord", "required": [], "properties": {}})
    assert schema.is_valid(data | {"later": 1})
    assert not schema.is_valid(data | {"complete": "yes"})
    assert not schema.is_valid({key: data[key] for key in data if key != "blocks"})
    line = next(line for block in data["blocks"] for line in block["lines"])
    line["outcome"] = "perhaps"
    assert not schema.is_valid(data)


def test_every_key_is_explained() -> None:
    """A type has words; a key that speaks for itself needs none."""
    definitions = result_schema()["$defs"]
    assert [name for name, d in definitions.items() if "description" not in d] == []
    assert definitions["ResultRecord"]["properties"]["schema"]["const"] == SCHEMA_VERSION


@pytest.mark.parametrize(("schema", "found"), [(999, "schema: 999"), ("1", None), (None, None)])
def test_a_result_of_another_schema_is_refused_with_its_number(schema: Any, found: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"schema": schema}), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_results(path)
    (problem,) = error.value.problems
    assert (problem.message, problem.found) == ("это не результат проверки", found)
