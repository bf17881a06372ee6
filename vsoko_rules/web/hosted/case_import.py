"""Cases of a study that was made with files, taken into its seats: read by a worker and shown first, then taken in as a
whole or not at all."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from vsoko_rules.errors import InputError, LostUpdate, Place, Problem
from vsoko_rules.region.incoming_cases import IncomingCase, IncomingState, case_contents, incoming_cases
from vsoko_rules.region.many_papers import packed_files
from vsoko_rules.region.region_records import AGREED, PAIR, SELF, SeatState
from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.models import SchoolEntry, Seat, StoredFile, StudyRound
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.web.hosted.school_keeping import open_to_schools, put_schools, rewrite_seat, seat_text
from vsoko_rules.web.hosted.seat_steps import freeze
from vsoko_rules.web.hosted.stored_content import keep_content
from vsoko_rules.web.hosted.study_keeping import locked
from vsoko_rules.web.hosted.work import Report, WorkResult, ask_for, work

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import User, Work

SEATS: Final = (SELF, *PAIR, AGREED)
"""into which files may be taken"""
_CLOSED: Final = {SELF: ("sent", "sent"), AGREED: ("locked", "decided")}
"""the state of a closed seat, and what its snapshot is called"""
_LOCKED: Final = ("locked", "locked")


def ask_for_preview(
    user: User, study: StudyRound, who: str, files: Sequence[tuple[str, bytes]], *, close: bool
) -> Work:
    """Have files read that were handed over for the seats `who`; `close`: they are done."""
    names = [f"{number:04}/{name}" for number, (name, _) in enumerate(files)]
    stored = keep_content(packed_files({n: content for n, (_, content) in zip(names, files, strict=True)}))
    asked = {"file": stored.sha256, "who": who, "close": close}
    return ask_for("cases_preview", user, study=study, asked=asked)


def ask_for_import(user: User, preview: Work) -> Work:
    """Have taken in what a preview showed."""
    return ask_for("cases_import", user, study=preview.study, asked={**preview.asked, "seen": preview.told["digest"]})


@work("cases_preview")
def cases_preview(asked: Work, report: Report) -> WorkResult:
    """What each of the files is."""
    study = _own(asked)
    cases = _read(asked, study, report)
    return WorkResult(told={"rows": [_row(case) for case in cases], "digest": _digest(cases)})


@work("cases_import")
def cases_import(asked: Work, report: Report) -> WorkResult:
    """All that is right, in one transaction; raises `LostUpdate` where the study is no longer as it was shown."""
    study = _own(asked)
    cases = _read(asked, study, report)
    if _digest(cases) != asked.asked["seen"]:
        hint = "Посмотрите файлы ещё раз."
        raise LostUpdate([Problem(Place(study.title), "тем временем исследование изменилось", hint=hint)])
    right = [case for case in cases if case.state is not IncomingState.WRONG]
    if right:
        _keep(asked, study, right)
    return WorkResult(told={"taken": len(right), "left": len(cases) - len(right)})


def _own(asked: Work) -> StudyRound:
    runs = StudyRound.objects.run_by(asked.by).select_related("ruleset")
    study: StudyRound | None = runs.filter(pk=asked.study_id).first()
    if study is None:
        raise InputError([Problem(Place(asked.by.name), "этот человек больше не ведёт исследование")])
    open_to_schools(study)
    return study


def _handed(sha256: str) -> Iterator[tuple[str, bytes]]:
    content = bytes(StoredFile.objects.get(sha256=sha256).content)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            yield name.partition("/")[2], archive.read(name)


def _read(asked: Work, study: StudyRound, report: Report) -> list[IncomingCase]:
    contents = list(case_contents(_handed(asked.asked["file"])))
    known = set(SchoolEntry.objects.filter(study=study).values_list("code", flat=True))
    seats = Seat.objects.filter(school__study=study, who=asked.asked["who"]).select_related("school")
    taken = {seat.school.code: reason for seat in seats if (reason := _why_not(seat))}
    read = []
    for case in incoming_cases(contents, known, pinned(study.ruleset.sha256), study.year):
        reason = taken.get(case.school.code) if case.school is not None else None
        wrong = Problem(Place(case.file), reason) if reason else None
        read.append(IncomingCase(case.file, IncomingState.WRONG, case.school, None, (wrong,)) if wrong else case)
        report(len(read), len(contents))
    return read


def _why_not(seat: Seat) -> str | None:
    """Why nothing may be put in the place of what a seat holds."""
    if seat.state != SeatState.OPEN.value:
        return "это место уже закрыто: сначала верните его на доработку"
    if seat.who != SELF and seat.data and seat.revision > 1:
        return "на этом месте уже работают"
    return None


def _row(case: IncomingCase) -> dict[str, Any]:
    """A row of the preview."""
    school = case.school
    named = {"code": school.code, "name": school.name, "town": school.municipality} if school is not None else {}
    problems = [str(problem) for problem in case.problems]
    return {"file": case.file, "state": case.state.value, **named, "problems": problems}


def _digest(cases: Sequence[IncomingCase]) -> str:
    shown = [(case.file, case.state.value, case.school.code if case.school else "") for case in cases]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


@transaction.atomic
def _keep(asked: Work, study: StudyRound, cases: Sequence[IncomingCase]) -> None:
    open_to_schools(locked(study))
    new = [case.school for case in cases if case.state is IncomingState.NEW and case.school is not None]
    put_schools(study, new)
    codes = {case.school.code for case in cases if case.school is not None}
    entries = {
        each.code: each for each in SchoolEntry.objects.filter(study=study).select_related("study", "municipality")
    }
    for case in cases:
        assert case.school is not None
        assert case.data is not None
        _fill(asked, entries[case.school.code], case.data)
    told = {"who": asked.asked["who"], "schools": len(codes), "new": len(new), "sha256": asked.asked["file"]}
    chain.append("cases_imported", user=asked.by, study=study.code, told=told)


def _fill(asked: Work, entry: SchoolEntry, data: Mapping[str, Any]) -> None:
    """Put a case into a seat of a school, and close it where it is done."""
    who, user = asked.asked["who"], asked.by
    seat, _ = Seat.objects.get_or_create(school=entry, who=who, defaults={"data": ""})
    if _why_not(seat):
        raise LostUpdate([Problem(Place(entry.name), "тем временем на этом месте что-то изменилось")])
    data = {**data, "school": {**data["school"], "id": entry.code, "name": entry.name}}
    if who == SELF and seat.data:
        rewrite_seat(user, seat, data, entry.study.code)
    else:
        text = seat_text(data)
        held = Seat.objects.filter(pk=seat.pk, revision=seat.revision)
        held.update(data=text, revision=F("revision") + 1, disputes=0, changed_at=timezone.now())
        digest = hashlib.sha256(text.encode()).hexdigest()
        chain.append("imported", user=user, study=entry.study.code, seat=seat.code, told={"who": who, "sha256": digest})
    if asked.asked["close"]:
        state, why = _CLOSED.get(who, _LOCKED)
        Seat.objects.filter(pk=seat.pk).update(state=state, closed_at=timezone.now(), reason="")
        frozen = freeze(seat, why, user)
        kind = "agreed" if who == AGREED else state
        chain.append(kind, user=user, study=entry.study.code, seat=seat.code, told={"sha256": frozen.sha256})
