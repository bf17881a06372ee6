"""What happened, event by event: append-only, each with the hash of the one before, so that nothing can be altered or
taken out unseen. The last hash, kept elsewhere, shows that nothing was taken off the end either."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from vsoko_rules.web.hosted.models import ChainEvent, ChainHead

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import User

_PORTION: Final = 2_000
"""events that are read at once"""
_HASHED: Final = ("previous", "study", "seat", "user", "name", "at", "kind", "of", "told")
"""what the hash of an event is of"""


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The first event at which the chain does not hold; none where what lacks stood at its end. `why`: the event is
    `altered`, what stood before it is `missing`, it is `beyond` the last one that was written by the program, the last
    one is not there (`head`), or the one that was `expected`."""

    number: int | None
    why: str


@dataclass(frozen=True, slots=True)
class ChainState:
    """How many events there are and the hash of the last one; `fault` where the chain does not hold."""

    count: int
    digest: str
    fault: ChainFault | None


def append(
    kind: str, *, user: User | None, study: str = "", seat: str = "", told: Any = None, of: int | None = None
) -> ChainEvent:
    """Write down what happened, in the transaction in which it happens. `told` is JSON-able.

    Whoever appends holds the head until the transaction ends, so that this comes last in it.
    """
    with transaction.atomic(savepoint=False):
        head = ChainHead.objects.select_for_update().get(pk=1)
        event = ChainEvent(
            study=study,
            seat=seat,
            user=user.pk if user is not None else None,
            name=user.name if user is not None else "",
            at=timezone.now().isoformat(timespec="milliseconds"),
            kind=kind,
            of=of,
            told="" if told is None else json.dumps(told, ensure_ascii=False, separators=(",", ":")),
            previous=head.digest,
        )
        event.digest = digest_of(event)
        event.save(force_insert=True)
        head.digest, head.count = event.digest, head.count + 1
        head.save()
    return event


def digest_of(event: ChainEvent) -> str:
    """The hash of an event and of the one before."""
    return _digest([getattr(event, field) for field in _HASHED])


def _digest(hashed: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps(hashed, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def verify(expected: str | None = None) -> ChainState:
    """Read all events in their order and hold each against the one before; what is written meanwhile is held against
    them, too. `expected` is the hash that was the last one once: it must be there still."""
    before = ChainHead.objects.get(pk=1)
    count, digest, number = 0, "", None
    waited = expected or ""
    held = before.count == 0
    for number, stated, *hashed in _events():
        if hashed[0] != digest:
            return ChainState(count, digest, ChainFault(number, "missing"))
        if stated != _digest(hashed):
            return ChainState(count, digest, ChainFault(number, "altered"))
        count, digest = count + 1, stated
        held = held or (count, digest) == (before.count, before.digest)
        waited = "" if waited == digest else waited
    after = ChainHead.objects.get(pk=1)
    fault = None
    if not held:
        fault = ChainFault(None, "head")
    elif count > after.count or (count == after.count and digest != after.digest):
        fault = ChainFault(number, "beyond")
    elif waited:
        fault = ChainFault(None, "expected")
    return ChainState(count, digest, fault)


def _events() -> Iterator[tuple[Any, ...]]:
    rows = ChainEvent.objects.order_by("number").values_list("number", "digest", *_HASHED)
    yield from rows.iterator(chunk_size=_PORTION)
