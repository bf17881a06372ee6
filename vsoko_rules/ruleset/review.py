"""What a methodist should look at in a ruleset that loads: dead rules, gaps, claims without a source.

`vsoko_rules.ruleset.check` finds what keeps a ruleset from being used; this finds what is probably a slip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from vsoko_rules.engine.language import CompiledRule, Filled, Pattern, Term, Variable
from vsoko_rules.errors import Place, Problem
from vsoko_rules.ruleset.model import Block, Element, Origin, Provenance
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.ruleset.versions import broken_promises


def review(ruleset: Ruleset) -> tuple[Problem, ...]:
    """Everything worth a methodist's look, each with its place, in the order of the files."""
    reviewer = _Review(ruleset)
    problems = [*reviewer.lines(), *reviewer.rules(), *reviewer.indicators()]
    problems += [*reviewer.advice(), *reviewer.subjects(), *reviewer.requirements(), *reviewer.provenance()]
    problems += broken_promises(ruleset)
    return tuple(sorted(problems, key=lambda p: (p.place.file, p.place.line or 0, p.message)))


class _Review:
    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.content = ruleset.content
        self.place = ruleset.source.place
        self.given = _all_given(ruleset)
        self.live = self._live()

    def lines(self) -> Iterator[Problem]:
        reached = {element for line in self.ruleset.lines for element in line.elements}
        for n, element in enumerate(self.content.elements):
            if element.stage in self.ruleset.components and element.stage_requirements and element.id not in reached:
                yield Problem(self.place(("elements", n)), "элемент не стоит ни на одной линии", element.id)
        for n, block in enumerate(self.content.blocks):
            if not block.frame and all(line.block != block.id for line in self.ruleset.lines):
                yield Problem(self.place(("blocks", n)), "в блоке нет ни одной полной линии", block.id)

    def _live(self) -> Mapping[str, CompiledRule]:
        """Rules that can fire at all: each condition can be met by the ruleset, by some case, or by a live rule."""
        live: dict[str, CompiledRule] = {}
        rules = self.ruleset.program.rules
        while True:
            more = [r for r in rules if r.id not in live and all(self._possible(p, live) for p in r.patterns)]
            if not more:
                return live
            live.update({rule.id: rule for rule in more})

    def _possible(self, pattern: Pattern, live: Mapping[str, CompiledRule]) -> bool:
        filled = self.ruleset.program.schema[pattern.relation].filled
        if filled is Filled.CASE:
            return True
        if filled is Filled.RULESET:
            return any(_fits(pattern, fact[1:]) for fact in self.given.get(pattern.relation, ()))
        heads = (rule.head for rule in live.values() if rule.head.relation == pattern.relation)
        return any(_fits(pattern, head.terms) for head in heads)

    def _own(self, place: Place) -> bool:
        """Whether something stands in the ruleset itself: what it inherits and does not use is no slip of its own."""
        return place.file in self.ruleset.source.own

    def rules(self) -> Iterator[Problem]:
        for n, rule in enumerate(self.content.rules):
            place = self.place(("rules", n))
            if self._own(place) and rule.id not in {*self.live, *self.ruleset.idle}:
                yield Problem(place, "правило не может сработать ни у одной школы", rule.id)

    def _creditable(self, element: str) -> bool:
        """Whether a document can meet every requirement of an element."""
        return self.meetable.issuperset(r.requirement for r in self.given.get("requires", ()) if r.element == element)

    @cached_property
    def meetable(self) -> frozenset[str]:
        """Requirements that some rule can find met."""
        return frozenset(
            code
            for rule in self.live.values()
            if rule.head.relation == "meets"
            for code in self._of(rule.head.terms[2])
            if all(self._possible(_narrowed(p, rule.head.terms[2], code), self.live) for p in rule.patterns)
        )

    def _of(self, requirement: Term) -> Iterable[str]:
        return self.ruleset.requirements if isinstance(requirement, Variable) else (str(requirement),)

    def indicators(self) -> Iterator[Problem]:
        ways = {
            term: rule.id
            for rule in self.ruleset.program.rules
            if rule.id in self.live and rule.head.relation == "earned_way"
            for term in rule.head.terms[1:]
            if not isinstance(term, Variable)
        }
        for n, indicator in enumerate(self.content.indicators):
            possible = [
                way in ways and (way != "element" or self._creditable(indicator.earned.element or ""))
                for way in indicator.earned.names
            ]
            if not (any(possible) if indicator.earned.needs == "any" else all(possible)):
                yield Problem(self.place(("indicators", n)), "показатель невозможно получить", indicator.id)

    def advice(self) -> Iterator[Problem]:
        """Advice is needed wherever a line can break."""
        places = dict.fromkeys(
            (line.block, self.ruleset.elements[e].stage) for line in self.ruleset.lines for e in line.elements
        )
        numbers = {(a.block, a.stage): n for n, a in enumerate(self.content.advice)}
        blocks = {b.id: n for n, b in enumerate(self.content.blocks)}
        for block, stage in places:
            given = self.ruleset.advice.get((block, stage))
            if given is None:
                yield Problem(self.place(("blocks", blocks[block])), f"в блоке {block} нет совета для звена «{stage}»")
                continue
            for kind in ("not_based", "dated_before") if stage != self.ruleset.components[0] else ():
                if getattr(given, kind) is None:
                    yield Problem(
                        self.place(("advice", numbers[block, stage])), f"в совете не сказано, что делать: {kind}"
                    )

    def subjects(self) -> Iterator[Problem]:
        """Drafts need a phrase in the right case; without it they quote the name."""
        elements = [e if e.stage in self.ruleset.components else None for e in self.content.elements]
        blocks = [None if b.frame else b for b in self.content.blocks]
        yield from self._subjects("elements", "title", elements, "о проведении мониторинга результатов ВПР")
        yield from self._subjects("blocks", "name", blocks, "по профориентационной работе")

    def _subjects(
        self, part: str, name: str, entries: Sequence[Element | Block | None], example: str
    ) -> Iterator[Problem]:
        for n, entry in enumerate(entries):
            place = self.place((part, n, name))
            if entry is not None and entry.subject is None and self._own(place):
                expected = f"ключ subject, например «{example}»"
                yield Problem(place, "заготовки документов возьмут название в кавычки", entry.id, expected)

    def requirements(self) -> Iterator[Problem]:
        used = {fact.requirement for fact in self.given.get("requires", ())}
        for n, requirement in enumerate(self.content.requirements):
            place = self.place(("requirements", n))
            if requirement.id in used and requirement.id not in self.meetable:
                yield Problem(place, "нет правила, которое засчитывает требование", requirement.id)
            elif requirement.id not in used and self._own(place):
                yield Problem(place, "требование нигде не используется", requirement.id)

    def provenance(self) -> Iterator[Problem]:
        content = self.content
        entries: Mapping[str, Sequence[Provenance]] = {
            "stages": content.stages,
            "blocks": content.blocks,
            "elements": content.elements,
            "rules": content.rules,
            "indicators": content.indicators,
        }
        for key, listed in entries.items():
            for n, entry in enumerate(listed):
                if entry.origin is not Origin.PROPOSED and not entry.sources:
                    yield Problem(self.place((key, n)), f"не назван источник утверждения «{entry.origin.value}»")
                if entry.origin is Origin.PUBLIC and not any(self._address(s) for s in entry.sources):
                    yield Problem(self.place((key, n)), "открытый источник назван без адреса", ", ".join(entry.sources))

    def _address(self, source: str) -> str | None:
        cited = self.ruleset.sources.get(source)
        return cited.address if cited is not None else None


def _narrowed(pattern: Pattern, term: Term, code: str) -> Pattern:
    return Pattern(pattern.relation, tuple(code if each == term else each for each in pattern.terms))


def _fits(pattern: Pattern, values: Sequence[object]) -> bool:
    return all(
        isinstance(term, Variable) or isinstance(value, Variable) or term == value
        for term, value in zip(pattern.terms, values, strict=True)
    )


def _all_given(ruleset: Ruleset) -> Mapping[str, list[Any]]:
    """What the ruleset can give to any school at all: every element and indicator with every variant."""
    grouped: dict[str, list[Any]] = {}
    for kind in ruleset.kinds():
        for relation, facts in kind.given.facts.items():
            grouped.setdefault(relation, []).extend(facts)
    return {relation: list(dict.fromkeys(facts)) for relation, facts in grouped.items()}
