"""A study of the database as plain records, as `region` asks for it. One query for each kind, however large it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef

from vsoko_rules.region.region_records import RegionPerson, RegionRole, RegionSchool, RegionSeat
from vsoko_rules.region.region_records import SeatState as State
from vsoko_rules.web.hosted.models import Membership, SchoolEntry, Seat, Snapshot
from vsoko_rules.web.hosted.region_rows import school_record

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import StudyRound

BEGUN: Final = 1
"""the revision of a seat that holds what it began from, and nothing else"""


def school_records(study: StudyRound) -> list[RegionSchool]:
    """All schools, by their codes."""
    schools = SchoolEntry.objects.filter(study=study).select_related("municipality").order_by("code")
    return [school_record(school) for school in schools]


def seat_records(study: StudyRound) -> list[RegionSeat]:
    """All seats. Whoever closed one has begun with it, whether they changed anything or not."""
    closed = Exists(Snapshot.objects.filter(seat=OuterRef("pk")))
    columns = ("school__code", "who", "state", "expert__login", "revision", "closed_before", "disputes")
    rows = Seat.objects.filter(school__study=study).annotate(closed_before=closed).values_list(*columns)
    return [
        RegionSeat(school, who, State(state), expert, revision > BEGUN or state != "open" or before, disputes)
        for school, who, state, expert, revision, before, disputes in rows.order_by("school__code", "who")
    ]


def person_records(study: StudyRound) -> list[RegionPerson]:
    """Everybody of a study by login, one record for each role that they have in it; whose account is switched off is
    left out. Who is of the centre of all studies is not of this one."""
    rows = Membership.objects.filter(study=study, user__is_active=True)
    return people_of(rows.select_related("user", "municipality", "school"))


def people_of(memberships: Iterable[Membership]) -> list[RegionPerson]:
    """The people of memberships that were asked for with what they name."""
    grouped: dict[tuple[str, str], list[Membership]] = {}
    for each in memberships:
        grouped.setdefault((each.user.login, each.role), []).append(each)
    return [_person(RegionRole(role), rows) for (_, role), rows in sorted(grouped.items())]


def _person(role: RegionRole, rows: list[Membership]) -> RegionPerson:
    user = rows[0].user
    towns = tuple(sorted({row.municipality.name for row in rows if row.municipality is not None}))
    schools = tuple(sorted({row.school.code for row in rows if row.school is not None}))
    if role is RegionRole.EXPERT:
        return RegionPerson(user.login, user.name, role, home_municipalities=towns, home_schools=schools)
    return RegionPerson(user.login, user.name, role, towns, schools[0] if schools else None)
