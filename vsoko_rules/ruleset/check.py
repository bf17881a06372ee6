"""What the entries of a ruleset say of one another: faults that keep it from being used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final, get_args

import networkx as nx
from pydantic import BaseModel

from vsoko_rules.engine.compiler import Fault, Refused, compile_rule
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.errors import Problem, did_you_mean, nearest
from vsoko_rules.ruleset.content import Direction, RulesetFile, Ways
from vsoko_rules.ruleset.lines import expected_chain
from vsoko_rules.ruleset.merged_source import MergedSource
from vsoko_rules.ruleset.model import FindingGrade
from vsoko_rules.ruleset.requirements import DocumentField, Rule

Path = tuple[str | int, ...]

_WHOLE = 100
"""percent"""


def faults(content: RulesetFile, source: MergedSource) -> list[Problem]:
    """Everything that keeps the ruleset from being used, each with its place. Empty for a sound ruleset."""
    return [
        *_heads(content, source),
        *_references(content, source),
        *_single(content, source),
        *_counts(content, source),
        *_ranges(content, source),
        *_days(content, source),
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


NAMED: Final = {
    "blocks": ("блока", "elements.block indicators.block advice.block"),
    "stages": ("звена", "elements.stage indicators.stage advice.stage cycle.apart calendar.stage"),
    "elements": (
        "элемента",
        "elements.follows elements.may_rest_on indicators.earned.element levels.needs levels.by_indicators.needs",
    ),
    "requirements": ("требования", "stages.requires elements.requires elements.variants.requires"),
    "addressees": ("адресата", "elements.addressees elements.variants.addressees stages.mended_by mended_by"),
    "kinds": ("вида документа", "stages.kinds elements.kinds"),
    "counts": (
        "числа",
        """elements.applies.counts elements.applies.any_counts elements.applies.without_counts
        elements.variants.when.counts elements.variants.when.any_counts elements.variants.when.without_counts
        advice.variants.when.counts advice.variants.when.any_counts advice.variants.when.without_counts
        indicators.variants.when.counts indicators.variants.when.any_counts indicators.variants.when.without_counts
        indicators.applies.counts indicators.applies.any_counts indicators.applies.without_counts""",
    ),
    "sources": (
        "источника",
        """stages.sources blocks.sources requirements.sources requirements.open_addressee.sources elements.sources
        elements.variants.sources rules.sources advice.sources levels.sources indicators.sources findings.sources
        cycle.sources indicator_scoring.sources samples.sources year.sources calendar.sources formal.sources
        text_quality.sources""",
    ),
}
"""for each list what its entries are called, and the keys of other entries that name them"""


def _references(content: RulesetFile, source: MergedSource) -> Iterator[Problem]:
    """Ids that entries name must exist."""
    for among, (what, keys) in NAMED.items():
        known = [entry.id for entry in getattr(content, among)]
        for path, name in (named for key in keys.split() for named in _values(content, key.split("."))):
            if name not in known:
                hint = did_you_mean(name, known)
                yield Problem(source.place(path), f"{what} с таким кодом нет", name, f"код {what} из методики", hint)


def _values(entry: BaseModel, keys: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """The codes under a key of an entry, or of entries inside it, each with its path."""
    key, *rest = keys
    value = getattr(entry, key)
    for at, inner in enumerate(value) if isinstance(value, tuple) else [(None, value)]:
        path: Path = (key,) if at is None else (key, at)
        if isinstance(inner, BaseModel):
            yield from ((path + deeper, name) for deeper, name in _values(inner, rest))
        elif isinstance(inner, Mapping):
            yield from (((key, name), name) for name in inner)
        elif inner is not None:
            yield path, inner


def _single(content: RulesetFile, source: MergedSource) -> Iterator[Problem]:
    """What an entry says by itself and no model can hold."""
    blocks = {e.id: e.block for e in content.elements}
    for n, e in enumerate(content.elements):
        for m, before in enumerate(e.follows):
            if blocks.get(before, e.block) != e.block:
                place = source.place(("elements", n, "follows", m))
                yield Problem(place, "элемент другого блока", before, f"элемент блока {e.block}")
    for n, left in enumerate(content.step_over):
        if left.id not in blocks and not any(left.id in e.aliases for e in content.elements):
            place = source.place(("step_over", n, "id"))
            yield Problem(
                place, "элемента с таким кодом нет", left.id, "код элемента из методики", did_you_mean(left.id, blocks)
            )
    for n, i in enumerate(content.indicators):
        if not i.earned.names:
            place = source.place(("indicators", n, "earned"))
            yield Problem(place, "показатель ничем нельзя заслужить", i.id, "element, value или mark")


def _counts(content: RulesetFile, source: MergedSource) -> Iterator[Problem]:
    """The number of indicators of a block is stated apart, so that a lost row never passes unnoticed."""
    blocks = {b.id for b in content.blocks}
    for block, stated in content.indicator_counts.items():
        place = source.place(("indicator_counts", block))
        listed = sum(i.block == block for i in content.indicators)
        if block not in blocks:
            yield Problem(place, "блока с таким кодом нет", block, "код блока из методики")
        elif listed != stated:
            yield Problem(place, f"в блоке {block} другое число показателей", str(listed), str(stated))


def _ranges(content: RulesetFile, source: MergedSource) -> Iterator[Problem]:
    """Numbers that must fit one another; the range of each by itself is a matter of the models."""
    scored = [n for n, block in enumerate(content.blocks) if not block.frame]
    if scored and not any(content.blocks[n].weight for n in scored):
        path = ("blocks", scored[0], "weight")
        yield Problem(source.place(path), "вес всех блоков нулевой", "0", "вес больше 0 хотя бы у одного блока")
    orders: list[tuple[str, object, tuple[str, ...]]] = [
        ("samples", content.samples, ("group", "approximate", "informative")),
        ("cycle", content.cycle, ("broken", "remarked", "complete")),
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


def _days(content: RulesetFile, source: MergedSource) -> Iterator[Problem]:
    """Days of the calendar are days of every year, and the chain is never asked to run backwards in it."""
    chain = [s.id for s in content.stages if s.component]
    latest: tuple[bool, str] = (False, "")
    for n, dated in sorted(enumerate(content.calendar), key=lambda pair: (*chain, pair[1].stage).index(pair[1].stage)):
        place = source.place(("calendar", n, "due"))
        if not _in_every_year(dated.due):
            yield Problem(place, "такого дня нет в каждом году", dated.due, "день вида ММ-ДД, например 09-15")
        elif dated.stage in chain and (dated.following, dated.due) < latest:
            yield Problem(place, "срок звена раньше срока звена перед ним", dated.due, f"не раньше {latest[1]}")
        elif dated.stage in chain:
            latest = (dated.following, dated.due)


def _in_every_year(day: str) -> bool:
    try:
        date.fromisoformat(f"2023-{day}")
    except ValueError:
        return False
    return True


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
        place = source.place(("levels", n))
        if worse[0] >= better[0]:
            yield Problem(place, "порог уровня не ниже порога лучшего уровня", str(worse[0]), f"меньше {better[0]}")
        elif worse[1] > better[1]:
            message = "порог уровня для каждого блока выше, чем у лучшего уровня"
            yield Problem(place, message, str(worse[1]), f"не больше {better[1]}")
    if thresholds and any(thresholds[-1]):
        place = source.place(("levels", len(thresholds) - 1))
        yield Problem(place, "последний уровень не охватывает всех остальных школ", str(thresholds[-1][0]), "порог 0")
