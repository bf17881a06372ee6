"""What can go wrong, in words a user can act on. One base class, one class a kind of user error, exit codes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum, IntEnum
from pathlib import PurePosixPath, PureWindowsPath

MOST_PROBLEMS = 20
"""how many problems one message lists; the rest is counted"""

_LONGEST_VALUE = 80


class ExitCode(IntEnum):
    """How an error ends a run: what the command line returns to the shell."""

    COMPLETE = 0
    GAPS = 1
    BAD_INPUT = 2
    BAD_RULESET = 3
    INTERNAL = 4


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a file with line and column counted from 1, a sheet and cell of a workbook, or an
    argument of a call (see `argument`)."""

    file: str
    line: int | None = None
    column: int | None = None
    cell: str | None = None
    is_argument: bool = False

    def __str__(self) -> str:
        file = printable(self.file)
        if self.cell is not None:
            return f"{file}, {self.cell}"
        return ":".join(str(part) for part in (file, self.line, self.column) if part is not None)

    @property
    def shared(self) -> Place:
        """The place as it is told to others: without the folders of the person whose file it is."""
        pure = next((p for p in (PurePosixPath(self.file), PureWindowsPath(self.file)) if p.is_absolute()), None)
        return self if pure is None else replace(self, file=pure.name)

    @property
    def brief(self) -> str:
        """The place as it is told to others, to within a line, or a cell."""
        return str(replace(self.shared, column=None))


def argument(name: str) -> Place:
    """The place of what a caller gave as the argument `name`. A face puts its own name of it there: an option, a
    field of a page."""
    return Place(name, is_argument=True)


class Remedy(str, Enum):
    """What helps and is done by a face in its own way: it adds the command, or the button, to the message."""

    ASSESS = "assess"
    """write the results of an assessment as JSON"""
    PLAIN_ENGINE = "plain_engine"
    """conclude with the engine that is always there"""
    FREEZE = "freeze"
    """write what the codes of a ruleset mean"""
    MAKE_FORM = "make_form"
    """make an empty form"""
    RUN_STUDY = "run_study"
    """assess the schools of a study first"""
    CHOOSE_RULESET = "choose_ruleset"
    """name one ruleset; files of schools are assessed under it"""
    MIGRATE = "migrate"
    """bring the database of a server to this version of the program"""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place: what it is, what was found, what was expected, what to do.

    `remedy` names what a face can offer; `Problem` itself does not say how.
    """

    place: Place
    message: str
    found: str | None = None
    expected: str | None = None
    hint: str | None = None
    remedy: Remedy | None = None

    def __str__(self) -> str:
        parts = [f"{self.place}: {self.message}"]
        if self.found is not None:
            parts.append(f"найдено: «{shorten(self.found)}»")
        if self.expected is not None:
            parts.append(f"ожидалось: {self.expected}")
        text = "; ".join(parts) + "."
        return f"{text} {self.hint}" if self.hint else text


def printable(text: str) -> str:
    """`text` on one line, with a space for every character that is not shown but obeyed or reorders others."""
    return text if text.isprintable() else "".join(ch if ch.isprintable() else " " for ch in text)


def shorten(value: str) -> str:
    """`value` on one line, without control characters, cut to what a message has room for."""
    line = printable(value)
    return line if len(line) <= _LONGEST_VALUE else line[: _LONGEST_VALUE - 1] + "…"


def nearest(found: str, known: Iterable[str], alike: float = 0.6) -> str | None:
    """The one of `known` that was perhaps meant by `found`; none where nothing is at least so much `alike`, of 1.

    What a user typed may be of any length: only its first characters are compared, because comparing costs."""
    near = difflib.get_close_matches(found[:_LONGEST_VALUE], list(known), n=1, cutoff=alike)
    return near[0] if near else None


def did_you_mean(found: str, known: Iterable[str]) -> str | None:
    """The hint that names the nearest of `known`, or the letters of another alphabet that look like those of one of
    them; none where nothing is near."""
    words = list(known)
    alike = _look_alike(found, words)
    if alike is not None:
        return alike
    near = nearest(found, words)
    return f"Возможно, имелось в виду «{near}»." if near is not None else None


_LATIN, _CYRILLIC = "ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху"
"""letters that look the same"""


def _look_alike(found: str, known: Iterable[str]) -> str | None:
    """The hint that says which letters of `found` are of the other alphabet than in the word that was meant."""
    to_latin = str.maketrans(_CYRILLIC, _LATIN)
    plain = found[:_LONGEST_VALUE].strip().translate(to_latin)
    meant = next((word for word in known if word != found and word.translate(to_latin) == plain), None)
    if meant is None or len(meant) != len(found.strip()):
        return None
    pairs = list(zip(found.strip(), meant, strict=True))
    kinds = [("кириллица", "латинские", _CYRILLIC), ("латиница", "русские", _LATIN)]
    said = [
        f"{', '.join(f'«{letter}»' for letter in letters)} — {what}, нужны {wanted}"
        for what, wanted, alphabet in kinds
        if (letters := dict.fromkeys(was for was, meant_here in pairs if was != meant_here and was in alphabet))
    ]
    return f"Похожие буквы другого алфавита: {'; '.join(said)}: «{meant}»." if said else None


def _in_order(problem: Problem) -> tuple[str, int, int, str]:
    """Problems of a file by line and column; those of a workbook stay as they were found, cell after cell."""
    place = problem.place
    return place.file, place.line or 0, place.column or 0, problem.message if place.cell is None else ""


class VsokoError(Exception):
    """The base of every error the program raises on purpose. `problems` is never empty."""

    exit_code = ExitCode.INTERNAL

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(dict.fromkeys(problems), key=_in_order))
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:MOST_PROBLEMS]]
        if len(self.problems) > MOST_PROBLEMS:
            lines.append(f"… и ещё замечаний: {len(self.problems) - MOST_PROBLEMS}.")
        return "\n".join(lines)


class InputError(VsokoError):
    """A case, a form or another file of the user cannot be taken as it is."""

    exit_code = ExitCode.BAD_INPUT


class LostUpdate(InputError):
    """A stored case was changed by someone else since it was opened; nothing was written."""


class RulesetError(VsokoError):
    """A ruleset or one of its rules is wrong."""

    exit_code = ExitCode.BAD_RULESET


class OutputError(VsokoError):
    """A result cannot be written where the user asked."""

    exit_code = ExitCode.BAD_INPUT


class EnginesDisagree(VsokoError):
    """The two engines concluded different things; neither result is shown."""

    exit_code = ExitCode.INTERNAL
