"""One line as rows of a 0/1 program: the run of linked stages that the plan counts on, and whether the line is
complete. What a line is worth says `vsoko_rules.verdict.scoring`.

A run chooses one document a stage, and each has to rest soundly on the one before it. The program may choose any run;
the verdict takes the longest, so that it is never worth less than what was promised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from vsoko_rules.advice.plan.chains import Chains
from vsoko_rules.advice.plan.links import Links
from vsoko_rules.advice.plan.solver import BinaryProgram
from vsoko_rules.ruleset.content import CycleScoring
from vsoko_rules.ruleset.lines import LineSpec
from vsoko_rules.verdict.chain import EXPERT, Trace
from vsoko_rules.verdict.evidence import Outcome


@dataclass(frozen=True, slots=True)
class LineValue:
    """What a line is worth, from 0 to `scale.complete`: `fixed`, and what each variable that is 1 adds; `broken` at
    most while it is not complete."""

    fixed: Fraction
    gains: dict[int, Fraction]
    broken: Fraction


class Run:
    """Adds the rows of one line, or of a part of it: of those `elements` that apply."""

    def __init__(
        self, chains: Chains, links: Links, spec: LineSpec, elements: tuple[str, ...], program: BinaryProgram
    ) -> None:
        self.chains = chains
        self.links = links
        self.program = program
        self.spec = spec
        self.elements = elements
        self.chosen: list[dict[str, int]] = []
        """for each stage, by document (or `EXPERT`) the variable of its being chosen"""
        self.linked: list[list[int]] = []
        """for each stage, variables of its document resting on that of the stage just before"""
        self._resting: dict[int, int] = {}
        n = len(self.elements)
        self.runs = {(a, b): self.program.variable() for a in range(n) for b in range(a, n)}
        """for each first and last stage the variable of the run being the one between them"""
        self.program.at_most(dict.fromkeys(self.runs.values(), 1), 1)
        self.complete = self.runs[0, n - 1]
        """the variable of its being complete"""
        for number in range(n):
            self._add_stage(number)

    def part(self, elements: tuple[str, ...], program: BinaryProgram) -> Run:
        """A part of the line, as rows of a copy of the program: all links of its documents are there already."""
        return Run(self.chains, self.links, self.spec, elements, program)

    def value(self, scale: CycleScoring) -> LineValue:
        """What the line would be worth. Each of `n` stages adds what one with a document is worth, each of the run the
        rest up to `broken / n`; a complete line is worth `remarked` in all, and without remarks `complete`."""
        n = len(self.elements)
        apart = Fraction(scale.broken) * Fraction(scale.scattered) / n
        linked = Fraction(scale.broken) / n - apart
        gains = {run: linked * (b - a + 1) for (a, b), run in self.runs.items()}
        clean = self._clean()
        gains[self.complete] += Fraction(scale.remarked) - Fraction(scale.broken)
        gains[clean] = Fraction(scale.complete) - Fraction(scale.remarked)
        self.program.implies(clean, self.complete)
        fixed, broken = Fraction(0), linked * (n - 1)
        for element in self.elements:
            there = self.chains.there(element)
            if there is None:
                fixed += apart
            elif there:
                one = self.program.any(there)
                gains[one] = gains.get(one, Fraction(0)) + apart
                broken += apart
        return LineValue(fixed, gains, fixed + broken)

    def _clean(self) -> int:
        """The variable of nothing being left to be remarked of the documents chosen."""
        clean = self.program.variable()
        for element, choices in zip(self.elements, self.chosen, strict=True):
            settled = self.chains.settled(element)
            without: list[int] = []
            for document, chosen in choices.items():
                tidy = self.chains.always if settled else self.chains.tidy(document, element)
                if tidy is not None:
                    without.append(self._both(chosen, tidy))
            self.program.implies(clean, *without)
        return clean

    def _both(self, one: int, other: int) -> int:
        """A variable that is 1 only where both others are."""
        if other == self.chains.always:
            return one
        both = self.program.variable()
        self.program.implies(both, one)
        self.program.implies(both, other)
        return both

    def _add_stage(self, number: int) -> None:
        choices = self._choices(self.elements[number])
        self.chosen.append(choices)
        self.linked.append([])
        within = [run for (a, b), run in self.runs.items() if a <= number <= b]
        self.program.at_most({**dict.fromkeys(within, 1), **dict.fromkeys(choices.values(), -1)}, 0)
        self.program.at_most(dict.fromkeys(choices.values(), 1), 1)
        if number:
            self._link(number)

    def _choices(self, element: str) -> dict[str, int]:
        decision = self.chains.repairs.decisions.get(element)
        if decision is Outcome.MET:  # an expert let the line through, whatever the documents
            return {d: self.program.variable() for d in (EXPERT, *self.chains.repairs.weighed.serving(element))}
        choices: dict[str, int] = {}
        for document in self.chains.offered(element) if decision is None else ():
            credited = self.chains.credit(document, element)
            if credited is not None:
                choices[document] = self.program.variable()
                self.program.implies(choices[document], credited)
        return choices

    def _link(self, number: int) -> None:
        """Each document chosen at a stage rests on the one before, or on an earlier one that this one rests on too, or
        the run begins with it."""
        if self.chains.settled(self.elements[number]):
            return
        starting = [run for (a, _), run in self.runs.items() if a == number]
        grounds: dict[str, list[int]] = {d: [] for d in self.chosen[number]}
        for document, pair in self._pairs(number - 1, number):
            grounds[document].append(pair)
            self.linked[number].append(pair)
        earlier = self.chains.repairs.expected.elements[self.elements[number]].may_rest_on
        for at in (self.elements.index(e) for e in earlier if e in self.elements[: number - 1]):
            for document, pair in self._pairs(at, number):
                grounds[document].append(pair)
                for between in range(at + 1, number):
                    self.program.implies(pair, self._rests(between))
        for document, pairs in grounds.items():
            self.program.implies(self.chosen[number][document], *pairs, *starting)

    def _rests(self, number: int) -> int:
        """The variable of the document of a stage resting on that of the stage just before. One for all who ask: a row
        of all pairs for each pair of others would grow with the fourth power of the number of documents."""
        if number not in self._resting:
            experts = [self.chosen[number][EXPERT]] if EXPERT in self.chosen[number] else []
            self._resting[number] = self.program.any([*self.linked[number], *experts])
        return self._resting[number]

    def _pairs(self, at: int, number: int) -> Iterator[tuple[str, int]]:
        """For pairs of documents of two stages that may rest on one another: the later one, and the variable."""
        before, element = self.elements[at], self.elements[number]
        left = self._left_out(before, element)
        for ground, there in self.chosen[at].items():
            resting: list[int] = []
            for document, here in self.chosen[number].items():
                if at != number - 1 and (ground == EXPERT or document not in self.chains.repairs.documents):
                    continue
                sound = (
                    self.chains.always if ground == EXPERT else self.links.link(before, ground, element, document, left)
                )
                if sound is not None:
                    pair = self.program.variable()
                    self.program.implies(pair, here)
                    if sound != self.chains.always:
                        self.program.implies(pair, sound)
                    resting.append(pair)
                    yield document, pair
            if resting:
                self.program.at_most({**dict.fromkeys(resting, 1), there: -1}, 0)

    def _left_out(self, before: str, element: str) -> tuple[str, ...]:
        """The elements between two of the line, where they are all left out."""
        whole = self.spec.elements
        between = whole[whole.index(before) + 1 : whole.index(element)]
        return () if set(between) & set(self.elements) else between


def ground_new_documents(chains: Chains, links: Links, traces: list[Trace]) -> None:
    """A new document of a line is written only where it rests on a credited document of the stage before, or begins the
    line. One whose lines decisions leave out rests on nothing."""
    before: dict[str, set[str]] = {}
    first: set[str] = set()
    for trace in traces:
        elements = [c.element for c in trace.cells if c.outcome is not Outcome.NOT_APPLICABLE]
        first.update(elements[:1])
        for one, after in pairwise(elements):
            before.setdefault(after, set()).add(one)
    for (document, element), serving in list(chains.serving.items()):
        grounds = before.get(element, set()) if element not in first else set()
        if grounds and not any(chains.settled(g) for g in grounds):
            resting = (v for g in sorted(grounds) for v in _resting(chains, links, g, element, document))
            chains.program.implies(serving, *resting)


def _resting(chains: Chains, links: Links, before: str, element: str, document: str) -> Iterator[int]:
    for ground in chains.offered(before):
        credited, sound = chains.credit(ground, before), links.link(before, ground, element, document)
        if credited is not None and sound is not None:
            resting = chains.program.variable()
            chains.program.implies(resting, credited)
            chains.program.implies(resting, sound)
            yield resting
