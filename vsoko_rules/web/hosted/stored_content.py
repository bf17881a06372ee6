"""Files by their hash: kept once, never overwritten, taken away where nothing uses them any more.

What came of long work, and what was handed over for it, counts as used for `RESULT_DAYS` after the work has ended.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import IO, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from vsoko_rules.web.hosted.hosted_settings import RESULT_DAYS
from vsoko_rules.web.hosted.models import FileUse, StoredFile, Work, WorkPiece, WorkState
from vsoko_rules.writing.packed import packing

HANDED: Final = "file"
"""under which `Work.asked` has the hash of a file that was handed over for it"""
_ENDED: Final = (WorkState.DONE, WorkState.FAILED)


def keep_content(content: bytes) -> StoredFile:
    """The row that holds these bytes; made where there is none."""
    made: StoredFile
    made, _ = StoredFile.objects.get_or_create(
        sha256=hashlib.sha256(content).hexdigest(), defaults={"size": len(content), "content": content}
    )
    return made


def hold_content(content: bytes) -> StoredFile:
    """The same, held until the end of the transaction: nobody takes it away before it is used. Whoever takes it away at
    this moment is waited for before anything else is held, the chain of events above all."""
    while True:
        key = keep_content(content).pk
        held: StoredFile | None = StoredFile.objects.select_for_update().defer("content").filter(pk=key).first()
        if held is not None:
            return held


def held_content(sha256: str) -> StoredFile | None:
    """The row of that hash, held until the end of the transaction; none where it was taken away."""
    held: StoredFile | None = StoredFile.objects.select_for_update().defer("content").filter(sha256=sha256).first()
    return held


def pack(members: Iterable[tuple[str, bytes | str]], stream: IO[bytes]) -> None:
    """Write an archive of files by their names; what is given by its hash is read when its turn comes, and left out
    where it was taken away meanwhile."""
    with packing(stream) as add:
        for name, given in members:
            content = given if isinstance(given, bytes) else content_of(given)
            if content is not None:
                add(name, content)


def content_of(sha256: str) -> bytes | None:
    """What is in a file; none where it is not kept."""
    content = StoredFile.objects.filter(sha256=sha256).values_list("content", flat=True).first()
    return bytes(content) if content is not None else None


def drop_unused(keys: Iterable[int]) -> int:
    """Take away those of these files that nothing uses any more, with their texts; returns how many. In the transaction
    of the caller's."""
    rows = StoredFile.objects.select_for_update().filter(pk__in=keys).order_by("sha256")
    held = dict(rows.values_list("pk", "sha256"))
    handed = _handed(Work.objects.exclude(_over()))
    used = {
        *(key for key, sha256 in held.items() if sha256 in handed),
        *FileUse.objects.filter(file__in=held).values_list("file", flat=True),
        *Work.objects.filter(result__in=held).values_list("result", flat=True),
    }
    unused = [key for key in held if key not in used]
    StoredFile.objects.filter(pk__in=unused).only("pk").delete()
    return len(unused)


def drop_outlived() -> int:
    """Take away what came of work whose term is over, and what was handed over for it, as far as nothing else uses it;
    returns how many files that were."""
    over = Work.objects.filter(_over())
    results = list(over.exclude(result=None).order_by("pk").values_list("pk", "result"))
    dropped = sum(_drop_result(work, result) for work, result in results)
    with transaction.atomic():
        dropped += int(over.exclude(size=0).update(size=0))
        WorkPiece.objects.filter(work__in=over).delete()
    for key in StoredFile.objects.filter(sha256__in=_handed(over)).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            dropped += drop_unused([key])
    return dropped


def _drop_result(work: int, result: int) -> int:
    with transaction.atomic():
        mine = Work.objects.filter(pk=work, result=result).update(result=None)
        return drop_unused([result]) if mine else 0


def _over() -> Q:
    """Work that ended so long ago that its files are not kept any longer."""
    return Q(state__in=_ENDED, beat_at__lt=timezone.now() - timedelta(days=RESULT_DAYS))


def _handed(works: QuerySet[Work]) -> set[str]:
    """The hashes of what was handed over for work."""
    rows = works.filter(asked__has_key=HANDED).values_list("asked", flat=True)
    return {asked[HANDED] for asked in rows}
