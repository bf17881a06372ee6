"""An invented region to try the program with: its schools and people, and documents made of the shipped cases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from vsoko_rules.case.write import plain_data
from vsoko_rules.errors import InputError
from vsoko_rules.reading.scalars import Code, Flag, Text, Whole
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.yaml import read
from vsoko_rules.region.region_records import RegionPerson, RegionRole, RegionSchool, levels_of
from vsoko_rules.resources import shipped
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.opening import open_case
from vsoko_rules.writing.yaml_edit import as_read

_YEAR: Final = re.compile(r"(?<!\d)20[12]\d(?!\d)(?:([/–-])(\d\d)(?!\d|[-–]\d))?")
"""a year, or a school year «2021/22»"""


class InventedPerson(Model):
    """Somebody of the region."""

    login: Text
    name: Text
    role: RegionRole
    municipalities: tuple[Text, ...] = ()
    home_municipalities: tuple[Text, ...] = ()
    school: Text | None = None

    @property
    def record(self) -> RegionPerson:
        """As any other person of a study."""
        return RegionPerson(
            self.login, self.name, self.role, self.municipalities, self.school, self.home_municipalities
        )


class InventedSchool(Model):
    """A school of the region, the shipped case of which it is made, and how far it is this year."""

    code: Code
    name: Text
    municipality: Text
    case: Text
    before: Flag = False
    sent: Flag = False
    locked: Whole = 0
    control: Flag = False


class InventedRegion(Model):
    """Everything in `reports/region/invented.yml`."""

    title: Text
    ruleset: Text
    password: Text
    year: Whole
    people: tuple[InventedPerson, ...]
    schools: tuple[InventedSchool, ...]
    found_less: dict[Text, Whole]
    last_year: Whole
    comment: Text


@cache
def invented_region() -> InventedRegion:
    """The region, read once."""
    return validated(InventedRegion, read(shipped("reports") / "region" / "invented.yml", InputError), InputError)


def invented_school(school: InventedSchool) -> RegionSchool:
    """A school as any other of a study; levels and numbers are those of its case."""
    told = open_case(shipped("cases") / f"{school.case}.yml").content.school
    return RegionSchool(
        school.code, school.name, school.municipality, levels_of(level.value for level in told.levels),
        dict(told.counts), school.control,
    )  # fmt: skip


def invented_documents(school: InventedSchool, blank: Data, year: int, less: int = 0) -> Data:
    """The case of a school in a study of `year`, from its blank one: the documents of the shipped case, its years
    moved. Of each `less`-th document the last mark is gone; 0: of none."""
    case = open_case(shipped("cases") / f"{school.case}.yml").content
    moved: Any = _moved(as_read(plain_data(case)), year - invented_region().year)
    kept = {key: value for key, value in moved.items() if key in ("documents", "indicators", "procedures")}
    return {**blank, **kept, "documents": list(_found(kept.get("documents", []), less))}


def invented_opinion(data: Data, who: str, name: str, blocks: list[str]) -> Data:
    """What an expert makes of the case of a school, everything gone through; each of a pair misses other marks."""
    region = invented_region()
    documents = list(_found(data.get("documents", []), region.found_less[who], region.comment))
    return {**data, "filled_by": {"role": "expert", "name": name}, "reviewed": blocks, "documents": documents}


def _found(documents: list[Data], less: int, comment: str = "") -> Iterator[Data]:
    marked = 0
    for document in documents:
        holds = document.get("holds")
        if less and isinstance(holds, list) and holds:
            marked += 1
            if marked % less == 0:
                yield {**document, "holds": holds[:-1], **({"comment": comment} if comment else {})}
                continue
        yield document


def _moved(value: Any, years: int) -> Any:
    """Data with all years moved, in dates, periods, titles and addresses alike."""
    if isinstance(value, str):
        return _YEAR.sub(lambda found: _later(found, years), value)
    if isinstance(value, dict):
        return {key: _moved(each, years) for key, each in value.items()}
    return [_moved(each, years) for each in value] if isinstance(value, list) else value


def _later(found: re.Match[str], years: int) -> str:
    first = int(found[0][:4])
    if found[1] is None:
        return str(first + years)
    last = int(found[2])
    return f"{first + years}{found[1]}{(last + years if last == (first + 1) % 100 else last) % 100:02d}"
