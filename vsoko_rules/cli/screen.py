"""What is printed: results, and errors. The core names arguments and remedies, here they get options and commands."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from vsoko_rules.errors import Problem, Remedy, VsokoError

if TYPE_CHECKING:
    from rich.text import Text

    from vsoko_rules import CaseFile
    from vsoko_rules.verdict.answer import ProblemRecord

WORD: Final = (".docx",)
"""endings of the documents that a command writes for Word"""

OPTIONS: Final = {
    "backend": "--backend",
    "block": "--block",
    "budget": "--budget",
    "changes": "--if",
    "counts": "--count",
    "database": "--database",
    "decisions": "--decisions",
    "engine": "--engine",
    "experts": "ЭКСПЕРТ…",
    "source": "--from",
    "filled": "--read",
    "format": "--format",
    "host": "--host",
    "levels": "--levels",
    "line": "--line",
    "name": "--name",
    "links": "--links",
    "of": "--of",
    "on": "--on",
    "output": "--output",
    "port": "--port",
    "reader": "--for",
    "answer": "--confirm",
    "by": "--by",
    "question": "--confirm",
    "appendix": "--appendix",
    "results": "ФАЙЛ",
    "rounds": "БЫЛО СТАЛО…",
    "scheduler": "--scheduler",
    "ruleset": "--ruleset",
    "school": "--school",
    "school_type": "--school-type",
    "step": "--step",
    "study": "--study",
    "template": "--template",
    "start": "--from",
    "end": "--to",
    "invite": "--invite",
    "login": "--login",
    "to": "--to",
}
"""arguments of calls and what the command line calls them"""

REMEDIES: Final = {
    Remedy.ASSESS: "Такой файл записывает vsoko check ФАЙЛ -o итоги.json.",
    Remedy.PLAIN_ENGINE: "Или выберите --engine plain.",
    Remedy.FREEZE: "Запишет vsoko rules freeze ПАПКА.",
    Remedy.MAKE_FORM: "Пустую форму создаёт vsoko form.",
    Remedy.CHOOSE_RULESET: "Назовите методику (-r): по ней проверятся все. Или составьте выписку по каждой отдельно.",
    Remedy.MIGRATE: "Обновит её vsoko serve ПАПКА --migrate.",
    Remedy.RUN_STUDY: "Сначала проведите исследование: vsoko study ПАПКА -o ИТОГИ.",
}
"""how each remedy is carried out here"""


_HANGING: Final = 2
"""columns by which the rest of a line that does not fit is indented further"""
_NARROWEST: Final = 40
_quiet: ContextVar[bool] = ContextVar("quiet", default=False)
_json: ContextVar[bool] = ContextVar("json", default=False)


def be_quiet(wanted: bool) -> None:
    """Say nothing from now on but errors and data that are asked for; `wanted` false changes nothing."""
    if wanted:
        _quiet.set(True)


def is_quiet() -> bool:
    """Whether only errors and data are wanted."""
    return _quiet.get()


def asked_for_json(wanted: bool) -> bool:
    """Remember that an answer is wanted as JSON, one that consists of errors too."""
    _json.set(wanted)
    return wanted


def give_up(error: VsokoError) -> None:
    """Tell what ended a command; as JSON too where that was asked for."""
    complain(error)
    if _json.get():
        show_json([], errors=as_records([error]))


def tell(text: str, to_stderr: bool = False) -> None:
    """Print a remark for people."""
    if not is_quiet():
        typer.echo(text, err=to_stderr)


def show(made: Callable[[], str]) -> None:
    """Print an answer for people, in Rich markup: in colour on a terminal, as plain text elsewhere.

    `made` makes it for the width of the screen, where that is known; what no template folds is folded here.
    """
    if is_quiet():
        return
    from rich.console import Console
    from rich.text import Text

    from vsoko_rules.templates import COLUMNS, folded_at

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError(errno.EPIPE, "nobody reads")  # Rich would leave in a way of its own

    columns = _columns()
    with folded_at(columns or COLUMNS):
        text = Text.from_markup(made(), emoji=False)
    if columns is not None:
        text = Text("\n").join(part for line in text.split("\n", allow_blank=True) for part in _folded(line, columns))
    Screen(highlight=False, soft_wrap=True, emoji=False).print(text, end="")


def _folded(line: Text, columns: int) -> Iterator[Text]:
    """A line as lines that fit; the same where it fits already."""
    from rich.text import Text

    from vsoko_rules.templates import line_starts

    indent = len(line.plain) - len(line.plain.lstrip(" "))
    line, indent = line[max(indent - columns // 3, 0) :], min(indent, columns // 3)
    hanging = indent + _HANGING
    first, *rest = line.divide(line_starts(line.plain, columns, columns - hanging)[1:])
    for part in (first, *rest) if rest else ():
        part.rstrip()
    yield first
    yield from (Text(" " * hanging) + part for part in rest)


def _columns() -> int | None:
    """How wide an answer may be, where that is known: on a terminal, or as `COLUMNS` says."""
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return max(shutil.get_terminal_size().columns, _NARROWEST) if known else None


def as_records(errors: Iterable[VsokoError]) -> list[ProblemRecord]:
    """Errors as plain data, in the words of the command line."""
    from vsoko_rules.verdict.answer import problem_data

    return [problem_data(in_words_of_options(problem)) for error in errors for problem in error.problems]


def show_json(results: Sequence[Any], output: Path | None = None, errors: Sequence[ProblemRecord] = ()) -> None:
    """Print an answer as JSON, or write it to a file: of one shape, whatever came of it (see `verdict.answer`)."""
    from vsoko_rules.verdict.answer import answer
    from vsoko_rules.writing.json_text import json_text

    hand_over(json_text(answer(results, errors)), output)


def hand_over(text: str, output: Path | None) -> None:
    """Print a text as it is, or write it to a file."""
    if output is None:
        typer.echo(text, nl=False)
    else:
        deliver(output, text.encode())


def plain_text(markup: str) -> bytes:
    """An answer for people as a file has it, without its colours."""
    from rich.text import Text

    return Text.from_markup(markup, emoji=False).plain.replace("\u2060", "").encode()


def give(
    results: Callable[[], Sequence[Any]], texts: Callable[[], Iterable[str]], as_json: bool, output: Path | None
) -> None:
    """Give an answer as it was asked for: data as JSON, or markup for people, on the screen or in a file. Only what is
    given is made."""
    if output is not None and output.suffix.lower() == ".txt":
        deliver(output, plain_text("".join(texts())))
        if as_json:
            show_json(results())
    elif as_json or output is not None:
        show_json(results(), output)
    else:
        show(lambda: "".join(texts()))


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
