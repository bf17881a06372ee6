"""What the rules ask of documents, as rows of a 0/1 program: which are credited, and which new ones may be written."""

from __future__ import annotations

from collections.abc import Sequence

from vsoko_rules.advice.plan.repairs import Needs, Repair, RepairKind, Repairs
from vsoko_rules.advice.plan.solver import BinaryProgram
from vsoko_rules.verdict.evidence import Outcome


class Chains:
    """Adds to a program the repairs of a case, and the credit of documents."""

    def __init__(self, program: BinaryProgram, repairs: Repairs) -> None:
        self.program = program
        self.repairs = repairs
        self.variables: dict[Repair, int] = {}
        """for each repair: it is carried out"""
        self.serving: dict[tuple[str, str], int] = {}
        """by new document and element: the document is written and serves the element"""
        self.always = program.variable()
        """a variable that nothing keeps from being 1"""
        self._credit: dict[tuple[str, str], int | None] = {}
        self._tidy: dict[tuple[str, str], int | None] = {}

    def repair(self, repair: Repair) -> int | None:
        """The variable of a repair; none where the ruleset knows no such repair."""
        if repair not in self.variables:
            if self.repairs.effort(repair) is None:
                return None
            self.variables[repair] = self.program.variable()
        return self.variables[repair]

    def new(self, element: str) -> int | None:
        """The variable of a new document that serves `element`; none where none can be written."""
        document = self.repairs.new_for.get(element)
        if document is None:
            return None
        key = (document.id, element)
        if key not in self.serving:
            written = self.repair(Repair(document.id, RepairKind.WRITE))
            assert written is not None
            self.serving[key] = self.program.variable()
            self.program.implies(self.serving[key], written)
        return self.serving[key]

    def credit(self, document: str, element: str) -> int | None:
        """The variable of a document being credited for an element that it serves; none where it cannot be."""
        key = (document, element)
        if key not in self._credit:
            self._credit[key] = self._add_credit(document, element)
        return self._credit[key]

    def _add_credit(self, document: str, element: str) -> int | None:
        existing = document in self.repairs.documents
        needs: Needs | None = self.repairs.needs(document, element) if existing else ()
        written = None if existing else self.new(element)
        if needs is None or not (existing or written is not None):
            return None
        credited = self._all(needs) if existing else written
        others = self.repairs.others_needed(element, document if existing else None)
        if credited is None or not others:
            return credited
        both = self.program.variable()
        self.program.implies(both, credited)
        for elements in others:
            self.program.implies(both, *(v for e in elements for v in self.credits(e)))
        return both

    def tidy(self, document: str, element: str) -> int | None:
        """The variable of nothing being left to be remarked of a document; none where that cannot be."""
        if document not in self.repairs.documents:
            return self.always
        key = (document, element)
        if key not in self._tidy:
            needs = self.repairs.remark_needs(document, element)
            self._tidy[key] = None if needs is None else self._all(needs)
        return self._tidy[key]

    def _all(self, needs: Needs) -> int | None:
        """A variable that is 1 only where of each group a repair is carried out; none where that cannot be."""
        groups = [self._known(group) for group in needs]
        if not all(groups):
            return None
        if not groups:
            return self.always
        variable = self.program.variable()
        for group in groups:
            self.program.implies(variable, *group)
        return variable

    def _known(self, repairs: Sequence[Repair]) -> list[int]:
        return [v for repair in repairs if (v := self.repair(repair)) is not None]

    def offered(self, element: str) -> tuple[str, ...]:
        """Documents that serve an element, and last the new one that could."""
        new = self.repairs.new_for.get(element)
        return (*self.repairs.weighed.serving(element), *([new.id] if new is not None else []))

    def credits(self, element: str) -> list[int]:
        """Variables of all documents that could be credited for an element."""
        variables = (self.credit(d, element) for d in self.offered(element))
        return [v for v in variables if v is not None]

    def there(self, element: str) -> list[int] | None:
        """Variables any of which makes something be there for an element, published and more than a template; none
        where something is, or where an expert decided so."""
        decision = self.repairs.decisions.get(element)
        if decision is not None:
            return None if decision in (Outcome.MET, Outcome.PARTIAL) else []
        if self.repairs.evidence.usable(element):
            return None
        known = (self.repairs.presence_needs(d, element) for d in self.repairs.weighed.serving(element))
        present = [self._all(needs) for needs in known if needs is not None]
        return [v for v in (*present, self.new(element)) if v is not None]

    def settled(self, element: str) -> bool:
        """Whether an expert let the line pass an element, whatever the documents."""
        return self.repairs.decisions.get(element) is Outcome.MET
