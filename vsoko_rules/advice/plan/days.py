"""Days in a plan: when new documents may be dated, by whom a document gets its day, and what may rest on what.

New documents, and documents that are dated anew, are dated after everything that the school has: the past is not
rewritten, so a document of the past cannot rest on a new one unless it is issued anew itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from vsoko_rules.advice.timing import AdviceDay
from vsoko_rules.case.records import Case
from vsoko_rules.case.requisites import Requisites, window
from vsoko_rules.ruleset.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Dated:
    """The day that a document would have, its own or that of the document to which it belongs; none: no day."""

    day: date | None
    late: bool = False
    """after everything that the school has now: a new document, or one issued anew"""


LATE: Final = Dated(None, late=True)


class PlanDays:
    """The days of one case under one ruleset."""

    def __init__(
        self,
        requisites: Requisites,
        case: Case,
        ruleset: Ruleset,
        rests: Mapping[str, tuple[str, ...]],
        day: AdviceDay,
        ahead: bool,
    ) -> None:
        """`rests`: for each document those on which it rests now. `day`: when the plan is made. `ahead`: it plans
        the next cycle."""
        self.requisites = requisites
        self.documents = {d.id: d for d in case.documents}
        self.ruleset = ruleset
        self.rests = rests
        self.day = day
        self.ahead = ahead
        self._study = case.study
        self._window = window(case, ruleset)

    @cached_property
    def _latest(self) -> date | None:
        """The last day in the window on which a document of the school is dated."""
        start, end = self._window
        days = (d.date for d in self.documents.values() if d.date is not None)
        return max((day for day in days if start <= day <= end), default=None)

    @cached_property
    def first_day(self) -> date:
        """The first day that a new document may have: after the last dated document in the window, if there is room."""
        start, end = self._study.start, self._window[1]
        after = [] if self._latest is None else [self._latest + timedelta(days=1)]
        return min(max([start, self.day.day, *([] if self.ahead else after)]), end)

    def due(self, stage: str) -> date | None:
        """By when a document of a stage is issued in a cycle that is ahead; none where the calendar does not say."""
        last = self.ruleset.calendar_of(self._study.start.year).get(stage) if self.ahead else None
        return None if last is None else max(last, self.first_day)

    @property
    def last_day(self) -> date:
        """The last day that a new document may have."""
        return self._window[1]

    def own_day(self, document: str) -> date:
        """The day on which a document without a date is taken to be registered: no later than any that rests on it."""
        start, end = self._window
        resting = (self.documents[d] for d, grounds in self.rests.items() if document in grounds)
        days = (day for d in resting if (day := self.requisites.date(d)) is not None)
        return max(start, min(min(days, default=self._latest or self._study.start), end))

    def dated_by(self, document: str) -> tuple[str, ...]:
        """Whoever may give a document its day, nearest first: itself, and while they have no date of their own what it
        belongs to and what approves it."""
        giving: list[str] = []
        for source in self.requisites.sources(self.documents[document]):
            giving.append(source.id)
            if source.date is not None or self.documents[document].period is not None:
                break
        return tuple(giving)

    def in_order(self, document: Dated, ground: Dated) -> bool:
        """Whether a document may rest on another, each dated so.

        New ones are dated in the order in which they rest on one another, so among them it always may.
        """
        if document.late and ground.late:
            return True
        day = self.first_day if document.late else document.day
        before = self.last_day if ground.late else ground.day
        return day is None or before is None or before <= day
