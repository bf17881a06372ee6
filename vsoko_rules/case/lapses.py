"""Confirmations that no longer hold: the ground of a link, or the file of a quote, is another than when confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from vsoko_rules.case.claims import LISTS
from vsoko_rules.case.document_records import RELATIONS, Claim, Document
from vsoko_rules.case.records import Case
from vsoko_rules.reading.attached import AttachedFile


class ChangedPart(str, Enum):
    """What of a ground or a file may change."""

    NUMBER = "number"
    DATE = "date"
    SHA256 = "sha256"


@dataclass(frozen=True, slots=True)
class Change:
    """What a thing was and what it is: of a file its hash, of a ground its number, its date or the hash of its file."""

    what: ChangedPart
    was: str | date
    now: str | date | None
    """none: there is none any more"""


@dataclass(frozen=True, slots=True)
class Lapse:
    """A claim that has to be confirmed anew: the document, the number of the claim in its evidence from 0, and why."""

    document: str
    number: int
    claim: Claim
    ground: str | None
    """the document on which a link rests; none where the file of the quote changed"""
    changes: tuple[Change, ...]


def hashed_files(case: Case) -> frozenset[str]:
    """The files whose hashes somebody recorded, so that they have to be taken anew."""
    own = {d.id: d.file for d in case.documents}
    claims = [c for d in case.documents for c in d.evidence]
    quoted = {c.place.file for c in claims if c.place is not None and c.place.sha256 is not None}
    grounds = {own.get(c.value or "") for c in claims if c.seen is not None and c.seen.sha256 is not None}
    return frozenset(file for file in quoted | grounds if file is not None)


def lapses(case: Case, files: Mapping[str, AttachedFile]) -> tuple[Lapse, ...]:
    """The confirmed claims of a case that have lapsed. A file that nobody could look at has not changed."""
    if not any(c.seen or (c.place and c.place.sha256) for d in case.documents for c in d.evidence):
        return ()
    known = {d.id: d for d in case.documents}
    return tuple(lapse for d in case.documents for lapse in _of_document(d, known, files))


def _of_document(
    document: Document, known: Mapping[str, Document], files: Mapping[str, AttachedFile]
) -> Iterator[Lapse]:
    for number, claim in enumerate(document.evidence):
        if claim.state != "confirmed":
            continue
        ground = known.get(claim.value or "") if claim.field in RELATIONS else None
        if ground is not None and (changes := tuple(_of_ground(claim, ground, files))):
            yield Lapse(document.id, number, claim, ground.id, changes)
            continue
        place = claim.place
        if place is not None and (changed := tuple(_of_file(place.sha256, place.file, files))):
            yield Lapse(document.id, number, claim, None, changed)


def _of_ground(claim: Claim, ground: Document, files: Mapping[str, AttachedFile]) -> Iterator[Change]:
    seen = claim.seen
    if seen is None:
        return
    for what in (ChangedPart.NUMBER, ChangedPart.DATE):
        was, now = getattr(seen, what.value), _stated(ground, what.value)
        if was is not None and str(was) != str(now):
            yield Change(what, was, now)
    yield from _of_file(seen.sha256, ground.file, files)


def _stated(document: Document, field: str) -> str | date | None:
    """What a field of a document holds, or where it holds nothing a confirmed claim about it."""
    claimed = (c.value for c in document.evidence if c.state == "confirmed" and c.field == field)
    held: str | date | None = getattr(document, field)
    return held if held is not None else next(claimed, None)


def _of_file(was: str | None, file: str | None, files: Mapping[str, AttachedFile]) -> Iterator[Change]:
    if was is None or (file is not None and file not in files):
        return
    found = files[file] if file is not None else None
    now = found.sha256 if found is not None else None
    too_large = found is not None and found.published and now is None
    if was != now and not too_large:
        yield Change(ChangedPart.SHA256, was, now)


def reopened(case: Case, lapsed: Iterable[Lapse]) -> Case:
    """The case with each claim that lapsed as one that nobody has checked: neither it nor the field where the same
    stands counts any more, and neither is it counted as absent."""
    by_document: dict[str, list[Lapse]] = {}
    for lapse in lapsed:
        by_document.setdefault(lapse.document, []).append(lapse)
    if not by_document:
        return case
    documents = tuple(_reopened(d, by_document[d.id]) if d.id in by_document else d for d in case.documents)
    return case.model_copy(update={"documents": documents})


def _reopened(document: Document, lapsed: Iterable[Lapse]) -> Document:
    evidence, fields = list(document.evidence), dict[str, Any]()
    for lapse in lapsed:
        evidence[lapse.number] = lapse.claim.model_copy(update={"state": "not_checked"})
        field, value = lapse.claim.field or "holds", lapse.claim.value
        held = fields.get(field, getattr(document, field))
        if field in LISTS:
            fields[field] = tuple(code for code in held if code != value)
        elif held is not None and str(held) == value and field != "title":  # no document is without one
            fields[field] = None
        if field == "holds":
            own = fields.get("holds_for", document.holds_for)
            fields["holds_for"] = {e: tuple(c for c in codes if c != value) for e, codes in own.items()}
    return document.model_copy(update={**fields, "evidence": tuple(evidence)})
