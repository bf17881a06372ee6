"""Rulesets: looked at, checked, drawn, described, compared, begun."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from vsoko_rules.case.case_schema import case_schema
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import Problem
from vsoko_rules.ruleset import docs, draw, own, versions
from vsoko_rules.ruleset import review as reviewing
from vsoko_rules.ruleset import schema as schemas
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.answer import result_schema
from vsoko_rules.verdict.ruletests import TestReport, run_tests
from vsoko_rules.workspace import ChainLanguage, SchemaOf
from vsoko_rules.workspace.opening import open_ruleset, ruleset_names
from vsoko_rules.writing.files import write, write_new


def listed() -> list[Ruleset]:
    """The rulesets that come with the program."""
    return [open_ruleset(name) for name in ruleset_names()]


def describe(name: str | None, code: str) -> str:
    """What a ruleset says of a block, element, requirement, rule or indicator. Raises `RulesetError`, `InputError`."""
    return docs.describe(open_ruleset(name), code)


def check(name: str | None) -> tuple[Ruleset, tuple[Problem, ...]]:
    """A ruleset and what is wrong with it, though it can be read."""
    ruleset = open_ruleset(name)
    return ruleset, reviewing.review(ruleset)


def try_rules(name: str | None, engine: EngineName) -> tuple[Ruleset, TestReport]:
    """A ruleset and what came of the tests that lie beside its rules."""
    ruleset = open_ruleset(name)
    return ruleset, run_tests(ruleset, engine)


def schema(of: SchemaOf, names: Sequence[str] = ()) -> str:
    """The text of a JSON Schema; that of a case offers the codes of the rulesets named."""
    described = {
        SchemaOf.CASE: lambda: case_schema([open_ruleset(name) for name in names]),
        SchemaOf.RESULT: result_schema,
        SchemaOf.RULESET: schemas.ruleset_schema,
    }
    return schemas.as_text(described[of]())


def graph(name: str | None, block: str, language: ChainLanguage) -> str:
    """The expected chain of a block as a drawing. Raises `InputError` for a block that there is not."""
    drawn = draw.dot if language is ChainLanguage.DOT else draw.mermaid
    return drawn(open_ruleset(name), block)


def write_pages(name: str | None, folder: Path) -> list[Path]:
    """Write the reference of a ruleset in Markdown; returns what was written, the first page first."""
    pages = docs.pages(open_ruleset(name))
    for page, text in pages.items():
        write(folder / page, text.encode())
    return sorted((folder / page for page in pages), key=lambda path: path != folder / "index.md")


def differences(old: str, new: str) -> tuple[Ruleset, Ruleset, tuple[versions.RulesetChange, ...]]:
    """Two rulesets and how they differ."""
    before, after = open_ruleset(old), open_ruleset(new)
    return before, after, versions.diff(before, after)


def begin(folder: Path, parent: str) -> list[Path]:
    """Write the least ruleset that stands on `parent`, named after its folder; returns what was written."""
    files = own.skeleton(open_ruleset(parent), Path(os.path.realpath(folder)).name)
    for name, text in files.items():
        write_new(folder / name, text.encode())
    return [folder / name for name in files]


def import_indicators(table: Path, folder: Path) -> Path:
    """Write the indicators of a table into the ruleset in `folder`; returns the file."""
    path = folder / own.INDICATORS_FILE
    write(path, own.import_indicators(table, open_ruleset(folder)).encode())
    return path


def freeze(name: str | None) -> Path:
    """Write down what the codes of a published ruleset mean; returns the file."""
    ruleset = open_ruleset(name)
    path = versions.stability_place(ruleset)
    write(path, versions.freeze(ruleset).encode())
    return path
