"""What happens to a whole seat: begun, sent, closed, given back. Each is one transaction: the row as it was, what was
frozen of it, and the event, or none of them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from vsoko_rules.errors import InputError, LostUpdate, Place, Problem, argument
from vsoko_rules.region.blind import expert_start
from vsoko_rules.region.closing_checks import ClosingChecks
from vsoko_rules.region.phases import REASON
from vsoko_rules.region.region_records import AGREED, PAIR, SELF
from vsoko_rules.region.seat_actions import SeatAction
from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.models import Seat, Snapshot
from vsoko_rules.web.hosted.seat_rights import actions_on
from vsoko_rules.web.hosted.seat_uses import copy_uses, uses_of
from vsoko_rules.web.hosted.seats import locked_pair

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import StudyRound, User

LONGEST_REASON: Final = 1_000
"""letters"""
_STATES: Final = {SeatAction.SEND: "sent", SeatAction.LOCK: "locked"}


def close(user: User, seat: Seat, action: SeatAction, revision: int, checks: ClosingChecks) -> None:
    """A school sends, an expert locks what stands at `revision`, of which `checks` were shown.

    Raises `LostUpdate` where something else stands there by now, `InputError` where it may not be done.
    """
    _check(user, seat, action)
    if action is SeatAction.LOCK and checks.unseen:
        blocks = ", ".join(block.id for block in checks.unseen)
        raise InputError([Problem(Place(seat.school.name), "не все блоки просмотрены", blocks, "просмотрены все")])
    state = _STATES[action]
    with transaction.atomic():
        free = Seat.objects.unchanged(user, seat, revision)
        if not free.update(state=state, closed_at=timezone.now(), reason=""):
            raise changed_meanwhile(seat)
        frozen = freeze(seat, state, user)
        chain.append(
            state, user=user, study=seat.school.study.code, seat=seat.code,
            told={"revision": revision, "sha256": frozen.sha256, **({"files": frozen.files} if frozen.files else {})},
        )  # fmt: skip


def changed_meanwhile(seat: Seat) -> LostUpdate:
    """What is said where somebody else, or another window, has come first."""
    return LostUpdate([Problem(Place(seat.school.name), "тем временем что-то изменилось: проверьте ещё раз")])


def freeze(seat: Seat, why: str, user: User | None) -> Snapshot:
    """Keep a seat as it stands in the database now, in the transaction in which it is closed."""
    revision, data = Seat.objects.values_list("revision", "data").get(pk=seat.pk)
    sha256 = hashlib.sha256(data.encode()).hexdigest()
    kept: Snapshot = Snapshot.objects.create(
        seat=seat, why=why, by=user, revision=revision, data=data, sha256=sha256, at=timezone.now(),
        files=_named(seat, data),
    )  # fmt: skip
    return kept


def _named(seat: Seat, data: str) -> dict[str, str | None]:
    """The hashes of the files that the documents of a seat name; none of a file that nobody handed over."""
    uses = uses_of(seat.pk)
    named = sorted({each["file"] for each in json.loads(data or "{}").get("documents") or () if each.get("file")})
    return {name: uses[name].sha256 if name in uses else None for name in named}


def give_back(user: User, seat: Seat, reason: str) -> None:
    """Open a seat again, with a reason that whoever fills it reads; the event says where the experts of the pair have
    seen what the other one found. Raises `InputError`."""
    _check(user, seat, SeatAction.RETURN)
    reason = reason.strip()
    if not reason:
        expected = "одно-два предложения: их прочтёт тот, кому вы это возвращаете"
        raise InputError([Problem(argument(REASON), "не сказано, почему", expected=expected)])
    if len(reason) > LONGEST_REASON:
        expected = f"до {LONGEST_REASON} знаков"
        raise InputError([Problem(argument(REASON), "причина слишком длинная", f"{len(reason)} знаков", expected)])
    with transaction.atomic():
        closed = Seat.objects.filter(pk=seat.pk, state=seat.state, closed_at=seat.closed_at)
        told: dict[str, Any] = {"who": seat.who, "why": reason, **({"seen": True} if pair_has_seen(seat) else {})}
        if not closed.update(state="open", closed_at=None, reason=reason):
            raise changed_meanwhile(seat)
        chain.append("returned", user=user, study=seat.school.study.code, seat=seat.code, told=told)


def pair_has_seen(seat: Seat) -> bool:
    """Whether this is a seat of a pair of which both have closed: from then on each sees what the other found."""
    pair = Seat.objects.filter(school=seat.school_id, who__in=PAIR).defer("data", "standing")
    return seat.who in PAIR and locked_pair(pair)


def _check(user: User, seat: Seat, action: SeatAction) -> None:
    if action not in actions_on(user, seat):
        hint = "Обновите страницу: на ней сказано, что сейчас можно."
        raise InputError([Problem(Place(seat.school.name), "сейчас этого сделать нельзя", hint=hint)])


def open_expert_seats(study: StudyRound, user: User | None = None, most: int | None = None) -> int:
    """Let every seat of a study that was given to an expert and holds nothing yet begin from what its school sent; from
    what the school has written so far where it sent nothing. At `most` so many at once. Returns how many began; done
    twice, it does nothing more.

    To be called when a study goes to its assessment, and after experts were assigned while it is in it.
    """
    waiting = Seat.objects.filter(school__study=study, data="", expert__isnull=False).exclude(who__in=(SELF, AGREED))
    begun = 0
    listed = waiting.select_related("school__study", "expert").order_by("school_id", "who")[:most]
    for seat in listed.iterator(chunk_size=200):
        begun += _begin(seat, user)
    return begun


def _begin(seat: Seat, user: User | None) -> bool:
    own = Seat.objects.filter(school=seat.school_id, who=SELF).exclude(data="").first()
    if own is None or seat.expert is None:
        return False
    sent = Snapshot.objects.filter(seat=own, why="sent").order_by("-pk").first() if own.state == "sent" else None
    start = expert_start(json.loads(sent.data if sent is not None else own.data), seat.expert.name)
    text = json.dumps(start, ensure_ascii=False, separators=(",", ":"))
    told: dict[str, Any] = {"who": seat.who, "from": sent.sha256 if sent is not None else None}
    with transaction.atomic():
        empty = Seat.objects.filter(pk=seat.pk, data="", expert=seat.expert_id)
        if not empty.update(data=text, revision=F("revision") + 1, changed_at=timezone.now()):
            return False
        told["files"] = copy_uses([own.pk], seat)
        chain.append("begun", user=user, study=seat.school.study.code, seat=seat.code, told=told)
    return True
