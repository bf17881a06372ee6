"""What is required of a document, what a rule concludes, and what is said where either fails."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from vsoko_rules.reading.scalars import Code, Flag, NotNegative, Text
from vsoko_rules.reading.validation import Model
from vsoko_rules.ruleset.model import Concerned, Element, Grade, Provenance, Severity


class Mend(Model):
    """How to mend what is lacking: steps in order, and the days of work they take (origin: proposed)."""

    steps: Annotated[tuple[Text, ...], Field(min_length=1)]
    effort: NotNegative
    expert: tuple[Text, ...] = ()
    """what an expert has to do beside the school; shown to experts alone"""


class Wording(Provenance):
    """What is said of a fault: what is wrong, why it matters, how to mend it, how it looks when it is right."""

    fault: Text
    """«Не названы сроки»"""
    severity: Severity
    why: Text
    mend: Mend
    example: Text


DocumentField = Literal["holds", "blank", "number", "date", "kind", "serves", "addressees", "url"]
"""a field of a document from which a requirement is seen, and which has to change where it is not met"""


class Requirement(Wording):
    """What a document must hold to be credited. The sources of what it asks stand behind its texts as well."""

    id: Code
    aliases: tuple[Code, ...] = ()
    """former codes: of the requirement, or of a rule that found it met"""
    title: Text
    """nominative, reads after «не хватает:» — «сроки»"""
    ask: Text
    """what the document must say — «названы сроки проведения мониторинга»"""
    given_by: DocumentField
    """`holds`: whoever reads the document marks it there; else the field from which a rule sees it"""
    of_period: Flag = False
    """true: it asks for a time within the period of the study, so that a document of one cycle is none of the next"""
    of_presence: Flag = False
    """true: a document that does not meet it counts as none at all"""
    grade: Grade | None = None
    """none: as its origin says"""
    open_addressee: Wording | None = None
    """other texts for a document that names no addressee, or an element for which any will do"""

    def wording(self, element: Element, addressed: bool = True) -> Wording:
        """The texts for a document of `element` that does not meet the requirement. `addressed`: the document names an
        addressee, only not the one that the element wants; one that names none lacks something else."""
        wrong = addressed and bool(element.addressees)
        return self if wrong or self.open_addressee is None else self.open_addressee


class Rule(Provenance):
    """A positive rule: what is concluded (`then`) from what is there (`when`, `where`).

    `when` and `then` keep the rule language as data; `vsoko_rules.engine.language` gives them meaning. A rule that
    finds a requirement met (`meets`) has no texts: they are the requirement's. Every other has all but `fault`.
    """

    id: Code
    aliases: tuple[Code, ...] = ()
    name: Text
    """states the fact that the rule concludes, or for a warning the fault"""
    fault: Text | None = None
    """the fault when it does not conclude — «Документ датирован раньше основания»"""
    when: tuple[dict[str, Any], ...]
    where: tuple[Text, ...] = ()
    then: dict[str, dict[str, Any]]
    severity: Severity | None = None
    why: Text | None = None
    mend: Mend | None = None
    example: Text | None = None
    concerns: Concerned = Concerned.SCHOOL
    """for a warning: who can mend what it warns of"""

    @property
    def wording(self) -> Wording | None:
        """What is said of the fault; none for a rule that finds a requirement met."""
        if self.severity is None or self.why is None or self.mend is None or self.example is None:
            return None
        return Wording(
            fault=self.fault or self.name,
            severity=self.severity,
            why=self.why,
            mend=self.mend,
            example=self.example,
            origin=self.origin,
            sources=self.sources,
            note=self.note,
        )
