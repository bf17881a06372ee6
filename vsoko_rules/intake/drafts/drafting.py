"""A draft of a case: what the program proposes of each document, as claims that wait for a person.

Drafted again after files changed, it keeps everything that a person said of what did not change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from vsoko_rules.case.claims import LISTS
from vsoko_rules.case.document_records import FLAGS, RELATIONS, Claim, ClaimPlace, Document
from vsoko_rules.case.records import Case
from vsoko_rules.intake.drafts.claim_states import State, new_claim
from vsoko_rules.intake.drafts.confirmation_words import wording
from vsoko_rules.intake.drafts.document_needs import DocumentNeeds, belongs_nowhere, stated
from vsoko_rules.intake.drafts.pieces import Piece, matched, pieces, recorded_hash
from vsoko_rules.intake.proposals.proposal import ProposedClaim, ProposedDocument
from vsoko_rules.intake.texts.file_text import FileText, Quality
from vsoko_rules.reading.scalars import is_day, span

_IDENTIFYING: Final = ("title", "kind", "number", "date", "period", "url")
"""fields by which others name a document"""

FileOf = Callable[[str], str]
"""from the path of a file in what was sent to its path in the folder of the case"""


@dataclass(frozen=True, slots=True)
class Draft:
    """A case with what was proposed for it. All mappings are by the ids of documents."""

    case: Case
    pieces: Mapping[str, Piece]
    """documents that were found in what was sent"""
    offers: Mapping[str, tuple[ProposedClaim, ...]]
    """what the program proposes of a document, its relations by the ids of documents"""
    new: tuple[str, ...] = ()
    moved: Mapping[str, str] | None = None
    """the path at which a file lay before"""
    changed: tuple[str, ...] = ()
    """documents whose file is another than before"""
    gone: tuple[str, ...] = ()
    """documents whose file is no longer there"""

    @property
    def unseen(self) -> frozenset[str]:
        """Contents that no text shows, whatever words point to them: a person looks for them in each document."""
        offers = (o for own in self.offers.values() for o in own)
        return frozenset(o.claim for o in offers if o.waits and Claim(claim=o.claim).field is None)


def drafted(
    case: Case,
    texts: Sequence[FileText],
    proposals: Sequence[ProposedDocument],
    asked: DocumentNeeds,
    file_of: FileOf = str,
) -> Draft:
    """The case with everything that is proposed of the files. Documents of the case keep their ids and their order;
    those that are new follow in the order of the files."""
    found = pieces(texts, proposals, file_of)
    known = matched(case, found)
    ids = _ids(found, known, case)
    keys = {p.proposal.key: ids[n] for n, p in enumerate(found) if p.proposal is not None}
    offers = {ids[n]: tuple(_offers(p, keys, asked)) for n, p in enumerate(found)}
    by_id = {ids[n]: p for n, p in enumerate(found)}
    named = {c.value for d in case.documents for c in d.evidence if c.field in RELATIONS and c.state != "rejected"}
    made = {}
    for number, piece in enumerate(found):
        before, own = known.get(number), ids[number]
        claims = list(_claims(piece, offers[own]))
        if before is not None and belongs_nowhere(before):  # others may still rest on its number and date
            claims = [c for c in claims if own in named and c.field in _IDENTIFYING]
        document = _new(own, piece, claims) if before is None else _again(before, piece, claims)
        made[own] = asked.completed(asked.without_needless(document), place_of(document))
    documents = (*(made.pop(d.id, d) for d in case.documents), *made.values())
    gone = (d.id for d in case.documents if d.file is not None and d.id not in by_id and recorded_hash(d))
    return Draft(
        case.model_copy(update={"documents": tuple(documents)}),
        by_id,
        offers,
        new=tuple(own for n, own in ids.items() if n not in known),
        moved={d.id: str(d.file) for n, d in known.items() if d.file != found[n].file},
        changed=tuple(d.id for n, d in known.items() if recorded_hash(d) not in (None, found[n].text.sha256)),
        gone=tuple(gone),
    )


def place_of(document: Document) -> ClaimPlace | None:
    """The file of a document as it was when the document was drafted; none of one that was not."""
    sha256 = recorded_hash(document)
    return ClaimPlace(file=document.file, sha256=sha256) if sha256 is not None else None


def _ids(found: Sequence[Piece], known: Mapping[int, Document], case: Case) -> dict[int, str]:
    """An id for each piece: its own of a known document, else the next that is free."""
    taken = {d.id for d in case.documents}
    free = (code for n in count(1) if (code := f"d{n:02}") not in taken)
    return {n: known[n].id if n in known else next(free) for n in range(len(found))}


def _offers(piece: Piece, keys: Mapping[str, str], asked: DocumentNeeds) -> Iterator[ProposedClaim]:
    """What is proposed of a document, its relations by the ids of documents, its kind by its name."""
    if piece.proposal is not None and piece.title is not None:
        yield ProposedClaim(f"title {piece.title}", piece.proposal.title_span)
    for offer in piece.proposal.claims if piece.proposal is not None else ():
        field, _, value = offer.claim.partition(" ")
        if (field == "date" and not is_day(value)) or (field == "period" and span(value) is None):
            continue  # no case could hold it
        if field == "kind":
            yield replace(offer, claim=f"kind {asked.kind(value)}")
        elif field not in RELATIONS:
            yield offer
        elif value in keys:
            yield replace(offer, claim=f"{field} {keys[value]}")


def _claims(piece: Piece, offers: Sequence[ProposedClaim]) -> Iterator[Claim]:
    """What is proposed of a document as claims of a case. What only may be is none: it is offered when it is asked."""
    proposal, sha256 = piece.proposal, piece.text.sha256 or None
    plain = ClaimPlace(file=piece.file, sha256=sha256)
    if proposal is None:
        yield new_claim("serves", plain, "not_checked")
        return
    spans = {o.claim: o.span for o in offers if not o.possible}
    flags = {"unrelated": proposal.unrelated, "blank": proposal.blank}
    spans |= {flag: proposal.title_span for flag, raised in flags.items() if raised}
    if piece.text.address is not None:
        spans[f"url {piece.text.address}"] = None
    for text, words in spans.items():
        page = words.page if words is not None else None
        place = ClaimPlace(file=piece.file, page=page, sha256=sha256)
        read = words is not None and bool(words.quote.strip())
        seen = read or text in FLAGS or text.startswith(("url ", "title ", "serves "))
        state: State = "proposed" if seen else "not_checked"
        yield new_claim(text, place, state, words.quote if words is not None else None)


def _new(own: str, piece: Piece, claims: Sequence[Claim]) -> Document:
    untitled = wording().unread_title if piece.proposal is None else wording().no_title
    title = piece.title or untitled.format(number=own)
    unreadable = piece.proposal is None and piece.text.quality is not Quality.GOOD
    return Document(id=own, title=title, file=piece.file, evidence=tuple(claims), scan=unreadable)


def _again(before: Document, piece: Piece, claims: Sequence[Claim]) -> Document:
    """A document of the case drafted anew: what a person said stays as long as the file does."""
    was = recorded_hash(before)
    same = was == (piece.text.sha256 or None)
    settled = {c.claim: c for c in before.evidence if c.state in ("confirmed", "rejected")}
    evidence: dict[str, Claim] = {}
    for claim in before.evidence:
        kept = _kept(claim, before, piece, same or was is None)
        if kept is not None:
            evidence[kept.claim] = kept
    for claim in claims:
        if claim.claim in settled and not same and was is not None:
            evidence[claim.claim] = _asked_again(settled[claim.claim], claim)
        elif claim.claim in settled or (claim.claim in evidence and (same or was is None)):
            continue
        elif not _is_settled(before, claim, same or was is None):
            evidence[claim.claim] = claim
    changes: dict[str, object] = {"file": piece.file, "evidence": tuple(evidence.values())}
    if not same and was is not None and before.scan != (piece.proposal is None):
        changes["scan"] = piece.proposal is None and piece.text.quality is not Quality.GOOD
    return before.model_copy(update=changes)


def _kept(claim: Claim, document: Document, piece: Piece, same: bool) -> Claim | None:
    """A claim of a document that is drafted anew, at the place of its file now; none of what nobody answered."""
    place = claim.place
    of_file = place is not None and place.file == document.file
    if claim.open and of_file and claim.comment is None and place is not None and place.sha256 is not None:
        return None
    if place is None or not of_file or place.sha256 is None:
        return claim
    moved = place.model_copy(update={"file": piece.file})
    if same or claim.state == "rejected":
        return claim.model_copy(update={"place": moved if same else _now(moved, piece)})
    said = wording().lapsed
    changes = {"state": "not_checked", "comment": said, "place": _now(moved, piece), "seen": None}
    return claim.model_copy(update=changes)


def _now(place: ClaimPlace, piece: Piece) -> ClaimPlace:
    return place.model_copy(update={"sha256": piece.text.sha256 or None})


def _asked_again(before: Claim, claim: Claim) -> Claim:
    """A claim that is proposed again of a changed file: rejected before, it stays so as long as its words do."""
    if before.state == "rejected":
        if before.quote == claim.quote:
            return before.model_copy(update={"place": claim.place})
        return claim
    return claim.model_copy(update={"comment": wording().lapsed})


def _is_settled(document: Document, claim: Claim, same: bool) -> bool:
    """Whether a person has said already what a claim is about."""
    if not same:
        return False
    field, value = claim.field, claim.value
    if field is None:
        return value in document.holds
    if field in ("unrelated", "serves"):
        return bool(stated(document, "serves")) or belongs_nowhere(document)
    if field == "blank":
        return document.blank
    if field == "title":
        return document.title != value and document.title not in _once_proposed(document)
    if field in LISTS:
        return value in stated(document, field)
    return bool(stated(document, field))


def _once_proposed(document: Document) -> set[str]:
    return {c.value for c in document.evidence if c.field == "title" and c.value is not None}
