"""Cases of a study that was made with files, taken into its seats with the documents that lie beside them: read by a
worker and shown first, then taken in as a whole or not at all."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from vsoko_rules.errors import InputError, LostUpdate, Place, Problem
from vsoko_rules.region.bundles import Bundle, bundles
from vsoko_rules.region.incoming_cases import IncomingCase, IncomingState, IncomingStudy, IntoStudy, incoming_study
from vsoko_rules.region.incoming_files import NO_FILES
from vsoko_rules.region.many_papers import packed_files
from vsoko_rules.region.region_records import AGREED, PAIR, SELF, seat_order
from vsoko_rules.web.hosted.case_keeping import Handed, keep_cases, new_controls, why_not
from vsoko_rules.web.hosted.hosted_settings import this_server
from vsoko_rules.web.hosted.incoming_uses import with_room
from vsoko_rules.web.hosted.models import SchoolEntry, Seat, StoredFile, StudyRound
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.web.hosted.school_keeping import open_to_schools
from vsoko_rules.web.hosted.stored_content import HANDED, held_content, hold_content
from vsoko_rules.web.hosted.work import Report, WorkResult, ask_for, study_of, work
from vsoko_rules.words import limit

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import User, Work

SEATS: Final = (SELF, *PAIR, AGREED)
"""for which files may be chosen; those of further experts are known by their names alone"""
NAMED: Final = "named"
"""whose each file is, its name tells, or its folder"""


def ask_for_preview(
    user: User, study: StudyRound, who: str, files: Sequence[tuple[str, bytes]], *, close: bool
) -> Work:
    """Have files read that were handed over for the seats `who`, or for those that their names tell; `close`: they are
    done."""
    names = [f"{number:04}/{name}" for number, (name, _) in enumerate(files)]
    packed = packed_files({n: content for n, (_, content) in zip(names, files, strict=True)})
    with transaction.atomic():
        asked = {HANDED: hold_content(packed).sha256, "who": who, "close": close}
        return ask_for("cases_preview", user, study=study, asked=asked)


def ask_for_import(user: User, preview: Work) -> Work:
    """Have taken in what a preview showed. Raises `InputError` where the files are not kept any longer."""
    with transaction.atomic():
        if held_content(preview.asked[HANDED]) is None:
            raise InputError([_gone()])
        asked = {**preview.asked, "seen": preview.told["digest"]}
        return ask_for("cases_import", user, study=preview.study, asked=asked)


def is_kept(preview: Work) -> bool:
    """Whether the files of a preview can still be taken in."""
    return bool(StoredFile.objects.filter(sha256=preview.asked[HANDED]).exists())


def _gone() -> Problem:
    hint = "Передайте файлы ещё раз."
    return Problem(Place("файлы"), "срок хранения переданных файлов прошёл", hint=hint)


@work("cases_preview")
def cases_preview(asked: Work, report: Report) -> WorkResult:
    """What each of the files is."""
    study = _own(asked)
    incoming, _ = _read(asked, study, report)
    return WorkResult(told=_told(incoming, study))


@work("cases_import")
def cases_import(asked: Work, report: Report) -> WorkResult:
    """All that is right, in one transaction; raises `LostUpdate` where the study is no longer as it was shown."""
    study = _own(asked)
    incoming, found = _read(asked, study, report)
    if _digest(incoming) != asked.asked["seen"]:
        hint = "Посмотрите файлы ещё раз."
        raise LostUpdate([Problem(Place(study.title), "тем временем исследование изменилось", hint=hint)])
    handed = Handed(asked.by, asked.asked["who"], bool(asked.asked["close"]), asked.asked[HANDED])
    taken, files = take_in(handed, study, incoming, found)
    told = {"taken": taken, "left": len(incoming.cases) - taken, **({"files": files} if files else {})}
    return WorkResult(told=told)


def take_in(handed: Handed, study: StudyRound, incoming: IncomingStudy, found: Sequence[Bundle]) -> tuple[int, int]:
    """Put everything that is right into its seats, in one transaction; returns how many cases and documents."""
    right = [case for case in incoming.cases if case.state is not IncomingState.WRONG]
    ordered = sorted(right, key=lambda case: seat_order(case.who))
    return len(right), keep_cases(handed, study, ordered, found) if right else 0


def _own(asked: Work) -> StudyRound:
    study = study_of(asked)
    open_to_schools(study)
    return study


def _handed(sha256: str) -> Iterator[tuple[str, bytes]]:
    stored: StoredFile | None = StoredFile.objects.filter(sha256=sha256).first()
    if stored is None:
        raise InputError([_gone()])
    with zipfile.ZipFile(BytesIO(bytes(stored.content))) as archive:
        for name in archive.namelist():
            yield name.partition("/")[2], archive.read(name)


def _read(asked: Work, study: StudyRound, report: Report) -> tuple[IncomingStudy, list[Bundle]]:
    """What there is, as it may be taken in, and where its documents lie."""
    found = bundles(_handed(asked.asked[HANDED]))
    return looked_at(found, asked.asked["who"], study, report), found


def looked_at(
    found: list[Bundle], who: str, study: StudyRound, report: Report = lambda _done, _total: None
) -> IncomingStudy:
    """What there is, as it may be taken into the seats `who` of a study, or into those that names tell."""
    known = set(SchoolEntry.objects.filter(study=study).values_list("code", flat=True))
    into = IntoStudy(SEATS, None if who == NAMED else who, known, pinned(study.ruleset.sha256), study.year)
    incoming = incoming_study(found, into, report)
    codes = {case.school.code for case in incoming.cases if case.school is not None}
    seats = Seat.objects.filter(school__study=study, school__code__in=codes).select_related("school")
    taken = {(seat.school.code, seat.who): reason for seat in seats if (reason := why_not(seat))}
    for number, case in enumerate(incoming.cases):
        reason = taken.get((case.school.code, case.who)) if case.school is not None else None
        if reason:
            incoming.cases[number] = case.wrong(Problem(Place(case.file), reason))
    if this_server().uploads:
        incoming.cases = with_room(study, incoming.cases)
    return incoming


def _told(incoming: IncomingStudy, study: StudyRound) -> dict[str, Any]:
    """What the preview shows. Where the server takes no files, how many it leaves out."""
    most, strangers = limit("import_files"), incoming.strangers
    if this_server().uploads:
        beside: dict[str, Any] = {"strangers": strangers[:most], "more": max(0, len(strangers) - most)}
        cases = incoming.cases
    else:
        beside = {"off": sum(len(case.files.found) for case in incoming.cases) + len(strangers)}
        cases = [replace(case, files=NO_FILES) for case in incoming.cases]
    controls = len(new_controls(study, incoming.cases))
    return {"rows": [_row(case) for case in cases], "digest": _digest(incoming), "controls": controls, **beside}


def _row(case: IncomingCase) -> dict[str, Any]:
    """A row of the preview."""
    school, files = case.school, case.files
    named = {"code": school.code, "name": school.name, "town": school.municipality} if school is not None else {}
    problems = [str(problem) for problem in case.problems]
    told = {"files": len(files.kept), "missing": len(files.missing), "left": files.left, "changed": files.changed}
    return {"file": case.file, "state": case.state.value, "who": case.who, **named, "problems": problems, **told}


def _digest(incoming: IncomingStudy) -> str:
    """Another one where anything else would be taken in."""
    uploads = bool(this_server().uploads)
    shown = [
        (
            case.file, case.state.value, case.who, case.school.code if case.school else "",
            [(file.name, file.sha256) for file in case.files.kept if uploads],
        )
        for case in incoming.cases
    ]  # fmt: skip
    return hashlib.sha256(json.dumps([uploads, shown]).encode()).hexdigest()
