"""What would make a document meet a requirement: the field from which the requirement is seen has to change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vsoko_rules.case.records import Document
from vsoko_rules.engine.language import Filled
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.ruleset.model import DocumentField, Element
from vsoko_rules.ruleset.ruleset import Expectation, Ruleset


@dataclass(frozen=True, slots=True)
class Want:
    """What a requirement wants of one field of a document: one of `codes`, where the field lists codes."""

    requirement: str
    field: DocumentField
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

    def want(self, element: str, requirement: str) -> Want:
        """What would meet a requirement of an applicable element."""
        asked, about = self.ruleset.requirements[requirement], self.expected.elements[element]
        effort = asked.wording(about).mend.effort
        if asked.given_by == "addressees":
            named = about.addressees
            return Want(requirement, "addressees", named or tuple(self.ruleset.addressees), effort, bool(named))
        return Want(requirement, asked.given_by, (requirement,) if asked.given_by == "holds" else (), effort)

    def complete(self, elements: Sequence[Element], code: str, day: date, grounds: Iterable[str]) -> Document:
        """A document for these elements with everything that they require."""
        wanted = [self.want(element.id, requirement) for element in elements for requirement in element.requires]
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

    def effort_of(self, field: str) -> Decimal | None:
        """Days of work to change a field of a document («based_on», «date») so that rules conclude what rests on it."""
        fulfilled = {r.name for r in SCHEMA.values() if r.filled is Filled.RULES and r.field == field}
        rules = (r for r in self.ruleset.rules.values() if fulfilled & set(r.then) and r.fault)
        return next((self.ruleset.wordings[rule.id].mend.effort for rule in rules), None)
