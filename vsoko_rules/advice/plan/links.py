"""When a document would rest soundly on another, as rows of a 0/1 program (see `vsoko_rules.verdict.chain`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from vsoko_rules.advice.plan.chains import Chains
from vsoko_rules.advice.plan.days import LATE, Dated
from vsoko_rules.advice.plan.repairs import Repair, RepairKind

Condition = tuple[Sequence[int], Sequence[int]]
"""one of the first variables is 1, or one of the second is 0"""


class Links:
    """Adds to a program the references between documents of neighbouring stages."""

    def __init__(self, chains: Chains) -> None:
        self.chains = chains
        self.program = chains.program
        self.repairs = chains.repairs
        self._links: dict[tuple[str, str, str, str, tuple[str, ...]], int | None] = {}

    def link(self, before: str, ground: str, element: str, document: str, left: tuple[str, ...] = ()) -> int | None:
        """The variable of a document of `element` resting soundly on one of `before`, an earlier element of the line;
        none where it cannot. Both are taken to be credited, as far as no decision makes that needless. `left`: elements
        between the two that are left out; who has documents of theirs may rest on them."""
        key = (before, ground, element, document, left)
        if key not in self._links:
            ways = [self._way(conditions) for conditions in (*self._ways(*key[:4]), *self._over(*key[1:]))]
            always = self.chains.always in ways
            self._links[key] = self.chains.always if always else self.program.any(ways) if ways else None
        return self._links[key]

    def _way(self, conditions: Sequence[Condition]) -> int:
        if not conditions:
            return self.chains.always
        variable = self.program.variable()
        for condition in conditions:
            self._require(variable, condition)
        return variable

    def _ways(self, before: str, ground: str, element: str, document: str) -> Iterator[list[Condition]]:
        """For each way of resting on the ground what must be so."""
        asked = self.repairs.expected.elements[element]
        both: list[Condition] = []
        if self.chains.settled(before):  # a link inside a whole is one of credited documents
            credited = self.chains.credit(ground, before)
            both = [([] if credited is None else [credited], [])]
        if ground == document:
            yield both if before in asked.follows else []
        elif ground in self.repairs.joined.get(document, ()) and before in (*asked.follows, *asked.may_rest_on):
            yield both
        if ground != document:
            referring = self._refers(element, ground, document)
            if referring is not None:
                yield referring

    def _over(self, ground: str, element: str, document: str, left: tuple[str, ...]) -> Iterator[list[Condition]]:
        """For each way of resting on the ground by documents of stages left out what must be so. A new document needs
        none: it names the ground itself."""
        if document not in self.repairs.documents:
            return
        carried: list[tuple[str, str, list[Condition]]] = [(element, document, [])]
        for passed in reversed(left):
            for of, resting, conditions in list(carried):
                for between in (d for d in self.repairs.weighed.serving(passed) if d not in (document, resting)):
                    referring = self._refers(of, between, resting)
                    if referring is not None:
                        carried.append((passed, between, [*conditions, *referring]))
        for of, between, conditions in carried[1:]:
            last = [] if between == ground else self._refers(of, ground, between)
            if last is not None:
                yield [*conditions, *last]

    def _refers(self, element: str, ground: str, document: str) -> list[Condition] | None:
        """What must be so for a document to name a ground that is not dated after it; none where it cannot."""
        cited = self._cited(element, ground, document)
        return None if cited is None else [*cited, *self._order(ground, document)]

    def _cited(self, element: str, ground: str, document: str) -> list[Condition] | None:
        """What must be so for a document, or another part of the same whole, to name a ground; none where it cannot. A
        new document names whatever it rests on."""
        if document not in self.repairs.documents or ground in self.repairs.evidence.rests.get(document, ()):
            return []
        if not self.repairs.may_change(element):
            return None
        citing = [d for d in (document, *self.repairs.joined.get(document, ())) if d != ground]
        cites = (self.chains.repair(Repair(d, RepairKind.CITE, ground)) for d in citing)
        found = [v for v in cites if v is not None]
        return [(found, [])] if found else None

    def _order(self, ground: str, document: str) -> list[Condition]:
        """Conditions that rule out the ways of dating the two in which they are not in order. A day of one of them that
        is in order with none of the other is ruled out alone, which leaves less between whole numbers."""
        datings, grounds = self._datings(document), self._datings(ground)
        wrong = [(d, g) for d, g in product(datings, grounds) if not self.repairs.days.in_order(d[0], g[0])]
        never = [d for d in datings if all((d, g) in wrong for g in grounds)]
        unfit = [g for g in grounds if all((d, g) in wrong for d in datings)]
        both = [(d, g) for d, g in wrong if d not in never and g not in unfit]
        return [
            *(condition for _, condition in (*never, *unfit)),
            *(([*d[0], *g[0]], [*d[1], *g[1]]) for (_, d), (_, g) in both),
        ]

    def _datings(self, document: str) -> list[tuple[Dated, Condition]]:
        """The ways in which a document may come to its day, each with what must be so for it not to be dated so."""
        if document not in self.repairs.documents:
            return [(LATE, ([], []))]
        datings: list[tuple[Dated, Condition]] = []
        nearer: list[int] = []
        """repairs that date the document before this one is asked for its day"""
        for giving in self.repairs.days.dated_by(document):
            own = self.chains.repair(Repair(giving, RepairKind.DATE))
            late = self.chains.repair(Repair(giving, RepairKind.REISSUE))
            anew = [] if late is None else [late]
            datings += [(LATE, (list(nearer), [late]))] if late is not None else []
            if own is not None:
                datings.append((Dated(self.repairs.days.own_day(giving)), ([*nearer, *anew], [own])))
            nearer += [*anew, *([] if own is None else [own])]
        return [*datings, (Dated(self.repairs.requisites.date(self.repairs.documents[document])), (nearer, []))]

    def _require(self, variable: int, condition: Condition) -> None:
        """Where `variable` is 1, one of the first variables is 1 or one of the second is 0."""
        ones, zeros = condition
        if set(ones) & set(zeros):
            return
        unlike = dict.fromkeys(zeros, 1)
        self.program.at_most({variable: 1, **dict.fromkeys(ones, -1), **unlike}, len(unlike))
