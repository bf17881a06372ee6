"""What the graph asks of documents, as rows of a 0/1 model: which are credited, and how far each line gets.

A line reaches a stage where one path of documents runs there from its goal (see `vsoko_rules.verdict.chain`). So each
line chooses one document a stage, and each chosen document has to rest soundly on the one before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vsoko_rules.advice.plan.repairs import Dating, NewDocument, Repair, RepairKind, Repairs
from vsoko_rules.advice.plan.solver import BinaryProgram
from vsoko_rules.ruleset.ruleset import LineSpec
from vsoko_rules.verdict.chain import EXPERT, Outcome

Condition = tuple[Sequence[int], Sequence[int]]
"""one of the first variables is 1, or one of the second is 0"""


class Chains:
    """Adds to a model the repairs of a case, the credit of documents, and the reach of lines."""

    def __init__(self, model: BinaryProgram, repairs: Repairs) -> None:
        self.model = model
        self.repairs = repairs
        self.made: dict[Repair, int] = {}
        """a variable for each repair: it is made"""
        self.served: dict[tuple[str, str], int] = {}
        """by new document and element: the document is written and serves the element"""
        self._credit: dict[tuple[str, str], int | None] = {}
        self._resting: dict[tuple[str, str], list[int]] = {}

    def repair(self, repair: Repair) -> int | None:
        """The variable of a repair; none where the ruleset knows no such repair."""
        if repair not in self.made:
            if repair.kind is not RepairKind.WRITE and self.repairs.effort(repair) is None:
                return None
            self.made[repair] = self.model.variable()
        return self.made[repair]

    def new(self, element: str) -> int | None:
        """The variable of a new document that serves `element`; none where none can be written."""
        found = self.repairs.new_for.get(element)
        if found is None:
            return None
        key = (found.id, element)
        if key not in self.served:
            written = self.repair(Repair(found.id, RepairKind.WRITE))
            assert written is not None
            self.served[key] = self.model.variable()
            self.model.implies(self.served[key], written)
        return self.served[key]

    def credit(self, document: str, element: str) -> int | None:
        """The variable of a document being credited for an element that it serves; none where it cannot be."""
        if document not in self.repairs.documents:
            return self.new(element)
        key = (document, element)
        if key not in self._credit:
            self._credit[key] = self._new_credit(document, element)
        return self._credit[key]

    def _new_credit(self, document: str, element: str) -> int | None:
        needs = self.repairs.needs(document, element)
        if needs is None:
            return None
        groups = [[v for repair in group if (v := self.repair(repair)) is not None] for group in needs]
        if not all(groups):
            return None
        credited = self.model.variable()
        for group in groups:
            self.model.implies(credited, *group)
        return credited

    def credits(self, element: str) -> list[int]:
        """Variables of all documents that could be credited for an element."""
        found = [self.credit(d, element) for d in self.repairs.serving(element)]
        return [v for v in (*found, self.new(element)) if v is not None]

    def usable(self, element: str) -> list[int] | None:
        """Variables any of which makes something more than a template be there; none where there is already."""
        if self.repairs.evidence.usable(element):
            return None
        filled = [self.repairs.fill(d) for d in self.repairs.serving(element)]
        found = [self.repair(repair) for repair in filled if repair is not None]
        return [v for v in (*found, self.new(element)) if v is not None]

    def line(self, spec: LineSpec) -> list[int]:
        """For each stage of an applicable line the variable of its being reached."""
        return _Line(self, spec).reached()

    def rests(self, document: NewDocument, element: str, chosen: int) -> None:
        """Note that `chosen` lets a line pass through a new document."""
        self._resting.setdefault((document.id, element), []).append(chosen)

    def ground_new_documents(self) -> None:
        """A document of a stage of the chain is written only where a line gets to it: it has to rest on something."""
        on_lines = {e for line in self.repairs.ruleset.lines for e in line.elements}
        for (document, element), served in self.served.items():
            if element in on_lines:
                self.model.implies(served, *self._resting.get((document, element), ()))


class _Line:
    """One line: which document is chosen at each stage, and what it rests on."""

    def __init__(self, chains: Chains, spec: LineSpec) -> None:
        self.chains = chains
        self.model = chains.model
        self.repairs = chains.repairs
        self.spec = spec
        self.chosen: list[dict[str, int]] = []
        """for each stage, by document (or `EXPERT`) the variable of its being chosen"""
        self.linked: list[list[int]] = []
        """for each stage, variables of its document resting on that of the stage just before"""

    def reached(self) -> list[int]:
        held: list[int] = []
        for number, element in enumerate(self.spec.elements):
            self.chosen.append(self._choices(element))
            self.linked.append([])
            reached = self.model.variable()
            held.append(reached)
            choices = self.chosen[number].values()
            self.model.at_most({reached: 1, **dict.fromkeys(choices, -1)}, 0)
            self.model.at_most(dict.fromkeys(choices, 1), 1)
            if number:
                self.model.implies(reached, held[number - 1])
                self._link(number)
        return held

    def _decided(self, number: int) -> bool:
        return self.repairs.decisions.get(self.spec.elements[number]) is Outcome.MET

    def _choices(self, element: str) -> dict[str, int]:
        decision = self.repairs.decisions.get(element)
        if decision is Outcome.MET:  # an expert let the line through, whatever the documents
            return {d: self.model.variable() for d in (EXPERT, *self.repairs.serving(element))}
        if decision is not None:
            return {}
        new = self.repairs.new_for.get(element)
        found: dict[str, int] = {}
        for document in (*self.repairs.serving(element), *([new.id] if new else [])):
            credited = self.chains.credit(document, element)
            if credited is not None:
                found[document] = self.model.variable()
                self.model.implies(found[document], credited)
        if new is not None and new.id in found:
            self.chains.rests(new, element, found[new.id])
        return found

    def _link(self, number: int) -> None:
        """Each document chosen at a stage rests on the one before, or on an earlier one that this one rests on too."""
        grounds: dict[str, list[int]] = {d: [] for d in self.chosen[number]}
        for document, pair in self._pairs(number - 1, number):
            grounds[document].append(pair)
            self.linked[number].append(pair)
        earlier = self.repairs.expected.elements[self.spec.elements[number]].may_rest_on
        for at in (self.spec.elements.index(e) for e in earlier if e in self.spec.elements[: number - 1]):
            for document, pair in self._pairs(at, number):
                grounds[document].append(pair)
                for between in range(at + 1, number):
                    experts = [self.chosen[between][EXPERT]] if EXPERT in self.chosen[between] else []
                    self.model.implies(pair, *self.linked[between], *experts)
        if not self._decided(number):
            for document, pairs in grounds.items():
                self.model.implies(self.chosen[number][document], *pairs)

    def _pairs(self, at: int, number: int) -> Iterator[tuple[str, int]]:
        """For pairs of documents of two stages that may rest on one another: the later one, and the variable."""
        if self._decided(number):
            return
        adjacent = at == number - 1
        for document, here in self.chosen[number].items():
            for ground, there in self.chosen[at].items():
                if ground == EXPERT and not adjacent:
                    continue
                conditions = [] if ground == EXPERT else self._sound(at, ground, document)
                if conditions is None:
                    continue
                pair = self.model.variable()
                self.model.implies(pair, here)
                self.model.implies(pair, there)
                for condition in conditions:
                    self._require(pair, condition)
                yield document, pair

    def _require(self, pair: int, condition: Condition) -> None:
        """Where `pair` is 1, one of the first variables is 1 or one of the second is 0."""
        ones, zeros = condition
        terms = {pair: 1, **dict.fromkeys(ones, -1)}
        for variable in zeros:
            terms[variable] = terms.get(variable, 0) + 1
        self.model.at_most(terms, len(zeros))

    def _sound(self, at: int, ground: str, document: str) -> list[Condition] | None:
        """What must be so for a document to rest soundly on another of an earlier stage; none where it cannot."""
        if ground == document:
            if not self._decided(at):
                return []
            credited = self.chains.credit(ground, self.spec.elements[at])
            return None if credited is None else [([credited], [])]
        conditions: list[Condition] = []
        existing = self.repairs.documents.get(document)
        if existing is not None and ground not in existing.based_on:
            cited = self.chains.repair(Repair(document, RepairKind.CITE, ground))
            if cited is None:
                return None
            conditions.append(([cited], []))
        return conditions + self._order(ground, document)

    def _order(self, ground: str, document: str) -> list[Condition]:
        """Conditions that rule out the ways of dating the two in which they are not in order."""
        return [
            ([*ones, *ground_ones], [*zeros, *ground_zeros])
            for dating, (ones, zeros) in self._datings(document).items()
            for ground_dating, (ground_ones, ground_zeros) in self._datings(ground).items()
            if not self.repairs.in_order(document, dating, ground, ground_dating)
        ]

    def _datings(self, document: str) -> dict[Dating, Condition]:
        """The ways in which a document may be dated, each with what must be so for it not to be dated so."""
        if document not in self.repairs.documents:
            return {Dating.LATE: ([], [])}
        own = self.chains.repair(Repair(document, RepairKind.DATE))
        late = self.chains.repair(Repair(document, RepairKind.REISSUE))
        found: dict[Dating, Condition] = {Dating.AS_IS: ([v for v in (own, late) if v is not None], [])}
        if own is not None:
            found[Dating.OWN] = ([late] if late is not None else [], [own])
        if late is not None:
            found[Dating.LATE] = ([], [late])
        return found
