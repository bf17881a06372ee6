"""Schools of a study: added, and changed by the centre. What a school itself says follows while it is still filling."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from vsoko_rules.errors import InputError, LostUpdate, Place, Problem, argument
from vsoko_rules.region.blank_school import CODE, StudyPeriod, blank_school, with_school
from vsoko_rules.region.region_records import SELF, Phase, RegionSchool
from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.models import FileUse, Municipality, SchoolEntry, Seat, Snapshot
from vsoko_rules.web.hosted.region_rows import school_record
from vsoko_rules.web.hosted.study_keeping import locked
from vsoko_rules.workspace.case_parts import Data, differences

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import StudyRound, User


def add_school(user: User, study: StudyRound, school: RegionSchool) -> SchoolEntry:
    """A school more, with a seat of its own. Raises `InputError` where its code is taken."""
    with transaction.atomic():
        open_to_schools(locked(study))
        if SchoolEntry.objects.filter(study=study, code=school.code).exists():
            raise InputError([Problem(argument(CODE), "школа с таким кодом уже есть", school.code, "другой код")])
        (entry,) = put_schools(study, [school])
        chain.append("school_added", user=user, study=study.code, told=told_school(school))
    return entry


def alter_school(user: User, entry: SchoolEntry, school: RegionSchool) -> bool:
    """Change what is known of a school; its code stays. False where nothing changes."""
    with transaction.atomic():
        open_to_schools(locked(entry.study))
        rows = SchoolEntry.objects.select_related("municipality", "study__ruleset").defer("study__ruleset__files")
        row = rows.get(pk=entry.pk)
        before = school_record(row)
        if before == school:
            return False
        rewrite_school(user, row, school)
        told = {"before": told_school(before), "after": told_school(school)}
        chain.append("school_changed", user=user, study=entry.study.code, told=told)
    return True


def may_remove(entry: SchoolEntry) -> bool:
    """Whether nothing has happened to a school yet, so that it can be taken out of a study."""
    seats = list(Seat.objects.filter(school=entry))
    untouched = all(seat.state == "open" and (seat.who == SELF or not seat.data) for seat in seats)
    empty = all(not json.loads(seat.data).get("documents") for seat in seats if seat.data)
    used = Snapshot.objects.filter(seat__school=entry).exists() or FileUse.objects.filter(seat__school=entry).exists()
    return untouched and empty and not used


def remove_school(user: User, entry: SchoolEntry) -> None:
    """Take a school out of a study that was put in by mistake. Raises `InputError` where work was done on it."""
    with transaction.atomic():
        study = locked(entry.study)
        open_to_schools(study)
        if not may_remove(entry):
            hint = "Убрать можно только школу, у которой нет ни документов, ни начатой экспертизы."
            raise InputError([Problem(Place(entry.name), "по этой школе уже работали", hint=hint)])
        told = told_school(school_record(entry))
        entry.delete()
        chain.append("school_removed", user=user, study=study.code, told=told)


def open_to_schools(study: StudyRound) -> None:
    """Raises `InputError` where a study is closed."""
    if study.phase == Phase.CLOSED.value:
        hint = "Сначала верните исследование к согласованию."
        raise InputError([Problem(Place(study.title), "исследование закрыто", hint=hint)])


def put_schools(study: StudyRound, schools: Sequence[RegionSchool]) -> list[SchoolEntry]:
    """New schools with their seats, in a transaction of the caller's."""
    towns = municipalities(study, (school.municipality for school in schools))
    period = StudyPeriod(study.year, study.starts, study.ends)
    entries = SchoolEntry.objects.bulk_create(
        SchoolEntry(
            study=study, municipality=towns[school.municipality], code=school.code, name=school.name,
            levels=[level.value for level in school.levels], counts=dict(school.counts), control=school.control,
        )
        for school in schools
    )  # fmt: skip
    Seat.objects.bulk_create(
        Seat(school=entry, who=SELF, data=seat_text(blank_school(school, study.ruleset.name, period)))
        for entry, school in zip(entries, schools, strict=True)
    )
    return list(entries)


def rewrite_school(user: User, entry: SchoolEntry, school: RegionSchool) -> None:
    """Change a school and, while it is filling, what it says of itself; in a transaction of the caller's."""
    entry.municipality = municipalities(entry.study, [school.municipality])[school.municipality]
    entry.name, entry.control = school.name, school.control
    entry.levels, entry.counts = [level.value for level in school.levels], dict(school.counts)
    entry.save()
    seat = Seat.objects.filter(school=entry, who=SELF, state="open").first()
    if seat is not None:
        rewrite_seat(user, seat, with_school(json.loads(seat.data), school), entry.study.code)


def rewrite_seat(user: User | None, seat: Seat, after: Data, study: str) -> None:
    """Change the data of a seat that stands as it was read, with an event as of any change of a case. Raises
    `LostUpdate`."""
    changes = differences(json.loads(seat.data), after)
    if not changes:
        return
    free = Seat.objects.filter(pk=seat.pk, revision=seat.revision)
    if not free.update(data=seat_text(after), revision=seat.revision + 1, changed_at=timezone.now()):
        raise LostUpdate([Problem(Place(seat.school.name), "эту школу тем временем изменили")])
    told = [[change.part, change.code, change.before, change.after, change.at] for change in changes]
    chain.append("edit", user=user, study=study, seat=seat.code, told=told)


def municipalities(study: StudyRound, names: Iterable[str]) -> dict[str, Municipality]:
    """The municipalities of a study by name; those that are asked for and were not there are made."""
    known = {town.name: town for town in Municipality.objects.filter(study=study)}
    missing = [name for name in dict.fromkeys(names) if name not in known]
    made = Municipality.objects.bulk_create(Municipality(study=study, name=name) for name in missing)
    return known | {town.name: town for town in made}


def seat_text(data: Data) -> str:
    """The data of a seat as they are kept."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def told_school(school: RegionSchool) -> dict[str, Any]:
    """A school as an event tells it."""
    return {
        "code": school.code, "name": school.name, "municipality": school.municipality,
        "levels": [level.value for level in school.levels], "counts": dict(school.counts), "control": school.control,
    }  # fmt: skip
