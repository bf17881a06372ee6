"""What every command prints as JSON: one object of the same two keys, whatever came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from pydantic import ConfigDict, TypeAdapter, with_config
from pydantic.json_schema import GenerateJsonSchema
from typing_extensions import TypedDict

from vsoko_rules.errors import Place, Problem
from vsoko_rules.verdict.contract import ResultRecord

T = TypeVar("T")
_documented = with_config(ConfigDict(use_attribute_docstrings=True))


@_documented
class PlaceRecord(TypedDict):
    """Where something is wrong: a file with line and column counted from 1, or a sheet and cell."""

    file: str
    line: int | None
    column: int | None
    cell: str | None


@_documented
class ProblemRecord(TypedDict):
    """One thing that kept a file from being assessed, in Russian."""

    place: PlaceRecord
    message: str
    found: str | None
    expected: str | None
    hint: str | None


@_documented
class AnswerRecord(TypedDict, Generic[T]):
    """What a command prints as JSON. Of a file that is wrong there are errors and no result."""

    results: list[T]
    """in the order of the files; under several rulesets, each file under each of them"""
    errors: list[ProblemRecord]
    """empty where every file was assessed"""


def answer(results: Sequence[T], errors: Sequence[ProblemRecord] = ()) -> AnswerRecord[T]:
    """Results and what went wrong beside them."""
    return {"results": list(results), "errors": list(errors)}


def problem_data(problem: Problem) -> ProblemRecord:
    """A problem as plain data."""
    return {
        "place": place_data(problem.place),
        "message": problem.message,
        "found": problem.found,
        "expected": problem.expected,
        "hint": problem.hint,
    }


def place_data(place: Place) -> PlaceRecord:
    """A place as plain data."""
    return {"file": place.file, "line": place.line, "column": place.column, "cell": place.cell}


class _Untitled(GenerateJsonSchema):
    """Says no key twice, as itself and as its title."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


def result_schema() -> dict[str, Any]:
    """The JSON Schema of what `check` prints; a single result is `ResultRecord` among its definitions."""
    schema = TypeAdapter(AnswerRecord[ResultRecord]).json_schema(schema_generator=_Untitled)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
