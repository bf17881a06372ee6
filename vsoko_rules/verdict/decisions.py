"""How each of an expert's decisions stands: whether it counts, and why it may not mean what it seems to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.case.records import Case, Override
from vsoko_rules.errors import Problem
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.evidence import Outcome


class DecisionState(str, Enum):
    """What is the matter with a decision, the gravest first."""

    STALE = "stale"
    """it has ended, or is dated out of the study or after the signature"""
    ORPHANED = "orphaned"
    """it is about something that does not exist, or does not apply to the school"""
    IDLE = "idle"
    """without it the verdict would be the same"""
    ACTIVE = "active"


class Doubt(str, Enum):
    """A reason why a decision is in doubt."""

    ENDED = "ended"
    OUT_OF_STUDY = "out_of_study"
    AFTER_SIGNING = "after_signing"
    UNKNOWN = "unknown"
    INAPPLICABLE = "inapplicable"
    CHANGES_NOTHING = "changes_nothing"


_STATES: Final[Mapping[Doubt, DecisionState]] = {
    Doubt.ENDED: DecisionState.STALE,
    Doubt.OUT_OF_STUDY: DecisionState.STALE,
    Doubt.AFTER_SIGNING: DecisionState.STALE,
    Doubt.UNKNOWN: DecisionState.ORPHANED,
    Doubt.INAPPLICABLE: DecisionState.ORPHANED,
    Doubt.CHANGES_NOTHING: DecisionState.IDLE,
}


@dataclass(frozen=True, slots=True)
class DecisionStanding:
    """A decision of a case, its number in the list from 0, the present code of what it is about, and its doubts."""

    number: int
    override: Override
    code: str
    counts: bool
    """false: it has ended, and the verdict is as if it were not there"""
    doubts: tuple[Doubt, ...]

    @property
    def state(self) -> DecisionState:
        """The gravest of its doubts."""
        return _STATES[self.doubts[0]] if self.doubts else DecisionState.ACTIVE


def in_force(case: Case, ruleset: Ruleset) -> dict[str, Outcome]:
    """The decisions that count on the day of a case, by the present code of an element or indicator."""
    return {_code(o, ruleset): Outcome(o.outcome) for o in case.overrides if o.counts_on(case.day)}


def standings(
    case: Case, ruleset: Ruleset, expected: Expectation, changes_nothing: Callable[[str], bool]
) -> Iterator[DecisionStanding]:
    """How each decision of a case stands. `changes_nothing`: whether the verdict without the decision about an element
    or indicator would be the same."""
    applicable = {*expected.elements, *expected.indicators}
    known = {*ruleset.elements, *ruleset.indicators}
    for number, override in enumerate(case.overrides):
        code, counts = _code(override, ruleset), override.counts_on(case.day)
        doubts = [] if counts else [Doubt.ENDED]
        if not case.study.start <= override.date <= case.study.end:
            doubts.append(Doubt.OUT_OF_STUDY)
        if (signed := _signed(case)) is not None and override.date > signed:
            doubts.append(Doubt.AFTER_SIGNING)
        if code not in applicable:
            doubts.append(Doubt.INAPPLICABLE if code in known else Doubt.UNKNOWN)
        elif counts and changes_nothing(code):
            doubts.append(Doubt.CHANGES_NOTHING)
        yield DecisionStanding(number, override, code, counts, tuple(doubts))


def _code(override: Override, ruleset: Ruleset) -> str:
    return ruleset.aliases.get(override.of) or ruleset.indicator_aliases.get(override.of, override.of)


def _signed(case: Case) -> date | None:
    filled = case.filled_by
    return filled.date if filled is not None and filled.role == "expert" else None


_SAID: Final[Mapping[Doubt, str]] = {
    Doubt.ENDED: "срок решения эксперта истёк, оно не учтено",
    Doubt.OUT_OF_STUDY: "решение эксперта датировано не временем исследования",
    Doubt.AFTER_SIGNING: "решение эксперта датировано позже его подписи",
    Doubt.INAPPLICABLE: "решение эксперта о том, что к школе не применяется",
    Doubt.UNKNOWN: "решение эксперта о том, чего в этой методике нет",
    Doubt.CHANGES_NOTHING: "решение эксперта ничего не меняет",
}


def decision_notices(case: CaseFile, told: Sequence[DecisionStanding]) -> Iterator[Problem]:
    """What must be said of decisions that cannot mean what they seem to."""
    study, day = case.content.study, case.content.day
    spans = {
        Doubt.ENDED: ("until", f"не раньше {day:%d.%m.%Y}: на этот день проверена школа"),
        Doubt.OUT_OF_STUDY: ("date", f"от {study.start:%d.%m.%Y} до {study.end:%d.%m.%Y}"),
        Doubt.AFTER_SIGNING: ("date", f"не позже {day:%d.%m.%Y}"),
    }
    for standing in told:
        for doubt in standing.doubts:
            key, expected = spans.get(doubt, ("of", None))
            found = getattr(standing.override, key)
            place = case.source.place(("overrides", standing.number, key))
            yield Problem(place, _SAID[doubt], f"{found:%d.%m.%Y}" if isinstance(found, date) else found, expected)
