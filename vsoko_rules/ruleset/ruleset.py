"""A ruleset that was read and checked, and what it expects of one kind of school."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations, count
from pathlib import Path
from typing import Final

import networkx as nx

from vsoko_rules.engine.compiler import compile_rule
from vsoko_rules.engine.language import Fact, Given, Program
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.ruleset.content import Indicator, RulesetFile
from vsoko_rules.ruleset.cue_files import load_cues
from vsoko_rules.ruleset.cues import CueFile
from vsoko_rules.ruleset.merge import MergedSource
from vsoko_rules.ruleset.model import (
    Advice,
    Block,
    Condition,
    Count,
    EducationLevel,
    Element,
    Grade,
    Origin,
    Requirement,
    Stage,
    Wording,
)

KindOfSchool = tuple[frozenset[EducationLevel], frozenset[tuple[str, bool]]]
"""levels taught, and for each stated count whether it is above zero"""


@dataclass(frozen=True, slots=True)
class LineSpec:
    """One expected path of elements, one for each component stage, from a goal to the order."""

    id: str
    block: str
    elements: tuple[str, ...]


class Ruleset:
    """The knowledge by which a case is assessed. Built by `vsoko_rules.ruleset.load`."""

    def __init__(self, content: RulesetFile, source: MergedSource, folders: tuple[Path, ...]) -> None:
        self.content = content
        self.source = source
        self.folders = folders
        self.id = content.id or ""
        self.version = content.version or ""
        self.title = content.title or ""
        self.label = content.label
        self.sha256 = source.sha256
        self.stages: Mapping[str, Stage] = {s.id: s for s in content.stages}
        self.components: tuple[str, ...] = tuple(s.id for s in content.stages if s.component)
        self.blocks: Mapping[str, Block] = {b.id: b for b in content.blocks}
        self.elements: Mapping[str, Element] = {e.id: e for e in content.elements}
        self.aliases: Mapping[str, str] = {alias: e.id for e in content.elements for alias in e.aliases}
        self.requirements = {r.id: r for r in content.requirements}
        self.position = {code: number for number, code in enumerate(self.requirements)}
        """the place of each requirement in the order of the ruleset"""
        self.addressees = {a.id: a for a in content.addressees}
        self.document_kinds = {k.id: k for k in content.kinds}
        self.passed_over = tuple(self.aliases.get(e.id, e.id) for e in content.step_over)
        """elements that the ruleset does not ask for: lines step over their stage"""
        self.counts = {c.id: c for c in content.counts}
        self.remarks = {r.id: r for r in content.remarks}
        self.requirement_aliases = {alias: r.id for r in content.requirements for alias in r.aliases}
        self.rules = {r.id: r for r in content.rules}
        self.rule_aliases = {alias: r.id for r in content.rules for alias in r.aliases}
        self.wordings: Mapping[str, Wording] = {r.id: w for r in content.rules if (w := r.wording) is not None}
        """for each rule that has texts, what is said of its fault"""
        self.advice: Mapping[tuple[str, str], Advice] = {(a.block, a.stage): a for a in content.advice}
        self.sources = {s.id: s for s in content.sources}
        self.levels = content.levels
        self.findings = {f.id: f for f in content.findings}
        self.indicators: Mapping[str, Indicator] = {i.id: i for i in content.indicators}
        self.indicator_aliases: Mapping[str, str] = {alias: i.id for i in content.indicators for alias in i.aliases}
        self.renamed: Mapping[str, Mapping[str, str]] = {
            "element": self.aliases,
            "indicator": self.indicator_aliases,
            "content": self.requirement_aliases,
        }
        """for columns of facts: the present code by each former one"""
        self._expectations: dict[KindOfSchool, Expectation] = {}
        self._kinds_stated: dict[str, str | None] = {}

    def year_begins(self, year: int) -> date | None:
        """The first day of the school year that begins in `year`; none where the ruleset does not say."""
        begins = self.content.year
        return date.fromisoformat(f"{year}-{begins.begins}") if begins is not None else None

    def may_begin_until(self, year: int) -> date | None:
        """Until when the cycle of the school year that begins in `year` can be begun; none where nothing says so."""
        joins = self.content.year.joins if self.content.year is not None else None
        return date.fromisoformat(f"{year + 1}-{joins}") if joins is not None else None

    def usual_study(self, year: int) -> tuple[date, date]:
        """The first and the last day of a study of `year`, for who states none: the calendar year where the ruleset
        knows no school year."""
        known = self.content.year
        if known is None:
            return date(year, 1, 1), date(year, 12, 31)
        if known.closes is None:
            last = date.fromisoformat(f"{year}-{known.begins}") - timedelta(days=1)
        else:
            last = date.fromisoformat(f"{year}-{known.closes}")
        return date.fromisoformat(f"{year - 1}-{known.opens}"), last

    def calendar_of(self, year: int) -> Mapping[str, date]:
        """By when the documents of each stage are issued in the school year that begins in `year`."""
        return {d.stage: date.fromisoformat(f"{year + d.following}-{d.due}") for d in self.content.calendar}

    def counts_of(self, levels: Collection[EducationLevel]) -> list[Count]:
        """The numbers that a school with these levels states of itself."""
        return [c for c in self.counts.values() if not c.levels or set(c.levels) & set(levels)]

    def mended_by(self, stage: str | None) -> str | None:
        """The addressee who acts on what is missing or wrong at a stage, or at none; none where nobody is named."""
        named = self.stages[stage].mended_by if stage is not None else None
        return named or self.content.mended_by

    @cached_property
    def cues(self) -> CueFile:
        """By what intake recognises documents, without what the ruleset leaves out. Raises `RulesetError` when the
        files of cues cannot be read."""
        known = {
            "kinds": self.document_kinds.keys() | {None},
            "requirements": self.requirements.keys() | {None},
            "addressees": self.addressees.keys() | {None},
            "elements": self.elements.keys(),
            "blocks": self.blocks.keys(),
            "stages": self.stages.keys(),
        }
        return load_cues(self.source).only(known)

    @cached_property
    def program(self) -> Program:
        """The rules, compiled. Every ruleset that loads has rules that compile."""
        rules = (compile_rule(SCHEMA, r.id, r.when, r.where, r.then) for r in self.rules.values())
        return Program(SCHEMA, tuple(rules))

    @cached_property
    def idle(self) -> frozenset[str]:
        """Rules about indicators in a ruleset without a list, or with a list of its own that may not use them all:
        nothing is wrong with them when they never fire."""
        if self.indicators and "indicators" not in self.content.replaces:
            return frozenset()
        schema = self.program.schema
        return frozenset(
            rule.id
            for rule in self.program.rules
            if any("indicator" in schema[p.relation].columns for p in (*rule.patterns, rule.head))
        )

    def kind_of(self, stated: str) -> str | None:
        """The kind of a document that a case calls `stated`: the one whose word stands first in it; none if unknown."""
        if stated not in self._kinds_stated:
            if len(self._kinds_stated) == _MOST_KINDS_STATED:
                self._kinds_stated.clear()
            first = self._kind_words.search(stated.casefold())
            kind = None if first is None else tuple(self.document_kinds)[(first.lastindex or 1) - 1]
            self._kinds_stated[stated] = kind
        return self._kinds_stated[stated]

    @cached_property
    def _kind_words(self) -> re.Pattern[str]:
        """Finds the first beginning of a word that tells a kind: one group a kind, in their order."""
        told = ["|".join(re.escape(word.casefold()) for word in kind.words) for kind in self.document_kinds.values()]
        return re.compile(r"\b(?:" + "|".join(f"({words})" for words in told) + ")" if told else r"(?!)")

    @cached_property
    def lines(self) -> tuple[LineSpec, ...]:
        """Every line of every block, in the order of the ruleset."""
        return lines(self.content, self.components)

    @cached_property
    def lines_of(self) -> Mapping[str, tuple[LineSpec, ...]]:
        """The lines of each block."""
        return {block: tuple(line for line in self.lines if line.block == block) for block in self.blocks}

    @cached_property
    def elements_of(self) -> Mapping[str, tuple[str, ...]]:
        """The elements of each block, in the order of the ruleset."""
        return {block: tuple(e.id for e in self.elements.values() if e.block == block) for block in self.blocks}

    @cached_property
    def items(self) -> Mapping[str, tuple[Element, ...]]:
        """For each block the elements that stand on no line."""
        on_lines = {element for line in self.lines for element in line.elements}
        aside = [e for e in self.elements.values() if e.id not in on_lines]
        return {block: tuple(e for e in aside if e.block == block) for block in self.blocks}

    def expects(self, levels: frozenset[EducationLevel], counts: Mapping[str, int]) -> Expectation:
        """What the ruleset expects of a school with these levels and counts (persons)."""
        kind = (levels, frozenset((name, number > 0) for name, number in counts.items()))
        expectation = self._expectations.get(kind)
        if expectation is None:
            expectation = self._expectations[kind] = Expectation(self, kind)
        return expectation

    def kinds(self) -> Iterator[Expectation]:
        """What is expected of schools of every kind: each set of levels, with all counts above zero or not stated, all
        at zero, and each alone at zero."""
        for levels, counts in _kinds(self):
            yield self.expects(levels, counts)


_MOST_KINDS_STATED: Final = 1000
"""words of cases whose kind is remembered: schools use the same ones again and again"""


def grade_of(requirement: Requirement, origin: Origin) -> Grade:
    """What the lack of a requirement does to a line: its own grade, or else that of who says it of the element."""
    return requirement.grade or (Grade.BREAKS if origin is Origin.SEED else Grade.REMARK)


def _kinds(ruleset: Ruleset) -> Iterator[tuple[frozenset[EducationLevel], dict[str, int]]]:
    levels = list(EducationLevel)
    subsets = (frozenset(c) for size in range(1, len(levels) + 1) for c in combinations(levels, size))
    counts = list(ruleset.counts)
    numbers: list[dict[str, int]] = [{}, dict.fromkeys(counts, 0), *({name: 0} for name in counts)]
    for taught in subsets:
        yield from ((taught, stated) for stated in numbers)


class Expectation:
    """A ruleset resolved for one kind of school: what applies, with its variants chosen."""

    def __init__(self, ruleset: Ruleset, kind: KindOfSchool) -> None:
        levels, counts = kind
        self.levels = levels
        self._counts = dict.fromkeys(ruleset.counts.keys() - {c.id for c in ruleset.counts_of(levels)}, False)
        self._counts |= dict(counts)
        resolved = {e.id: self._resolve(e, ruleset) for e in ruleset.elements.values() if self._applies(e.applies)}
        self.elements: Mapping[str, Element] = resolved
        """applicable elements; `requires` includes what the stage asks"""
        self.stages: Mapping[str, str] = {e.id: e.stage for e in resolved.values()}
        """the stage of each applicable element"""
        order = {stage: number for number, stage in enumerate(ruleset.components)}
        self.rank = {e: order[stage] for e, stage in self.stages.items() if stage in order}
        """the number of the stage of each element on a line, from 0"""
        self.inapplicable = tuple(e for e in ruleset.elements if e not in resolved)
        excluded = frozenset(self.inapplicable)
        self.lines = tuple(line for line in ruleset.lines if all(e in resolved for e in line.elements))
        self.line_ids = frozenset(line.id for line in self.lines)
        self.indicators: Mapping[str, Indicator] = {
            i.id: self._indicator(i)
            for i in ruleset.indicators.values()
            if self._applies(i.applies) and i.earned.element not in excluded
        }
        """applicable indicators: an indicator earned by an element applies only where the element does"""
        self.advice: Mapping[tuple[str, str], Advice] = {k: self._advice(a) for k, a in ruleset.advice.items()}
        """by block and stage, with what fits the school"""
        self._requirements = ruleset.requirements
        self.breaking = {e.id: self._of_grade(e, Grade.BREAKS) for e in resolved.values()}
        """for each element the requirements without which a document is not credited"""
        self.remarked = {e.id: self._of_grade(e, Grade.REMARK) for e in resolved.values()}
        """for each element the requirements without which there is a remark"""
        of_presence = frozenset(r.id for r in ruleset.requirements.values() if r.of_presence)
        self.presence = {e: required & of_presence for e, required in self.breaking.items()}
        """for each element the requirements without which there is no document at all"""
        self._stages = ruleset.stages
        self.given = Given(self._facts())

    def grade(self, element: Element, requirement: str) -> Grade:
        """What the lack of a requirement does to a line: the requirement's own grade, or else its origin's."""
        return grade_of(self._requirements[requirement], element.requires[requirement])

    def _of_grade(self, element: Element, grade: Grade) -> frozenset[str]:
        return frozenset(r for r in element.requires if self.grade(element, r) == grade)

    def _applies(self, condition: Condition) -> bool:
        return (
            (not condition.levels or any(level in self.levels for level in condition.levels))
            and not any(level in self.levels for level in condition.without_levels)
            and all(self._counts.get(name, True) for name in condition.counts)
            and (not condition.any_counts or any(self._counts.get(name, True) for name in condition.any_counts))
            and all(not self._counts.get(name, True) for name in condition.without_counts)
        )

    def _resolve(self, element: Element, ruleset: Ruleset) -> Element:
        of_stage = ruleset.stages[element.stage].requires if element.stage_requirements else {}
        requires: dict[str, Origin] = {**of_stage, **element.requires}
        changes: dict[str, object] = {}
        for variant in element.variants:
            if self._applies(variant.when):
                if variant.requires is not None:
                    requires = {**of_stage, **variant.requires}
                if variant.title is not None:
                    changes |= {"subject": None, "point": None}  # those of the element were made of its own title
                for field in ("title", "subject", "point", "kind", "addressees", "example", "note"):
                    if getattr(variant, field) is not None:
                        changes[field] = getattr(variant, field)
        return element.model_copy(update={**changes, "requires": requires})

    def _indicator(self, indicator: Indicator) -> Indicator:
        examples = [v.example for v in indicator.variants if self._applies(v.when)]
        return indicator.model_copy(update={"example": examples[-1]}) if examples else indicator

    def _advice(self, advice: Advice) -> Advice:
        fitting = (v for v in advice.variants if self._applies(v.when))
        changes = {f: text for v in fitting for f, text in v if f != "when" and text is not None}
        return advice.model_copy(update=changes) if changes else advice

    def _facts(self) -> list[Fact]:
        of = {name: relation.fact for name, relation in SCHEMA.items()}
        facts: list[Fact] = [of["school_level"](level.value) for level in self.levels]
        facts += [of["inapplicable"](e) for e in self.inapplicable]
        for e in self.elements.values():
            facts.append(of["element"](e.id, e.block, e.stage))
            facts += [
                of["requires"](e.id, code, self._requirements[code].given_by, self.grade(e, code).value)
                for code in e.requires
            ]
            facts += [of["takes"](e.id, kind) for kind in e.kinds or self._stages[e.stage].kinds]
            facts += [of["follows"](e.id, before) for before in (*e.follows, *e.may_rest_on) if before in self.elements]
            facts += [of["expects"](e.id, addressee) for addressee in e.addressees]
            if not e.addressees:
                facts.append(of["open_addressee"](e.id))
        for i in self.indicators.values():
            facts.append(of["needs"](i.id, i.earned.needs))
            facts += [of["way"](i.id, way) for way in i.earned.names]
            if i.earned.element is not None:
                facts.append(of["indicator_element"](i.id, i.earned.element))
            if i.earned.value is not None:
                facts.append(of["direction"](i.id, i.earned.value.direction.value))
        return facts


def expected_chain(content: RulesetFile) -> nx.DiGraph[str]:
    """The digraph of elements: an edge from each element to those that follow it."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(e.id for e in content.elements)
    graph.add_edges_from((before, e.id) for e in content.elements for before in e.follows)
    return graph


def lines(content: RulesetFile, components: tuple[str, ...]) -> tuple[LineSpec, ...]:
    """Every path of elements through all component stages. The graph must be free of cycles."""
    graph = expected_chain(content)
    stage = {e.id: e.stage for e in content.elements}
    block = {e.id: e.block for e in content.elements}
    rank = {e.id: number for e, number in zip(content.elements, count(), strict=False)}
    found: list[LineSpec] = []
    taken: set[str] = set()
    for goal in (e.id for e in content.elements if components and e.stage == components[0]):
        for path in sorted(_paths(graph, goal, stage, components), key=lambda p: [rank[e] for e in p]):
            found.append(LineSpec(_line_id(path, taken), block[goal], path))
            taken.add(found[-1].id)
    return tuple(found)


def _paths(
    graph: nx.DiGraph[str], start: str, stage: Mapping[str, str], components: tuple[str, ...]
) -> list[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = [(start,)]
    for component in components[1:]:
        paths = [(*p, after) for p in paths for after in graph.successors(p[-1]) if stage[after] == component]
    return paths


def _line_id(path: tuple[str, ...], taken: set[str]) -> str:
    """The goal and as many further elements as tell the line from the others: `B4-G03-M04`."""
    suffixes = [element.split("-", 1)[-1] for element in path[1:]]
    names = ("-".join([path[0], *suffixes[:n]]) for n in range(1, len(path)))
    return next((name for name in names if name not in taken), "-".join([path[0], *suffixes]))
