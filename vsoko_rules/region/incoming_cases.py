"""Cases of a study that was made with files, YAML or forms: what each of them is, before anything of it is taken in."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import Enum

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.case.write import plain_data
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, Place, Problem, Remedy
from vsoko_rules.region.bundles import Bundle
from vsoko_rules.region.incoming_files import NO_FILES, IncomingFiles, incoming_files, stated_paths
from vsoko_rules.region.packed_seats import seat_label, seat_of
from vsoko_rules.region.region_records import PAIR, RegionSchool, expert_seat, is_control_seat
from vsoko_rules.region.region_words import region_words
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.opening import open_case
from vsoko_rules.writing.yaml_edit import as_read


class IncomingState(str, Enum):
    """What a file is: of a school that the study has, of a new one, or wrong."""

    KNOWN = "known"
    NEW = "new"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class IncomingCase:
    """A file that was handed over. `who`: the seat for which it is; `school` and `data`, in the shape of a case file
    with scalars as texts, are none where it cannot be read. `bundle`: in which of them it lies, and its files."""

    file: str
    state: IncomingState
    who: str = ""
    school: RegionSchool | None = None
    data: Data | None = None
    problems: tuple[Problem, ...] = ()
    bundle: int = 0
    files: IncomingFiles = NO_FILES

    def wrong(self, problem: Problem) -> IncomingCase:
        """The same, not to be taken in."""
        return replace(self, state=IncomingState.WRONG, data=None, problems=(problem,), files=NO_FILES)


@dataclass(frozen=True, slots=True)
class IntoStudy:
    """What cases are held against: the seats into which they may come beside those of further experts, all of them
    `who` unless that is none and the names of files tell; the codes of the schools of the study, its ruleset and
    year."""

    seats: tuple[str, ...]
    who: str | None
    known: Collection[str]
    ruleset: Ruleset
    year: int


@dataclass(slots=True)
class IncomingStudy:
    """Everything that was handed over: cases in the order of their bundles, and files that no case states."""

    cases: list[IncomingCase]
    strangers: list[str]


def incoming_study(
    bundles: list[Bundle], into: IntoStudy, told: Callable[[int, int], None] = lambda _done, _total: None
) -> IncomingStudy:
    """What each file is; `told` how many were read, of how many."""
    total = sum(len(bundle.yaml) + len(bundle.workbooks) for bundle in bundles)
    first: dict[tuple[str, str], str] = {}
    study = IncomingStudy([], [])
    done = 0
    for number, bundle in enumerate(bundles):
        stated: set[str] = set()
        found = []
        for name in (*bundle.yaml, *bundle.workbooks):
            done += 1
            told(done, total)
            if name not in stated:
                found.append(_incoming(bundle, name, number, into, first, stated))
        cases = [case for case in found if not _is_document(case, bundle, stated)]
        study.cases += cases
        own = {case.file for case in cases}
        places = {place[0] for path in stated if (place := bundle.place(path)) is not None}
        study.strangers += [name for name in bundle.documents() if name not in places and name not in own]
    return study


def _incoming(
    bundle: Bundle, name: str, number: int, into: IntoStudy, first: dict[tuple[str, str], str], stated: set[str]
) -> IncomingCase:
    """One of them; where its files lie is put into `stated`."""
    try:
        case = open_case(bundle.content(name), name)
        stated.update(stated_paths(case.content, name))
        assess(case, into.ruleset, EngineName.PLAIN)
        who, school = into.who or _whose(name, into), _school(case)
        _check(case, into.year, first.get((who, school.code)))
    except InputError as wrong:
        return IncomingCase(name, IncomingState.WRONG, problems=tuple(wrong.problems), bundle=number)
    first[who, school.code] = name
    state = IncomingState.KNOWN if school.code in into.known else IncomingState.NEW
    data, files = as_read(plain_data(case.content)), incoming_files(case.content, name, bundle)
    return IncomingCase(name, state, who, school, data, bundle=number, files=files)


def _is_document(case: IncomingCase, bundle: Bundle, stated: Collection[str]) -> bool:
    """Whether a workbook is a document of a school: a case states it, or it is no form at all where cases are YAML."""
    if case.state is not IncomingState.WRONG or case.file not in bundle.workbooks:
        return False
    no_form = any(problem.remedy is Remedy.MAKE_FORM for problem in case.problems)
    return case.file in stated or (no_form and bool(bundle.yaml))


def _whose(name: str, into: IntoStudy) -> str:
    who = seat_of(name)
    if who is None or not (who in into.seats or is_control_seat(who)):
        words = region_words()["incoming"]
        names = ", ".join(seat_label(seat) for seat in (*into.seats, expert_seat(len(PAIR))))
        raise InputError([Problem(Place(name), words["whose"], expected=words["whose_expected"].format(names=names))])
    return who


def _school(case: CaseFile) -> RegionSchool:
    own = case.content.school
    return RegionSchool(own.id, own.name, own.municipality, own.levels, dict(own.counts))


def _check(case: CaseFile, year: int, first: str | None) -> None:
    words, stated = region_words()["incoming"], case.content.study.year
    if stated != year:
        raise InputError([Problem(Place(case.name), words["other_year"], str(stated), str(year))])
    if first is not None:
        raise InputError([Problem(Place(case.name), words["twice"].format(file=first), case.content.school.id)])
