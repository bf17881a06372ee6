"""Facts said in Russian. The wording is in `reports/explain/facts.j2`, one macro a relation."""

from __future__ import annotations

from typing import Any

from vsoko_rules.assessment import Assessment
from vsoko_rules.engine.language import Fact
from vsoko_rules.report.templates import plain_environment


class Sentences:
    """Says facts about one assessment, naming documents and elements by their titles."""

    def __init__(self, assessment: Assessment) -> None:
        self._ruleset = assessment.ruleset
        self._documents = assessment.case.documents
        self._expected = assessment.expectation.elements
        self._columns = {name: tuple(r.columns) for name, r in assessment.derivations.program.schema.items()}
        template = plain_environment().get_template("explain/facts.j2")
        self._macros: Any = template.make_module({"names": self})

    def fact(self, fact: Fact) -> str:
        """One fact as a sentence without a full stop. A column without a value may be anything."""
        columns = dict(zip(self._columns[fact[0]], fact[1:], strict=True))
        return " ".join(str(getattr(self._macros, fact[0])(**columns)).split())

    def comparison(self, left: Any, sign: str, right: Any) -> str:
        """A comparison that does not hold."""
        return " ".join(str(self._macros.comparison(left, sign, right)).split())

    def document(self, code: str | None) -> str:
        """«Приказ о мониторинге» № 12-од от 14.02.2022."""
        if code is None:
            return str(self._macros.some_document())
        return " ".join(str(self._macros.document_name(self._documents[code])).split())

    def element(self, code: str | None) -> str:
        """The title of an element with its code."""
        found = self._expected.get(code or "") or self._ruleset.elements.get(code or "")
        return " ".join(str(self._macros.element_name(found)).split())

    def requirement(self, code: str | None) -> str:
        """What a document must say, as the ruleset puts it."""
        found = self._ruleset.requirements.get(code or "")
        return found.ask if found else str(code)

    def addressee(self, code: str | None) -> str:
        """Whom a document addresses, dative."""
        found = self._ruleset.addressees.get(code or "")
        return found.dative if found else str(self._macros.some_addressee())

    def remark(self, code: str) -> str:
        """What an expert noticed."""
        found = self._ruleset.remarks.get(code)
        return found.title if found else code

    def rule(self, code: str) -> str:
        """The name of a rule."""
        return self._ruleset.rules[code].name
