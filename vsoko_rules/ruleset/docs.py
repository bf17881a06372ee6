"""A ruleset told in words: pages in Markdown, or one entry in the terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import Environment

from vsoko_rules.errors import InputError, Place, Problem, did_you_mean
from vsoko_rules.ruleset.draw import mermaid
from vsoko_rules.ruleset.expectation import grade_of
from vsoko_rules.ruleset.lines import LineSpec
from vsoko_rules.ruleset.model import Advice, Block, Element, Grade, Origin, Stage, Variant
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.ruleset.schema import words as field_words
from vsoko_rules.templates import Ready, environment, line, markdown
from vsoko_rules.words import words

_SPACES = re.compile(r"[\t\r\n\f\v ]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement of an element, and who says that the element has it."""

    id: str
    title: str
    origin: Origin
    grade: Grade
    """what the lack of it does to a line"""


@dataclass(frozen=True, slots=True)
class StagePart:
    """The elements of one stage of one block."""

    stage: Stage
    elements: tuple[Element, ...]
    advice: Advice | None


def pages(ruleset: Ruleset) -> dict[str, str]:
    """Every page about `ruleset` by its path, `/` between folders: an index, a page a block, and pages of
    requirements, rules, advice, cues and origins."""
    render = _Pages(ruleset)
    files = {
        "index.md": render("index", blocks=ruleset.blocks.values(), lines=ruleset.lines),
        "requirements.md": render("requirements"),
        "rules.md": render("rules"),
        "advice.md": render("advice"),
        "cues.md": render("cues", cues=ruleset.cues, zones=field_words().models["RequisiteCue"].fields["zone"].values),
        "origins.md": render("origins", origins=list(Origin), parts=statements(ruleset)),
    }
    for block in ruleset.blocks.values():
        files[f"blocks/{block.id}.md"] = render("block", **_block(ruleset, block))
    return files


class _Pages:
    def __init__(self, ruleset: Ruleset) -> None:
        self.shared = {
            "ruleset": ruleset,
            "content": ruleset.content,
            "words": words(),
            "relations": field_words().relations,
            "directions": field_words().enums["Direction"],
        }

    def __call__(self, name: str, **data: Any) -> str:
        page = markdown_environment().get_template(f"docs/{name}.md.j2").render(**self.shared, **data)
        return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"


@dataclass(frozen=True, slots=True)
class Statement:
    """Something a ruleset states, by its code."""

    code: str
    title: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of one kind, by who says so."""

    title: str
    entries: Mapping[Origin, tuple[Statement, ...]]

    @property
    def counts(self) -> dict[Origin, int]:
        """How many there are of each origin."""
        return {origin: len(stated) for origin, stated in self.entries.items()}

    @property
    def total(self) -> int:
        """How many there are in all."""
        return sum(self.counts.values())


def statements(ruleset: Ruleset) -> tuple[Statements, ...]:
    """Everything a ruleset states, kind by kind, each with its origin. Requirements count once for each element that
    has them, because one requirement may be stated for one block and proposed for another."""
    content = ruleset.content
    asked_of: list[tuple[str, str, Origin, tuple[str, ...]]] = [
        (f"{e.id}: {a.id}", f"{e.title}: {a.title}", a.origin, ()) for e in content.elements for a in asked(ruleset, e)
    ]
    listed: Mapping[str, list[tuple[str, str, Origin, tuple[str, ...]]]] = {
        "elements": [(e.id, e.title, e.origin, e.sources) for e in content.elements],
        "requires": asked_of,
        "indicators": [(i.id, i.title, i.origin, i.sources) for i in content.indicators],
        "rules": [(r.id, r.name, r.origin, r.sources) for r in content.rules],
        "levels": [(v.id, v.title, v.origin, v.sources) for v in content.levels],
        "advice": [(f"{a.block} {a.stage}", a.no_document, a.origin, a.sources) for a in content.advice],
    }
    kinds = words()["statements"]
    return tuple(
        Statements(
            kinds[kind], {o: tuple(Statement(c, t, s) for c, t, origin, s in rows if origin is o) for o in Origin}
        )
        for kind, rows in listed.items()
        if rows
    )


def _block(ruleset: Ruleset, block: Block) -> dict[str, Any]:
    elements = [e for e in ruleset.elements.values() if e.block == block.id]
    parts = [
        StagePart(stage, tuple(e for e in elements if e.stage == stage.id), ruleset.advice.get((block.id, stage.id)))
        for stage in ruleset.stages.values()
    ]
    lines: tuple[LineSpec, ...] = tuple(line for line in ruleset.lines if line.block == block.id)
    return {
        "indicators": [i for i in ruleset.indicators.values() if i.block == block.id],
        "block": block,
        "stages": [part for part in parts if part.elements],
        "lines": lines,
        "chain": mermaid(ruleset, block.id) if lines else "",
        "asked": {e.id: asked(ruleset, e) for e in elements},
        "asked_of": lambda element, variant: asked(ruleset, element, variant),
    }


def asked(ruleset: Ruleset, element: Element, variant: Variant | None = None) -> tuple[Asked, ...]:
    """What a document of `element` must hold: what its stage asks, then what the element or its variant asks."""
    own = variant.requires if variant is not None and variant.requires is not None else element.requires
    of_stage = ruleset.stages[element.stage].requires if element.stage_requirements else {}
    return _named(ruleset, {**of_stage, **own})


def _named(ruleset: Ruleset, requires: Mapping[str, Origin]) -> tuple[Asked, ...]:
    known = ruleset.requirements
    return tuple(Asked(c, known[c].title, origin, grade_of(known[c], origin)) for c, origin in requires.items())


@cache
def markdown_environment() -> Environment:
    """Templates of Markdown: what they print is plain text there, whatever it holds."""
    return environment(
        markdown, {"code": code, "link": link, "number": number, "condition": condition, "fenced": fenced}
    )


def code(text: str) -> Ready:
    """A code span."""
    line = _SPACES.sub(" ", str(text))
    ticks = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    edge = " " if line[:1] == "`" or line[-1:] == "`" else ""
    return Ready(f"{ticks}{edge}{line}{edge}{ticks}")


def link(text: str, address: str | None) -> Ready:
    """A link; only the text where `address` is no web address."""
    if address is None or not re.match(r"https?://[^\s<>\\]+\Z", address):
        return Ready(markdown(text))
    return Ready(f"[{markdown(text)}](<{address}>)")


def fenced(text: str, language: str) -> Ready:
    """A block of code."""
    ticks = "`" * max(3, max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    return Ready(f"{ticks}{language}\n{text.strip()}\n{ticks}")


def number(value: Decimal | int) -> str:
    """A number with a decimal comma."""
    text = f"{Decimal(value):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def condition(pattern: Mapping[str, Any]) -> Ready:
    """One condition or conclusion of a rule as it is written in YAML, in a code span."""
    return code(flow(pattern).removeprefix("{").removesuffix("}"))


def flow(value: Any) -> str:
    """Data on one line, as YAML writes it in braces."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    return str(value)


@dataclass(frozen=True, slots=True)
class CodedEntry:
    """An entry found by its code. `kind` names the part of the template that tells it."""

    kind: str
    code: str
    content: Any
    place: Place | None
    """where it stands in the files of the ruleset; none for what follows from several entries"""


def describe(ruleset: Ruleset, code: str) -> str:
    """What `code` means, in words for the terminal. Raises `InputError` when the ruleset has no such code."""
    named = entries_of(ruleset, code)
    return (
        _environment()
        .get_template("text/rules_show.j2")
        .render(
            ruleset=ruleset,
            entries=named,
            words=words(),
            relations=field_words().relations,
            directions=field_words().enums["Direction"],
            asked=lambda element, variant=None: asked(ruleset, element, variant),
        )
    )


def entries_of(ruleset: Ruleset, code: str) -> list[CodedEntry]:
    """As `entries`, but raises `InputError` when the ruleset has no such code."""
    named = entries(ruleset, code)
    if not named:
        known = [c for codes in _collections(ruleset).values() for c in codes]
        hint = did_you_mean(code, known)
        expected = "код блока, звена, элемента, линии, требования, правила, уровня или источника"
        raise InputError([Problem(Place(ruleset.id), "в методике нет такого кода", code, expected, hint)])
    return named


def entries(ruleset: Ruleset, code: str) -> list[CodedEntry]:
    """Everything in `ruleset` that has this code, now or formerly: different kinds may share one."""
    present = {**ruleset.aliases, **ruleset.indicator_aliases, **ruleset.rule_aliases, **ruleset.requirement_aliases}
    names = (code, present[code]) if code in present else (code,)
    return [
        CodedEntry(kind, name, codes[name], _place(ruleset, kind, name))
        for kind, codes in _collections(ruleset).items()
        for name in names
        if name in codes
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
