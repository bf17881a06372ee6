"""What the entries of a ruleset say of one another: faults that keep it from being used."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator

import networkx as nx

from vsoko_rules.engine.language import Fault, Refused, compile_rule
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.errors import Problem
from vsoko_rules.ruleset.merge import MergedSource
from vsoko_rules.ruleset.model import Advice, Block, CycleScoring, Element, Level, RulesetFile, Stage
from vsoko_rules.ruleset.ruleset import expected_chain

Path = tuple[str | int, ...]


def faults(content: RulesetFile, source: MergedSource) -> list[Problem]:
    """Everything that keeps the ruleset from being used, each with its place. Empty for a sound ruleset."""
    return [*_heads(content, source), *_References(content, source).problems(), *_rules(content, source), *_order(content, source)]


def _heads(content: RulesetFile, source: MergedSource) -> Iterator[Problem]:
    needed = {"id": content.id, "version": content.version, "title": content.title}
    if not content.abstract:
        needed |= {"cycle": content.cycle, "levels": content.levels}
    for key, value in needed.items():
        if not value:
            yield Problem(source.place(()), f"в методике не задано «{key}»")


class _References:
    """Ids that entries name must exist."""

    def __init__(self, content: RulesetFile, source: MergedSource) -> None:
        self.content = content
        self.source = source
        self.stages = [s.id for s in content.stages]
        self.blocks = [b.id for b in content.blocks]
        self.requirements = [r.id for r in content.requirements]
        self.addressees = [a.id for a in content.addressees]
        self.counts = [c.id for c in content.counts]
        self.elements = {e.id: e for e in content.elements}
        self.sources = {s.id for s in content.sources}

    def problems(self) -> Iterator[Problem]:
        yield from self.provenance()
        for n, stage in enumerate(self.content.stages):
            yield from self.known(stage.requires, self.requirements, "требование", ("stages", n, "requires"), keys=True)
        for n, element in enumerate(self.content.elements):
            yield from self.element(element, ("elements", n))
        for n, advice in enumerate(self.content.advice):
            yield from self.advice(advice, ("advice", n))
        if self.content.cycle is not None:
            yield from self.known(self.content.cycle.apart, self.stages, "звено", ("cycle", "apart"))

    def known(
        self, named: Collection[str], among: Collection[str], what: str, path: Path, keys: bool = False
    ) -> Iterator[Problem]:
        for n, name in enumerate(named):
            if name not in among:
                close = difflib.get_close_matches(name, list(among), n=1)
                hint = f"Возможно, имелось в виду «{close[0]}»." if close else None
                place = self.source.place((*path, name if keys else n))
                yield Problem(place, f"неизвестно: {what}", name, "код, заданный в методике", hint)

    def one(self, name: str, among: Collection[str], what: str, path: Path) -> Iterator[Problem]:
        for problem in self.known([name], among, what, path):
            yield Problem(self.source.place(path), problem.message, name, problem.expected, problem.hint)

    def element(self, e: Element, path: Path) -> Iterator[Problem]:
        yield from self.one(e.block, self.blocks, "блок", (*path, "block"))
        yield from self.one(e.stage, self.stages, "звено", (*path, "stage"))
        yield from self.known(e.requires, self.requirements, "требование", (*path, "requires"), keys=True)
        yield from self.known(e.addressees, self.addressees, "адресат", (*path, "addressees"))
        yield from self.known(e.follows, self.elements, "элемент", (*path, "follows"))
        yield from self.known(e.may_rest_on, self.elements, "элемент", (*path, "may_rest_on"))
        conditions = [("applies", e.applies), *((f"variants.{n}", v.when) for n, v in enumerate(e.variants))]
        for _, condition in conditions:
            yield from self.known((*condition.counts, *condition.without_counts), self.counts, "число", (*path, "applies"))
        for n, variant in enumerate(e.variants):
            where = (*path, "variants", n)
            yield from self.known(variant.requires or (), self.requirements, "требование", (*where, "requires"), keys=True)
            yield from self.known(variant.addressees or (), self.addressees, "адресат", (*where, "addressees"))
        for n, before in enumerate(e.follows):
            if before in self.elements and self.elements[before].block != e.block:
                yield Problem(self.source.place((*path, "follows", n)), "элемент другого блока", before, f"элемент блока {e.block}")
        if e.id in e.aliases or any(alias in self.elements for alias in e.aliases):
            yield Problem(self.source.place((*path, "aliases")), "прежний код совпадает с действующим", ", ".join(e.aliases))

    def advice(self, a: Advice, path: Path) -> Iterator[Problem]:
        yield from self.one(a.block, self.blocks, "блок", (*path, "block"))
        yield from self.one(a.stage, self.stages, "звено", (*path, "stage"))

    def provenance(self) -> Iterator[Problem]:
        lists: list[tuple[str, tuple[Stage | Element | Block | Advice | Level, ...]]] = [
            ("stages", self.content.stages),
            ("elements", self.content.elements),
            ("blocks", self.content.blocks),
            ("advice", self.content.advice),
            ("levels", self.content.levels),
        ]
        for key, entries in lists:
            for n, entry in enumerate(entries):
                yield from self.known(entry.sources, self.sources, "источник", (key, n, "sources"))
        for n, entry in enumerate(self.content.requirements):
            yield from self.known(entry.sources, self.sources, "источник", ("requirements", n, "sources"))
        for n, rule in enumerate(self.content.rules):
            yield from self.known(rule.sources, self.sources, "источник", ("rules", n, "sources"))
        scoring: CycleScoring | None = self.content.cycle
        if scoring is not None:
            yield from self.known(scoring.sources, self.sources, "источник", ("cycle", "sources"))


def _rules(content: RulesetFile, source: MergedSource) -> Iterator[Problem]:
    for n, rule in enumerate(content.rules):
        try:
            compile_rule(SCHEMA, rule.id, rule.when, rule.where, rule.then)
        except Refused as refused:
            yield from (_rule_problem(source, n, rule.id, fault) for fault in refused.faults)


def _rule_problem(source: MergedSource, number: int, rule: str, fault: Fault) -> Problem:
    place = source.place(("rules", number, *fault.path))
    return Problem(place, f"правило «{rule}»: {fault.message}", fault.found, fault.expected)


def _order(content: RulesetFile, source: MergedSource) -> Iterator[Problem]:
    number = {e.id: n for n, e in enumerate(content.elements)}
    graph = expected_chain(content)
    for circle in sorted(sorted(c) for c in nx.strongly_connected_components(graph)):
        if (len(circle) > 1 or graph.has_edge(circle[0], circle[0])) and circle[0] in number:
            place = source.place(("elements", number[circle[0]], "follows"))
            yield Problem(place, "элементы опираются друг на друга по кругу", " → ".join([*circle, circle[0]]))
    thresholds = [(level.at_least, level.each_block) for level in content.levels]
    for n, (better, worse) in enumerate(zip(thresholds, thresholds[1:], strict=False), 1):
        if worse[0] >= better[0] or worse[1] > better[1]:
            place = source.place(("levels", n))
            yield Problem(place, "порог уровня не ниже порога лучшего уровня", str(worse[0]), f"меньше {better[0]}")
    if thresholds and thresholds[-1] != (0, 0):
        place = source.place(("levels", len(thresholds) - 1))
        yield Problem(place, "последний уровень не охватывает всех остальных школ", str(thresholds[-1][0]), "порог 0")
