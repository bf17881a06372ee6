"""What happened, event by event: append-only, each with the hash of the one before, so that nothing can be altered or
taken out unseen. The last hash, kept elsewhere, shows that nothing was taken off the end either."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from vsoko_rules.web.hosted.models import ChainEvent, ChainHead

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import User

_PORTION: Final = 2_000
"""events that are read at once"""


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The first event at which the chain does not hold, and why: `altered`, `missing`, `head`."""

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
    with transaction.atomic():
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
    told = [
        event.previous, event.study, event.seat, event.user, event.name, event.at, event.kind, event.of, event.told,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def verify() -> ChainState:
    """Read all events in their order and hold each against the one before."""
    head = ChainHead.objects.get(pk=1)
    count, digest = 0, ""
    for event in _events():
        if event.number > 0 and event.previous != digest:
            return ChainState(count, digest, ChainFault(event.number, "missing"))
        if event.digest != digest_of(event):
            return ChainState(count, digest, ChainFault(event.number, "altered"))
        count, digest = count + 1, event.digest
        if count == head.count:
            break
    fault = None if (count, digest) == (head.count, head.digest) else ChainFault(None, "head")
    return ChainState(count, digest, fault)


def _events() -> Iterator[ChainEvent]:
    yield from ChainEvent.objects.order_by("number").iterator(chunk_size=_PORTION)
