"""The parts of what was sent, one for each document to be, and which document of a case each of them is.

A file that was moved or renamed is known by its hash, one that was changed by its name; of several documents in one
file each is known by its title, else by its place among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.records import Case
from vsoko_rules.intake.proposals.proposal import ProposedDocument
from vsoko_rules.intake.texts.file_text import FileText, Quality
from vsoko_rules.reading.word_list import folded

_LONGEST_TITLE: Final = 500
"""characters"""


@dataclass(frozen=True, slots=True)
class Piece:
    """One document in what was sent. `file` is its path as the case names it."""

    file: str
    text: FileText
    proposal: ProposedDocument | None = None
    """none: nothing could be read"""

    @property
    def title(self) -> str | None:
        """What it is called in its own text; the name of a file is no title, and names of people may stand in it."""
        known = self.proposal is not None and self.proposal.title_span is not None
        return self.proposal.title.strip()[:_LONGEST_TITLE] or None if known and self.proposal is not None else None


def pieces(
    texts: Sequence[FileText], proposals: Sequence[ProposedDocument], file_of: Callable[[str], str]
) -> tuple[Piece, ...]:
    """The documents of all files in the order of the files; a file of which nothing is proposed is one document."""
    return tuple(_pieces(texts, proposals, file_of))


def _pieces(
    texts: Sequence[FileText], proposals: Sequence[ProposedDocument], file_of: Callable[[str], str]
) -> Iterator[Piece]:
    by_file: dict[str, list[ProposedDocument]] = {}
    for proposal in proposals:
        by_file.setdefault(proposal.file, []).append(proposal)
    for text in texts:
        if text.left_out:
            continue
        read = by_file.get(text.file) if text.quality is Quality.GOOD else None
        own: Sequence[ProposedDocument | None] = read or [None]
        yield from (Piece(file_of(text.file), text, proposal) for proposal in own)


def recorded_hash(document: Document) -> str | None:
    """The hash of the file of a document as it was when the document was drafted or confirmed last."""
    hashes = (c.place.sha256 for c in document.evidence if c.place is not None and c.place.file == document.file)
    return next((sha256 for sha256 in hashes if sha256 is not None), None)


def matched(case: Case, found: Sequence[Piece]) -> dict[int, Document]:
    """The documents of a case by the numbers of the pieces that they are."""
    left = {d.id: d for d in case.documents if d.file is not None}
    result: dict[int, Document] = {}
    by_hash = _grouped(found, lambda piece: piece.text.sha256)
    _match(by_hash, left, recorded_hash, found, result)
    rest = _grouped(found, lambda piece: piece.file, result)
    _match(rest, left, lambda document: document.file, found, result)
    return result


def _grouped(
    found: Sequence[Piece], key: Callable[[Piece], str], but: Mapping[int, Document] | None = None
) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for number, piece in enumerate(found):
        if but is None or number not in but:
            groups.setdefault(key(piece), []).append(number)
    return groups


def _match(
    groups: Mapping[str, list[int]],
    left: dict[str, Document],
    key: Callable[[Document], str | None],
    found: Sequence[Piece],
    result: dict[int, Document],
) -> None:
    """Match each group of pieces with the documents that have its key; those are taken from `left`."""
    known: dict[str, list[Document]] = {}
    for document in left.values():
        if (own := key(document)) is not None:
            known.setdefault(own, []).append(document)
    for own, numbers in groups.items():
        documents = known.get(own, [])
        pairs = list(_by_title(numbers, documents, found))
        open_numbers = [n for n in numbers if n not in {number for number, _ in pairs}]
        rest = [d for d in documents if d.id not in {document.id for _, document in pairs}]
        for number, document in (*pairs, *zip(open_numbers, rest, strict=False)):
            result[number] = left.pop(document.id)


def _by_title(
    numbers: Sequence[int], documents: Sequence[Document], found: Sequence[Piece]
) -> Iterator[tuple[int, Document]]:
    taken: set[str] = set()
    for number in numbers:
        title = folded(found[number].title or "")
        same = (d for d in documents if d.id not in taken and title and title in _titles(d))
        document = next(same, None)
        if document is not None:
            taken.add(document.id)
            yield number, document


def _titles(document: Document) -> set[str]:
    """The title of a document, and those that the program proposed for it."""
    proposed = {c.value for c in document.evidence if c.field == "title" and c.value is not None}
    return {folded(title) for title in (document.title, *proposed)}
