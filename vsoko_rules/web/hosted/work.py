"""Long work: its kinds, and how it is asked for. A worker does it (`working.py`), in a process of its own.

A kind is a function over the row that was asked for, in a module that `work_kinds.py` names:

    @work("letters")
    def letters(asked: Work, report: Report) -> WorkResult:
        for number, school in enumerate(schools, 1):
            …
            report(number, len(schools))
        return WorkResult("письма.zip", content)

It may be begun anew after a worker died: what it does to the database it does in one transaction at its end, or so that
a second time changes nothing. `InputError` and its like are told on the page of the work, word by word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.region.region_records import AGREED
from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.models import Seat, StudyRound, User, Work, WorkState

Report = Callable[[int, int], None]
"""told how much is done, of how much; raises where the work was given to another worker meanwhile"""


@dataclass(frozen=True, slots=True)
class WorkResult:
    """What came of work: a file with its name, none where there is none; `told` is what its page shows besides. `size`:
    bytes of a file that is in pieces (`kept_pieces.py`) instead of in `content`."""

    name: str = ""
    content: bytes = b""
    told: Mapping[str, Any] = field(default_factory=dict)
    size: int = 0


Doing = Callable[[Work, Report], WorkResult]

KINDS: Final[dict[str, Doing]] = {}
"""what does which kind of work; filled where `work_kinds` is imported"""


def work(kind: str) -> Callable[[Doing], Doing]:
    """Registers what does a kind of work. Its words stand in `reports/web/hosted/work_words.j2`."""

    def registered(doing: Doing) -> Doing:
        KINDS[kind] = doing
        return doing

    return registered


def study_of(asked: Work) -> StudyRound:
    """The study in which work was asked for. Raises `InputError` where who asked runs it no more."""
    runs = StudyRound.objects.run_by(asked.by).select_related("ruleset").defer("ruleset__files")
    study: StudyRound | None = runs.filter(pk=asked.study_id).first()
    if study is None:
        raise InputError([Problem(Place(asked.by.name), "этот человек больше не ведёт исследование")])
    return study


def ask_for(
    kind: str, user: User, *, study: StudyRound | None = None, seat: Seat | None = None, asked: Any = None
) -> Work:
    """Give work to whoever works; whoever asked follows it at its page (`reverse("work", args=[made.code])`)."""
    with transaction.atomic():
        made: Work = Work.objects.create(kind=kind, by=user, study=study, seat=seat, asked=asked or {})
        told = {"kind": kind, **({"asked": asked} if asked else {})}
        chain.append("work_asked", user=user, told=told, study=_code(study), seat=_code(seat))
    return made


def _code(row: StudyRound | Seat | None) -> str:
    return "" if row is None else row.code


def give_up(row: Work, as_found: QuerySet[Work], told: Mapping[str, Any]) -> None:
    """Write down that work failed, and why, where it is as it was found: in its row, and as an event."""
    with transaction.atomic():
        if as_found.update(state=WorkState.FAILED, told=told):
            said = {"kind": row.kind, "why": told["why"]}
            chain.append("work_failed", user=row.by, told=said, study=_code(row.study), seat=_code(row.seat))


def work_seen_by(user: User) -> QuerySet[Work]:
    """The work that somebody asked for; the centre sees all of its studies, but who assesses in one sees there nothing
    that was made of what others may see."""
    blind = Seat.objects.filter(expert=user).exclude(who=AGREED).values("school__study")
    runs = Q(study__in=StudyRound.objects.run_by(user)) & ~Q(study__in=blind)
    seen = Work.objects.filter(Q(by=user) | runs)
    with_names: QuerySet[Work] = seen.select_related("by", "study", "seat__school")
    return with_names


@dataclass(frozen=True, slots=True)
class Spread:
    """Where heavy work computes: `local`, or `dask` with the address of its scheduler."""

    backend: str = "local"
    scheduler: str | None = None


_SPREAD: Final = [Spread()]


def spread() -> Spread:
    """Where heavy work of this process computes; a study is run with that."""
    return _SPREAD[0]


def spread_over(chosen: Spread) -> None:
    """Say where heavy work of this process computes."""
    _SPREAD[0] = chosen
