"""What would make a document meet a requirement: read from the rules that credit it, not known here.

A rule that finds a requirement met says what it looks for; that is what has to be put into the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, Literal

from vsoko_rules.case.records import Document
from vsoko_rules.engine.language import CompiledRule, Filled, Pattern, Variable
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.ruleset.model import Element
from vsoko_rules.ruleset.ruleset import Expectation, Ruleset

Field = Literal["holds", "addressees", "number", "date", "blank"]
"""the field of a document that has to change"""

_COLUMNS: Final[dict[tuple[str, object], Field]] = {
    ("blank", False): "blank",
    ("numbered", True): "number",
    ("dated", True): "date",
    ("in_window", True): "date",
}
"""what a rule may ask of the columns of `document`, and the field that answers it"""


@dataclass(frozen=True, slots=True)
class Want:
    """What a requirement wants of one field of a document: one of `codes`, where the field lists codes."""

    requirement: str
    field: Field
    codes: tuple[str, ...]
    effort: Decimal
    """days of work; the ruleset proposes them"""
    named: bool = True
    """false: the element names no addressee, and any will do"""

    @property
    def all(self) -> tuple[str, ...]:
        """What a new document gives: every code that is named, or where any will do, one of them."""
        return self.codes if self.named else self.codes[:1]


class Mending:
    """Knows for one kind of school what each element's requirements want."""

    def __init__(self, ruleset: Ruleset, expected: Expectation) -> None:
        self.ruleset = ruleset
        self.expected = expected
        self._compiled = {rule.id: rule for rule in ruleset.program.rules}
        self._wants: dict[tuple[str, str], tuple[Want, ...] | None] = {}

    def wants(self, element: str, requirement: str) -> tuple[Want, ...] | None:
        """What would meet a requirement of an applicable element; none where no change of a document would."""
        key = (element, requirement)
        if key not in self._wants:
            found = (self._read(rule.id, element) for rule in self.ruleset.crediting.get(requirement, ()))
            self._wants[key] = next((wants for wants in found if wants is not None), None)
        return self._wants[key]

    def complete(self, elements: Sequence[Element], code: str, day: date, grounds: Iterable[str]) -> Document | None:
        """A document for these elements with everything that they require; none where a requirement lies elsewhere."""
        wanted: list[Want] = []
        for element in elements:
            for requirement in element.requires:
                found = self.wants(element.id, requirement)
                if found is None:
                    return None
                wanted += found
        return Document(
            id=code,
            title=elements[0].title,
            kind=elements[0].kind,
            serves=tuple(e.id for e in elements),
            number=code if any(w.field == "number" for w in wanted) else None,
            date=day,
            holds=tuple(dict.fromkeys(w.codes[0] for w in wanted if w.field == "holds")),
            addressees=tuple(dict.fromkeys(c for w in wanted if w.field == "addressees" for c in w.all)),
            based_on=tuple(grounds),
        )

    def effort_of(self, relation: str) -> Decimal | None:
        """Days of work to make documents fulfil `relation` («linked», «ordered»), by the rule that states its fault."""
        rules = (r for r in self.ruleset.rules.values() if relation in r.then and r.fault)
        return next((rule.mend.effort for rule in rules), None)

    def _read(self, rule: str, element: str) -> tuple[Want, ...] | None:
        compiled = self._compiled[rule]
        if compiled.where or compiled.every or not self._speaks_of(compiled, element):
            return None
        document, _, requirement = compiled.head.terms
        read = _Reading(self, compiled, document, element, str(requirement))
        return read.wants()

    def _speaks_of(self, rule: CompiledRule, element: str) -> bool:
        """Whether the rule asks the ruleset only about this element, and the ruleset gives it all."""
        subject = rule.head.terms[1]
        asked = [p for p in rule.patterns if SCHEMA[p.relation].filled is Filled.RULESET]
        return all(p.terms[0] == subject and self.given(p, subject, element) for p in asked)

    def given(self, pattern: Pattern, subject: Any, element: str) -> list[tuple[Any, ...]]:
        """The facts of the ruleset that fit a pattern in which `subject` stands for the element."""
        wanted = [element if term == subject else term for term in pattern.terms]
        return [
            fact
            for fact in self._given.get((pattern.relation, wanted[0]), ())
            if all(isinstance(w, Variable) or w == value for w, value in zip(wanted, fact[1:], strict=True))
        ]

    @cached_property
    def _given(self) -> dict[tuple[str, Any], list[tuple[Any, ...]]]:
        """The facts of the ruleset by relation and first column."""
        found: dict[tuple[str, Any], list[tuple[Any, ...]]] = {}
        for relation, facts in self.expected.given.facts.items():
            for fact in facts:
                found.setdefault((relation, fact[1]), []).append(fact)
        return found

    @cached_property
    def anyone(self) -> tuple[str, ...]:
        """Every addressee of the ruleset."""
        return tuple(self.ruleset.addressees)


class _Reading:
    """One rule, read for one element."""

    def __init__(self, mending: Mending, rule: CompiledRule, document: Any, element: str, requirement: str) -> None:
        self.mending = mending
        self.rule = rule
        self.document = document
        self.element = element
        self.requirement = requirement
        self.effort = mending.ruleset.rules[rule.id].mend.effort

    def wants(self) -> tuple[Want, ...] | None:
        found: list[Want] = []
        for pattern in self.rule.patterns:
            if SCHEMA[pattern.relation].filled is Filled.RULESET or pattern.relation == "serves":
                continue
            wants = list(self._pattern(pattern)) if pattern.terms[0] == self.document else []
            if not wants:
                return None
            found += wants
        return tuple(found)

    def _pattern(self, pattern: Pattern) -> Iterator[Want]:
        columns = dict(zip(SCHEMA[pattern.relation].columns, pattern.terms, strict=True))
        if pattern.relation == "document":
            asked = [(c, t) for c, t in columns.items() if not isinstance(t, Variable)]
            if all(pair in _COLUMNS for pair in asked):
                for field in dict.fromkeys(_COLUMNS[pair] for pair in asked):
                    yield Want(self.requirement, field, (), self.effort)
        elif pattern.relation == "holds" and not isinstance(columns["content"], Variable):
            yield Want(self.requirement, "holds", (str(columns["content"]),), self.effort)
        elif pattern.relation == "addresses":
            yield from self._addressees(columns["addressee"])

    def _addressees(self, term: Any) -> Iterator[Want]:
        if not isinstance(term, Variable):
            yield Want(self.requirement, "addressees", (str(term),), self.effort)
            return
        named = [
            fact[2]
            for p in self.rule.patterns
            if p.relation == "expects" and term in p.terms
            for fact in self.mending.given(p, self.rule.head.terms[1], self.element)
        ]
        codes = tuple(named) or self.mending.anyone
        if codes:
            yield Want(self.requirement, "addressees", codes, self.effort, bool(named))
