"""How documents are called in the cells of a form, and which of them is meant by what somebody wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from vsoko_rules.errors import did_you_mean
from vsoko_rules.intake.form.layout import layout
from vsoko_rules.reading.typed import typed_date
from vsoko_rules.reading.word_list import SEPARATORS, folded

_QUOTES: Final = str.maketrans("", "", "«»\"“”„'’")
_NUMBER: Final = re.compile(r"(?:№|\bN)\s*([^\s,;]*\d[^\s,;]*)|^\s*([^\s,;]*\d[^\s,;]*)(?=\s|$)")
_DATE: Final = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}\s+[а-я]+\s+\d{4}", re.IGNORECASE)
_SHORTEST_PART: Final = 8
"""characters of a title by which a document may be known"""
_MOST_SEARCHED: Final = 2_000
"""documents among which parts of titles are looked for: no school has more, a hostile file may"""


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """What a document is known by; `date` is ISO."""

    id: str
    title: str
    number: str | None = None
    date: str | None = None

    @property
    def label(self) -> str:
        """The title with the number, as drop-down lists offer it."""
        return layout().label.format(title=self.title, number=self.number) if self.number else self.title

    @property
    def told(self) -> str:
        """How a message names it."""
        return f"«{self.title}» № {self.number}" if self.number else f"«{self.title}»"


class DocumentNames:
    """The documents of one form. A code means its document before any name does; of two that are called alike none is
    meant."""

    def __init__(self, documents: Iterable[NamedDocument], aliases: Mapping[str, str] | None = None) -> None:
        """`aliases` are other codes of the same documents."""
        self.documents = {d.id: d for d in documents}
        self._aliases = dict(aliases or {})
        self._titles: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = {}
        self._by_number: dict[str, list[str]] = {}
        for d in self.documents.values():
            for name in {plain(d.label), plain(d.title)}:
                self._by_name.setdefault(name, []).append(d.id)
            self._titles[d.id] = plain(d.title)
            if d.number:
                self._by_number.setdefault(plain_number(d.number), []).append(d.id)

    def called(self, document: str) -> str:
        """How a cell names a document: by its label, by its code where the label could be misread."""
        label = self.documents[document].label if document in self.documents else document
        clear = label.strip() == label and not SEPARATORS.search(label)
        return label if clear and self.find(label) == [document] else document

    def find(self, text: str) -> list[str]:
        """The codes of the documents that `text` may mean: a code, a title, a number, a part of a title."""
        code = text.strip()
        if code in self.documents or code in self._aliases:
            return [self._aliases.get(code, code)]
        named = self._by_name.get(plain(text))
        return named or self._numbered(text) or self._by_part(plain(text))

    def told(self, document: str) -> str:
        """How a message names a document."""
        return self.documents[document].told

    def hint(self, text: str) -> str | None:
        """What was perhaps meant by a name that means no document."""
        return did_you_mean(text, [*(d.title for d in self.documents.values()), *self.documents])

    def _numbered(self, text: str) -> list[str]:
        day = _DATE.search(text)
        date = typed_date(day[0], None) if day else None
        found = _NUMBER.search(_DATE.sub("", text))
        if (found is None and date is None) or "," in _DATE.sub("", text)[found.end() if found else 0 :]:
            return []
        if found is not None:
            codes = self._by_number.get(plain_number((found[1] or found[2]).strip("().,")), [])
        else:
            codes = list(self.documents)
        codes = [code for code in codes if date is None or self.documents[code].date in (None, date)]
        word = plain(text).partition(" ")[0].strip(".")
        return self._narrowed(codes, word) if found is not None else self._beginning(codes, word, date)

    def _by_part(self, part: str) -> list[str]:
        if len(part) < _SHORTEST_PART or len(self.documents) > _MOST_SEARCHED:
            return []
        return self._narrowed([code for code, title in self._titles.items() if part in title], part)

    def _narrowed(self, codes: list[str], beginning: str) -> list[str]:
        """Of several documents those whose titles begin so, if any does."""
        begun = [code for code in codes if self._titles[code].startswith(beginning)] if len(codes) > 1 else []
        return begun or codes

    def _beginning(self, codes: list[str], word: str, date: str | None) -> list[str]:
        """Documents of one day whose titles or kinds begin with a word: «приказ от 14.02.2022»."""
        return [code for code in codes if self.documents[code].date == date and self._titles[code].startswith(word)]


def plain(name: str) -> str:
    """A name as it is compared: without regard to case, spaces, quotation marks and ё."""
    return folded(name.translate(_QUOTES)).replace("ё", "е")


def plain_number(number: str) -> str:
    """A number as it is compared: «№ 12-ОД» is «12-од»."""
    return re.sub(r"\s+", "", number).lstrip("№N").casefold()
