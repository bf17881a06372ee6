"""The files that seats use: what a verdict needs to know of them, never what is in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from vsoko_rules.web.hosted.models import FileUse
from vsoko_rules.workspace.seat_cases import Uses, use_of

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import Seat


def uses_of(seat: int) -> Uses:
    """The files that a seat uses, by its key, in the order of their names. They change with its revision alone."""
    rows = FileUse.objects.filter(seat=seat).order_by("name").values_list("name", "file__size", "type", "file__sha256")
    return {name: use_of(size, kind, sha256) for name, size, kind, sha256 in rows}


def hashes_of(seat: int) -> dict[str, str]:
    """The hashes of the files that a seat uses, by their names."""
    return dict(FileUse.objects.filter(seat=seat).order_by("name").values_list("name", "file__sha256"))


def copy_uses(source: Iterable[int], target: Seat, names: Collection[str] | None = None) -> int:
    """Let a seat use what others use, by their keys, in the transaction in which it gets their documents: everything,
    or what is called by one of `names`; what is called the same is what the first of them means. Returns how many files
    came to it."""
    known: set[Any] = {
        each for row in FileUse.objects.filter(seat=target).values_list("name", "file_id") for each in row
    }
    made = []
    for key in source:
        for use in FileUse.objects.filter(seat=key).order_by("name"):
            if known.isdisjoint((use.name, use.file_id)) and (names is None or use.name in names):
                known |= {use.name, use.file_id}
                made.append(
                    FileUse(seat=target, name=use.name, type=use.type, file_id=use.file_id, added_at=use.added_at)
                )
    FileUse.objects.bulk_create(made)
    return len(made)
