"""Files that come with cases of a study made without the server: whether there is room for them, and the uses that
seats get of them, as if the school had handed them over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, F, Sum
from django.utils import timezone

from vsoko_rules.region.incoming_cases import IncomingCase
from vsoko_rules.region.incoming_files import IncomingFile
from vsoko_rules.region.region_records import SELF
from vsoko_rules.region.region_words import region_words
from vsoko_rules.web.hosted.hosted_settings import FILES_OF_SCHOOL, FILES_OF_STUDY, NUMBER_OF_FILES
from vsoko_rules.web.hosted.models import FileUse, Seat
from vsoko_rules.web.hosted.seat_uses import copy_uses
from vsoko_rules.web.hosted.stored_content import drop_unused, hold_content

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import StudyRound

_MEGABYTE: Final = 1_000_000


def with_room(study: StudyRound, cases: Iterable[IncomingCase]) -> list[IncomingCase]:
    """Cases with the files for which there is room; of a school that would have too many none is kept."""
    own = FileUse.objects.filter(seat__school__study=study)
    sums = own.values("seat__school__code", "seat__who").annotate(number=Count("pk"), size=Sum("file__size"))
    there = {(row["seat__school__code"], row["seat__who"]): (row["number"], row["size"]) for row in sums}
    used = sum(size for (_, who), (_, size) in there.items() if who == SELF)
    held = []
    for case in cases:
        if case.school is None or not case.files.kept:
            held.append(case)
            continue
        number, size = there.get((case.school.code, case.who), (0, 0))
        reason = _no_room(number + len(case.files.kept), size + case.files.size, used + case.files.size)
        held.append(replace(case, files=case.files.without(reason)) if reason else case)
        used += case.files.size if case.who == SELF and not reason else 0
    return held


def _no_room(number: int, of_school: int, of_study: int) -> str | None:
    words = region_words()["incoming"]
    if number > NUMBER_OF_FILES:
        return str(words["too_many"]).format(most=NUMBER_OF_FILES)
    if of_school > FILES_OF_SCHOOL:
        return str(words["too_large"]).format(most=FILES_OF_SCHOOL // _MEGABYTE)
    return str(words["no_room"]) if of_study > FILES_OF_STUDY else None


@dataclass(frozen=True, slots=True)
class SeatFiles:
    """The files that come to a seat. `missing`: names that its case states and that did not come with it."""

    seat: Seat
    files: Sequence[IncomingFile]
    missing: Sequence[str]


def put_files(comers: Sequence[SeatFiles], content: Callable[[IncomingFile, Seat], bytes]) -> dict[int, Any]:
    """Let seats, which are held, use files, in the transaction of the caller's and before anything is appended to the
    chain; returns what there is to tell of each, by its key. What a seat called the same, or had under another name,
    goes. Those of the school come first: an expert has what it has where the own case states it."""
    wanted = {file.sha256: (file, comer.seat) for comer in comers for file in comer.files}
    stored = {sha256: hold_content(content(*wanted[sha256])).pk for sha256 in sorted(wanted)}
    told: dict[int, Any] = {}
    gone: set[int] = set()
    for comer in comers:
        added, removed = _put(comer, stored)
        copied = _copied(comer)
        gone |= {use.file_id for use in removed}
        if added or copied:
            Seat.objects.filter(pk=comer.seat.pk).update(revision=F("revision") + 1)
            comer.seat.revision += 1
            files = [{"name": file.name, "file": file.sha256, "size": file.size} for file in added]
            names = sorted(use.name for use in removed)
            told[comer.seat.pk] = {"files": files, **({"removed": names} if names else {})} if added else {}
    drop_unused(gone)
    return told


def _put(comer: SeatFiles, stored: dict[str, int]) -> tuple[list[IncomingFile], list[FileUse]]:
    """What came to a seat, and the uses that had to go for it."""
    uses = list(FileUse.objects.filter(seat=comer.seat).order_by("pk"))
    same = {(use.name, use.file_id) for use in uses}
    new = [file for file in comer.files if (file.name, stored[file.sha256]) not in same]
    names, keys = {file.name.casefold() for file in new}, {stored[file.sha256] for file in new}
    removed = [use for use in uses if use.name.casefold() in names or use.file_id in keys]
    FileUse.objects.filter(pk__in=[use.pk for use in removed]).delete()
    FileUse.objects.bulk_create(
        FileUse(seat=comer.seat, name=file.name, type=file.type, file_id=stored[file.sha256], added_at=timezone.now())
        for file in new
    )
    return new, removed


def _copied(comer: SeatFiles) -> int:
    if comer.seat.who == SELF or not comer.missing:
        return 0
    own = Seat.objects.filter(school=comer.seat.school_id, who=SELF).values_list("pk", flat=True)
    return copy_uses(own, comer.seat, comer.missing)
