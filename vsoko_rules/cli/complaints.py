"""What an error says on the command line: the core names arguments and remedies, here they get options and commands."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import typer

from vsoko_rules.errors import Problem, Remedy, VsokoError

OPTIONS: Final = {
    "backend": "--backend",
    "block": "--block",
    "budget": "--budget",
    "changes": "--if",
    "counts": "--count",
    "engine": "--engine",
    "format": "--format",
    "levels": "--levels",
    "line": "--line",
    "of": "--of",
    "reader": "--for",
    "results": "ФАЙЛ",
    "scheduler": "--scheduler",
    "school": "--school",
    "school_type": "--school-type",
    "step": "--step",
    "template": "--template",
    "to": "--to",
}
"""arguments of calls and what the command line calls them"""

REMEDIES: Final = {
    Remedy.ASSESS: "Их записывает vsoko check ФАЙЛ --json.",
    Remedy.PLAIN_ENGINE: "Или выберите --engine plain.",
    Remedy.FREEZE: "Запишет vsoko rules freeze ПАПКА.",
    Remedy.MAKE_FORM: "Пустую форму создаёт vsoko form.",
    Remedy.RUN_STUDY: "Сначала проведите исследование: vsoko study ПАПКА -o ИТОГИ.",
}
"""how each remedy is carried out here"""


def in_words_of_options(problem: Problem) -> Problem:
    """The same problem as the command line says it."""
    place = problem.place
    if place.is_argument:
        place = replace(place, file=OPTIONS.get(place.file, place.file))
    how = None if problem.remedy is None else REMEDIES[problem.remedy]
    hint = " ".join(part for part in (problem.hint, how) if part) or None
    return replace(problem, place=place, hint=hint, remedy=None)


def complain(error: VsokoError) -> None:
    """Print an error to stderr."""
    typer.echo(str(type(error)(map(in_words_of_options, error.problems))), err=True)
