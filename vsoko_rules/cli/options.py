"""Parameters that several commands share, and what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsoko_rules.engine.names import EngineName

if TYPE_CHECKING:
    from vsoko_rules.case.reader import CaseFile
    from vsoko_rules.ruleset.ruleset import Ruleset
    from vsoko_rules.verdict.assessment import Assessment

CaseArgument = Annotated[
    Path, typer.Argument(metavar="ФАЙЛ", help="Файл школы: YAML или заполненная форма.", show_default=False)
]
CasesArgument = Annotated[
    list[Path], typer.Argument(metavar="ФАЙЛ…", help="Файлы школ: YAML или заполненные формы.", show_default=False)
]
RulesetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--ruleset",
        "-r",
        metavar="МЕТОДИКА",
        help="Методика: название поставляемой или папка своей. Можно указать дважды: один файл, две методики. "
        "По умолчанию — та, что названа в файле школы, иначе bashkortostan-2022.",
        show_default=False,
    ),
]
EngineOption = Annotated[
    EngineName,
    typer.Option(
        "--engine",
        metavar="ДВИЖОК",
        help="auto, plain, durable или both. По умолчанию auto: оба, если установлен durable-rules, иначе plain. "
        "На результат не влияет.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Вывести результат в JSON.")]


def rulesets_for(case: CaseFile, named: Sequence[str] | None) -> list[Ruleset]:
    """The rulesets to assess a case under: those the user named, else the case's own, else the default."""
    from vsoko_rules.ruleset.load import DEFAULT, load

    return [load(name) for name in dict.fromkeys(named or [case.content.ruleset or DEFAULT])]


def assessments(path: Path, named: Sequence[str] | None, engine: EngineName) -> list[Assessment]:
    """One case assessed under each ruleset asked for, in the order asked."""
    from vsoko_rules.intake.case_file import read_case_file
    from vsoko_rules.ruleset.load import beside
    from vsoko_rules.verdict.assessment import assess

    case = read_case_file(path)
    rulesets = rulesets_for(case, named)
    known = beside(case.content.ruleset, rulesets)
    return [assess(case, ruleset, engine, known) for ruleset in rulesets]
