"""Files of a school: handed over and taken away while its seat is open. Each is one transaction with its event, and the
revision of the seat grows: what was made of the seat before is made anew.

What is in a file is kept once (`StoredFile`) and goes in the same transaction in which nothing uses it any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.region.handed_files import HandedFile, HandedFiles, free_name
from vsoko_rules.region.region_records import SELF
from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.hosted_settings import FILES_OF_SCHOOL, FILES_OF_STUDY, NUMBER_OF_FILES
from vsoko_rules.web.hosted.models import FileUse, Seat
from vsoko_rules.web.hosted.stored_content import drop_unused, hold_content
from vsoko_rules.workspace.received import Received

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import User

_MEGABYTE = 1_000_000


def may_have_files(user: User, seat: Seat) -> bool:
    """Whether somebody may hand files over for a seat, and take them away: a school, while it fills its own."""
    allowed: bool = Seat.objects.changed_by(user).filter(pk=seat.pk, who=SELF).exists()
    return allowed


def hands_over(user: User, seat: Seat) -> bool:
    """Whether files of a seat are somebody's to hand over at all: those of a school are its own."""
    mine: bool = user.memberships.filter(role="school", school=seat.school_id).exists()
    return mine and seat.who == SELF


def add_files(user: User, seat: Seat, handed: HandedFiles) -> Received:
    """Keep files for the seat of a school. Raises `InputError` where it may not be changed now, or would have more than
    may be kept; nothing is kept then."""
    with transaction.atomic():
        _take_hold(user, seat)
        uses = dict(FileUse.objects.filter(seat=seat).values_list("file__sha256", "name"))
        new = [file for file in handed.files if file.sha256 not in uses]
        known = (*(uses[file.sha256] for file in handed.files if file.sha256 in uses), *handed.doubles)
        if not new:
            return Received((), known, handed.left_out)
        _check_room(seat, new)
        names = _kept(seat, new, uses.values())
        told = [{"name": names[f.sha256], "file": f.sha256, "size": len(f.content)} for f in new]
        chain.append("files_added", user=user, study=seat.school.study.code, seat=seat.code, told={"files": told})
    return Received(tuple(names.values()), known, handed.left_out)


def remove_file(user: User, seat: Seat, sha256: str) -> bool:
    """Take a file of the seat of a school away; rows that name it stay, and say that it is not there. False where it is
    not there. Raises `InputError` where the seat may not be changed now."""
    with transaction.atomic():
        _take_hold(user, seat)
        use = FileUse.objects.filter(seat=seat, file__sha256=sha256).select_related("file").defer("file__content")
        found = use.first()
        if found is None:
            return False
        told = {"name": found.name, "file": sha256, "size": found.file.size}
        found.delete()
        drop_unused([found.file_id])
        chain.append("file_removed", user=user, study=seat.school.study.code, seat=seat.code, told=told)
    return True


def _take_hold(user: User, seat: Seat) -> None:
    """Hold the row of the seat until the end of the transaction. Raises `InputError` where it may not be changed."""
    open_now = Seat.objects.filter(pk=seat.pk, state="open")
    now = timezone.now()
    if not may_have_files(user, seat) or not open_now.update(revision=F("revision") + 1, changed_at=now):
        hint = "Обновите страницу: на ней сказано, почему изменить ничего нельзя."
        raise InputError([Problem(Place(seat.school.name), "изменить файлы этой школы сейчас нельзя", hint=hint)])


def _check_room(seat: Seat, new: Iterable[HandedFile]) -> None:
    sizes = [len(file.content) for file in new]
    of_school = Q(seat=seat)
    of_study = Q(seat__school__study=seat.school.study_id, seat__who=SELF)
    told = FileUse.objects.filter(of_study).aggregate(
        study=Sum("file__size"), school=Sum("file__size", filter=of_school), number=Count("pk", filter=of_school)
    )
    place = Place(seat.school.name)
    if (told["number"] or 0) + len(sizes) > NUMBER_OF_FILES:
        hint = "Уберите файлы, которые не нужны."
        raise InputError([Problem(place, "файлов слишком много", expected=f"до {NUMBER_OF_FILES} файлов", hint=hint)])
    if (told["school"] or 0) + sum(sizes) > FILES_OF_SCHOOL:
        expected = f"до {FILES_OF_SCHOOL // _MEGABYTE} МБ у одной школы"
        hint = "Уберите файлы, которые не нужны, или укажите адреса документов на сайте школы."
        raise InputError([Problem(place, "файлы занимают слишком много места", expected=expected, hint=hint)])
    if (told["study"] or 0) + sum(sizes) > FILES_OF_STUDY:
        hint = "Сообщите региональному центру и укажите адреса документов на сайте школы."
        raise InputError([Problem(place, "место для файлов этого исследования кончилось", hint=hint)])


def _kept(seat: Seat, new: Iterable[HandedFile], taken: Iterable[str]) -> dict[str, str]:
    """Names by hash. Contents are held in the order of their hashes, so that nobody waits for one another."""
    names: dict[str, str] = {}
    for file in new:
        names[file.sha256] = free_name(file.name, [*taken, *names.values()])
    for file in sorted(new, key=lambda file: file.sha256):
        stored = hold_content(file.content)
        FileUse.objects.create(seat=seat, name=names[file.sha256], type=file.type, file=stored, added_at=timezone.now())
    return names
