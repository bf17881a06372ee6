"""From codes to words: whatever an assessment names, each thing by its title."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Final, TypeVar
from urllib.parse import urlsplit

from vsoko_rules.case.document_records import RELATIONS, Claim, Document
from vsoko_rules.report.terms import (
    AdviceView,
    Basis,
    CitedSource,
    DocumentView,
    ElementView,
    EvidenceView,
    LineName,
    RequirementView,
    RuleView,
    StageView,
)
from vsoko_rules.ruleset.model import Element, Origin, Provenance
from vsoko_rules.ruleset.requirements import Rule
from vsoko_rules.verdict.assessment import Assessment, BlockResult
from vsoko_rules.verdict.chain import Break, BreakKind
from vsoko_rules.words import day, effort, quoted, words

M = TypeVar("M")

_WITH_SIGN: Final = re.compile(r"\A\s*(?:№|N\b)\s*")
_WITH_DATE: Final = re.compile(_WITH_SIGN.pattern + r"|,?\s+от\s+.*\Z", re.DOTALL)
"""what stands around a number: its sign, and the date that is told apart"""


def web_address(address: str | None) -> str | None:
    """`address` where it is an http or https address that may become a link; else none."""
    if address is None or any(ch.isspace() or not ch.isprintable() for ch in address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def _bare_number(d: Document) -> str | None:
    """The number of a document without what is put around it: people type «№ 12-од от 14.02.2022» where a number is
    asked, and «б/н» where there is none."""
    if d.number is None or not d.numbered:
        return None
    return (_WITH_DATE if d.date else _WITH_SIGN).sub("", d.number).strip() or None


class Made(Mapping[str, M]):
    """What is made of each code when it is asked for, once."""

    def __init__(self, codes: Iterable[str], make: Callable[[str], M]) -> None:
        self._codes = dict.fromkeys(codes)
        self._make = make
        self._made: dict[str, M] = {}

    def __getitem__(self, code: str) -> M:
        if code not in self._made:
            if code not in self._codes:
                raise KeyError(code)
            self._made[code] = self._make(code)
        return self._made[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    def __reduce__(self) -> tuple[type[dict[str, M]], tuple[dict[str, M]]]:
        """To another process goes what is made, not how."""
        return dict, (dict(self),)


class Titles:
    """Looks up everything that an assessment names by code, each thing made once."""

    def __init__(self, assessment: Assessment) -> None:
        self.case = assessment.case
        self.ruleset = assessment.ruleset
        self.expected = assessment.expectation
        self._elements: dict[str, ElementView] = {}
        self._items = {item.element: item for block in assessment.blocks for item in block.items}

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
    def documents(self) -> Mapping[str, DocumentView]:
        return Made(self.case.documents, lambda code: self._document(self.case.documents[code]))

    def some(self, documents: Iterable[str]) -> tuple[DocumentView, ...]:
        """The documents with these ids."""
        return tuple(self.documents[d] for d in documents)

    def basis(self, stated: Provenance, origin: Origin | None = None) -> Basis:
        """Who says what `stated` says; another `origin` where only a part of it is meant."""
        sources = tuple(self.sources[s] for s in stated.sources if s in self.sources)
        return Basis(origin or stated.origin, sources, stated.note)

    def line_names(self, *blocks: BlockResult) -> dict[str, LineName]:
        """How the lines of blocks are called, by id: each by its goal, those that share one by what they monitor."""
        names = {}
        for block in blocks:
            goals = [line.spec.elements[0] for line in block.lines]
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

    @cached_property
    def decidable(self) -> dict[str, str]:
        """What is called how of all that an expert may decide about: indicators and elements, by code."""
        named = {i.id: i.title for i in self.ruleset.indicators.values()}
        return named | {e: self.resolved(e).title for e in self.ruleset.elements}

    def block(self, code: str) -> str:
        """How a block is called: «B3. Работа с одарёнными обучающимися»."""
        return f"{code}. {self.ruleset.blocks[code].name}"

    def known_element(self, code: str | None) -> ElementView | None:
        """The element with this id; none for none."""
        return self.element(code) if code is not None else None

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

    def missed_by_nearest(self, element: str) -> Sequence[str]:
        """What the nearest of the documents offered for an element outside the lines lacks; nothing where none is, and
        where an expert decided."""
        item = self._items.get(element)
        return item.lacks[0][1] if item is not None and item.lacks and item.outcome is item.automatic else ()

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
            texts.mend.expert,
            effort(texts.mend.effort),
            texts.example,
            self.basis(rule),
        )

    def advice(self, block: str, stage: str, kind: BreakKind) -> AdviceView | None:
        """What the ruleset advises for this kind of break at this stage of this block."""
        advice = self.expected.advice.get((block, stage))
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
        own = _bare_number(d)
        number = forms["number"].format(number=own) if own else None
        dated = forms["date"].format(date=day(d.date)) if d.date else None
        link = web_address(d.url)
        return DocumentView(
            id=d.id,
            title=d.title,
            kind=d.kind,
            label=" ".join(p for p in (quoted(d.title), number, dated) if p),
            mark=number or dated or d.id,
            number=own,
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
        told = known.title if known else " ".join(part for part in (field, self._claimed(claim)) if part)
        where = claim.place
        page = said["page"].format(page=where.page) if where is not None and where.page is not None else None
        place = ", ".join(part for part in (where.file if where else None, page) if part) or None
        return EvidenceView(told, said["state"][claim.state], claim.quote, place, claim.comment, claim.open)

    def _claimed(self, claim: Claim) -> str | None:
        """What a claim says, documents and elements by their names."""
        document, element = self.case.documents.get(claim.value or ""), self.ruleset.elements.get(claim.value or "")
        if document is not None and claim.field in RELATIONS:
            return quoted(document.title)
        return quoted(element.title) if element is not None and claim.field == "serves" else claim.value

    def place(self, document: str) -> str:
        """file:line of a document, or its cell."""
        return self.case.document_place(document).brief
