"""All cases of a study or a municipality with the files that were handed over for them, as long work: one archive, of
which a file at a time is in memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final, cast

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.region.many_papers import case_yaml, schema_file
from vsoko_rules.region.packed_seats import PackedSeat, packed_schools
from vsoko_rules.web.hosted.hosted_settings import this_server
from vsoko_rules.web.hosted.kept_pieces import written_in_pieces
from vsoko_rules.web.hosted.models import FileUse
from vsoko_rules.web.hosted.region_papers import AT_ONCE, PaperScope
from vsoko_rules.web.hosted.region_rows import school_record
from vsoko_rules.web.hosted.seat_uses import hashes_of
from vsoko_rules.web.hosted.stored_content import pack
from vsoko_rules.web.hosted.work import Report, WorkResult, work
from vsoko_rules.words import limit

if TYPE_CHECKING:
    from typing import IO

    from vsoko_rules.web.hosted.models import Seat, Work

KIND: Final = "study_files"
_GIGABYTE: Final = 1_000_000_000


@work(KIND)
def study_files(asked: Work, report: Report) -> WorkResult:
    """A folder for each school, with what is filled in for it and its files. Raises `InputError`."""
    scope = PaperScope(asked)
    if not this_server().uploads:
        raise InputError([Problem(Place(scope.name), "этот сервер файлов школ не принимает и не выдаёт")])
    _check_size(scope)
    with written_in_pieces(asked) as stream:
        pack(_members(scope, report), cast("IO[bytes]", stream))
    return WorkResult("школы-с-документами.zip", size=stream.size)


def _check_size(scope: PaperScope) -> None:
    """Raises `InputError` for more than an archive may hold."""
    uses = FileUse.objects.filter(seat__in=scope.seen.order_by())
    sizes = uses.values_list("seat__school", "file", "file__size").distinct()
    size, most = sum(row[2] for row in sizes.iterator()), limit("archive_gigabytes")
    if size > most * _GIGABYTE:
        hint = "Выгрузите школы по муниципалитетам: на странице каждого — своя выгрузка."
        found, expected = f"{size / _GIGABYTE:.1f} ГБ".replace(".", ","), f"до {most} ГБ"
        raise InputError([Problem(Place(scope.name), "документов больше, чем в одном архиве", found, expected, hint)])


def _members(scope: PaperScope, report: Report) -> Iterator[tuple[str, bytes | str]]:
    """What the archive holds, school by school."""
    schema = schema_file(scope.ruleset)
    yield from schema.items()
    above, counted = f"../{next(iter(schema))}", set(scope.seats.values_list("pk", flat=True))
    total, done = scope.seen.count(), 0

    def schools() -> Iterator[tuple[str, list[PackedSeat]]]:
        nonlocal done
        rows = scope.seen.iterator(chunk_size=AT_ONCE)
        for code, seats in groupby(rows, key=lambda row: row.school.code):
            packed = [_packed(row, above, row.pk in counted) for row in seats]
            yield code, packed
            done += len(packed)
            report(done, total)

    yield from packed_schools(schools(), schema)


def _packed(row: Seat, schema: str, counted: bool) -> PackedSeat:
    content = case_yaml(row.data, school_record(row.school), schema)
    return PackedSeat(row.who, content, hashes_of(row.pk), counted)
