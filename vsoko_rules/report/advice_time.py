"""For which day advice is given, in words: printed wherever steps are."""

from __future__ import annotations

from datetime import date

from vsoko_rules.advice.timing import AdviceDay, is_over, next_study
from vsoko_rules.case.records import Case
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.words import day, say, words


class AdviceTime:
    """The day of advice on one case, and the calendar of the next cycle where the period of the study is over."""

    def __init__(self, case: Case, ruleset: Ruleset, on: AdviceDay) -> None:
        self.case = case
        self.on = on
        self.next = next_study(case, ruleset, on) if is_over(case, on) else None
        self._calendar = ruleset.calendar_of(self.next.start.year) if self.next else {}

    @property
    def sentence(self) -> str:
        """The day with where it comes from; after the period what follows from that."""
        given = say("advice_day", day=day(self.on.day), origin=words()["day_origin"][self.on.origin.value])
        if self.next is None:
            return given
        ends = {"end": day(self.case.study.end), "start": day(self.next.start), "to": day(self.next.end)}
        return f"{given} {say('advice_over', **ends)}"

    def due(self, stage: str) -> str | None:
        """«до 15.09.2023», «сразу»: by when a document of a stage is issued next; none within the period."""
        return due(self._calendar.get(stage), self.on)


def due(last: date | None, on: AdviceDay) -> str | None:
    """By when, in words; at once where the date has passed."""
    if last is None:
        return None
    return say("due", day=day(last)) if last > on.day else say("due_now")
