"""Facts said in Russian. How each relation is said stands in `reports/explain/facts.j2`, one macro a relation."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from vsoko_rules.advice.proof_records import Compared
from vsoko_rules.engine.language import Fact
from vsoko_rules.engine.vocabulary import PARTS
from vsoko_rules.report.wording import Titles
from vsoko_rules.templates import plain, shared
from vsoko_rules.verdict.assessment import Assessment


class Sentences:
    """Says facts about one assessment, naming documents and elements by their titles."""

    def __init__(self, assessment: Assessment) -> None:
        self.titles = Titles(assessment)
        self._ruleset = assessment.ruleset
        self._columns = {name: tuple(r.columns) for name, r in assessment.derivations.program.schema.items()}
        template = shared(plain).get_template("explain/facts.j2")
        self._macros: Any = template.make_module({"names": self})
        self._facts: dict[Fact, str] = {}

    def fact(self, fact: Fact) -> str:
        """One fact as a sentence without a full stop. A column without a value may be anything."""
        if fact not in self._facts:  # proofs say the same facts again and again
            self._facts[fact] = self._fact(fact)
        return self._facts[fact]

    def _fact(self, fact: Fact) -> str:
        columns = dict(zip(self._columns[fact[0]], fact[1:], strict=True))
        columns |= {c: Fraction(columns[c], PARTS[c]) for c in PARTS.keys() & columns if columns[c] is not None}
        return self._one_line(getattr(self._macros, fact[0])(**columns))

    def needed(self, fact: Fact) -> str:
        """A fact that does not hold and would have to."""
        return self._one_line(self._macros.needed(self.fact(fact)))

    def comparison(self, compared: Compared) -> str:
        """A comparison that does not hold."""
        left, right = compared.left, compared.right
        if compared.column == "day":
            return self._one_line(self._macros.days(date.fromordinal(left), compared.sign, date.fromordinal(right)))
        if isinstance(left, str):
            return self._one_line(self._macros.codes(left, compared.sign, right))
        part = PARTS.get(compared.column, 1)
        return self._one_line(self._macros.comparison(Fraction(left, part), compared.sign, Fraction(right, part)))

    def document(self, code: str | None) -> str:
        """«Приказ о мониторинге» № 12-од от 14.02.2022 (d03)."""
        return self._one_line(self._macros.document_name(self.titles.documents.get(code or "")))

    def element(self, code: str | None) -> str:
        """The code of an element and its title."""
        known = code is not None and code in self._ruleset.elements
        return self._one_line(self._macros.element_name(self.titles.element(code) if known and code else None))

    def requirement(self, code: str | None) -> str:
        """What a document must say, as the ruleset puts it."""
        known = self._ruleset.requirements.get(code or "")
        return known.ask if known else str(code)

    def addressee(self, code: str | None) -> str:
        """Whom a document addresses, dative."""
        known = self._ruleset.addressees.get(code or "")
        return known.dative if known else self._one_line(self._macros.some_addressee())

    def kind(self, code: str) -> str:
        """A kind of document."""
        known = self._ruleset.document_kinds.get(code)
        return known.title if known else code

    def remark(self, code: str) -> str:
        """What an expert noticed."""
        known = self._ruleset.remarks.get(code)
        return known.title if known else code

    def rule(self, code: str) -> str:
        """The name of a rule."""
        return self._ruleset.rules[code].name

    def fault(self, requirement: str, element: str, document: str | None = None) -> str:
        """What is wrong when a document does not meet a requirement of an element."""
        return self.titles.requirement(requirement, element, document).fault

    @staticmethod
    def _one_line(text: Any) -> str:
        return " ".join(str(text).split())
