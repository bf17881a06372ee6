"""One entry of a ruleset told in the terminal: a block, stage, element, line, requirement, rule, level or source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment

from vsoko_rules.errors import InputError, Place, Problem, did_you_mean
from vsoko_rules.ruleset.docs import asked, flow, number
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.ruleset.schema import words as field_words
from vsoko_rules.templates import environment, line
from vsoko_rules.words import words


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry found by its code. `kind` names the part of the template that tells it."""

    kind: str
    code: str
    content: Any
    place: Place | None
    """where it stands in the files of the ruleset; none for what follows from several entries"""


def describe(ruleset: Ruleset, code: str) -> str:
    """What `code` means, in words for the terminal. Raises `InputError` when the ruleset has no such code."""
    found = entries(ruleset, code)
    if not found:
        known = [c for codes in _collections(ruleset).values() for c in codes]
        hint = did_you_mean(code, known)
        expected = "код блока, звена, элемента, линии, требования, правила, уровня или источника"
        raise InputError([Problem(Place(ruleset.id), "в методике нет такого кода", code, expected, hint)])
    return (
        _environment()
        .get_template("text/rules_show.j2")
        .render(
            ruleset=ruleset,
            entries=found,
            words=words(),
            relations=field_words().relations,
            directions=field_words().enums["Direction"],
            asked=lambda element, variant=None: asked(ruleset, element, variant),
        )
    )


def entries(ruleset: Ruleset, code: str) -> list[Entry]:
    """Everything in `ruleset` that has this code, now or formerly: different kinds may share one."""
    present = {**ruleset.aliases, **ruleset.indicator_aliases, **ruleset.rule_aliases, **ruleset.requirement_aliases}
    wanted = (code, present[code]) if code in present else (code,)
    return [
        Entry(kind, each, codes[each], _place(ruleset, kind, each))
        for kind, codes in _collections(ruleset).items()
        for each in wanted
        if each in codes
    ]


def _collections(ruleset: Ruleset) -> dict[str, Mapping[str, Any]]:
    return {
        "blocks": ruleset.blocks,
        "stages": ruleset.stages,
        "elements": ruleset.elements,
        "lines": {line.id: line for line in ruleset.lines},
        "indicators": ruleset.indicators,
        "requirements": ruleset.requirements,
        "rules": ruleset.rules,
        "addressees": ruleset.addressees,
        "remarks": ruleset.remarks,
        "counts": ruleset.counts,
        "levels": {level.id: level for level in ruleset.levels},
        "sources": ruleset.sources,
    }


def _place(ruleset: Ruleset, kind: str, code: str) -> Place | None:
    listed: Sequence[Any] = getattr(ruleset.content, kind, ())
    return next((ruleset.source.place((kind, n)) for n, entry in enumerate(listed) if entry.id == code), None)


@cache
def _environment() -> Environment:
    return environment(line, {"number": number, "flow": flow})
