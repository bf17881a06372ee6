"""Files of seats as they were read: by a worker, kept in the database, so that every process of the server shows the
same. A text is read once however many seats use the file; what is proposed belongs to all files of a school."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.web.hosted.hosted_settings import this_server
from vsoko_rules.web.hosted.models import FileUse, KeptProposals, KeptText, Seat, StoredFile, Work, WorkState
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.web.hosted.seat_desk import SeatDesk, seat_path
from vsoko_rules.web.hosted.seat_uses import hashes_of
from vsoko_rules.web.hosted.work import Report, WorkResult, ask_for, work
from vsoko_rules.workspace.kept_readings import (
    KeptReading,
    digest_of,
    gate_of,
    kept_reading,
    proposals_of,
    read_texts,
    texts_of,
)
from vsoko_rules.workspace.readings import JobState, with_proposals

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import User

KIND: Final = "read_files"
_GOING: Final = (WorkState.WAITING, WorkState.RUNNING)
_HELD: Final = 16
"""schools whose texts a process holds in memory: about a megabyte each"""


class SeatReadings:
    """The readings of the files of seats that somebody sees."""

    def __init__(self, desk: SeatDesk) -> None:
        self._desk = desk

    def of(self, path: Path) -> KeptReading | None:
        """The reading of the files that a seat uses now: going on, done, or failed; none where nobody asked for one or
        the server takes no files."""
        if not this_server().uploads:
            return None
        seat = self._desk.seat(path)
        asked = Work.objects.filter(kind=KIND, seat=seat).order_by("-pk").defer("asked").first()
        if asked is not None and asked.state in _GOING:
            return KeptReading(path, path, JobState.RUNNING, asked.done, asked.total)
        done = _kept(seat, path)
        if done is None and asked is not None and asked.state == WorkState.FAILED:
            return KeptReading(path, path, JobState.FAILED, problems=_problems(asked.told))
        return done


def ask_to_read(user: User, seat: Seat) -> None:
    """Have the files of a seat read, where that does not wait to be done already. Raises `InputError` where they
    may not change the seat now: what is proposed is written into it."""
    if not Seat.objects.changed_by(user).filter(pk=seat.pk).exists():
        hint = "Обновите страницу: на ней сказано, почему изменить ничего нельзя."
        raise InputError([Problem(Place(seat.school.name), "прочитать файлы сейчас нельзя", hint=hint)])
    if not Work.objects.filter(kind=KIND, seat=seat, state=WorkState.WAITING).exists():
        ask_for(KIND, user, study=seat.school.study, seat=seat)


@work(KIND)
def read_files(asked: Work, report: Report) -> WorkResult:
    """The texts of the files of a seat that were not read yet, what is proposed of all of them, and that as one change
    of the seat where whoever asked may change it."""
    seen = Seat.objects.visible_to(asked.by).select_related("school__study__ruleset")
    seen = seen.defer("standing", "school__study__ruleset__files")
    seat: Seat | None = seen.exclude(data="").filter(pk=asked.seat_id).first()
    if seat is None:
        raise InputError([Problem(Place(asked.by.name), "этот человек больше не видит того, что поручил")])
    names = hashes_of(seat.pk)
    if not names:
        raise InputError([Problem(Place(seat.school.name), "файлов школы нет")])
    ruleset = pinned(seat.school.study.ruleset.sha256)
    gate = gate_of(ruleset)
    _read_missing(seat, gate, ruleset, report)
    kept = _texts(names, gate)
    there = {name: sha256 for name, sha256 in names.items() if sha256 in kept}
    texts = texts_of(kept, there)
    proposals = proposals_of(texts, ruleset)
    _keep(seat, digest_of(there, ruleset.sha256), gate, proposals)
    path = seat_path(seat.code)
    reading, desk = kept_reading(path, texts, proposals), SeatDesk(asked.by)
    if desk.may_change(path):
        school = desk.open(path)
        desk.change(path, lambda data: with_proposals(school, data, reading))
    return WorkResult(told={"files": len(reading.files), "read": len(reading.files) - len(reading.unread)})


def _kept(seat: Seat, path: Path) -> KeptReading | None:
    names = hashes_of(seat.pk)
    if not names:
        return None
    digest = digest_of(names, seat.school.study.ruleset.sha256)
    row = KeptProposals.objects.filter(school=seat.school_id, digest=digest).values_list("pk", "read_at").first()
    loaded = _loaded(*row, tuple(names.items())) if row is not None else None
    return kept_reading(path, *loaded) if loaded is not None else None


@lru_cache(maxsize=_HELD)
def _loaded(key: int, read_at: datetime, names: Sequence[tuple[str, str]]) -> tuple[Any, str] | None:  # noqa: ARG001
    """The texts of files and what is proposed of them, which do not change from `read_at` on."""
    row = KeptProposals.objects.filter(pk=key).values_list("gate", "content").first()
    if row is None:
        return None
    named = dict(names)
    kept = _texts(named, row[0])
    return (texts_of(kept, named), row[1]) if set(named.values()) <= set(kept) else None


def _texts(names: dict[str, str], gate: str) -> dict[str, str]:
    """Texts as they are kept, by the hashes of their files."""
    rows = KeptText.objects.filter(gate=gate, file__sha256__in=set(names.values()))
    return dict(rows.values_list("file__sha256", "content"))


def _read_missing(seat: Seat, gate: str, ruleset: Any, report: Report) -> None:
    used = list(FileUse.objects.filter(seat=seat).order_by("name").values_list("name", "file_id", "file__sha256"))
    known = set(KeptText.objects.filter(gate=gate, file__fileuse__seat=seat).values_list("file_id", flat=True))
    missing = [row for row in used if row[1] not in known]
    keys = {sha256: key for _, key, sha256 in missing}

    def contents() -> Iterator[tuple[str, bytes]]:
        for number, (name, key, _) in enumerate(missing, len(known)):
            report(number, len(used))
            content = StoredFile.objects.filter(pk=key).values_list("content", flat=True).first()
            if content is not None:  # else it was taken away meanwhile
                yield name, bytes(content)

    for sha256, text in read_texts(contents(), ruleset):
        with suppress(IntegrityError), transaction.atomic():
            KeptText.objects.get_or_create(file_id=keys[sha256], gate=gate, defaults={"content": text})
    report(len(used), len(used))


@transaction.atomic
def _keep(seat: Seat, digest: str, gate: str, proposals: str) -> None:
    """Keep what is proposed of the files of a seat; what was proposed of sets that no seat has any more goes."""
    values = {"gate": gate, "content": proposals, "read_at": timezone.now()}
    KeptProposals.objects.update_or_create(school=seat.school, digest=digest, defaults=values)
    uses = FileUse.objects.filter(seat__school=seat.school_id).values_list("seat", "name", "file__sha256")
    sets: dict[int, dict[str, str]] = {}
    for key, name, sha256 in uses:
        sets.setdefault(key, {})[name] = sha256
    ruleset = seat.school.study.ruleset.sha256
    living = {digest, *(digest_of(names, ruleset) for names in sets.values())}
    KeptProposals.objects.filter(school=seat.school_id).exclude(digest__in=living).delete()


def _problems(told: Any) -> list[Problem]:
    texts = told.get("problems") or ["чтение прервалось, попробуйте ещё раз"]
    return [Problem(Place("файлы школы"), text.rstrip(".")) for text in texts]
