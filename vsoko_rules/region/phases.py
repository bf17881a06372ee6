"""The phases of a study: which step is possible, what speaks against it, and what it needs.

A step forward shows what is not done yet. Most of it does not forbid the step, but must be confirmed as it was shown; a
step back needs a reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from vsoko_rules.errors import InputError, Problem, argument
from vsoko_rules.region.region_records import (
    AGREED,
    PAIR,
    SELF,
    Phase,
    RegionSchool,
    RegionSeat,
    RegionStudy,
    SeatState,
    is_expert_seat,
)
from vsoko_rules.region.region_words import region_words
from vsoko_rules.words import plural

PHASES: Final = tuple(Phase)
REASON: Final = "reason"
"""the name of the field in which the reason of a step back is typed"""
CONFIRMED: Final = "confirmed"
"""the name of the field in which findings are confirmed"""
TO: Final = "to"
"""the name of the field in which the phase is chosen"""


@dataclass(frozen=True, slots=True)
class StepFinding:
    """One thing to know before a step. `forbids`: the step cannot be made; else it must be confirmed. `number` of what,
    by its kind; `schools`: codes of those meant, where it speaks of schools."""

    kind: str
    number: int = 0
    schools: tuple[str, ...] = ()
    forbids: bool = False

    @property
    def key(self) -> str:
        """What is confirmed: the finding as it was shown. With another number it is another finding."""
        return f"{self.kind}:{self.number}"

    @property
    def text(self) -> str:
        """The sentence for people."""
        forms = region_words()["findings"][self.kind]
        one = forms if isinstance(forms, str) else plural(self.number, [*forms, forms[1]])
        return one.format(n=self.number)


def finding_text(key: str) -> str:
    """The sentence of what was confirmed, by its key; the key itself where it is none."""
    kind, _, number = key.rpartition(":")
    known = kind in region_words()["findings"] and number.isascii() and number.isdecimal()
    return StepFinding(kind, int(number)).text if known else key


def next_phases(phase: Phase) -> tuple[Phase, ...]:
    """Where a step leads from a phase: one forward, where there is one, then one back."""
    at = PHASES.index(phase)
    return (*PHASES[at + 1 : at + 2], *PHASES[max(at - 1, 0) : at])


def is_back(study: RegionStudy, to: Phase) -> bool:
    """Whether a step leads back."""
    return PHASES.index(to) < PHASES.index(study.phase)


def phase_title(phase: Phase) -> str:
    """What a phase is called."""
    return str(region_words()["phase"][phase.value])


def step_findings(
    study: RegionStudy, to: Phase, schools: Iterable[RegionSchool], seats: Iterable[RegionSeat], day: date
) -> tuple[StepFinding, ...]:
    """What to know before the step to another phase on a day: what forbids it first."""
    if to not in next_phases(study.phase):
        return (StepFinding("same" if to is study.phase else "too_far", forbids=True),)
    standing = _Standing(sorted(school.code for school in schools), seats)
    if is_back(study, to):
        found = standing.before_back(study)
    elif to is Phase.ASSESS:
        found = standing.before_assess()
    else:
        found = standing.before_reconcile() if to is Phase.RECONCILE else standing.before_closed()
    listed = [*found, *(_early(study, day) if not is_back(study, to) else ())]
    return tuple(sorted(listed, key=lambda finding: not finding.forbids))


def take_step(
    study: RegionStudy, to: Phase, findings: Iterable[StepFinding], confirmed: Collection[str] = (), reason: str = ""
) -> RegionStudy:
    """The study after a step; results that were released are so no more after a step back.

    `findings` as `step_findings` gave them just now, `confirmed`: keys of those that a person has seen and confirmed.
    Raises `InputError` where something forbids the step or is not confirmed, and for a step back without a reason.
    """
    texts = region_words()["step"]
    listed = list(findings)
    problems = [Problem(argument(TO), texts["forbidden"].format(text=f.text)) for f in listed if f.forbids]
    if to not in next_phases(study.phase) and not problems:
        problems.append(Problem(argument(TO), StepFinding("too_far").text))
    if not problems:
        problems = [
            Problem(argument(CONFIRMED), texts["unconfirmed"].format(text=finding.text), hint=texts["confirm"])
            for finding in listed
            if finding.key not in confirmed
        ]
        if is_back(study, to) and not reason.strip():
            problems.append(Problem(argument(REASON), texts["no_reason"], expected=texts["reason"]))
    if problems:
        raise InputError(problems)
    return replace(study, phase=to, released=None if is_back(study, to) else study.released)


def may_release(study: RegionStudy) -> bool:
    """Whether results may be shown to schools: when nothing changes any more."""
    return study.phase is Phase.CLOSED


def phase_until(study: RegionStudy, phase: Phase) -> date | None:
    """The last day of a phase; none where none was set."""
    days = {
        Phase.COLLECT: study.collect_until,
        Phase.ASSESS: study.assess_until,
        Phase.RECONCILE: study.reconcile_until,
    }
    return days.get(phase)


def _early(study: RegionStudy, day: date) -> Iterator[StepFinding]:
    until = phase_until(study, study.phase)
    if until is not None and day <= until:
        yield StepFinding("early", (until - day).days + 1)


class _Standing:
    """How far the schools of a study are."""

    def __init__(self, codes: Sequence[str], seats: Iterable[RegionSeat]) -> None:
        self.codes = codes
        self.seats: Mapping[str, dict[str, RegionSeat]] = {code: {} for code in codes}
        for seat in seats:
            if seat.school in self.seats:
                self.seats[seat.school][seat.who] = seat

    def before_assess(self) -> Iterator[StepFinding]:
        if not self.codes:
            yield StepFinding("no_schools", forbids=True)
            return
        not_sent = [code for code in self.codes if not self._done(code, SELF)]
        yield from self._some("not_sent", not_sent, none="nothing_sent")
        given = {code: len(self._pair(code)) for code in self.codes}
        yield from self._some("no_expert", [c for c in self.codes if not given[c]], none="no_experts")
        yield from self._some("no_second", [c for c in self.codes if given[c] == 1])

    def before_reconcile(self) -> Iterator[StepFinding]:
        yield from self._some("not_locked", [c for c in self.codes if not self._assessed(c)], none="nothing_locked")
        further = [c for c in self.codes if self._assessed(c) and any(map(_is_open_further, self.seats[c].values()))]
        yield from self._some("control_open", further)

    def before_closed(self) -> Iterator[StepFinding]:
        left = [code for code in self.codes if not self._done(code, AGREED)]
        if len(left) == len(self.codes):
            yield StepFinding("nothing_agreed", forbids=True)
            return
        disputed = [code for code in left if AGREED in self.seats[code] and self.seats[code][AGREED].disputes]
        yield from self._some("disputes", disputed)
        yield from self._some("not_agreed", [c for c in left if self._assessed(c) and c not in disputed])
        yield from self._some("no_result", [c for c in left if not self._assessed(c) and c not in disputed])

    def before_back(self, study: RegionStudy) -> Iterator[StepFinding]:
        """Work that has been done already stays, but nobody goes on with it."""
        if study.released is not None:
            yield StepFinding("released")
        if study.phase is Phase.RECONCILE:
            yield from self._some("reconciled", [c for c in self.codes if self._touched(c, (AGREED,))])
        elif study.phase is Phase.ASSESS:
            experts = [c for c in self.codes if self._touched(c, filter(is_expert_seat, self.seats[c]))]
            yield from self._some("assessed", experts)

    def _some(self, kind: str, codes: Sequence[str], none: str | None = None) -> Iterator[StepFinding]:
        """A finding over schools; `none` is the kind that forbids, where it is all of them."""
        if none is not None and len(codes) == len(self.codes):
            yield StepFinding(none, forbids=True)
        elif codes:
            yield StepFinding(kind, len(codes), tuple(codes))

    def _done(self, code: str, who: str) -> bool:
        seat = self.seats[code].get(who)
        return seat is not None and seat.state is not SeatState.OPEN

    def _pair(self, code: str) -> list[RegionSeat]:
        """The seats of the pair that have an expert."""
        return [seat for who in PAIR if (seat := self.seats[code].get(who)) is not None and seat.expert is not None]

    def _assessed(self, code: str) -> bool:
        return all(self._done(code, who) for who in PAIR)

    def _touched(self, code: str, seats: Iterable[str]) -> bool:
        found = (self.seats[code].get(who) for who in seats)
        return any(seat is not None and seat.touched for seat in found)


def _is_open_further(seat: RegionSeat) -> bool:
    """Whether a further expert of a control school is not done."""
    return is_expert_seat(seat.who) and seat.who not in PAIR and seat.state is SeatState.OPEN
