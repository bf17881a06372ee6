"""The documents of a form: rows that speak of one document put together, documents that are named found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, count
from typing import Final

from vsoko_rules.errors import MOST_PROBLEMS, shorten
from vsoko_rules.intake.form.cell_values import CellValues
from vsoko_rules.intake.form.document_names import DocumentNames, NamedDocument, plain, plain_number
from vsoko_rules.intake.form.entries import FormEntry, in_order, merged
from vsoko_rules.intake.form.form_tables import FormCell
from vsoko_rules.reading.typed import document_number, means_above, whereabouts
from vsoko_rules.reading.word_list import parts

_JOINED: Final = ("quote", "comment")
"""fields of which two rows may say different things: both are kept"""
_PLACES: Final = ("url", "file")
"""fields of which the first row is believed"""
_NAMING: Final = ("id", "title", "kind", "number", "date", "period")
_MANY: Final = ("based_on", "documents")
_MOST_COMPARED: Final = 20
_NAMED: Final = "название или номер документа этой формы"
_COMMA: Final = re.compile(",")
_BETWEEN: Final = re.compile(r"[,\s]+")


class DocumentRows:
    """Takes the rows of the tables of documents, table by table, in the order of the form."""

    def __init__(self, values: CellValues) -> None:
        self._values = values
        self._listed: list[FormEntry] = []
        self._details: list[FormEntry] = []
        self._above: dict[int, FormEntry] = {}
        """for each entry the one that stands above it"""
        self._joined: dict[int, FormEntry] = {}
        """for entries that only say more of a document the entry of the document"""
        self._codes: dict[str, FormEntry] = {}
        """codes that such entries would have had"""

    def take(self, rows: Iterable[FormEntry]) -> None:
        """The rows of one table."""
        before: FormEntry | None = None
        for entry in rows:
            if "document" in entry.cells:
                self._details.append(entry)
            elif entry.is_filled or "id" in entry.one:
                self._complete(entry)
                if before is not None:
                    self._above[id(entry)] = before
                if self._goes_on(entry, before):
                    self._go_on(entry, before)
                else:
                    self._listed.append(entry)
                    before = entry

    def _complete(self, entry: FormEntry) -> None:
        """Read together what stands in several cells of a row: a number with a date, a link on the title."""
        element = entry.one.pop("element", None)
        if element is not None:
            entry.many["serves"] = [element, *entry.many.get("serves", [])]
        title = entry.cells.get("title")
        if title is not None and title.link is not None and not entry.one.keys() & set(_PLACES):
            kind, found = whereabouts(title.link)
            entry.one |= {kind: (found, title.place)} if kind in _PLACES else {}
        if "number" in entry.one:
            number, day = document_number(entry.one["number"][0])
            place = entry.one["number"][1]
            if day is not None and entry.one.setdefault("date", (day, place))[0] != day:
                cell = entry.cells["number"]
                self._values.refuse(cell, cell.text, "номер без даты: в столбце даты стоит другая")
            entry.one["number"] = (number, place)

    def _goes_on(self, entry: FormEntry, before: FormEntry | None) -> bool:
        """Whether a row only says more of the document above it."""
        title = entry.one.get("title")
        if "id" not in entry.one and title is not None and before is not None and _repeats(entry, before):
            return True
        if title is not None:
            return means_above(title[0]) and "id" not in entry.one
        return "element" not in entry.cells and not entry.one.keys() & set(_NAMING) and before is not None

    def _go_on(self, entry: FormEntry, before: FormEntry | None) -> None:
        title = entry.one.pop("title", None)
        if before is None:
            self._values.refuse(entry.cells["title"], title[0] if title else None, "название: выше документа нет")
            return
        if title is not None and means_above(title[0]):
            self._values.tell(entry.cells["title"], "понято как документ строкой выше", title[0], _told(before))
        elif title is not None:
            self._tell_twice(entry, before)
        self._join(before, entry)

    def _join(self, first: FormEntry, other: FormEntry) -> None:
        """Let one document have what another row says of it."""
        for key in _JOINED:
            texts = [entry.one[key][0] for entry in (first, other) if key in entry.one]
            if len(dict.fromkeys(texts)) > 1:
                first.one[key] = ("; ".join(texts), first.one[key][1])
                del other.one[key]
        for key in _PLACES:
            if key in other.one and other.one[key][0] != first.one.get(key, other.one[key])[0]:
                again = other.one.pop(key)
                cell = next(cell for cell in other.cells.values() if cell.place == again[1])
                self._values.tell(cell, "у документа уже есть другой адрес, этот не учтён", again[0], first.one[key][0])
        self._joined[id(other)] = first
        self._codes |= {f"doc-{element}": first for element, _ in other.many.get("serves", [])}
        first.take(other, self._values.problems)

    def documents(self) -> tuple[list[FormEntry], DocumentNames]:
        """Every document once, with the codes of those it names; and how they are called."""
        listed = self._told_once()
        taken = {entry.one["id"][0] for entry in listed if "id" in entry.one}
        for entry in listed:
            self._name(entry, taken)
        listed = merged(listed, "id", self._values.problems)
        by_id = {entry.one["id"][0]: entry for entry in listed}
        aliases = {code: entry.one["id"][0] for code, entry in self._codes.items() if code not in by_id}
        names = DocumentNames((_named(entry) for entry in listed), aliases)
        for detail in self._details:
            if "document" not in detail.refs:
                self._values.refuse(detail.cells["document"], None, _NAMED, "не сказано, о каком документе строка")
            for code in self.resolve(detail.refs.pop("document", []), names):
                by_id[code].take(detail, self._values.problems)
        for entry in listed:
            self._link(entry, names)
            _restore(entry)
        return in_order(listed), names

    def _told_once(self) -> list[FormEntry]:
        """The entries without those that speak of a document which another speaks of too: the same title, number and
        date. A row that was copied with its hidden code and got another title is another document."""
        listed: list[FormEntry] = []
        known: dict[tuple[str, ...], FormEntry] = {}
        titles: dict[str, str] = {}
        for entry in self._listed:
            code, title = entry.one.get("id", ("",))[0], plain(entry.one.get("title", ("",))[0])
            if code and "element" not in entry.cells and titles.setdefault(code, title) != title:
                del entry.one["id"]
                entry.order = None
            key = (title, *_when_and_number(entry))
            first = known.setdefault(key, entry) if title else entry
            codes = {e.one["id"][0] for e in (first, entry) if "id" in e.one}
            if first is entry or len(codes) > 1:
                listed.append(entry)
                continue
            self._tell_twice(entry, first)
            self._join(first, entry)
        self._tell_alike(listed)
        return listed

    def _tell_twice(self, entry: FormEntry, first: FormEntry) -> None:
        """Say that a row speaks of the document of another; its names stay as they are written in the first row."""
        for same in ("title", "number", "date", "period"):
            entry.one.pop(same, None)
        cell = entry.cells["title"]
        self._values.tell(cell, "один документ в двух строках; впервые", cell.text or "", str(first.place.cell))

    def _tell_alike(self, listed: list[FormEntry]) -> None:
        """Documents with one number and date of which one has a part of the other's title are perhaps the same."""
        known: dict[tuple[str, ...], list[FormEntry]] = {}
        for entry in listed:
            key, title = _when_and_number(entry), plain(entry.one.get("title", ("",))[0])
            if not all(key) or not title or "id" in entry.one:
                continue
            for other in known.setdefault(key, [])[-_MOST_COMPARED:]:
                if plain(other.one["title"][0]).startswith(title) or title.startswith(plain(other.one["title"][0])):
                    cell = entry.cells["title"]
                    message = "считается отдельным документом; если это он же, впишите название так же"
                    self._values.tell(cell, message, cell.text or "", _told(other))
                    break
            known[key].append(entry)

    def _name(self, entry: FormEntry, taken: set[str]) -> None:
        """Give a code to a document without one."""
        if "id" in entry.one:
            return
        serves = entry.many.get("serves")
        codes: Iterable[str]
        if serves:
            stem = f"doc-{serves[0][0]}"
            codes = chain([stem], (f"{stem}-{number}" for number in count(2)))
        else:
            codes = (f"doc-{number}" for number in count(1))
            cell = entry.cells.get("serves") or entry.cells.get("element")
            if "element" in entry.cells and cell is not None:
                self._values.refuse(cell, None, "код элемента", "не сказано, к чему относится документ")
            elif cell is not None and entry.one.get("unrelated", ("false",))[0] != "true":
                message = "не сказано, к чему относится документ: он ничего не подтверждает"
                self._values.tell(entry.cells["title"], message, entry.cells["title"].text or "", "без элемента")
        code = next(code for code in codes if code not in taken)
        taken.add(code)
        entry.one["id"] = (code, entry.place)

    def _link(self, entry: FormEntry, names: DocumentNames) -> None:
        """Put the codes of documents in the place of their names."""
        above = self._above.get(id(entry))
        above = self._joined.get(id(above), above)
        for key, cells in entry.refs.items():
            found = [(code, cell.place) for cell in cells for code in self.resolve([cell], names, above, key)]
            if key in _MANY and found:
                entry.many.setdefault(key, []).extend(found)
            elif found:
                entry.one[key] = found[0]

    def resolve(
        self,
        cells: Iterable[FormCell],
        names: DocumentNames,
        above: FormEntry | None = None,
        key: str = "",
    ) -> list[str]:
        """The codes of the documents that cells name. A name that means none or several is one problem."""
        found: list[str] = []
        for cell in cells:
            said = parts(cell.text or "")
            if key not in _MANY and len(said) > 1:
                self._values.refuse(cell, cell.text, "один документ")
            for part in said:
                if means_above(part) and above is not None:
                    found.append(above.one["id"][0])
                else:
                    found += self._resolved(part, cell, names)
        return found

    def _resolved(self, part: str, cell: FormCell, names: DocumentNames) -> list[str]:
        found = names.find(part)
        if len(found) == 1:
            return found
        for divide in (_COMMA, _BETWEEN) if not found else ():
            divided = [names.find(piece) for piece in divide.split(part) if piece.strip()]
            if all(len(codes) == 1 for codes in divided):
                return [codes[0] for codes in divided]
        if found:
            candidates = "; ".join(names.told(code) for code in found)
            self._values.refuse(cell, part, f"одно из: {candidates}", "так называется не один документ")
        else:
            hint = names.hint(part) if len(self._values.problems) < MOST_PROBLEMS else None
            self._values.refuse(cell, None, _NAMED, f"документа «{shorten(part)}» в форме нет", hint)
        return []


def _repeats(entry: FormEntry, before: FormEntry) -> bool:
    """Whether a row has the title of the row above, as merged cells give it, and no other number or date."""
    fields = ("title", "number", "date", "period")
    said = [(plain(entry.one[key][0]), plain(before.one.get(key, ("",))[0])) for key in fields if key in entry.one]
    return all(own == above for own, above in said)


def _when_and_number(entry: FormEntry) -> tuple[str, str]:
    day = entry.one.get("date") or entry.one.get("period") or ("",)
    return plain_number(entry.one.get("number", ("",))[0]), day[0]


def _named(entry: FormEntry) -> NamedDocument:
    one = {key: entry.one[key][0] for key in ("id", "title", "number", "date") if key in entry.one}
    return NamedDocument(one["id"], one.get("title", ""), one.get("number"), one.get("date"))


def _told(entry: FormEntry) -> str:
    return _named(entry).told if "id" in entry.one else f"«{entry.one.get('title', ('без названия',))[0]}»"


def _restore(entry: FormEntry) -> None:
    """List the requirements in the order of the file that an older form was made from, where they are the same."""
    places = dict(reversed(entry.many.get("holds", [])))
    for hint in entry.hints:
        if set(hint) == set(places):
            entry.many["holds"] = [(code, places[code]) for code in hint]
            return
