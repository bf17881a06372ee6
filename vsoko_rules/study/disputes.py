"""Where two experts who studied one school differ: in what they stated themselves, or in what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from vsoko_rules.case.records import IndicatorEntry
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.chain import Lack
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.result import number

RANKED: Final = (Outcome.MISSING, Outcome.PARTIAL, Outcome.MET)
"""outcomes that say how much there is, the least first; the others say that nothing is known or asked"""


class Aspect(str, Enum):
    """In what two experts differ."""

    MARK = "mark"
    """marks that both gave"""
    DECISION = "decision"
    """decisions that both took over what the documents say"""
    OUTCOME = "outcome"
    """what came of everything they stated"""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one expert's case says of one code."""

    outcome: str | None
    """of the element; where the code is none, of the indicator; none where no list of the ruleset has it"""
    indicator: str | None
    """of the indicator, where the code is an element too"""
    mark: int | float | None
    """as the expert gave it"""
    decision: str | None
    """the expert's own outcome"""
    comments: tuple[str, ...]
    documents: tuple[str, ...]
    """titles"""
    lacks: tuple[str, ...] = ()
    """requirements that the nearest document misses; of one that holds the element, what is remarked of it"""


@dataclass(frozen=True, slots=True)
class Dispute:
    """One element or indicator of one school on which two experts differ; `over`: in what."""

    school: str
    name: str
    block: str | None
    of: str
    title: str
    over: tuple[Aspect, ...]
    first: Opinion
    second: Opinion

    def data(self) -> dict[str, Any]:
        """The dispute as JSON data."""
        return asdict(self) | {"over": [aspect.value for aspect in self.over]}


class ExpertView:
    """What one expert's case states of each code, and what came of it."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self._rules = assessment.ruleset
        self._aliases = {**self._rules.indicator_aliases, **self._rules.aliases}

    @cached_property
    def entries(self) -> dict[str, IndicatorEntry]:
        """What the case states of each indicator."""
        aliases = self._rules.indicator_aliases
        return {aliases.get(code, code): entry for code, entry in self.assessment.case.content.indicators.items()}

    @cached_property
    def _indicators(self) -> dict[str, Outcome]:
        return {row.indicator: row.outcome for block in self.assessment.blocks for row in block.rows}

    def mark(self, code: str) -> Fraction | None:
        """The mark that the expert gave an indicator."""
        entry = self.entries.get(code)
        return None if entry is None or entry.mark is None else Fraction(entry.mark)

    def decision(self, code: str) -> Outcome | None:
        """The expert's own outcome for an element or an indicator."""
        return self.assessment.decisions.get(code)

    def element(self, code: str) -> Outcome | None:
        """What came of an element."""
        return self.assessment.outcome_of(code) if code in self._rules.elements else None

    def indicator(self, code: str) -> Outcome | None:
        """What came of an indicator."""
        return self._indicators.get(code)

    def remarks(self, code: str) -> frozenset[str]:
        """Requirements that are remarked of the document that holds an element; a line that needs it is worth less."""
        return frozenset(r for lack in self._remarks.get(code, ()) for r in lack.lacks)

    @cached_property
    def _remarks(self) -> dict[str, list[Lack]]:
        found: dict[str, list[Lack]] = {}
        for block in self.assessment.blocks:
            for lack in self.assessment.remarks_of(block):
                found.setdefault(lack.element, []).append(lack)
        return found

    def opinion(self, code: str) -> Opinion:
        """Everything that an expert's case says of a code."""
        case, entry, mark = self.assessment.case, self.entries.get(code), self.mark(code)
        element, indicator, decision = self.element(code), self.indicator(code), self.decision(code)
        offered = self.assessment.evidence.serves.get(code, ())
        comments = [o.comment for o in case.content.overrides if self._aliases.get(o.of, o.of) == code]
        comments += [entry.comment] if entry is not None and entry.comment else []
        comments += [comment for d in offered if (comment := case.documents[d].comment)]
        documents = dict.fromkeys([*offered, *(entry.documents if entry is not None else ())])
        return Opinion(
            outcome=_value(element if element is not None else indicator),
            indicator=_value(indicator) if element is not None else None,
            mark=None if mark is None else number(mark),
            decision=_value(decision),
            comments=tuple(comments),
            documents=tuple(case.documents[d].title for d in documents),
            lacks=self._lacks(code, offered),
        )

    def _lacks(self, element: str, offered: Sequence[str]) -> tuple[str, ...]:
        evidence = self.assessment.evidence
        if element not in self.assessment.expectation.elements:
            return ()
        if evidence.credited.get(element):
            remarked = self.remarks(element)
            return tuple(known.title for code, known in self._rules.requirements.items() if code in remarked)
        missing = sorted((evidence.lacks(d, element) for d in offered), key=len)
        return tuple(self._rules.requirements[r].title for r in missing[0]) if missing else ()


def _value(outcome: Outcome | None) -> str | None:
    return None if outcome is None else outcome.value


def disputes(first: ExpertView, second: ExpertView) -> Iterator[Dispute]:
    """Everything on which two assessments of one school under one ruleset differ, in the order of the ruleset.

    A code that is both an element and an indicator is listed once.
    """
    school, rules = first.assessment.case.content.school, first.assessment.ruleset
    for code in dict.fromkeys([*rules.elements, *indicators(first, second)]):
        over = tuple(_differing(first, second, code))
        if over:
            title = _title(first.assessment, code)
            opinions = first.opinion(code), second.opinion(code)
            yield Dispute(school.id, school.name, block_of(rules, code), code, title, over, *opinions)


def indicators(first: ExpertView, second: ExpertView) -> list[str]:
    """The indicators that may be compared: those of the ruleset, or where it has no list those that both name."""
    listed = list(first.assessment.ruleset.indicators)
    return listed or sorted(first.entries.keys() & second.entries.keys())


def block_of(rules: Ruleset, code: str) -> str | None:
    """The block of an element or indicator; of one that no list holds, the block that its code begins with."""
    known = rules.elements.get(code) or rules.indicators.get(code)
    prefix = code.split("-", maxsplit=1)[0]
    return known.block if known else prefix if prefix in rules.blocks else None


def _title(assessment: Assessment, code: str) -> str:
    rules = assessment.ruleset
    known = assessment.expectation.elements.get(code) or rules.elements.get(code) or rules.indicators.get(code)
    return known.title if known else code


def _differing(first: ExpertView, second: ExpertView, code: str) -> Iterator[Aspect]:
    marks, decisions = {first.mark(code), second.mark(code)}, {first.decision(code), second.decision(code)}
    if len(marks - {None}) > 1:
        yield Aspect.MARK
    if len(decisions - {None}) > 1:
        yield Aspect.DECISION
    earned = first.indicator(code), second.indicator(code)
    elements = first.element(code), second.element(code)
    held = elements == (Outcome.MET, Outcome.MET) and None in decisions
    remarked = held and first.remarks(code) != second.remarks(code)
    if elements[0] != elements[1] or remarked or (earned[0] != earned[1] and set(earned) <= set(RANKED)):
        yield Aspect.OUTCOME
