"""A ruleset that was read and checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Final

from vsoko_rules.engine.compiler import compile_rule
from vsoko_rules.engine.language import Program
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.errors import Place, Problem, RulesetError
from vsoko_rules.ruleset.content import Indicator, RulesetFile
from vsoko_rules.ruleset.cue_files import load_cues
from vsoko_rules.ruleset.cues import CueFile
from vsoko_rules.ruleset.expectation import Expectation, KindOfSchool
from vsoko_rules.ruleset.lines import LineSpec, lines
from vsoko_rules.ruleset.merged_source import MergedSource
from vsoko_rules.ruleset.model import Advice, Block, Count, EducationLevel, Element, Stage
from vsoko_rules.ruleset.requirements import Wording
from vsoko_rules.ruleset.text_quality import TextQuality


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

    def usual_year(self, today: date) -> int:
        """The year of the study to whose usual period a day belongs, for who states none: of two, the earlier."""
        return today.year if today <= self.usual_study(today.year)[1] else today.year + 1

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
    def all_cues(self) -> CueFile:
        """What the files of cues of the ruleset and its parents say. Raises `RulesetError` when they cannot be read."""
        return load_cues(self.source)

    @cached_property
    def cues(self) -> CueFile:
        """By what intake recognises documents, without what the ruleset leaves out. Raises as `all_cues`."""
        known = {
            "kinds": self.document_kinds.keys() | {None},
            "requirements": self.requirements.keys() | {None},
            "addressees": self.addressees.keys() | {None},
            "elements": self.elements.keys(),
            "blocks": self.blocks.keys(),
            "stages": self.stages.keys(),
        }
        return self.all_cues.only(known)

    @property
    def text_quality(self) -> TextQuality:
        """By which numbers the text of a file is believed. Raises `RulesetError` where the ruleset does not say."""
        quality = self.content.text_quality
        if quality is None:
            message = "методика не знает, какому тексту можно верить"
            raise RulesetError([Problem(Place(self.id), message, expected="раздел text_quality")])
        return quality

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


def _kinds(ruleset: Ruleset) -> Iterator[tuple[frozenset[EducationLevel], dict[str, int]]]:
    levels = list(EducationLevel)
    subsets = (frozenset(c) for size in range(1, len(levels) + 1) for c in combinations(levels, size))
    counts = list(ruleset.counts)
    numbers: list[dict[str, int]] = [{}, dict.fromkeys(counts, 0), *({name: 0} for name in counts)]
    for taught in subsets:
        yield from ((taught, stated) for stated in numbers)
