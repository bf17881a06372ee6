"""What the centre types of a study: its title, its year and period, the ruleset, the deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from vsoko_rules.errors import InputError, Problem, argument
from vsoko_rules.reading.typed import EXPECTED, typed_date, typed_whole
from vsoko_rules.region.deadlines import FIELDS, deadline_problems
from vsoko_rules.region.region_records import Phase, RegionStudy
from vsoko_rules.region.region_words import region_words
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.words import day

LONGEST_TITLE: Final = 300
_YEARS: Final = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class StudyFields:
    """Fields as they stand on a page, with what is wrong in them, by their names."""

    texts: Mapping[str, str]
    problems: Mapping[str, Problem] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StudyStated:
    """What was typed of a study, understood. The deadlines are by the fields in which they stand."""

    title: str
    year: int
    starts: date
    ends: date
    deadlines: Mapping[str, date | None]


def blank_study(ruleset: Ruleset, today: date) -> StudyFields:
    """What is filled in for a new study: the period to which `today` belongs."""
    year = ruleset.usual_year(today)
    first, last = ruleset.usual_study(year)
    return StudyFields({"year": str(year), "first": day(first), "last": day(last)})


def typed_study(typed: Mapping[str, str]) -> StudyFields:
    """Fields as somebody typed them."""
    return StudyFields({name: " ".join(text.split()) for name, text in typed.items()})


def study_of_fields(fields: StudyFields) -> StudyStated:
    """What the fields say. Raises `InputError` with a problem for each in which something is wrong."""
    reader = _FieldReader(fields.texts)
    title, year = reader.title(), reader.year()
    starts, ends = reader.day("first", needed=True), reader.day("last", needed=True)
    if starts is not None and ends is not None and starts > ends:
        reader.refuse("last", "ends_first")
    deadlines = reader.deadlines()
    if reader.problems or starts is None or ends is None:
        raise InputError(reader.problems)
    return StudyStated(title, year, starts, ends, deadlines)


def title_and_deadlines(fields: StudyFields) -> tuple[str, Mapping[str, date | None]]:
    """What may be changed of a study later on. Raises `InputError`."""
    reader = _FieldReader(fields.texts)
    title, deadlines = reader.title(), reader.deadlines()
    if reader.problems:
        raise InputError(reader.problems)
    return title, deadlines


class _FieldReader:
    """Reads fields; what is wrong is collected, field by field."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.problems: list[Problem] = []
        self._words: Any = region_words()["study_fields"]

    def refuse(self, name: str, why: str) -> None:
        """Say that a field does not hold what is expected."""
        message, expected = self._words[why]
        found = (self.texts.get(name) or None) if why != "no_title" else None
        self.problems.append(Problem(argument(name), message, found, expected))

    def title(self) -> str:
        """The title; empty where there is none."""
        title = self.texts.get("title", "")
        if not title or len(title) > LONGEST_TITLE:
            self.refuse("title", "long_title" if title else "no_title")
        return title

    def year(self) -> int:
        """The year; 0 where none is stated."""
        year = typed_whole(self.texts.get("year", ""))
        if year is None or int(year) not in _YEARS:
            self.refuse("year", "year")
            return 0
        return int(year)

    def day(self, name: str, *, needed: bool = False) -> date | None:
        """A date; none where nothing is typed."""
        text = self.texts.get(name, "")
        stated = typed_date(text, None)
        if stated is None and (text or needed):
            self.problems.append(Problem(argument(name), self._words["day"], text or None, EXPECTED["date"]))
        return date.fromisoformat(stated) if stated is not None else None

    def deadlines(self) -> dict[str, date | None]:
        """The last days of the phases."""
        days = {name: self.day(name) for name in FIELDS.values()}
        if not any(problem.place.file in days for problem in self.problems):
            self.problems += deadline_problems(RegionStudy("", 0, Phase.COLLECT, *days.values()))
        return days
