"""What the entries of a ruleset say of one another: faults that keep it from being used."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, get_args

import networkx as nx

from vsoko_rules.engine.compiler import Fault, Refused, compile_rule
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.errors import Problem, did_you_mean, nearest
from vsoko_rules.ruleset.content import RulesetFile
from vsoko_rules.ruleset.merge import MergedSource
from vsoko_rules.ruleset.model import Advice, DocumentField, Element, FindingGrade, Provenance, Rule
from vsoko_rules.ruleset.ruleset import expected_chain
from vsoko_rules.ruleset.scales import CycleScoring, Direction, Indicator, Ways

Path = tuple[str | int, ...]

_WHOLE = 100
"""percent"""


def faults(content: RulesetFile, source: MergedSource) -> list[Problem]:
    """Everything that keeps the ruleset from being used, each with its place. Empty for a sound ruleset."""
    return [
        *_heads(content, source),
        *_References(content, source).problems(),
        *_counts(content, source),
        *_ranges(content, source),
        *_aliases(content, source),
        *_rules(content, source),
        *_order(content, source),
    ]


def _heads(content: RulesetFile, source: MergedSource) -> Iterator[Problem]:
    needed: dict[str, object] = {"id": content.id, "version": content.version, "title": content.title}
    if not content.abstract:
        needed |= {"cycle": content.cycle, "levels": content.levels}
        if content.indicators or content.verdict_by == "indicators":
            needed |= {"indicator_scoring": content.indicator_scoring, "indicators": content.indicators}
    for key, value in needed.items():
        if not value:
            yield Problem(source.place(()), f"в методике не задано «{key}»")
    kinds = get_args(FindingGrade.model_fields["id"].annotation)
    for kind in sorted({*kinds} - {finding.id for finding in content.findings}) if not content.abstract else ():
        yield Problem(source.place(("findings",)), "не задано, насколько тяжелы замечания этого вида", expected=kind)


class _References:
    """Ids that entries name must exist."""

    def __init__(self, content: RulesetFile, source: MergedSource) -> None:
        self.content = content
        self.source = source
        self.stages = [s.id for s in content.stages]
        self.blocks = [b.id for b in content.blocks]
        self.requirements = [r.id for r in content.requirements]
        self.addressees = [a.id for a in content.addressees]
        self.kinds = [k.id for k in content.kinds]
        self.counts = [c.id for c in content.counts]
        self.elements = {e.id: e for e in content.elements}
        self.sources = {s.id for s in content.sources}

    def problems(self) -> Iterator[Problem]:
        yield from self.provenance()
        for n, stage in enumerate(self.content.stages):
            yield from self.known(stage.requires, self.requirements, "требование", ("stages", n, "requires"), keys=True)
            yield from self.known(stage.kinds, self.kinds, "вид документа", ("stages", n, "kinds"))
        for n, element in enumerate(self.content.elements):
            yield from self.element(element, ("elements", n))
        for n, advice in enumerate(self.content.advice):
            yield from self.advice(advice, ("advice", n))
        for n, indicator in enumerate(self.content.indicators):
            yield from self.indicator(indicator, ("indicators", n))
        known = {*self.elements, *(alias for e in self.content.elements for alias in e.aliases)}
        for n, left in enumerate(self.content.step_over):
            yield from self.one(left.id, known, "элемент", ("step_over", n, "id"))
        for n, level in enumerate(self.content.levels):
            asked: dict[tuple[str, ...], tuple[str, ...]] = {("needs",): level.needs}
            if level.by_indicators is not None:
                asked["by_indicators", "needs"] = level.by_indicators.needs
            for path, needs in asked.items():
                yield from self.known(needs, self.elements, "элемент", ("levels", n, *path))
        if self.content.cycle is not None:
            yield from self.known(self.content.cycle.apart, self.stages, "звено", ("cycle", "apart"))
            yield from self.scale(self.content.cycle)

    def scale(self, cycle: CycleScoring) -> Iterator[Problem]:
        """Completing a line never costs points: complete ≥ remarked ≥ broken."""
        ordered = (("remarked", cycle.remarked, cycle.complete), ("broken", cycle.broken, cycle.remarked))
        for name, worse, better in ordered:
            if worse > better:
                place = self.source.place(("cycle", name))
                yield Problem(place, "линия хуже стоит больше, чем линия лучше", str(worse), f"не больше {better}")

    def known(
        self, named: Collection[str], among: Collection[str], what: str, path: Path, keys: bool = False
    ) -> Iterator[Problem]:
        for n, name in enumerate(named):
            if name not in among:
                hint = did_you_mean(name, list(among))
                place = self.source.place((*path, name if keys else n))
                yield Problem(place, f"неизвестно: {what}", name, "код, заданный в методике", hint)

    def one(self, name: str, among: Collection[str], what: str, path: Path) -> Iterator[Problem]:
        for problem in self.known([name], among, what, path):
            yield Problem(self.source.place(path), problem.message, name, problem.expected, problem.hint)

    def element(self, e: Element, path: Path) -> Iterator[Problem]:
        yield from self.one(e.block, self.blocks, "блок", (*path, "block"))
        yield from self.one(e.stage, self.stages, "звено", (*path, "stage"))
        yield from self.known(e.requires, self.requirements, "требование", (*path, "requires"), keys=True)
        yield from self.known(e.kinds, self.kinds, "вид документа", (*path, "kinds"))
        yield from self.known(e.addressees, self.addressees, "адресат", (*path, "addressees"))
        yield from self.known(e.follows, self.elements, "элемент", (*path, "follows"))
        yield from self.known(e.may_rest_on, self.elements, "элемент", (*path, "may_rest_on"))
        for condition in (e.applies, *(v.when for v in e.variants)):
            named = (*condition.counts, *condition.any_counts, *condition.without_counts)
            yield from self.known(named, self.counts, "число", (*path, "applies"))
        for n, variant in enumerate(e.variants):
            where = (*path, "variants", n)
            yield from self.known(
                variant.requires or (), self.requirements, "требование", (*where, "requires"), keys=True
            )
            yield from self.known(variant.addressees or (), self.addressees, "адресат", (*where, "addressees"))
        for n, before in enumerate(e.follows):
            if before in self.elements and self.elements[before].block != e.block:
                yield Problem(
                    self.source.place((*path, "follows", n)),
                    "элемент другого блока",
                    before,
                    f"элемент блока {e.block}",
                )

    def indicator(self, i: Indicator, path: Path) -> Iterator[Problem]:
        yield from self.one(i.block, self.blocks, "блок", (*path, "block"))
        yield from self.one(i.stage, self.stages, "звено", (*path, "stage"))
        counts = (*i.applies.counts, *i.applies.any_counts, *i.applies.without_counts)
        yield from self.known(counts, self.counts, "число", (*path, "applies"))
        if i.earned.element is not None:
            yield from self.one(i.earned.element, self.elements, "элемент", (*path, "earned", "element"))
        if not i.earned.names:
            place = self.source.place((*path, "earned"))
            yield Problem(place, "показатель ничем нельзя заслужить", i.id, "element, value или mark")

    def advice(self, a: Advice, path: Path) -> Iterator[Problem]:
        yield from self.one(a.block, self.blocks, "блок", (*path, "block"))
        yield from self.one(a.stage, self.stages, "звено", (*path, "stage"))

    def provenance(self) -> Iterator[Problem]:
        content = self.content
        entries: Mapping[str, Sequence[Provenance]] = {
            "stages": content.stages,
            "blocks": content.blocks,
            "requirements": content.requirements,
            "elements": content.elements,
            "rules": content.rules,
            "advice": content.advice,
            "levels": content.levels,
            "indicators": content.indicators,
        }
        for key, listed in entries.items():
            for n, entry in enumerate(listed):
                yield from self.known(entry.sources, self.sources, "источник", (key, n, "sources"))
        for n, element in enumerate(content.elements):
            for m, variant in enumerate(element.variants):
                yield from self.known(
                    variant.sources, self.sources, "источник", ("elements", n, "variants", m, "sources")
                )
        if content.cycle is not None:
            yield from self.known(content.cycle.sources, self.sources, "источник", ("cycle", "sources"))


def _counts(content: RulesetFile, source: MergedSource) -> Iterator[Problem]:
    """The number of indicators of a block is stated apart, so that a lost row never passes unnoticed."""
    blocks = {b.id for b in content.blocks}
    for block, stated in content.indicator_counts.items():
        place = source.place(("indicator_counts", block))
        found = sum(i.block == block for i in content.indicators)
        if block not in blocks:
            yield Problem(place, "неизвестно: блок", block, "код блока, заданный в методике")
        elif found != stated:
            yield Problem(place, f"в блоке {block} другое число показателей", str(found), str(stated))


def _ranges(content: RulesetFile, source: MergedSource) -> Iterator[Problem]:
    """Numbers that must fit one another; the range of each by itself is a matter of the models."""
    scored = [n for n, block in enumerate(content.blocks) if not block.frame]
    if scored and not any(content.blocks[n].weight for n in scored):
        path = ("blocks", scored[0], "weight")
        yield Problem(source.place(path), "вес всех блоков нулевой", "0", "вес больше 0 хотя бы у одного блока")
    orders: list[tuple[str, object, tuple[str, ...]]] = [
        ("samples", content.samples, ("group", "approximate", "informative")),
    ]
    for part, entry, keys in orders:
        for less, more in pairwise(keys) if entry is not None else ():
            if getattr(entry, less) > getattr(entry, more):
                expected = f"не больше, чем {more} ({getattr(entry, more)})"
                yield Problem(source.place((part, less)), "число вне шкалы", str(getattr(entry, less)), expected)
    for n, indicator in enumerate(content.indicators):
        goal = indicator.earned.value.target if indicator.earned.value is not None else None
        if goal is not None and (goal < 0 or (indicator.unit == "%" and goal > _WHOLE)):
            expected = f"от 0 до {_WHOLE}" if indicator.unit == "%" else "не меньше 0"
            yield Problem(
                source.place(("indicators", n, "earned", "value", "target")), "цель вне шкалы", str(goal), expected
            )


def _aliases(content: RulesetFile, source: MergedSource) -> Iterator[Problem]:
    """A former code leads to one entry. A rule that gave way to a requirement is among its former codes, so rules and
    requirements share theirs."""
    for parts in (("elements",), ("indicators",), ("rules", "requirements")):
        entries = [(part, n, entry) for part in parts for n, entry in enumerate(getattr(content, part))]
        owners: dict[str, Path] = {entry.id: (part, n) for part, n, entry in reversed(entries)}
        for part, n, entry in entries:
            for m, alias in enumerate(entry.aliases):
                if (owner := owners.setdefault(alias, (part, n, "aliases", m))) != (part, n, "aliases", m):
                    expected = f"код, которым больше никто не назван; он уже есть — {source.place(owner)}"
                    yield Problem(
                        source.place((part, n, "aliases", m)), "прежний код принадлежит другой записи", alias, expected
                    )


def _rules(content: RulesetFile, source: MergedSource) -> Iterator[Problem]:
    codes = codes_of(content)
    for n, rule in enumerate(content.rules):
        yield from _texts(rule, ("rules", n), source)
        try:
            compile_rule(SCHEMA, rule.id, rule.when, rule.where, rule.then)
        except Refused as refused:
            yield from (_rule_problem(source, n, rule.id, fault) for fault in refused.faults)
            continue
        for path, column, value in _constants(rule):
            if column in codes and value not in codes[column]:
                close = nearest(value, codes[column])
                expected = f"код из методики, например «{close}»" if close else "код из методики"
                yield _rule_problem(source, n, rule.id, Fault(path, "неизвестный код", value, expected))


def _texts(rule: Rule, path: Path, source: MergedSource) -> Iterator[Problem]:
    """A rule that finds a requirement met says nothing of its own: its words are those of the requirement."""
    texts = {key: getattr(rule, key) for key in ("fault", "severity", "why", "mend", "example")}
    if "meets" in rule.then:
        for key in (key for key, text in texts.items() if text is not None):
            expected = f"«{key}» у самого требования"
            yield Problem(source.key_place((*path, key)), "правило о требовании не имеет своих слов", key, expected)
        return
    for key in (key for key, text in texts.items() if text is None and key != "fault"):
        yield Problem(source.place(path), f"в правиле «{rule.id}» не задано «{key}»")


def codes_of(content: RulesetFile) -> dict[str, set[str]]:
    """For each column of the vocabulary that holds codes of the ruleset, the codes there are."""
    requirements = {r.id for r in content.requirements}
    return {
        "element": {e.id for e in content.elements},
        "before": {e.id for e in content.elements},
        "block": {b.id for b in content.blocks},
        "stage": {s.id for s in content.stages},
        "requirement": requirements,
        "content": requirements,
        "field": set(get_args(DocumentField)),
        "addressee": {a.id for a in content.addressees},
        "remark": {r.id for r in content.remarks},
        "way": set(Ways.model_fields),
        "how": set(get_args(Ways.model_fields["needs"].annotation)),
        "direction": {direction.value for direction in Direction},
    }


def _constants(rule: Rule) -> Iterator[tuple[Path, str, str]]:
    """Every constant of a rule with its path and column. The rule compiles, so its shape is sound."""
    patterns: list[tuple[Path, Mapping[str, Any]]] = [(("then",), rule.then)]
    for n, entry in enumerate(rule.when):
        parts = [("when", n, key) for key in ("every", "has")] if "every" in entry else [("when", n)]
        patterns += [(path, entry[path[2]] if len(path) == 3 else entry) for path in parts]
    for path, pattern in patterns:
        for relation, columns in pattern.items():
            for column, value in columns.items():
                if isinstance(value, str) and not value.startswith("$"):
                    yield (*path, relation, column), column, value


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
    for n, (better, worse) in enumerate(pairwise(thresholds), 1):
        if worse[0] >= better[0] or worse[1] > better[1]:
            place = source.place(("levels", n))
            yield Problem(place, "порог уровня не ниже порога лучшего уровня", str(worse[0]), f"меньше {better[0]}")
    if thresholds and any(thresholds[-1]):
        place = source.place(("levels", len(thresholds) - 1))
        yield Problem(place, "последний уровень не охватывает всех остальных школ", str(thresholds[-1][0]), "порог 0")
