"""Where each document of a case is published, and what is formally odd about it: its address, its file, its number, its
date. The thresholds are those of the ruleset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Final

from vsoko_rules.case.records import Case, Document
from vsoko_rules.case.requisites import Requisites
from vsoko_rules.reading.addresses import AddressKind, address_kind, same_place
from vsoko_rules.reading.attached import AttachedFile, FileState
from vsoko_rules.ruleset.ruleset import Ruleset

Oddity = tuple[str, str]
"""what is odd, and the document it is shared with, or the same one"""

NO_FILES: Final[Mapping[str, AttachedFile]] = {}


def placed(document: Document) -> bool:
    """Whether a document has an address of the web of its own."""
    return document.url is not None and address_kind(document.url) is AddressKind.WEB


class Publication:
    """Where the documents of a case are. `files` are those that were looked at, by their names in the case; `hoping`
    takes one that nobody could look at for being there."""

    def __init__(
        self, case: Case, ruleset: Ruleset, files: Mapping[str, AttachedFile] = NO_FILES, hoping: bool = False
    ) -> None:
        self.case = case
        self.ruleset = ruleset
        self.files = files
        self.hoping = hoping
        self.requisites = Requisites(case, ruleset)
        self.kinds = {d.id: address_kind(d.url) for d in case.documents if d.url is not None}
        """for each document with an address what it is"""
        self.odd: dict[str, dict[str, str]] = {}
        """for each document what is odd about it, and with which other it is shared"""
        for oddity, found in (
            ("address_shared", self._shared_addresses()),
            ("number_shared", self._shared_numbers()),
            ("date_shared", self._shared_date()),
            ("twin", self._twins()),
        ):
            for document, other in found.items():
                self.odd.setdefault(document, {})[oddity] = other

    def published(self, document: Document) -> bool:
        """Whether it has an address or a file, its own or that of the document of which it is an annex."""
        return any(map(self._placed, self.requisites.wholes(document)))

    def own_address(self, document: Document) -> bool:
        """Whether nothing else stands at its address."""
        return "address_shared" not in self.odd.get(document.id, {})

    def oddities(self, document: Document) -> Iterator[Oddity]:
        """What is formally odd about a document."""
        kind = self.kinds.get(document.id)
        if kind not in (None, AddressKind.WEB):
            yield f"address_{kind.value}", document.id
        found = self.files.get(document.file) if document.file is not None else None
        if found is not None and found.state is not FileState.THERE:
            yield f"file_{found.state.value}", document.id
        filled = self.case.filled_by
        if filled is not None and filled.date is not None and document.date is not None and document.date > filled.date:
            yield "after_signing" if filled.role == "expert" else "after_filling", document.id
        yield from self.odd.get(document.id, {}).items()

    def _placed(self, document: Document) -> bool:
        if self.kinds.get(document.id) is AddressKind.WEB:
            return True
        if document.file is None:
            return False
        found = self.files.get(document.file)
        return self.hoping if found is None else found.published

    def _shared_addresses(self) -> dict[str, str]:
        """Documents at one address, or one place of it, that are neither annexes nor parts of one document."""

        def address(d: Document) -> Hashable:
            return (same_place(d.url or ""), d.page) if self.kinds.get(d.id) is AddressKind.WEB else None

        limits = self.ruleset.content.formal
        return self._groups(address, self._identity, limits.same_address) if limits is not None else {}

    def _shared_numbers(self) -> dict[str, str]:
        """Documents of one kind with one number and different dates."""

        def number(d: Document) -> Hashable:
            return (self._kind(d), _plain(d.number)) if d.numbered and d.number and d.date else None

        limits = self.ruleset.content.formal
        return self._groups(number, lambda d: d.date, limits.same_number) if limits is not None else {}

    def _twins(self) -> dict[str, str]:
        """Documents of one kind, number and date that are not parts of one document."""

        def requisites(d: Document) -> Hashable:
            return self._identity(d) if d.numbered and d.date else None

        return self._groups(requisites, lambda d: d.id, 2)

    def _shared_date(self) -> dict[str, str]:
        """Documents of one day, where nearly all are of that day."""
        limits = self.ruleset.content.formal
        dated = [d for d in self.case.documents if d.date is not None]
        if limits is None or len(dated) < limits.same_date:
            return {}
        day, number = Counter(d.date for d in dated).most_common(1)[0]
        if number * 100 < len(dated) * limits.same_date_share:
            return {}
        return self._groups(lambda d: d.date if d.date == day else None, lambda d: d.id, 2)

    def _groups(
        self, key: Callable[[Document], Hashable], differs: Callable[[Document], Hashable], least: int
    ) -> dict[str, str]:
        """Documents of which at least `least` different ones have one key, each with the first of the others. Parts of
        one document are one."""
        groups: dict[Hashable, list[Document]] = {}
        for document in self.case.documents:
            if (shared := key(document)) is not None:
                groups.setdefault(shared, []).append(document)
        found: dict[str, str] = {}
        for group in groups.values():
            if len(group) < least:
                continue
            different = {self._whole(d): differs(d) for d in group}
            if len(set(different.values())) >= least:
                first, second = sorted(d.id for d in group)[:2]
                found |= {d.id: second if d.id == first else first for d in group}
        return found

    def _whole(self, document: Document) -> str:
        """The document to which it belongs or that approves it: all of them may stand in one file."""
        seen = {document.id}
        while True:
            other = document.annex_of or document.amends or document.approved_by
            if other is None or other in seen or other not in self.requisites.documents:
                return document.id
            seen.add(other)
            document = self.requisites.documents[other]

    def _identity(self, document: Document) -> Hashable:
        return self._kind(document), _plain(document.number), document.date

    def _kind(self, document: Document) -> str | None:
        return None if document.kind is None else self.ruleset.kind_of(document.kind) or _plain(document.kind)


def _plain(text: str | None) -> str | None:
    return None if text is None else "".join(text.split()).casefold().removeprefix("№")
