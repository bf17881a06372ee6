"""An empty case for a ruleset and a kind of school: everything that applies, explained in comments, nothing claimed."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any, Final

from jinja2 import Environment
from pydantic import TypeAdapter, ValidationError

from vsoko_rules.errors import InputError, Problem, argument
from vsoko_rules.reading.scalars import Code
from vsoko_rules.ruleset.content import Indicator
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.model import Block, EducationLevel, Element, Stage
from vsoko_rules.ruleset.requirements import Requirement
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.templates import Ready, environment, line
from vsoko_rules.writing.yaml_text import scalar

SCHEMA: Final = "case.schema.json"
"""the JSON Schema beside written cases: there an editor finds it wherever the program is installed"""

_WIDTH = 112


@dataclass(frozen=True, slots=True)
class Stub:
    """A document to be filled in: elements that one document may serve because they ask the same of it."""

    id: str
    stage: Stage
    elements: tuple[Element, ...]
    grounds: tuple[str, ...]
    """stubs on which the document should rest"""
    held: tuple[Requirement, ...]
    """what the reader of the document marks in `holds`"""
    seen: tuple[Requirement, ...]
    """what is seen from other fields"""

    @property
    def first(self) -> Element:
        return self.elements[0]

    @property
    def timed(self) -> bool:
        """Whether a period will do in place of a date."""
        return any(q.given_by == "date" for q in self.seen) and not any(q.given_by == "number" for q in self.seen)

    @property
    def planned(self) -> bool:
        """Whether it is a plan, which another document approves and which may run for years."""
        return bool({"plan", "programme"}.intersection(self.first.kinds or self.stage.kinds)) and self.timed


@dataclass(frozen=True, slots=True)
class BlankBlock:
    """One block of an empty case."""

    block: Block
    stubs: tuple[Stub, ...]
    indicators: tuple[Indicator, ...]
    inapplicable: tuple[str, ...]
    """elements and indicators of the block that this kind of school is not asked for"""


def blank(ruleset: Ruleset, levels: Sequence[str], school_id: str, year: int | None = None) -> str:
    """The text of an empty case.

    `levels` are those the school teaches («НОО»), `year` the year of the study, by default that to which today belongs.
    Raises `InputError` when a level or the id cannot stand in a case.
    """
    year = year if year is not None else ruleset.usual_year(date.today())  # noqa: DTZ011
    taught = _checked(levels, school_id)
    expected = ruleset.expects(frozenset(taught), {})
    stubs = _stubs(expected, ruleset)
    left_out = [(e, ruleset.elements[e].block) for e in expected.inapplicable]
    left_out += [(i.id, i.block) for i in ruleset.indicators.values() if i.id not in expected.indicators]
    blocks = [
        BlankBlock(
            block,
            tuple(s for s in stubs if s.first.block == block.id),
            tuple(i for i in expected.indicators.values() if i.block == block.id),
            tuple(code for code, home in left_out if home == block.id),
        )
        for block in ruleset.blocks.values()
    ]
    return (
        _environment()
        .get_template("case/new.yml.j2")
        .render(
            ruleset=ruleset,
            school_id=school_id,
            levels=[level.value for level in taught],
            counts=ruleset.counts_of(taught),
            year=year,
            opens=ruleset.content.year is not None,
            usual=ruleset.usual_study(year),
            schema=SCHEMA,
            blocks=blocks,
            example=next(iter(expected.elements), None),
        )
    )


def _checked(levels: Sequence[str], school_id: str) -> list[EducationLevel]:
    """The levels in their usual order. Raises `InputError` with everything that is wrong."""
    problems = []
    allowed = [level.value for level in EducationLevel]
    unknown = [level for level in levels if level not in allowed]
    if unknown or not levels:
        problems.append(_wrong("levels", "нет такого уровня образования", ", ".join(unknown), allowed))
    try:
        TypeAdapter(Code).validate_python(school_id)
    except ValidationError:
        problems.append(
            _wrong("school", "код школы не подходит", school_id, ["буквы, цифры, точка, дефис, подчёркивание"])
        )
    if problems:
        raise InputError(problems)
    return [level for level in EducationLevel if level.value in levels]


def _wrong(where: str, message: str, found: str, expected: Iterable[str]) -> Problem:
    return Problem(argument(where), message, found, ", ".join(expected))


def _stubs(expected: Expectation, ruleset: Ruleset) -> list[Stub]:
    """One stub for elements of a block and stage that are written in the same kind of document and ask the same."""
    groups: dict[tuple[object, ...], list[Element]] = {}
    for e in expected.elements.values():
        groups.setdefault((e.block, e.stage, e.kind, e.kinds, frozenset(e.requires), e.addressees), []).append(e)
    ids: dict[str, str] = {}
    for elements in groups.values():
        ids |= dict.fromkeys((e.id for e in elements), f"doc-{elements[0].id}")
    return [_stub(elements, ids, ruleset) for elements in groups.values()]


def _stub(elements: Sequence[Element], ids: Mapping[str, str], ruleset: Ruleset) -> Stub:
    asked = [ruleset.requirements[code] for code in elements[0].requires]
    return Stub(
        id=ids[elements[0].id],
        stage=ruleset.stages[elements[0].stage],
        elements=tuple(elements),
        grounds=tuple(dict.fromkeys(ids[b] for e in elements for b in e.follows if b in ids)),
        held=tuple(q for q in asked if q.given_by == "holds"),
        seen=tuple(q for q in asked if q.given_by != "holds"),
    )


@cache
def _environment() -> Environment:
    filters: dict[str, Callable[..., Any]] = {
        "value": _value,
        "explained": partial(_comment, "## "),
        "listed": partial(_comment, "##   "),
    }
    return environment(line, filters)


def _value(text: str) -> Ready:
    """`text` as the value of a key."""
    return Ready(scalar(text, in_brackets=True))


def _comment(mark: str, text: str) -> Ready:
    """`text` as lines of comment."""
    return Ready("\n".join(textwrap.wrap(line(text), _WIDTH, initial_indent=mark, subsequent_indent="##     ")))
