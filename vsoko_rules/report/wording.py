"""From codes to words: documents, elements, rules, requirements and sources of one assessment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlsplit

from vsoko_rules.case.records import Document
from vsoko_rules.report.named import (
    AdviceView,
    Basis,
    CitedSource,
    DocumentView,
    ElementView,
    RequirementView,
    RuleView,
    StageView,
)
from vsoko_rules.ruleset.model import Element, Origin, Provenance, Rule
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.chain import Break, BreakKind
from vsoko_rules.verdict.scoring import Bounds
from vsoko_rules.words import day, effort, exact, words


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


def _quotable(title: str) -> str:
    """A title to stand in quotes «», its own quotes turned into those of the second level."""
    return title.replace("«", "„").replace("»", "“")


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
        found = {}
        for s in self.ruleset.sources.values():
            link = web_address(s.address)
            found[s.id] = CitedSource(s.id, s.title, link, None if link else s.address, s.seen)
        return found

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
                code, short, e.title, e.kind, e.example, addressees, self.stages[e.stage], self.basis(e)
            )
        return self._elements[code]

    def requirement(self, code: str, element: str) -> RequirementView:
        """A requirement as one element asks for it."""
        r = self.ruleset.requirements[code]
        of = self.resolved(element)
        said, basis = r.wording(of), self.basis(r, of.requires.get(code, r.origin))
        return RequirementView(
            r.id, r.title, r.ask, effort(said.mend.effort), basis, said.why, said.mend.steps, said.example
        )

    def requirements(self, codes: Sequence[str], element: str) -> tuple[RequirementView, ...]:
        """Several requirements of one element."""
        return tuple(self.requirement(code, element) for code in codes)

    def lacking_effort(self, requirements: Sequence[str], element: str) -> str:
        """Days of work to add all that a document lacks."""
        of = self.resolved(element)
        asked = (self.ruleset.requirements[r].wording(of) for r in requirements)
        return effort(sum((said.mend.effort for said in asked), Decimal(0)))

    def reference_rule(self, kind: BreakKind) -> RuleView | None:
        """The rule that a reference fails, or the order of its dates."""
        relation = {BreakKind.NOT_BASED: "linked", BreakKind.DATED_BEFORE: "ordered"}.get(kind)
        rules = (r for r in self.ruleset.rules.values() if relation in r.then and r.fault)
        return next((self.rule(rule) for rule in rules), None)

    def rule(self, rule: Rule) -> RuleView:
        """The text of a rule."""
        said = self.ruleset.wordings[rule.id]
        return RuleView(
            rule.id,
            rule.name,
            said.fault,
            said.severity,
            said.why,
            said.mend.steps,
            effort(said.mend.effort),
            said.example,
            self.basis(rule),
        )

    def advice(self, block: str, stage: str, kind: BreakKind) -> AdviceView | None:
        """What the ruleset advises for this kind of break at this stage of this block."""
        found = self.ruleset.advice.get((block, stage))
        if found is None:
            return None
        todo: str | None = getattr(found, kind.value)
        return AdviceView(todo, found.signs, found.cites, found.sample, self.basis(found))

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
        number = forms["number"].format(number=d.number) if d.number else None
        date = forms["date"].format(date=day(d.date)) if d.date else None
        link = web_address(d.url)
        return DocumentView(
            id=d.id,
            title=d.title,
            kind=d.kind,
            label=" ".join(p for p in (forms["title"].format(title=_quotable(d.title)), number, date) if p),
            mark=number or date or d.id,
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
        )

    def place(self, document: str) -> str:
        """file:line of a document, or its cell."""
        return self.case.document_place(document).brief
