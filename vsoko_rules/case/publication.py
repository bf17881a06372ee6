"""Where each document of a case is published, and what is formally odd about it: its address, its file, its number, its
date. The thresholds are those of the ruleset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Final

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.records import Case
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
        self.kinds = {d.id: address_kind(url) for d in case.documents if (url := d.url) is not None}
        """for each document with an address what it is"""
        self._named = {d.id: (self._kind(d), _plain(d.number)) for d in case.documents if d.numbered and d.date}
        """for each document with a number and a date its kind and its number, as they are compared"""
        filled = case.filled_by
        self._filled_on = filled.date if filled is not None else None
        self._late = "after_signing" if filled is not None and filled.role == "expert" else "after_filling"
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
        return self._placed(document) or any(map(self._placed, self.requisites.further(document)))

    def own_address(self, document: Document) -> bool:
        """Whether nothing else stands at its address."""
        return "address_shared" not in self.odd.get(document.id, ())

    def oddities(self, document: Document) -> Iterator[Oddity]:
        """What is formally odd about a document."""
        of = document.id
        kind = self.kinds.get(of, AddressKind.WEB)
        if kind is not AddressKind.WEB:
            yield f"address_{kind.value}", of
        found = self.files.get(document.file) if self.files and document.file is not None else None
        if found is not None and found.state is not FileState.THERE:
            yield f"file_{found.state.value}", of
        if self._filled_on is not None and (day := document.date) is not None and day > self._filled_on:
            yield self._late, of
        if of in self.odd:
            yield from self.odd[of].items()

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
            url = d.url
            return (same_place(url), d.page) if url and self.kinds[d.id] is AddressKind.WEB else None

        limits = self.ruleset.content.formal
        return self._groups(address, self._identity, limits.same_address) if limits is not None else {}

    def _shared_numbers(self) -> dict[str, str]:
        """Documents of one kind with one number and different dates."""
        limits = self.ruleset.content.formal
        if limits is None:
            return {}
        return self._groups(lambda d: self._named.get(d.id), lambda d: d.date, limits.same_number)

    def _twins(self) -> dict[str, str]:
        """Documents of one kind, number and date that are not parts of one document."""

        def requisites(d: Document) -> Hashable:
            named = self._named.get(d.id)
            return (*named, d.date) if named is not None else None

        return self._groups(requisites, lambda d: d.id, 2)

    def _shared_date(self) -> dict[str, str]:
        """Documents of one day, where nearly all are of that day."""
        limits = self.ruleset.content.formal
        days = [day for d in self.case.documents if (day := d.date) is not None]
        if limits is None or len(days) < limits.same_date:
            return {}
        day, number = Counter(days).most_common(1)[0]
        if number * 100 < len(days) * limits.same_date_share:
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
