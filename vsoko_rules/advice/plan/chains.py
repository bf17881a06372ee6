"""What the graph asks of documents, as rows of a 0/1 program: which are credited, and how far each line gets.

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
    """Adds to a program the repairs of a case, the credit of documents, and the reach of lines."""

    def __init__(self, program: BinaryProgram, repairs: Repairs) -> None:
        self.program = program
        self.repairs = repairs
        self.variables: dict[Repair, int] = {}
        """for each repair: it is carried out"""
        self.serving: dict[tuple[str, str], int] = {}
        """by new document and element: the document is written and serves the element"""
        self._credit: dict[tuple[str, str], int | None] = {}
        self._passing: dict[tuple[str, str], list[int]] = {}

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
        if document not in self.repairs.documents:
            return self.new(element)
        key = (document, element)
        if key not in self._credit:
            self._credit[key] = self._add_credit(document, element)
        return self._credit[key]

    def _add_credit(self, document: str, element: str) -> int | None:
        needs = self.repairs.needs(document, element)
        if needs is None:
            return None
        groups = [self._known(group) for group in needs]
        if not all(groups):
            return None
        credited = self.program.variable()
        for group in groups:
            self.program.implies(credited, *group)
        return credited

    def _known(self, repairs: Sequence[Repair]) -> list[int]:
        return [v for repair in repairs if (v := self.repair(repair)) is not None]

    def credits(self, element: str) -> list[int]:
        """Variables of all documents that could be credited for an element."""
        variables = [self.credit(d, element) for d in self.repairs.serving(element)]
        return [v for v in (*variables, self.new(element)) if v is not None]

    def usable(self, element: str) -> list[int] | None:
        """Variables any of which makes something more than a template be there; none where there is already."""
        if self.repairs.evidence.usable(element):
            return None
        filled = (self.repairs.fill(d) for d in self.repairs.serving(element))
        new = self.new(element)
        return [*self._known([repair for repair in filled if repair]), *([] if new is None else [new])]

    def line(self, spec: LineSpec) -> list[int]:
        """For each stage of an applicable line the variable of its being reached."""
        return _LineRows(self, spec).reached()

    def passes(self, document: NewDocument, element: str, chosen: int) -> None:
        """Note that `chosen` lets a line pass through a new document."""
        self._passing.setdefault((document.id, element), []).append(chosen)

    def ground_new_documents(self) -> None:
        """A document of a stage of the chain is written only where a line gets to it: it has to rest on something."""
        on_lines = {e for line in self.repairs.ruleset.lines for e in line.elements}
        for (document, element), serving in self.serving.items():
            if element in on_lines:
                self.program.implies(serving, *self._passing.get((document, element), ()))


class _LineRows:
    """One line: which document is chosen at each stage, and what it rests on."""

    def __init__(self, chains: Chains, spec: LineSpec) -> None:
        self.chains = chains
        self.program = chains.program
        self.repairs = chains.repairs
        self.spec = spec
        self.chosen: list[dict[str, int]] = []
        """for each stage, by document (or `EXPERT`) the variable of its being chosen"""
        self.linked: list[list[int]] = []
        """for each stage, variables of its document resting on that of the stage just before"""

    def reached(self) -> list[int]:
        stages: list[int] = []
        for number, element in enumerate(self.spec.elements):
            choices = self._choices(element)
            self.chosen.append(choices)
            self.linked.append([])
            stages.append(self.program.variable())
            self.program.implies(stages[number], *choices.values())
            self.program.at_most(dict.fromkeys(choices.values(), 1), 1)
            if number:
                self.program.implies(stages[number], stages[number - 1])
                self._link(number)
        return stages

    def _decided(self, number: int) -> bool:
        return self.repairs.decisions.get(self.spec.elements[number]) is Outcome.MET

    def _choices(self, element: str) -> dict[str, int]:
        decision = self.repairs.decisions.get(element)
        if decision is Outcome.MET:  # an expert let the line through, whatever the documents
            return {d: self.program.variable() for d in (EXPERT, *self.repairs.serving(element))}
        if decision is not None:
            return {}
        new = self.repairs.new_for.get(element)
        choices: dict[str, int] = {}
        for document in (*self.repairs.serving(element), *([new.id] if new else [])):
            credited = self.chains.credit(document, element)
            if credited is not None:
                choices[document] = self.program.variable()
                self.program.implies(choices[document], credited)
        if new is not None and new.id in choices:
            self.chains.passes(new, element, choices[new.id])
        return choices

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
                    self.program.implies(pair, *self.linked[between], *experts)
        if not self._decided(number):
            for document, pairs in grounds.items():
                self.program.implies(self.chosen[number][document], *pairs)

    def _pairs(self, at: int, number: int) -> Iterator[tuple[str, int]]:
        """For pairs of documents of two stages that may rest on one another: the later one, and the variable."""
        if self._decided(number):
            return
        for document, here in self.chosen[number].items():
            for ground, there in self.chosen[at].items():
                if ground == EXPERT and at != number - 1:
                    continue
                conditions = [] if ground == EXPERT else self._sound(at, ground, document)
                if conditions is not None:
                    pair = self.program.variable()
                    self.program.implies(pair, here)
                    self.program.implies(pair, there)
                    for condition in conditions:
                        self._require(pair, condition)
                    yield document, pair

    def _require(self, pair: int, condition: Condition) -> None:
        """Where `pair` is 1, one of the first variables is 1 or one of the second is 0."""
        ones, zeros = condition
        terms = {pair: 1, **dict.fromkeys(ones, -1)}
        for variable in zeros:
            terms[variable] = terms.get(variable, 0) + 1
        self.program.at_most(terms, len(zeros))

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
        datings: dict[Dating, Condition] = {Dating.AS_IS: ([v for v in (own, late) if v is not None], [])}
        if own is not None:
            datings[Dating.OWN] = ([late] if late is not None else [], [own])
        if late is not None:
            datings[Dating.LATE] = ([], [late])
        return datings
