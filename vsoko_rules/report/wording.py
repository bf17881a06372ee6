"""From codes to words: points and levels, what an assessment names, and facts said in Russian.

How facts are said stands in `reports/explain/facts.j2`, one macro a relation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from vsoko_rules.advice.explain import Compared
from vsoko_rules.case.records import Claim, Document
from vsoko_rules.engine.language import Fact
from vsoko_rules.engine.vocabulary import PARTS
from vsoko_rules.report.terms import (
    AdviceView,
    Basis,
    CitedSource,
    DocumentView,
    ElementView,
    EvidenceView,
    ExactScore,
    LineName,
    RequirementView,
    RuleView,
    ScoreView,
    StageView,
)
from vsoko_rules.ruleset.model import Element, Origin, Provenance, Rule
from vsoko_rules.templates import plain, shared
from vsoko_rules.verdict.assessment import Assessment, BlockResult
from vsoko_rules.verdict.chain import Break, BreakKind
from vsoko_rules.verdict.scoring import Bounds, Tally, Verdict
from vsoko_rules.words import day, effort, exact, percent, say, words


def web_address(address: str | None) -> str | None:
    """`address` where it is an http or https address that may become a link; else none."""
    if address is None or any(ch.isspace() or not ch.isprintable() for ch in address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def points(bounds: Bounds) -> str:
    """«7 из 12», «от 5 до 9 из 12» while something is open, «не оценивается» where nothing applies."""
    forms: dict[str, str] = words()["number"]
    if not bounds.max:
        return forms["unscored"]
    if bounds.certain:
        return forms["points"].format(points=exact(bounds.points), max=exact(bounds.max))
    return forms["bounds"].format(low=exact(bounds.low), high=exact(bounds.high), max=exact(bounds.max))


def lines(tally: Tally, form: str = "lines") -> str:
    """«полных линий 9 из 19», «полных линий от 9 до 11 из 19» while something is open; `form` «count» leaves out the
    words."""
    forms: dict[str, str] = words()["number"]
    if not tally.total:
        return forms["unscored"]
    form = form if tally.complete == tally.most else f"{form}_open"
    return forms[form].format(complete=tally.complete, most=tally.most, total=tally.total)


def cycle_view(bounds: Bounds, verdict: Verdict | None, tally: Tally) -> ScoreView:
    """The score of the cycle with its level: complete lines come first, the percent behind them."""
    view = score_view(bounds, verdict)
    if view.percent is None:
        return view
    told = lines(tally)
    if tally.remarked:
        told = say("lines_remarked", lines=told, remarked=tally.remarked)
    summary = say("lines_settled" if bounds.certain else "lines_proven", lines=told, percent=view.percent)
    return replace(view, points=lines(tally, "count"), summary=summary)


def score_view(bounds: Bounds, verdict: Verdict | None) -> ScoreView:
    """Points with their level; without a level where there is no verdict."""
    levels = (verdict.level, verdict.low, verdict.high) if verdict else (None, None, None)
    level, low, high = (lv.title if lv else None for lv in levels)
    certain = verdict is None or verdict.certain
    proven, share = points(bounds), percent(bounds.percent)
    numbers = {name: Fraction(getattr(bounds, name)) for name in ("points", "low", "high", "max")}
    return ScoreView(
        points=proven,
        percent=share,
        summary=say("settled" if bounds.certain else "proven", points=proven, percent=share) if share else proven,
        settled=bounds.certain,
        level=level,
        low=low,
        high=high,
        certain=certain,
        verdict=_level(level, certain, say("level_open", level=level, low=low, high=high)),
        brief=_level(level, certain, say("level_unsure")),
        exact=ExactScore(**numbers, percent=bounds.percent),
    )


def _level(level: str | None, certain: bool, unsure: str) -> str:
    if level is None:
        return str(words()["number"]["unscored"])
    return level if certain else unsure


def inner_quotes(text: str) -> str:
    """`text` to stand in quotes «», its own quotes turned into those of the second level."""
    return text.replace("«", "„").replace("»", "“")


def quoted(title: str) -> str:
    """A title in quotes."""
    return str(words()["document"]["title"].format(title=inner_quotes(title)))


class Titles:
    """Looks up everything that an assessment names by code, each thing made once."""

    def __init__(self, assessment: Assessment) -> None:
        self.case = assessment.case
        self.ruleset = assessment.ruleset
        self.expected = assessment.expectation
        self._elements: dict[str, ElementView] = {}

    @cached_property
    def stages(self) -> dict[str, StageView]:
        return {s.id: StageView(s.id, s.title, s.plural, s.short) for s in self.ruleset.stages.values()}

    @cached_property
    def sources(self) -> dict[str, CitedSource]:
        cited = {}
        for s in self.ruleset.sources.values():
            link = web_address(s.address)
            cited[s.id] = CitedSource(s.id, s.title, link, None if link else s.address, s.seen)
        return cited

    @cached_property
    def documents(self) -> dict[str, DocumentView]:
        return {d.id: self._document(d) for d in self.case.content.documents}

    def some(self, documents: Iterable[str]) -> tuple[DocumentView, ...]:
        """The documents with these ids."""
        return tuple(self.documents[d] for d in documents)

    def basis(self, stated: Provenance, origin: Origin | None = None) -> Basis:
        """Who says what `stated` says; another `origin` where only a part of it is meant."""
        sources = tuple(self.sources[s] for s in stated.sources if s in self.sources)
        return Basis(origin or stated.origin, sources, stated.note)

    def line_names(self, block: BlockResult) -> dict[str, LineName]:
        """How a block's lines are called, by id: each by its goal, those that share one by what they monitor."""
        goals = [line.spec.elements[0] for line in block.lines]
        names = {}
        for number, spec in enumerate((line.spec for line in block.lines), 1):
            naming = spec.elements[1 if goals.count(spec.elements[0]) > 1 else 0]
            names[spec.id] = LineName(spec.id, number, self.resolved(naming).title)
        return names

    def resolved(self, element: str) -> Element:
        """An element as this school has it."""
        return self.expected.elements.get(element) or self.ruleset.elements[element]

    def element(self, code: str) -> ElementView:
        """The element with this id."""
        if code not in self._elements:
            e = self.resolved(code)
            addressees = tuple(self.ruleset.addressees[a].title for a in e.addressees)
            short = code.removeprefix(f"{e.block}-")
            self._elements[code] = ElementView(
                code, short, e.title, e.kind, e.example, addressees, self.stages[e.stage], self.basis(e), e.disputed
            )
        return self._elements[code]

    def known_element(self, code: str | None) -> ElementView | None:
        """The element with this id; none for the code of an indicator, or for none."""
        return self.element(code) if code is not None and code in self.ruleset.elements else None

    def requirement(self, code: str, element: str, document: str | None = None) -> RequirementView:
        """A requirement as one element asks for it, and what is said of a document that does not meet it."""
        r = self.ruleset.requirements[code]
        of = self.resolved(element)
        texts, basis = r.wording(of, self.addressed(document)), self.basis(r, of.requires.get(code, r.origin))
        days = effort(texts.mend.effort)
        return RequirementView(
            r.id, r.title, r.ask, texts.fault, days, basis, texts.why, texts.mend.steps, texts.example
        )

    def addressed(self, document: str | None) -> bool:
        """Whether a document names an addressee at all; true where no document is meant."""
        known = self.case.documents.get(document or "")
        return known is None or bool(known.addressees)

    def requirements(
        self, codes: Sequence[str], element: str, document: str | None = None
    ) -> tuple[RequirementView, ...]:
        """Several requirements of one element."""
        return tuple(self.requirement(code, element, document) for code in codes)

    def lacking_effort(self, requirements: Sequence[str], element: str) -> str:
        """Days of work to add all that a document lacks."""
        of = self.resolved(element)
        asked = (self.ruleset.requirements[r].wording(of) for r in requirements)
        return effort(sum((texts.mend.effort for texts in asked), Decimal(0)))

    def reference_rule(self, kind: BreakKind) -> RuleView | None:
        """The rule that a reference fails, or the order of its dates."""
        relation = {BreakKind.NOT_BASED: "linked", BreakKind.DATED_BEFORE: "ordered"}.get(kind)
        rules = (r for r in self.ruleset.rules.values() if relation in r.then and r.fault)
        return next((self.rule(rule) for rule in rules), None)

    def rule(self, rule: Rule) -> RuleView:
        """The text of a rule."""
        texts = self.ruleset.wordings[rule.id]
        return RuleView(
            rule.id,
            rule.name,
            texts.fault,
            texts.severity,
            texts.why,
            texts.mend.steps,
            effort(texts.mend.effort),
            texts.example,
            self.basis(rule),
        )

    def advice(self, block: str, stage: str, kind: BreakKind) -> AdviceView | None:
        """What the ruleset advises for this kind of break at this stage of this block."""
        advice = self.ruleset.advice.get((block, stage))
        if advice is None:
            return None
        todo: str | None = getattr(advice, kind.value)
        return AdviceView(todo, advice.signs, advice.cites, advice.sample, self.basis(advice))

    def document_effort(self, stage: str) -> str | None:
        """Days of work to write a document of a stage, where the ruleset says so."""
        days = self.ruleset.stages[stage].effort
        return effort(days) if days is not None else None

    def break_effort(self, break_: Break) -> str | None:
        """Days of work to mend a break: the document, what the nearest one lacks, or the reference."""
        if break_.kind is BreakKind.NO_DOCUMENT:
            return self.document_effort(break_.stage)
        if break_.kind is BreakKind.REQUIREMENTS:
            nearest = break_.documents[0].lacks if break_.documents else ()
            return self.lacking_effort(nearest, break_.element) if nearest else None
        rule = self.reference_rule(break_.kind)
        return rule.effort if rule else None

    def _document(self, d: Document) -> DocumentView:
        forms = words()["document"]
        number = forms["number"].format(number=d.number) if d.numbered else None
        dated = forms["date"].format(date=day(d.date)) if d.date else None
        link = web_address(d.url)
        return DocumentView(
            id=d.id,
            title=d.title,
            kind=d.kind,
            label=" ".join(p for p in (quoted(d.title), number, dated) if p),
            mark=number or dated or d.id,
            number=d.number,
            date=day(d.date) if d.date else None,
            place=self.place(d.id),
            link=link,
            address=None if link else d.url,
            file=d.file,
            blank=d.blank,
            scan=d.scan,
            serves=d.serves,
            based_on=d.based_on,
            quote=d.quote,
            page=str(d.page) if d.page is not None else None,
            comment=d.comment,
            period=d.period,
            relations=tuple(self._relations(d)),
            evidence=tuple(self._evidence(claim) for claim in d.evidence),
        )

    def _relations(self, d: Document) -> Iterator[str]:
        """To what time and to which documents a document belongs."""
        said = words()["document"]
        if d.period is not None:
            yield said["period"].format(period=d.period)
        if d.valid is not None and (d.valid.start or d.valid.end):
            ends = (day(end) if end else said["open"] for end in (d.valid.start, d.valid.end))
            yield said["valid"].format(*ends)
        for field in ("approved_by", "annex_of", "amends"):
            other = self.case.documents.get(getattr(d, field) or "")
            if other is not None:
                yield said[field].format(document=quoted(other.title))
        if d.unrelated:
            yield said["unrelated"]

    def _evidence(self, claim: Claim) -> EvidenceView:
        said = words()["claim"]
        known = self.ruleset.requirements.get(claim.value or "") if claim.field is None else None
        field = said["field"][claim.field] if claim.field else None
        told = known.title if known else " ".join(part for part in (field, claim.value) if part)
        where = claim.place
        page = said["page"].format(page=where.page) if where is not None and where.page is not None else None
        place = ", ".join(part for part in (where.file if where else None, page) if part) or None
        return EvidenceView(told, said["state"][claim.state], claim.quote, place, claim.comment)

    def place(self, document: str) -> str:
        """file:line of a document, or its cell."""
        return self.case.document_place(document).brief


class Sentences:
    """Says facts about one assessment, naming documents and elements by their titles."""

    def __init__(self, assessment: Assessment) -> None:
        self.titles = Titles(assessment)
        self._ruleset = assessment.ruleset
        self._columns = {name: tuple(r.columns) for name, r in assessment.derivations.program.schema.items()}
        template = shared(plain).get_template("explain/facts.j2")
        self._macros: Any = template.make_module({"names": self})
        self._facts: dict[Fact, str] = {}

    def fact(self, fact: Fact) -> str:
        """One fact as a sentence without a full stop. A column without a value may be anything."""
        if fact not in self._facts:  # proofs say the same facts again and again
            self._facts[fact] = self._fact(fact)
        return self._facts[fact]

    def _fact(self, fact: Fact) -> str:
        columns = dict(zip(self._columns[fact[0]], fact[1:], strict=True))
        columns |= {c: Fraction(columns[c], PARTS[c]) for c in PARTS.keys() & columns if columns[c] is not None}
        return self._one_line(getattr(self._macros, fact[0])(**columns))

    def needed(self, fact: Fact) -> str:
        """A fact that does not hold and would have to."""
        return self._one_line(self._macros.needed(self.fact(fact)))

    def comparison(self, compared: Compared) -> str:
        """A comparison that does not hold."""
        left, right = compared.left, compared.right
        if compared.column == "day":
            return self._one_line(self._macros.days(date.fromordinal(left), compared.sign, date.fromordinal(right)))
        if isinstance(left, str):
            return self._one_line(self._macros.codes(left, compared.sign, right))
        part = PARTS.get(compared.column, 1)
        return self._one_line(self._macros.comparison(Fraction(left, part), compared.sign, Fraction(right, part)))

    def document(self, code: str | None) -> str:
        """«Приказ о мониторинге» № 12-од от 14.02.2022 (d03)."""
        return self._one_line(self._macros.document_name(self.titles.documents.get(code or "")))

    def element(self, code: str | None) -> str:
        """The code of an element and its title."""
        known = code is not None and code in self._ruleset.elements
        return self._one_line(self._macros.element_name(self.titles.element(code) if known and code else None))

    def requirement(self, code: str | None) -> str:
        """What a document must say, as the ruleset puts it."""
        known = self._ruleset.requirements.get(code or "")
        return known.ask if known else str(code)

    def addressee(self, code: str | None) -> str:
        """Whom a document addresses, dative."""
        known = self._ruleset.addressees.get(code or "")
        return known.dative if known else self._one_line(self._macros.some_addressee())

    def kind(self, code: str) -> str:
        """A kind of document."""
        known = self._ruleset.document_kinds.get(code)
        return known.title if known else code

    def remark(self, code: str) -> str:
        """What an expert noticed."""
        known = self._ruleset.remarks.get(code)
        return known.title if known else code

    def rule(self, code: str) -> str:
        """The name of a rule."""
        return self._ruleset.rules[code].name

    def fault(self, requirement: str, element: str, document: str | None = None) -> str:
        """What is wrong when a document does not meet a requirement of an element."""
        return self.titles.requirement(requirement, element, document).fault

    @staticmethod
    def _one_line(text: Any) -> str:
        return " ".join(str(text).split())
