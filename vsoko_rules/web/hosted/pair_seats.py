"""The pair of a school and the seat on which they agree: made when both have closed, changed by decisions on disputes
alone, closed when nothing is open."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from vsoko_rules.errors import InputError, LostUpdate, Place, Problem
from vsoko_rules.region.pair_decisions import PairDecision
from vsoko_rules.region.pairs import SchoolPair
from vsoko_rules.region.region_records import AGREED, PAIR, Phase
from vsoko_rules.region.seat_actions import SeatAction
from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.models import Seat, SeatDecision
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.web.hosted.seat_rights import actions_on
from vsoko_rules.web.hosted.seat_steps import changed_meanwhile, freeze
from vsoko_rules.web.hosted.seat_uses import copy_uses, uses_of
from vsoko_rules.web.hosted.seats import locked_pair
from vsoko_rules.workspace.seat_cases import kept_case

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import SchoolEntry, StudyRound, User

_TRIES: Final = 8
_HELD: Final = 32
"""pairs that a process holds in memory"""


def open_agreed_seats(study: StudyRound, user: User | None = None) -> int:
    """Make the agreed seat of every school of a study whose pair has closed, and bring those up to date whose pair has
    opened and closed again. Returns how many were made or changed; done twice, it does nothing more.

    To be called when a study goes to its reconciliation. It assesses the schools: about a third of a second each.
    """
    if study.phase != Phase.RECONCILE.value:
        return 0
    closed = Seat.objects.filter(school__study=study, who=PAIR[0], state="locked").order_by("school_id")
    seats = closed.select_related("school__study__ruleset").defer("data", "standing", "school__study__ruleset__files")
    return sum(open_agreed_seat(seat.school, user) for seat in seats.iterator(chunk_size=200))


def open_agreed_seat(school: SchoolEntry, user: User | None) -> bool:
    """The same for one school; false where there was nothing to do."""
    if not locked_pair(Seat.objects.filter(school=school, who__in=PAIR).defer("data", "standing")):
        return False
    agreed = Seat.objects.filter(school=school, who=AGREED).first()
    pair = school_pair(school, agreed)
    text = _text(pair)
    if agreed is not None and agreed.data == text:
        return False
    with transaction.atomic():
        if agreed is None:
            agreed = Seat.objects.create(school=school, who=AGREED, data="")
        held = Seat.objects.filter(pk=agreed.pk, revision=agreed.revision)
        disputes = len(pair.open)
        if not held.update(
            data=text, revision=agreed.revision + 1, disputes=disputes, state="open", closed_at=None,
            changed_at=timezone.now(),
        ):  # fmt: skip
            raise changed_meanwhile(agreed)
        copy_uses(Seat.objects.filter(school=school, who__in=PAIR).order_by("who").values_list("pk", flat=True), agreed)
        _append("compared", user, agreed, {"disputes": disputes})
        if not disputes:
            _close(agreed, user)
    return True


def school_pair(school: SchoolEntry, agreed: Seat | None) -> SchoolPair:
    """The closed cases of both experts of a school, with what was decided since. Raises `LostUpdate` where one of them
    is open again."""
    seats = Seat.objects.filter(school=school, who__in=PAIR, state="locked").order_by("who")
    stamps = tuple(seats.values_list("pk", "revision"))
    if len(stamps) < len(PAIR):
        raise LostUpdate([Problem(Place(school.name), "оценку снова открыли, решать пока нечего")])
    decisions = SeatDecision.objects.filter(seat=agreed).order_by("pk") if agreed is not None else ()
    said = tuple(json.dumps(each.said, sort_keys=True) for each in decisions)
    return _pair(stamps, said, school.study.ruleset.sha256)


@lru_cache(maxsize=_HELD)
def _pair(stamps: tuple[tuple[int, int], ...], said: tuple[str, ...], ruleset: str) -> SchoolPair:
    """The pair of these seats at these revisions: a seat at a revision never changes."""
    cases = []
    for seat, revision in stamps:
        row = Seat.objects.select_related("school", "expert").defer("standing").get(pk=seat)
        if row.revision != revision:
            raise changed_meanwhile(row)
        digest = hashlib.sha256(row.data.encode()).hexdigest()
        cases.append(kept_case(json.loads(row.data), row.school.name, digest, uses_of(seat)))
    return SchoolPair(cases, pinned(ruleset), [PairDecision.model_validate(json.loads(each)) for each in said])


def place_of(user: User, seat: Seat) -> int | None:
    """Which of the pair somebody is, from 0; none: neither."""
    experts = dict(Seat.objects.filter(school=seat.school_id, who__in=PAIR).values_list("who", "expert_id"))
    return next((place for place, who in enumerate(PAIR) if experts.get(who) == user.pk), None)


def say(user: User, seat: Seat, code: str, outcome: str | None, mark: str | None, comment: str) -> None:
    """What somebody says of one dispute: an expert of the pair proposes, a third person decides.

    Raises `InputError` where they may not or where something of it cannot be, `LostUpdate` where others are quicker
    again and again.
    """
    actions = actions_on(user, seat)
    settles = SeatAction.SETTLE in actions
    if not settles and SeatAction.DECIDE not in actions:
        hint = "Обновите страницу: на ней сказано, что сейчас можно."
        raise InputError([Problem(Place(seat.school.name), "решать это вам сейчас нельзя", hint=hint)])
    place = place_of(user, seat) if settles else None
    for _ in range(_TRIES):
        revision = Seat.objects.values_list("revision", flat=True).get(pk=seat.pk)
        pair = school_pair(seat.school, seat)
        today = timezone.localdate()
        decision = pair.decide(code, outcome=outcome, mark=mark, comment=comment, by=user.name, at=today, expert=place)
        if _said(user, seat, revision, pair, decision):
            return
    raise changed_meanwhile(seat)


def _said(user: User, seat: Seat, revision: int, pair: SchoolPair, decision: PairDecision) -> bool:
    """Keep a decision with what the agreed case comes to; nothing of it where somebody else was quicker."""
    after = SchoolPair(pair.cases, pair.ruleset, (*pair.decisions, decision))
    told = decision.model_dump(mode="json", exclude_none=True)
    with transaction.atomic():
        held = Seat.objects.filter(pk=seat.pk, revision=revision, state="open")
        if not held.update(
            data=_text(after), revision=revision + 1, disputes=len(after.open), changed_at=timezone.now()
        ):
            return False
        SeatDecision.objects.create(seat=seat, said=told, by=user, at=timezone.now())
        _append("proposed" if decision.expert is not None else "decided", user, seat, told)
        if after.done:
            _close(seat, user)
    return True


def close_agreed(user: User, seat: Seat) -> None:
    """Close an agreed seat that was opened again and on which nothing is open. Raises `InputError`, `LostUpdate`."""
    if SeatAction.LOCK not in actions_on(user, seat):
        raise InputError([Problem(Place(seat.school.name), "закрыть итог сейчас нельзя")])
    with transaction.atomic():
        _close(seat, user)


def _close(seat: Seat, user: User | None) -> None:
    """Freeze what was agreed, in the transaction in which the last dispute is settled."""
    done = Seat.objects.filter(pk=seat.pk, state="open", disputes=0)
    if not done.update(state="locked", closed_at=timezone.now(), reason=""):
        raise changed_meanwhile(seat)
    _append("agreed", user, seat, {"sha256": freeze(seat, "decided", user).sha256})


def _append(kind: str, user: User | None, seat: Seat, told: Any) -> None:
    chain.append(kind, user=user, study=seat.school.study.code, seat=seat.code, told=told)


def _text(pair: SchoolPair) -> str:
    return json.dumps(pair.agreed_data, ensure_ascii=False, separators=(",", ":"))


def appoint(user: User, seat: Seat, third: User | None) -> None:
    """Name the third person who decides what stays open. Raises `InputError`."""
    if third is not None and third not in possible_thirds(seat):
        raise InputError([Problem(Place(seat.school.name), "этот человек решать здесь не может", third.name)])
    with transaction.atomic():
        if not Seat.objects.filter(pk=seat.pk, state="open").update(expert=third):
            raise changed_meanwhile(seat)
        _append("appointed", user, seat, {"third": third.login if third is not None else None})


def possible_thirds(seat: Seat) -> list[User]:
    """Who may decide: experts of the study who neither assess this school nor work in its municipality, and methodists
    of that municipality."""
    from django.db.models import Q

    from vsoko_rules.web.hosted.models import User

    town, study = seat.school.municipality_id, seat.school.study_id
    expert = Q(memberships__role="expert") & ~Q(memberships__municipality=town) & ~Q(memberships__school=seat.school_id)
    methodist = Q(memberships__role="methodist", memberships__municipality=town)
    sitting = Seat.objects.filter(school=seat.school_id, expert__isnull=False).exclude(pk=seat.pk).values("expert")
    people = User.objects.filter(expert | methodist, memberships__study=study, is_active=True)
    return list(people.exclude(pk__in=sitting).distinct().order_by("name"))
