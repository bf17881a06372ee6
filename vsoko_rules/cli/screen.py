"""What is printed: results, and errors. The core names arguments and remedies, here they get options and commands."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from vsoko_rules.errors import Problem, Remedy, VsokoError

if TYPE_CHECKING:
    from vsoko_rules import CaseFile

WORD: Final = (".docx",)
"""endings of the documents that a command writes for Word"""

OPTIONS: Final = {
    "backend": "--backend",
    "block": "--block",
    "budget": "--budget",
    "changes": "--if",
    "counts": "--count",
    "engine": "--engine",
    "experts": "ЭКСПЕРТ…",
    "source": "--from",
    "filled": "--read",
    "format": "--format",
    "levels": "--levels",
    "line": "--line",
    "of": "--of",
    "reader": "--for",
    "appendix": "--appendix",
    "results": "ФАЙЛ",
    "rounds": "БЫЛО СТАЛО…",
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


_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


def be_quiet(wanted: bool) -> None:
    """Say nothing from now on but errors and data that are asked for; `wanted` false changes nothing."""
    if wanted:
        _quiet.set(True)


def is_quiet() -> bool:
    """Whether only errors and data are wanted."""
    return _quiet.get()


def tell(text: str, to_stderr: bool = False) -> None:
    """Print a remark for people."""
    if not is_quiet():
        typer.echo(text, err=to_stderr)


def show(markup: str) -> None:
    """Print an answer for people, in Rich markup: in colour on a terminal, as plain text elsewhere."""
    if is_quiet():
        return
    from rich.console import Console

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError(errno.EPIPE, "nobody reads")  # Rich would leave in a way of its own

    Screen(highlight=False, soft_wrap=True, emoji=False).print(markup, end="")


def show_json(data: Any, output: Path | None = None) -> None:
    """Print data as JSON, or write them to a file."""
    from vsoko_rules.writing.json_text import json_text

    text = json_text(data)
    if output is None:
        typer.echo(text, nl=False)
    else:
        deliver(output, text.encode())


def one_or_all(results: Sequence[Any]) -> Any:
    """One result as it is, several as a list."""
    return results[0] if len(results) == 1 else results


def show_written(paths: Iterable[Path]) -> None:
    """Name the files that were written."""
    for path in paths:
        tell(f"Записано: {path}")


def tell_of_files(case: CaseFile, source: Path, target: Path) -> None:
    """Say that the files of documents have to follow a case into another folder."""
    from vsoko_rules.workspace.stored import files_left_behind

    if files_left_behind(case, source, target):
        hint = "Пути в столбце «Файл» отсчитываются от папки, где лежит файл школы: перенесите туда и документы."
        tell(hint, to_stderr=True)


def deliver(output: Path, content: bytes, named: bool = True) -> None:
    """Write a file and name it, unless something else is the answer."""
    from vsoko_rules.writing.files import write

    write(output, content)
    if named:
        show_written([output])


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
