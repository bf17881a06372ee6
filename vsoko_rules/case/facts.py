"""What a case states, as facts for the rules: codes, whole numbers and truth values only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from math import ceil
from operator import attrgetter

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.lapses import Lapse
from vsoko_rules.case.publication import NO_FILES, Publication
from vsoko_rules.case.records import Case, IndicatorEntry
from vsoko_rules.engine.language import Fact, Facts, Filled
from vsoko_rules.engine.vocabulary import PARTS, SCHEMA
from vsoko_rules.reading.attached import AttachedFile
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.ruleset import Ruleset

_DOCUMENT, _OMITS, _PROCEDURE, _MEASURED, _MARK = (
    SCHEMA[name].fact for name in ("document", "omits", "procedure", "measured", "mark")
)
_LISTED = [
    (r.name, [*r.columns][1], r.field)
    for r in SCHEMA.values()
    if r.filled is Filled.CASE and r.entries == "documents" and r.field and len(r.columns) == 2
    if Document.model_fields[r.field].default == ()
]
"""relations that a list of codes in a document fills, with the column of the codes and the key of the list"""


def expectation(case: Case, ruleset: Ruleset) -> Expectation:
    """What `ruleset` expects of the school of `case`."""
    return ruleset.expects(frozenset(case.school.levels), case.school.counts)


def facts(
    case: Case,
    ruleset: Ruleset,
    files: Mapping[str, AttachedFile] = NO_FILES,
    hoping: bool = False,
    lapsed: Iterable[Lapse] = (),
) -> Facts:
    """Everything the rules may look at for one case. `files`: those that were looked at; with `hoping` the others are
    taken for being there. `lapsed`: confirmations that have to be given anew."""
    expected = expectation(case, ruleset)
    publication = Publication(case, ruleset, files, hoping)
    documents = sorted(case.documents, key=attrgetter("id"))  # so that of the facts little is left to sort
    stated: list[Fact] = [_document(document, publication) for document in documents]
    stated += [("odd", d.id, oddity, other) for d in documents for oddity, other in publication.oddities(d)]
    stated += chain.from_iterable(_listed(documents, ruleset))
    for document in documents:
        stated += _related(document, ruleset)
    for lapse in lapsed:
        changed = ("quote_changed", lapse.document) if lapse.ground is None else ("ground_changed", lapse.ground)
        stated.append(("odd", lapse.document, *changed))
    stated.extend(_omissions(case, ruleset, expected))
    stated.extend(_procedures(case))
    expert = case.filled_by is not None and case.filled_by.role == "expert"
    for code, entry in case.indicators.items():
        indicator = ruleset.indicator_aliases.get(code, code)
        if entry.mark is not None:
            stated.append(_MARK(indicator, zero=entry.mark == 0, commented=entry.comment is not None, expert=expert))
        if entry.value is not None:
            stated.append(_measured(indicator, entry, ruleset))
    return Facts(expected.given, stated)


def served(document: Document, ruleset: Ruleset) -> tuple[str, ...]:
    """The elements that a document serves, old codes replaced by those that took their place."""
    return tuple(ruleset.aliases.get(code, code) for code in document.serves)


def target(indicator: str, entry: IndicatorEntry, ruleset: Ruleset) -> Decimal | None:
    """What a measured value is held against: the region's target, or where it sets none the school's own."""
    known = ruleset.indicators.get(indicator)
    regional = known.earned.value.target if known is not None and known.earned.value is not None else None
    return regional if regional is not None else entry.target


def _measured(indicator: str, entry: IndicatorEntry, ruleset: Ruleset) -> Fact:
    goal, before = target(indicator, entry, ruleset), entry.previous
    columns = {"value": entry.value, "target": goal, "previous": before}
    exact = {column: int((value or 0) * PARTS[column]) for column, value in columns.items()}
    fact: Fact = _MEASURED(indicator, targeted=goal is not None, compared=before is not None, **exact)
    return fact


def _document(d: Document, publication: Publication) -> Fact:
    requisites = publication.requisites
    day = requisites.date(d)
    fact: Fact = _DOCUMENT(
        d.id,
        blank=d.template,
        scan=d.scan,
        numbered=requisites.numbered(d),
        dated=day is not None,
        day=day.toordinal() if day else 0,
        timed=requisites.timed(d),
        kinded=d.kind is not None or (d.kind_open and not publication.hoping),  # else any kind would do
        in_window=requisites.in_window(d),
        sized=d.sample is not None,
        sample=d.sample or 0,
        published=publication.published(d),
        own_address=publication.own_address(d),
    )
    return fact


def _listed(documents: Sequence[Document], ruleset: Ruleset) -> Iterator[list[Fact]]:
    """What stands in the lists of documents, old codes replaced by those that took their place."""
    entries = [vars(document) for document in documents]
    for relation, column, field in _LISTED:
        now = ruleset.renamed.get(column, {}).get
        listing = [e for e in entries if not e["holds_for"]] if field == "holds" else entries
        yield [(relation, entry["id"], now(code, code)) for entry in listing for code in entry[field]]


def _related(d: Document, ruleset: Ruleset) -> Iterator[Fact]:
    """What a document holds for single elements, its kind, and the documents it belongs to."""
    if d.holds_for:
        own = {ruleset.aliases.get(code, code): contents for code, contents in d.holds_for.items()}
        for element in dict.fromkeys((*served(d, ruleset), *own)):
            yield from [("holds_for", d.id, element, content) for content in own.get(element, d.holds)]
    if (stated := d.kind) is not None and (kind := ruleset.kind_of(stated)) is not None:
        yield ("of_kind", d.id, kind)
    if d.approved_by is not None:
        yield ("approved_by", d.id, d.approved_by)
    for whole in {d.annex_of, d.amends}:
        if whole is not None:
            yield ("part_of", d.id, whole)


def _omissions(case: Case, ruleset: Ruleset, expected: Expectation) -> Iterator[Fact]:
    """Levels of the school that an element should speak of and none of its documents does.

    Documents that do not state what they cover say nothing either way.
    """
    stating: dict[str, list[Document]] = {}
    for document in case.documents:
        for element in served(document, ruleset) if document.covers else ():
            stating.setdefault(element, []).append(document)
    for element, documents in stating.items():
        due = expected.levels.intersection(expected.elements[element].covers if element in expected.elements else ())
        for level in due.difference(*(d.covers for d in documents)):
            yield from (_OMITS(d.id, element, level.value) for d in documents)


def _procedures(case: Case) -> Iterator[Fact]:
    for p in case.procedures:
        yield _PROCEDURE(
            p.id,
            spaced=p.days_between is not None,
            days_between=p.days_between or 0,
            shared=p.share is not None,
            share=ceil((p.share or 0) * PARTS["share"]),  # any part above a limit is above it
            daily=p.per_day is not None,
            per_day=p.per_day or 0,
        )
