"""The expected chain of a block as a drawing: Mermaid for pages, DOT for Graphviz."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.ruleset.model import Element, Stage
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.templates import Escape, Ready, environment

_MERMAID = str.maketrans(
    {
        "#": "#35;",
        "&": "#amp;",
        '"': "#quot;",
        "<": "#lt;",
        ">": "#gt;",
        "`": "#96;",
        "\n": " ",
        "\r": " ",
        "\\": "#92;",
    }
)
_DOT = str.maketrans({"\\": r"\\", '"': r"\"", "&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": " ", "\r": " "})

_BOX = 32
"""letters in a line of a box of a DOT drawing"""


@dataclass(frozen=True, slots=True)
class ExpectedBox:
    """An element in a drawing. `key` is its name there, free of anything a drawing language could read."""

    key: str
    element: Element


@dataclass(frozen=True, slots=True)
class ExpectedStage:
    """The elements of one stage."""

    key: str
    stage: Stage
    nodes: tuple[ExpectedBox, ...]


@dataclass(frozen=True, slots=True)
class ExpectedChain:
    """What a drawing of a block shows."""

    title: str
    chain: tuple[ExpectedStage, ...]
    """stages of the chain, in order"""
    aside: tuple[ExpectedStage, ...]
    """stages outside the lines"""
    follows: tuple[tuple[str, str], ...]
    """keys of an element and of one that follows it"""
    may_rest_on: tuple[tuple[str, str], ...]


def mermaid(ruleset: Ruleset, block: str) -> str:
    """The expected chain of a block in Mermaid. Raises `InputError` for an unknown block."""
    return _environment(_mermaid_text).get_template("docs/chain.mmd.j2").render(drawing=drawing(ruleset, block))


def dot(ruleset: Ruleset, block: str) -> str:
    """The expected chain of a block in DOT. Raises `InputError` for an unknown block."""
    return _environment(_dot_text).get_template("docs/chain.dot.j2").render(drawing=drawing(ruleset, block))


def drawing(ruleset: Ruleset, block: str) -> ExpectedChain:
    """What a drawing of `block` shows, whatever the language of the drawing."""
    if block not in ruleset.blocks:
        raise InputError(
            [Problem(Place(ruleset.id), "нет такого блока", block, "один из: " + ", ".join(ruleset.blocks))]
        )
    elements = [e for e in ruleset.elements.values() if e.block == block]
    keys = {e.id: f"e{n}" for n, e in enumerate(elements, 1)}
    groups = [
        ExpectedStage(f"s{n}", stage, tuple(ExpectedBox(keys[e.id], e) for e in elements if e.stage == stage.id))
        for n, stage in enumerate(ruleset.stages.values(), 1)
    ]
    return ExpectedChain(
        title=ruleset.blocks[block].name,
        chain=tuple(g for g in groups if g.nodes and g.stage.component),
        aside=tuple(g for g in groups if g.nodes and not g.stage.component),
        follows=tuple((keys[before], keys[e.id]) for e in elements for before in e.follows),
        may_rest_on=tuple((keys[before], keys[e.id]) for e in elements for before in e.may_rest_on if before in keys),
    )


@cache
def _environment(escape: Escape) -> Environment:
    return environment(escape, {"lines": _lines})


def _mermaid_text(text: str) -> str:
    return text.translate(_MERMAID)


def _dot_text(text: str) -> str:
    return text.translate(_DOT)


def _lines(text: str) -> Ready:
    """`text` in DOT, broken into lines that keep a box narrow."""
    return Ready(r"\n".join(_dot_text(line) for line in textwrap.wrap(text, _BOX)))
