"""Rulesets: looked at, checked, drawn, described, compared, begun."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, replace
from decimal import Decimal
from enum import Enum
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from vsoko_rules.case.case_schema import case_schema
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import Problem, RulesetError
from vsoko_rules.intake.cues.checking import cue_faults, cue_review
from vsoko_rules.intake.cues.cue_trials import CueTrial, try_cues
from vsoko_rules.ruleset import docs, draw, own, versions
from vsoko_rules.ruleset import review as reviewing
from vsoko_rules.ruleset import schema as schemas
from vsoko_rules.ruleset.differences import RulesetChange, coded, diff
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.ruleset.told_differences import told
from vsoko_rules.templates import render, rich
from vsoko_rules.verdict.answer import place_data, problem_data, result_schema
from vsoko_rules.verdict.ruletests import TestReport, run_tests
from vsoko_rules.workspace import ChainLanguage, SchemaOf
from vsoko_rules.workspace.opening import open_ruleset, ruleset_names
from vsoko_rules.writing.files import write, write_new_together


def listed() -> list[Ruleset]:
    """The rulesets that come with the program."""
    return [open_ruleset(name) for name in ruleset_names()]


def named(ruleset: Ruleset) -> dict[str, Any]:
    """Which ruleset is spoken of, as data."""
    return {"id": ruleset.id, "version": ruleset.version, "sha256": ruleset.sha256, "title": ruleset.title}


def ruleset_data(ruleset: Ruleset) -> dict[str, Any]:
    """What `listed` tells of a ruleset, as data: what it is called, and how much there is in it."""
    return {
        **named(ruleset),
        "label": ruleset.label,
        "blocks": sum(not block.frame for block in ruleset.blocks.values()),
        "elements": len(ruleset.elements),
        "lines": len(ruleset.lines),
        "rules": len(ruleset.rules),
        "indicators": len(ruleset.indicators),
    }


def entry_data(name: str | None, code: str) -> list[dict[str, Any]]:
    """What `describe` tells, as data: each entry with its keys as they stand in the files. Raises as `describe`."""
    ruleset = open_ruleset(name)
    return [
        {
            "ruleset": ruleset.id,
            "part": entry.kind,
            "code": entry.code,
            "place": place_data(entry.place) if entry.place is not None else None,
            "entry": _plain(TypeAdapter[Any](type(entry.content)).dump_python(entry.content, by_alias=True)),
        }
        for entry in docs.entries_of(ruleset, code)
    ]


def _plain(value: Any) -> Any:
    """Data of a ruleset for JSON: what is exact there becomes a number."""
    if isinstance(value, Mapping):
        return {str(key): _plain(own) for key, own in value.items()}
    if isinstance(value, (list, tuple, Set)):
        return [_plain(own) for own in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.value if isinstance(value, Enum) else value


def describe(name: str | None, code: str) -> str:
    """What a ruleset says of a block, element, requirement, rule or indicator. Raises `RulesetError`, `InputError`."""
    return docs.describe(open_ruleset(name), code)


def check(name: str | None) -> tuple[Ruleset, tuple[Problem, ...]]:
    """A ruleset and what is wrong with it, though it can be read. Raises `RulesetError` where its cues cannot be
    used."""
    ruleset = open_ruleset(name)
    if faults := cue_faults(ruleset):
        raise RulesetError(faults)
    return ruleset, (*reviewing.review(ruleset), *cue_review(ruleset))


def try_rules(name: str | None, engine: EngineName) -> tuple[Ruleset, TestReport, tuple[CueTrial, ...]]:
    """A ruleset, what came of the tests that lie beside its rules, and what of the sentences of its cues."""
    ruleset = open_ruleset(name)
    return ruleset, run_tests(ruleset, engine), try_cues(ruleset)


def test_data(ruleset: Ruleset, report: TestReport, sentences: Sequence[CueTrial]) -> dict[str, Any]:
    """What came of tests, as data."""
    return {
        "ruleset": named(ruleset),
        "tests": len(report.results),
        "failed": [
            {
                "about": r.topic.code,
                "name": r.name,
                "place": place_data(r.place),
                "expected": _plain(r.expected),
                "got": _plain(r.got),
            }
            for r in report.failed
        ],
        "problems": [problem_data(problem) for problem in report.problems],
        "without_firing": [topic.code for topic in report.without_firing],
        "without_silent": [topic.code for topic in report.without_silent],
        "sentences": len(sentences),
        "failed_sentences": [
            {
                "cue": trial.cue,
                "sentence": trial.text,
                "place": place_data(trial.place),
                "expected": trial.expected,
                "found": trial.found,
            }
            for trial in sentences
            if not trial.passed
        ],
    }


def schema(of: SchemaOf, names: Sequence[str] = ()) -> str:
    """The text of a JSON Schema; that of a case offers the codes of the rulesets named."""
    described = {
        SchemaOf.CASE: lambda: case_schema([open_ruleset(name) for name in names]),
        SchemaOf.RESULT: result_schema,
        SchemaOf.RULESET: schemas.ruleset_schema,
        SchemaOf.CUES: schemas.cue_schema,
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


def differences(old: str, new: str) -> tuple[Ruleset, Ruleset, tuple[RulesetChange, ...]]:
    """Two rulesets and how they differ."""
    before, after = open_ruleset(old), open_ruleset(new)
    return before, after, diff(before, after)


def diff_text(before: Ruleset, after: Ruleset, changes: Sequence[RulesetChange]) -> str:
    """How two rulesets differ, for a terminal, as Rich markup."""
    said = groupby((told(change, before, after) for change in changes), attrgetter("part"))
    return render("text/rules_diff.j2", rich, old=before, new=after, parts=[(part, [*own]) for part, own in said])


def diff_data(before: Ruleset, after: Ruleset, changes: Sequence[RulesetChange]) -> dict[str, Any]:
    """How two rulesets differ, as data."""
    stated = [replace(c, before=coded(c.before), after=coded(c.after)) for c in changes]
    return {"old": named(before), "new": named(after), "changes": _plain([asdict(change) for change in stated])}


def begin(folder: Path, parent: str) -> list[Path]:
    """Write the least ruleset that stands on `parent`, named after its folder; returns what was written."""
    files = own.skeleton(open_ruleset(parent), Path(os.path.realpath(folder)).name)
    return write_new_together({folder / name: text.encode() for name, text in files.items()})


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
