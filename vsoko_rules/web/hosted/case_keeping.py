"""Cases that were made without the server, put into the seats of a study with their documents: one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from vsoko_rules.errors import LostUpdate, Place, Problem
from vsoko_rules.region.bundles import Bundle
from vsoko_rules.region.incoming_cases import IncomingCase, IncomingState
from vsoko_rules.region.region_records import AGREED, SELF, SeatState, is_control_seat
from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.hosted_settings import this_server
from vsoko_rules.web.hosted.incoming_uses import SeatFiles, put_files
from vsoko_rules.web.hosted.models import SchoolEntry, Seat, StudyRound
from vsoko_rules.web.hosted.region_rows import school_record
from vsoko_rules.web.hosted.school_keeping import open_to_schools, put_schools, rewrite_seat, seat_text, told_school
from vsoko_rules.web.hosted.seat_readings import KIND as READING
from vsoko_rules.web.hosted.seat_steps import freeze
from vsoko_rules.web.hosted.seat_uses import hashes_of
from vsoko_rules.web.hosted.study_keeping import locked
from vsoko_rules.web.hosted.work import ask_for

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import User

_CLOSED: Final = {SELF: ("sent", "sent"), AGREED: ("locked", "decided")}
"""the state of a closed seat, and what its snapshot is called"""
_LOCKED: Final = ("locked", "locked")


def why_not(seat: Seat) -> str | None:
    """Why nothing may be put in the place of what a seat holds."""
    if seat.state != SeatState.OPEN.value:
        return "это место уже закрыто: сначала верните его на доработку"
    if seat.who != SELF and seat.data and seat.revision > 1:
        return "на этом месте уже работают"
    return None


def new_controls(study: StudyRound, cases: Iterable[IncomingCase]) -> set[str]:
    """Codes of the schools that become control schools, since cases of a third or further expert come with them."""
    codes = {
        case.school.code
        for case in cases
        if case.school is not None and case.data is not None and is_control_seat(case.who)
    }
    return codes - set(SchoolEntry.objects.filter(study=study, control=True).values_list("code", flat=True))


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed over: by whom, for which seats, whether the work on it is done, and the hash of all of it."""

    by: User
    who: str
    close: bool
    sha256: str


@transaction.atomic
def keep_cases(handed: Handed, study: StudyRound, cases: Sequence[IncomingCase], found: Sequence[Bundle]) -> int:
    """Put cases into their seats, those of schools first; returns how many documents came with them. Seats are held
    first, then contents, then the chain of events: nobody waits for one another in a circle."""
    open_to_schools(locked(study))
    new = {case.school.code: case.school for case in reversed(cases) if case.school and case.state is IncomingState.NEW}
    controls = new_controls(study, cases)
    put_schools(study, [replace(school, control=code in controls) for code, school in new.items()])
    seats = _held_seats(study, cases)
    told = _files_put(cases, seats, found)
    _mark_controls(handed, study, controls - new.keys())
    for case, seat in zip(cases, seats, strict=True):
        _fill(handed, seat, case, told.get(seat.pk))
    for seat in _to_read(seat for seat in seats if seat.pk in told and this_server().uploads):
        ask_for(READING, handed.by, study=study, seat=seat)
    said: dict[str, Any] = {
        "who": handed.who, "schools": len({case.school.code for case in cases if case.school is not None}),
        "new": len(new), "sha256": handed.sha256,
    }  # fmt: skip
    files = sum(len(each["files"]) for each in told.values() if each)
    chain.append("cases_imported", user=handed.by, study=study.code, told=said | ({"files": files} if files else {}))
    return files


def _mark_controls(handed: Handed, study: StudyRound, codes: Collection[str]) -> None:
    """Further experts are those of control schools: a school that was here is one from now on."""
    rows = SchoolEntry.objects.filter(study=study, code__in=codes).select_related("municipality").order_by("code")
    for entry in rows:
        before = school_record(entry)
        SchoolEntry.objects.filter(pk=entry.pk).update(control=True)
        told = {"before": told_school(before), "after": told_school(replace(before, control=True))}
        chain.append("school_changed", user=handed.by, study=study.code, told=told)


def _held_seats(study: StudyRound, cases: Sequence[IncomingCase]) -> list[Seat]:
    """The seats of cases, in their order, held until the end of the transaction."""
    codes = {case.school.code for case in cases if case.school is not None}
    entries = {entry.code: entry for entry in SchoolEntry.objects.filter(study=study, code__in=codes)}
    keys = []
    for case in cases:
        assert case.school is not None
        entry = entries[case.school.code]
        seat, _ = Seat.objects.get_or_create(school=entry, who=case.who, defaults={"data": ""})
        keys.append(seat.pk)
    list(Seat.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    rows = Seat.objects.filter(pk__in=keys).select_related("school__study", "school__municipality").in_bulk()
    seats = [rows[key] for key in keys]
    if any(map(why_not, seats)):
        seat = next(filter(why_not, seats))
        raise LostUpdate([Problem(Place(seat.school.name), "тем временем на этом месте что-то изменилось")])
    return seats


def _files_put(cases: Sequence[IncomingCase], seats: Sequence[Seat], found: Sequence[Bundle]) -> dict[int, Any]:
    """Let seats use the documents of their cases; what there is to tell of each, by its key."""
    by_seat = {seat.pk: case for case, seat in zip(cases, seats, strict=True)}
    uploads = bool(this_server().uploads)
    comers = []
    for case, seat in zip(cases, seats, strict=True):
        missing = case.files.missing if uploads else (*case.files.missing, *case.files.found)
        comers.append(SeatFiles(seat, case.files.kept if uploads else (), missing))
    return put_files(comers, lambda file, seat: found[by_seat[seat.pk].bundle].content(file.path))


def _to_read(seats: Iterable[Seat]) -> Iterator[Seat]:
    """Of seats of one school that use the same files one: what is read is read for all."""
    known = set()
    for seat in seats:
        each = seat.school_id, frozenset(hashes_of(seat.pk).items())
        if each not in known:
            known.add(each)
            yield seat


def _fill(handed: Handed, seat: Seat, case: IncomingCase, files: Any) -> None:
    """Put a case into a seat of a school, and close it where it is done; `files`: what came to the seat."""
    user, entry, who = handed.by, seat.school, seat.who
    assert case.data is not None
    data = {**case.data, "school": {**case.data["school"], "id": entry.code, "name": entry.name}}
    study = entry.study.code
    if who == SELF and seat.data:
        rewrite_seat(user, seat, data, study)
    else:
        text = seat_text(data)
        held = Seat.objects.filter(pk=seat.pk, revision=seat.revision)
        held.update(data=text, revision=F("revision") + 1, disputes=0, changed_at=timezone.now())
        digest = hashlib.sha256(text.encode()).hexdigest()
        chain.append("imported", user=user, study=study, seat=seat.code, told={"who": who, "sha256": digest})
    if files:
        chain.append("files_added", user=user, study=study, seat=seat.code, told=files)
    if handed.close:
        state, why = _CLOSED.get(who, _LOCKED)
        Seat.objects.filter(pk=seat.pk).update(state=state, closed_at=timezone.now(), reason="")
        frozen = freeze(seat, why, user)
        kind = "agreed" if who == AGREED else state
        told = {"sha256": frozen.sha256, **({"files": frozen.files} if any(frozen.files.values()) else {})}
        chain.append(kind, user=user, study=study, seat=seat.code, told=told)
