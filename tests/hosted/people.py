"""A small invented study with its people, as the tests of the hosted page use it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import SchoolEntry, Seat, StudyRound, User

SCHOOLS: Final = {"gorodskaya-sosh": "Приозёрск", "selskaya-oosh": "Заречный", "samoproverka": "Заречный"}
"""shipped cases, by the municipality in which their schools are put"""


@dataclass
class Region:
    """What was made, by the names for signing in and the codes of schools."""

    study: StudyRound
    users: dict[str, User] = field(default_factory=dict)
    schools: dict[str, SchoolEntry] = field(default_factory=dict)
    seats: dict[tuple[str, str], Seat] = field(default_factory=dict)

    def person(self, login: str) -> User:
        """`centre`, `methodist` (of Заречный), `expert-a`, `expert-b`, `expert-c`, `school` (of the first), `other`
        (of the second), `auditor`."""
        return self.users[login]

    def seat(self, school: str, who: str) -> Seat:
        """The seat of a school as it stands in the database now."""
        seat = self.seats[school, who]
        seat.refresh_from_db()
        return seat

    def assign(self, school: str, who: str, login: str) -> Seat:
        """Give a seat of a school to an expert; it holds nothing yet."""
        from vsoko_rules.web.hosted.models import Seat

        given: Seat = Seat.objects.create(school=self.schools[school], who=who, expert=self.users[login], data="")
        self.seats[school, who] = given
        return given

    def phase(self, phase: str) -> None:
        """Put the study into a phase, whatever speaks against it."""
        self.study.phase = phase
        self.study.save()

    @classmethod
    def made(cls) -> Region:
        """Put it into the database."""
        from vsoko_rules.web.hosted.models import Membership, Municipality, SchoolEntry, Seat, StudyRound, User
        from vsoko_rules.web.hosted.pinned import pin

        study = StudyRound.objects.create(
            title="Проба", year=2022, starts=date(2021, 9, 1), ends=date(2022, 8, 31), ruleset=pin("bashkortostan-2022")
        )
        made = cls(study)
        towns = {name: Municipality.objects.create(study=study, name=name) for name in dict.fromkeys(SCHOOLS.values())}
        for code, town in SCHOOLS.items():
            data = case_data(code)
            school = SchoolEntry.objects.create(
                study=study, municipality=towns[town], code=code, name=data["school"]["name"],
                levels=data["school"]["levels"], counts=data["school"].get("counts", {}),
            )  # fmt: skip
            made.schools[code] = school
            made.seats[code, "self"] = Seat.objects.create(school=school, who="self", data=json.dumps(data))
        roles: dict[str, dict[str, Any]] = {
            "centre": {"role": "centre", "study": None},
            "auditor": {"role": "auditor", "study": None},
            "methodist": {"role": "methodist", "municipality": towns["Заречный"]},
            "expert-a": {"role": "expert"},
            "expert-b": {"role": "expert"},
            "expert-c": {"role": "expert"},
            "school": {"role": "school", "school": made.schools["gorodskaya-sosh"]},
            "other": {"role": "school", "school": made.schools["selskaya-oosh"]},
        }
        for login, role in roles.items():
            user = User.objects.create(login=login, name=f"Пробный человек {login}")
            made.users[login] = user
            Membership.objects.create(user=user, **{"study": study, **role})
        return made


def case_data(code: str) -> dict[str, Any]:
    """A shipped case as data in which every scalar is a text."""
    from vsoko_rules.case.write import plain_data
    from vsoko_rules.resources import shipped
    from vsoko_rules.workspace.opening import open_case
    from vsoko_rules.writing.yaml_edit import as_read

    data: dict[str, Any] = as_read(plain_data(open_case(shipped("cases") / f"{code}.yml").content))
    return data
