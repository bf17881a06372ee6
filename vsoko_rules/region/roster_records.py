"""From rows of tables to the records of a study, each held against the record that is there already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from vsoko_rules.errors import nearest
from vsoko_rules.reading.word_list import WordList, folded
from vsoko_rules.region.region_records import RegionPerson, RegionRole, RegionSchool
from vsoko_rules.region.roster_rows import RosterRow
from vsoko_rules.region.roster_words import COUNTS, roster_words
from vsoko_rules.ruleset.model import EducationLevel

RosterRecord = RegionSchool | RegionPerson

_LIKE: Final = 0.88
"""how like two names of municipalities are that are perhaps one, as `difflib` counts"""
_MOST_MUNICIPALITIES: Final = 300
"""a region has fewer; among more nobody looks for names that are alike, because looking costs"""


class SchoolRows:
    """Reads rows of schools. Municipalities are called as they are called already, else as the first row calls them."""

    def __init__(self, schools: Iterable[RegionSchool]) -> None:
        self.before = {school.code: usual_school(school) for school in schools}
        self.after = dict(self.before)
        self._municipalities = {plain_name(s.municipality): s.municipality for s in self.before.values()}
        self._named = {(folded(s.name), s.municipality): s.code for s in self.before.values()}
        self.new_municipalities: list[str] = []

    def record(self, row: RosterRow) -> RegionSchool | None:
        """What a row says of a school; none where something in it is wrong."""
        code, name = row.code("code"), row.text("name")
        municipality = self._municipality(row)
        levels = row.levels("levels")
        counts = {key.removeprefix(COUNTS): row.count(key) for key in row.table.columns if key.startswith(COUNTS)}
        before = self.before.get(code)
        control = row.flag("control") if row.has("control") else before is not None and before.control
        if code:
            self._tell_twin(row, code, name, municipality)
        known = {c: n for c, n in before.counts.items() if c not in counts} if before is not None else {}
        stated = {count: number for count, number in counts.items() if number is not None}
        record = usual_school(RegionSchool(code, name, municipality, levels, {**known, **stated}, control))
        if code:
            self.after[code] = record
        return None if row.problems else record

    def words(self) -> dict[str, WordList]:
        """How people may name municipalities and schools: those that are there, and those of the tables."""
        names = sorted({school.municipality for school in self.after.values() if school.municipality})
        titles: dict[str, list[str]] = {}
        for school in self.after.values():
            titles.setdefault(folded(school.name), []).append(school.code)
        own = [(self.after[codes[0]].name, codes[0]) for codes in titles.values() if len(codes) == 1]
        return {
            "municipalities": WordList([(name, name) for name in names], [(plain_name(name), name) for name in names]),
            "schools": WordList([(code, code) for code in self.after], own),
        }

    def _municipality(self, row: RosterRow) -> str:
        typed = row.text("municipality")
        plain = plain_name(typed)
        if typed and plain not in self._municipalities:
            known = self._municipalities if len(self._municipalities) <= _MOST_MUNICIPALITIES else ()
            near = nearest(plain, known, _LIKE)
            if near is not None:
                row.tell("municipality", "like_municipality", other=self._municipalities[near])
            self._municipalities[plain] = typed
            self.new_municipalities.append(typed)
        return self._municipalities.get(plain, typed)

    def _tell_twin(self, row: RosterRow, code: str, name: str, municipality: str) -> None:
        other = self._named.setdefault((folded(name), municipality), code)
        if other != code and name:
            row.tell("name", "same_name", other=other)


class PersonRows:
    """Reads rows of people."""

    def __init__(self, people: Iterable[RegionPerson]) -> None:
        self.before = {(person.login.lower(), person.role): usual_person(person) for person in people}
        self._logins = {folded(person.name): person.login for person in self.before.values()}

    def before_of(self, person: RegionPerson, alone: bool) -> RegionPerson | None:
        """What is there of a person in a role. `alone`: no other row speaks of them, so that of who has one role only
        that one becomes another; else each row is about a role of its own."""
        same = self.before.get((person.login, person.role))
        own = [known for (login, _), known in self.before.items() if login == person.login]
        return own[0] if same is None and alone and len(own) == 1 else same

    def record(self, row: RosterRow, alone: bool) -> RegionPerson | None:
        """What a row says of a person in one role; none where something in it is wrong."""
        login, name, role = row.login("login"), row.text("name"), row.role("role")
        other = self._logins.setdefault(folded(name), login) if name and login else login
        if other != login:
            row.tell("name", "same_person", other=other)
        if role is None:
            return None
        person = RegionPerson(login, name, role)
        record = _Scope(row, self.before_of(person, alone) or person).of(role, person)
        return None if row.problems else usual_person(record)


@dataclass(frozen=True, slots=True)
class _Scope:
    """For what schools somebody is there, by their role, and where an expert works. What the table has no column for
    stays as it is in `before`."""

    row: RosterRow
    before: RegionPerson

    def of(self, role: RegionRole, person: RegionPerson) -> RegionPerson:
        if role is RegionRole.METHODIST:
            self._unused("school", "home_municipalities", "home_schools")
            return replace(person, municipalities=self._needed_municipalities())
        if role is RegionRole.SCHOOL:
            self._unused("municipalities", "home_municipalities", "home_schools")
            return replace(person, school=self._needed_school())
        if role is RegionRole.EXPERT:
            return self._home(person)
        self._unused("municipalities", "school", "home_municipalities", "home_schools")
        return person

    def _needed_municipalities(self) -> tuple[str, ...]:
        found = self._municipalities("municipalities")
        if not self.row.has("municipalities"):
            found = self.before.municipalities
        if not found:
            self._lacking("municipalities", "needs_municipality")
        return found

    def _needed_school(self) -> str | None:
        found = self._schools("school")
        if not self.row.has("school") and self.before.school is not None:
            found = (self.before.school,)
        if not found:
            self._lacking("school", "needs_school")
        elif len(found) > 1:
            self.row.refuse("school", "one_school", roster_words().wrong["school_expected"])
        return next(iter(found), None)

    def _home(self, person: RegionPerson) -> RegionPerson:
        """Where an expert works; what stands in the columns of other roles is meant so, too."""
        municipalities, schools = self._municipalities("home_municipalities"), self._schools("home_schools")
        if not self.row.has("home_municipalities", "municipalities"):
            municipalities = self.before.home_municipalities
        if not self.row.has("home_schools", "school"):
            schools = self.before.home_schools
        for key in ("municipalities", "school"):
            if self.row.typed(key) is not None:
                self.row.tell(key, "home")
        municipalities += self._municipalities("municipalities")
        schools += self._schools("school")
        if not municipalities and not schools:
            self.row.tell("home_municipalities", "no_home")
        return replace(person, home_municipalities=municipalities, home_schools=schools)

    def _municipalities(self, key: str) -> tuple[str, ...]:
        return self.row.listed(key, "municipalities", "municipality")

    def _schools(self, key: str) -> tuple[str, ...]:
        return self.row.listed(key, "schools", "school")

    def _unused(self, *keys: str) -> None:
        for key in keys:
            if self.row.typed(key) is not None:
                self.row.tell(key, "unused")

    def _lacking(self, key: str, message: str) -> None:
        if self.row.typed(key) is None:
            heading = next(c.heading for c in roster_words().table("person").columns if c.key == key)
            self.row.refuse(key, message, roster_words().wrong[f"{message}_expected"].format(heading=heading))


def together(first: RegionPerson, other: RegionPerson) -> RegionPerson:
    """A person in one role of whom two rows speak: with the places of both."""
    return usual_person(
        replace(
            first,
            municipalities=(*first.municipalities, *other.municipalities),
            home_municipalities=(*first.home_municipalities, *other.home_municipalities),
            home_schools=(*first.home_schools, *other.home_schools),
        )
    )


def usual_school(school: RegionSchool) -> RegionSchool:
    """A school with its levels and counts in one order, so that equal ones are equal."""
    levels = tuple(level for level in EducationLevel if level in school.levels)
    return replace(school, levels=levels, counts=dict(sorted(school.counts.items())))


def usual_person(person: RegionPerson) -> RegionPerson:
    """A person with lists in one order, each entry once, and the login in small letters."""
    return replace(
        person,
        login=person.login.lower(),
        municipalities=_sorted(person.municipalities),
        home_municipalities=_sorted(person.home_municipalities),
        home_schools=_sorted(person.home_schools),
    )


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


def plain_name(name: str) -> str:
    """The name of a municipality as it is compared: without regard to case, spaces and «ё»."""
    return folded(name).replace("ё", "е")


def shown_fields(record: RosterRecord) -> dict[str, str]:
    """The fields of a record as people write them, by the keys of columns."""
    words = roster_words()
    if isinstance(record, RegionSchool):
        numbers = {f"{COUNTS}{code}": str(number) for code, number in record.counts.items()}
        return {
            "name": record.name,
            "municipality": record.municipality,
            "levels": "; ".join(level.value for level in record.levels),
            "control": words.flag[not record.control],
            **numbers,
        }
    return {
        "name": record.name,
        "role": words.roles[record.role.value],
        "municipalities": "; ".join(record.municipalities),
        "school": record.school or "",
        "home_municipalities": "; ".join(record.home_municipalities),
        "home_schools": "; ".join(record.home_schools),
    }
