"""Somebody who has read every file of a folder and answers in the workbook for confirmation, in as few cells as do.

What the person knows is a true case, such as `tools/school_folder.py --truth` writes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import openpyxl

from vsoko_rules import open_case
from vsoko_rules.case.document_records import Document
from vsoko_rules.case.facts import expectation
from vsoko_rules.case.records import Case
from vsoko_rules.intake.drafts.confirmation_book import ALL, UNREAD
from vsoko_rules.intake.drafts.confirmation_words import wording
from vsoko_rules.intake.drafts.document_needs import DocumentNeeds
from vsoko_rules.reading.word_list import folded
from vsoko_rules.ruleset.ruleset import Ruleset

_CODE: Final = re.compile(r"^\d+\. (\S+)", re.MULTILINE)
"""of an element that is offered, before its title"""
_DOCUMENT: Final = re.compile(r"^\d+\. .* (\S+)$", re.MULTILINE)
"""of a document that is offered, after its title"""


class Person:
    """Knows the truth of each document of a draft. `answers` counts what was answered, by what was asked and how."""

    def __init__(self, truth: Case, draft: Case, ruleset: Ruleset, before: str = "") -> None:
        """`before`: what stands before the paths of the truth in the paths of the draft."""
        self.ruleset = ruleset
        self.needs = DocumentNeeds(ruleset, expectation(truth, ruleset))
        self._renamed: set[str] = set()
        """documents of which another element was typed in this sitting: what they lack will be asked anew"""
        self.draft = {d.id: d for d in draft.documents}
        self.known = dict(_pairs(truth, draft, before))
        self.ids = {d.id: own for own, d in self.known.items()}
        self.unknown = [d for d in truth.documents if d.id not in self.ids]
        self.answers: Counter[tuple[str, str]] = Counter()

    def fill(self, book: Path) -> int:
        """Answer every question of a workbook that has to be answered; returns how many cells that took."""
        workbook = openpyxl.load_workbook(book)
        filled = 0
        self._renamed.clear()
        titles = wording().columns
        for sheet in workbook.worksheets:
            heads = {str(cell.value): n for n, cell in enumerate(sheet[1], 1) if cell.value}
            for number, row in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
                cells = {title: row[at - 1] for title, at in heads.items()}
                key = str(cells.get(titles["key"]) or "")
                for column in ("answer", *UNREAD) if "@" in key else ():
                    if titles[column] not in heads:
                        continue
                    text = self.answer(key, column, cells)
                    if text is not None:
                        sheet.cell(number, heads[titles[column]]).value = text
                        self.answers[key.split("@")[1].split()[1], _manner(text)] += 1
                        filled += 1
        workbook.save(book)
        return filled

    def answer(self, key: str, column: str, cells: Mapping[str, Any]) -> str | None:
        """The answer to one question; none where the one answer to the whole document says it."""
        own, _, rest = key.partition("@")
        about, *said = rest.split(" ")[1:]
        claim = " ".join(said)
        if own == ALL:
            return "да"
        known = self.known.get(own)
        if about == "document":
            return "да" if known is not None else None
        offer = str(cells.get(wording().columns["offer"]) or "")
        if known is None or not known.serves:
            return self._unrelated(known, about, column, claim, offer)
        waits = str(cells.get(wording().columns["what"]) or "").startswith("★")
        text = self._about(known, about, claim, offer, column)
        return ("да" if waits else None) if text == "" else text

    def _unrelated(self, known: Document | None, about: str, column: str, claim: str, offer: str) -> str | None:
        """Of what belongs nowhere one answer is enough."""
        if about == "element":
            return "да" if offer == wording().offer["unrelated"] else "не относится"
        if about in ("relation", "field") and known is not None and not known.unrelated:
            return self._about(known, about, claim, "", column) or None
        return "не относится" if about == "unread" and column == "element" else None

    def _about(self, known: Document, about: str, claim: str, offer: str, column: str) -> str | None:
        """The answer to a question of one document; empty where what is proposed is right."""
        if about == "element":
            if list(known.serves) == _CODE.findall(offer)[:1]:
                return ""
            self._renamed.add(known.id)
            return "; ".join(known.serves) or "не относится"
        if about in ("content", "unseen"):
            return "" if claim in known.holds or not self.needs.may_ask(known, claim) else "нет"
        if about == "lacking":
            return None if known.id in self._renamed else self._lacking(known, offer)
        if about == "blank":
            return "да" if known.blank else "нет"
        if about == "grounds":
            return self._grounds(known, offer)
        if about == "relation":
            return self._relation(known, *claim.split(" ", 1))
        if about == "unread":
            return self._unread(known, column)
        return self._field(known, *claim.partition(" ")[::2])

    def _lacking(self, known: Document, offer: str) -> str:
        """Contents that were not found: those that are there, by their names."""
        titles = {q.title: q.id for q in self.ruleset.requirements.values()}
        asked = [part.strip() for part in offer.split(";")]
        there = [title for title in asked if titles.get(title) in known.holds]
        return "да" if there == asked else "; ".join(there) or "нет"

    def _grounds(self, known: Document, offer: str) -> str:
        right = [self.ids[g] for g in known.based_on if g in self.ids]
        named, _, _ = offer.partition(wording().offer["may_be"])
        offered = _DOCUMENT.findall(named) if wording().offer["named"] in offer else []
        return "да" if right and set(right) == set(offered) else "; ".join(right) or "нет"

    def _relation(self, known: Document, field: str, offered: str = "") -> str:
        right = self.ids.get(getattr(known, field) or "")
        return "да" if right == offered else right or "нет"

    def _field(self, known: Document, field: str, offered: str) -> str:
        if field == "title":
            right, offer = folded(known.title), folded(offered)
            return "" if offer and (offer in right or right in offer) else known.title
        if field == "kind":
            same = known.kind is not None and self.ruleset.kind_of(known.kind) == self.ruleset.kind_of(offered)
            return "" if same else known.kind or "нет"
        if field == "url":
            return ""
        if field == "addressees":
            return "" if offered in known.addressees else "; ".join(known.addressees) or "нет"
        if field == "period" and known.period is None:
            return ""
        if field in ("date", "period") and known.date is None and known.period is not None:
            return "" if offered == known.period else known.period
        right = getattr(known, field)
        if field == "date" and right is not None and offered == f"{right:%Y%m%d}":
            return ""
        return "" if right is not None and str(right) == offered else str(right) if right is not None else "нет"

    def _unread(self, known: Document, column: str) -> str | None:
        """What is asked of a file that could not be read."""
        if column == "element":
            return "; ".join(known.serves) or "не относится"
        if column == "lacking":
            titles = {q.id: q.title for q in self.ruleset.requirements.values()}
            return "; ".join(titles[code] for code in known.holds) or "нет"
        if column == "grounds":
            return "; ".join(self.ids[g] for g in known.based_on if g in self.ids) or "нет"
        value = getattr(known, column)
        return str(value) if value is not None else known.period if column == "date" else None


def _manner(text: str) -> str:
    """How an answer is given."""
    return text if text in ("да", "нет", "не относится") else "typed"


def _pairs(truth: Case, draft: Case, before: str) -> Iterator[tuple[str, Document]]:
    """The documents of a draft with those of the truth: by their file, in one file by title, else in their order."""
    by_file: dict[str, list[Document]] = {}
    for document in truth.documents:
        by_file.setdefault(before + (document.file or ""), []).append(document)
    for file, documents in by_file.items():
        own = [d for d in draft.documents if d.file == file]
        yield from _in_file(own, documents)


def _in_file(own: Sequence[Document], documents: Sequence[Document]) -> Iterator[tuple[str, Document]]:
    left, rest = list(own), []
    for document in documents:
        number = folded(document.title)
        same = next((d for d in left if folded(d.title) in number or number in folded(d.title)), None)
        if same is None:
            rest.append(document)
        else:
            left.remove(same)
            yield same.id, document
    yield from ((d.id, document) for d, document in zip(left, rest, strict=False))


def truth_of(path: Path) -> Case:
    """A true case in a file."""
    return open_case(path.read_bytes(), path.name).content
