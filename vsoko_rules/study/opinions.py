"""What one expert's case says of each element and indicator: what was stated, what came of it, on which documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.records import IndicatorEntry
from vsoko_rules.report.wording import Titles
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.assessment import Assessment, Line
from vsoko_rules.verdict.chain import Lack
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.result import number

RANKED: Final = (Outcome.MISSING, Outcome.PARTIAL, Outcome.MET)
"""outcomes that say how much there is, the least first; the others say that nothing is known or asked"""


_RANKS: Final = {outcome: Fraction(n) for n, outcome in enumerate(RANKED)}
_ALL: Final = {outcome: Fraction(n) for n, outcome in enumerate(Outcome)}


class Unit(NamedTuple):
    """One thing of which experts say something: what is compared, the group it is counted in, its name."""

    kind: str
    group: str
    name: str


@dataclass(frozen=True, slots=True)
class DisputedDocument:
    """A document on which an opinion rests: its name with number and date, and where it is to be seen."""

    label: str
    link: str | None = None
    """an address that a browser may open"""
    place: str | None = None
    """an address that is none, or the file as the case names it"""
    file: Path | None = None
    """where that file lies"""


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
    documents: tuple[DisputedDocument, ...]
    lacks: tuple[str, ...] = ()
    """requirements that the nearest document misses; of one that holds the element, what is remarked of it"""
    quotes: tuple[str, ...] = ()
    """words of the documents by which they were judged"""
    grounds: tuple[str, ...] | None = None
    """the documents on which they rest, where that is what experts differ on"""


class ExpertView:
    """What one expert's case states of each code, and what came of it."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self._rules = assessment.ruleset
        self._folder = Path(assessment.case.name).parent
        self._aliases = {**self._rules.indicator_aliases, **self._rules.aliases}

    @cached_property
    def entries(self) -> dict[str, IndicatorEntry]:
        """What the case states of each indicator."""
        aliases = self._rules.indicator_aliases
        return {aliases.get(code, code): entry for code, entry in self.assessment.case.content.indicators.items()}

    @cached_property
    def _indicators(self) -> dict[str, Outcome]:
        return {row.indicator: row.outcome for block in self.assessment.blocks for row in block.rows}

    def values(self) -> Iterator[tuple[Unit, Fraction]]:
        """Everything that agreement is measured on: what was stated, and what came of it. What an expert did not state,
        and what is not known or does not apply, is left out."""
        for block in self.assessment.blocks:
            for line in block.lines:
                yield from _valued("lines", block.id, line.spec.id, _whole(line))
            for component in block.components:
                yield from _valued("components", block.id, component.stage, _RANKS.get(component.outcome))
        for code in dict.fromkeys([*self._rules.elements, *listed_indicators(self)]):
            block_id = block_of(self._rules, code) or ""
            mark, decision = self.mark(code), self.decision(code)
            yield from _valued("marks", block_id, code, mark)
            yield from _valued("indicators", code, code, mark)
            yield from _valued("decisions", block_id, code, _ALL[decision] if decision else None)
            for kind, outcome in (("elements", self.element(code)), ("earned", self.indicator(code))):
                yield from _valued(kind, block_id, code, _RANKS.get(outcome) if outcome else None)

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

    def lines(self) -> Iterator[Line]:
        """Every line of the ruleset, in its order."""
        return (line for block in self.assessment.blocks for line in block.lines)

    def opinion(self, code: str, linked: bool = False) -> Opinion:
        """Everything that an expert's case says of a code; with `linked` also on what its documents rest."""
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
            documents=tuple(self._document(d) for d in documents),
            lacks=self._lacks(code, offered),
            quotes=tuple(dict.fromkeys(quote for d in offered for quote in _quotes(case.documents[d]))),
            grounds=self._grounds(offered) if linked else None,
        )

    @cached_property
    def _titles(self) -> Titles:
        return Titles(self.assessment)

    def _grounds(self, documents: Sequence[str]) -> tuple[str, ...]:
        grounds = dict.fromkeys(g for d in documents for g in self.assessment.evidence.rests.get(d, ()))
        return tuple(self._titles.documents[ground].label for ground in grounds)

    def _document(self, code: str) -> DisputedDocument:
        named = self._titles.documents[code]
        file = self._folder / named.file if named.file else None
        return DisputedDocument(named.label, named.link, named.address or named.file, file)

    def _lacks(self, element: str, offered: Sequence[str]) -> tuple[str, ...]:
        evidence = self.assessment.evidence
        if element not in self.assessment.expectation.elements:
            return ()
        if evidence.credited.get(element):
            remarked = self.remarks(element)
            return tuple(known.title for code, known in self._rules.requirements.items() if code in remarked)
        missing = sorted((evidence.lacks(d, element) for d in offered), key=len)
        return tuple(self._rules.requirements[r].title for r in missing[0]) if missing else ()


def _quotes(document: Document) -> Iterator[str]:
    """What is quoted of a document, without what was rejected."""
    said = (c.quote for c in document.evidence if c.state == "confirmed")
    yield from (quote for quote in (document.quote, *said) if quote is not None)


def _value(outcome: Outcome | None) -> str | None:
    return None if outcome is None else outcome.value


def _valued(kind: str, group: str, name: str, value: Fraction | None) -> Iterator[tuple[Unit, Fraction]]:
    if value is not None:
        yield Unit(kind, group, name), value


def _whole(line: Line) -> Fraction | None:
    """Whether a line is complete; none where nothing is known or asked."""
    known = line.outcome not in (Outcome.NOT_APPLICABLE, Outcome.NOT_CHECKED)
    return Fraction(line.outcome is Outcome.MET) if known else None


def listed_indicators(*views: ExpertView) -> list[str]:
    """The indicators that may be compared: those of the ruleset, or where it has no list those that somebody names."""
    listed = list(views[0].assessment.ruleset.indicators)
    return listed or sorted({code for view in views for code in view.entries})


def block_of(rules: Ruleset, code: str) -> str | None:
    """The block of an element or indicator; of one that no list holds, the block that its code begins with."""
    known = rules.elements.get(code) or rules.indicators.get(code)
    prefix = code.split("-", maxsplit=1)[0]
    return known.block if known else prefix if prefix in rules.blocks else None
