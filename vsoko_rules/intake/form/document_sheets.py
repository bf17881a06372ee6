"""The sheet of documents, ten columns wide, and the one with what does not fit there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.records import Case
from vsoko_rules.errors import Place
from vsoko_rules.intake.form.cell_values import CellValues, russian_date
from vsoko_rules.intake.form.document_names import DocumentNames, NamedDocument
from vsoko_rules.intake.form.form_sheet import FIRST_ROW, FormRow, FormSheet, RowValues, fields_of
from vsoko_rules.intake.form.form_tables import FormCell
from vsoko_rules.intake.form.layout import FormColumn, layout
from vsoko_rules.reading.word_list import WordList
from vsoko_rules.reading.workbook import column_letters
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.writing.cells import Formula

NAMES: Final = "Документы_школы"
"""the range from which drop-down lists offer the documents of the form"""

_LABEL, _COUNT, _LISTED = "label", "count", "listed"
"""hidden columns: how the document of a row is called, how many there are down to it, all of them without gaps"""
_HELPERS: Final = tuple(FormColumn(key=key, heading="", type="service") for key in (_LABEL, _COUNT, _LISTED))
_MIXED: Final = {
    "contents": ("holds", "addressees", "covers"),
    "notes": ("remarks", "blank", "scan", "unrelated", "comment"),
}
"""fields that one cell says in words of several lists"""
_LEAST_IN_A_SET: Final = 2
_LONGEST_PATTERN: Final = 255
"""what a formula may look for"""


class DocumentSheets:
    """The documents of a case as rows; `words` are the lists of the form."""

    def __init__(
        self, ruleset: Ruleset, expected: Expectation, case: Case | None, words: Mapping[str, WordList]
    ) -> None:
        self._ruleset = ruleset
        self._expected = expected
        self._words = words
        self.documents = case.documents if case else ()
        self.names = DocumentNames(
            NamedDocument(d.id, d.title, d.number, d.date.isoformat() if d.date else None) for d in self.documents
        )
        self._reader = CellValues(words, [])

    def main(self) -> FormSheet:
        """The sheet of documents."""
        columns = [*(c for c in layout().columns("document") if "documents" in c.on), *_HELPERS]
        rows = [self._row(number, document) for number, document in enumerate(self.documents, 1)]
        last = len(rows) + layout().spare["documents"]
        helpers = _Helpers([column.key for column in columns], last)
        filled = [{**(rows[n] if n < len(rows) else {}), **helpers.cells(n, self.documents)} for n in range(last)]
        elements = list(self._expected.elements.values())
        return FormSheet(
            name=layout().names["documents"],
            kind="document",
            title=layout().titles["documents"],
            about=layout().about["documents"],
            columns=columns,
            rows=[FormRow(values) for values in filled],
            lists={
                "kinds": list(dict.fromkeys(e.kind for e in elements if e.kind is not None)),
                "elements": [self._words["elements"].word(e.id) for e in elements],
                "contents": [*self._sets(), *(word for word, _ in self._words["contents"].pairs)],
                "notes": [word for word, _ in self._words["notes"].pairs],
            },
            named={NAMES: helpers.listed()},
            fixed_rows=True,
        )

    def _sets(self) -> list[str]:
        """What is asked of documents together, most often first: a person rubs out of a set what is not there."""
        held = self._words["requirements"]
        asked = (
            tuple(code for code in e.requires if self._ruleset.requirements[code].given_by == "holds")
            for e in self._expected.elements.values()
        )
        sets = Counter(codes for codes in asked if len(codes) >= _LEAST_IN_A_SET)
        return ["; ".join(held.word(code) for code in codes) for codes, _ in sets.most_common()]

    def served(self, code: str) -> str:
        """What a block sheet shows of an element."""
        serving = [d for d in self.documents if code in d.serves]
        if not serving:
            return ""
        label = self.names.documents[serving[0].id].label
        return layout().served.format(label=label, more=len(serving) - 1) if len(serving) > 1 else label

    def details(self) -> FormSheet:
        """What does not fit on the sheet of documents, a row for each document that has it."""
        columns = [c for c in layout().columns("document") if "details" in c.on]
        rows = []
        for document in self.documents:
            left = self._left(document, columns)
            if left:
                rows.append(FormRow({"document": self.names.called(document.id), **left}))
        needed = {key for row in rows for key in row.values}
        return FormSheet(
            name=layout().names["details"],
            kind="document",
            title=layout().titles["details"],
            about=layout().about["details"],
            columns=[c for c in columns if not c.when_needed or c.key in needed],
            rows=rows,
            spare=layout().spare["details"],
            lists={"levels": [word for word, _ in self._words["levels"].pairs]},
        )

    def _row(self, number: int, document: Document) -> RowValues:
        """What the sheet of documents says of one."""
        day = russian_date(document.date.isoformat()) if document.date is not None else document.period
        place = document.url if document.url is not None else document.file
        values: RowValues = {
            "order": number,
            "id": document.id,
            **{key: getattr(document, key) for key in ("title", "kind", "number", "quote")},
            "when": day,
            "serves": self._said(document.serves, "elements"),
            "based_on": "; ".join(self.names.called(code) for code in document.based_on) or None,
            "where": place if self._reads(place, document) else None,
        }
        for key, fields in _MIXED.items():
            said = (self._mixed(document, key, field) for field in fields if self._fits(document, key, field))
            values[key] = "; ".join(text for text in said if text) or None
        return values

    def _left(self, document: Document, columns: Iterable[FormColumn]) -> RowValues:
        """What the sheet of documents does not say of one."""
        values = fields_of(document, columns, self._words)
        row = self._row(0, document)
        said = {"date", *(("period",) if document.date is None else ()), *_MANY_ON_MAIN}
        if row["where"] is not None:
            said.add("url" if document.url is not None else "file")
        said |= {field for key, fields in _MIXED.items() for field in fields if self._fits(document, key, field)}
        word = self._words["requirements"].word
        apart = (f"{e}: {'; '.join(word(code) for code in found)}" for e, found in document.holds_for.items())
        values["holds_for"] = "\n".join(apart) or None
        values |= {
            key: self.names.called(code)
            for key in ("approved_by", "annex_of", "amends")
            if (code := getattr(document, key)) is not None
        }
        return {key: value for key, value in values.items() if key not in said and value is not None}

    def _said(self, codes: Iterable[str], words: str) -> str | None:
        return "; ".join(self._words[words].word(code) for code in codes) or None

    def _mixed(self, document: Document, key: str, field: str) -> str:
        """One field in the words of a cell that says several."""
        value: Any = getattr(document, field)
        if field == "comment":
            return value or ""
        codes = ["true"] if value is True else [] if value is False else _plain(value)
        return "; ".join(self._words[key].word(f"{field}:{code}") for code in codes)

    def _fits(self, document: Document, key: str, field: str) -> bool:
        """Whether the words of a field are read as this field again, alone and beside the others of its cell."""
        value: Any = getattr(document, field)
        text = self._mixed(document, key, field)
        if not text:
            return True
        if field == "comment":
            marked = any(self._mixed(document, key, other) for other in _MIXED[key] if other != field)
            return self._reader.notes(_cell(text)) == [("comment", text)] and not (marked and _is_divided(text))
        wanted = [(field, "true")] if value is True else [(field, code) for code in _plain(value)]
        return all(f"{field}:{code}" in self._known(key) for _, code in wanted) and (
            self._reader.several(_cell(text), key) == wanted
        )

    def _known(self, key: str) -> set[str]:
        known = self._words[key]
        return {code for _, code in known.pairs if known.word(code) != code}

    def _reads(self, text: str | None, document: Document) -> bool:
        """Whether an address or a path is read as what it is."""
        if text is None:
            return False
        wanted = ("url", document.url) if document.url is not None else ("file", document.file)
        return self._reader.where(_cell(text)) == wanted


_MANY_ON_MAIN: Final = ("title", "kind", "number", "serves", "based_on", "quote")


def _plain(codes: Iterable[str]) -> list[str]:
    """Codes as they stand in a file, those of an enumeration too."""
    return [code.value if isinstance(code, EducationLevel) else code for code in codes]


def _cell(text: str) -> FormCell:
    return FormCell(text, Place(""))


def _is_divided(text: str) -> bool:
    return "; ".join(part.strip() for part in text.split(";")) != text or "\n" in text


class _Helpers:
    """The hidden columns by which lists and block sheets know the documents."""

    def __init__(self, keys: list[str], rows: int) -> None:
        self._letters = {key: column_letters(at) for at, key in enumerate(keys)}
        self._first, self._last = FIRST_ROW + 1, FIRST_ROW + rows

    def column(self, key: str) -> str:
        """A column of the sheet of documents, as a formula on another sheet names it."""
        letters = self._letters[key]
        return f"'{layout().names['documents']}'!${letters}${self._first}:${letters}${self._last}"

    def _beside(self, key: str) -> str:
        """A column, as a formula on the same sheet names it."""
        return f"{self._letters[key]}${self._first}:{self._letters[key]}${self._last}"

    def listed(self) -> str:
        """The range of the documents without the empty rows below them."""
        at = self.column(_LISTED)
        return f"=OFFSET({at.partition(':')[0]},0,0,MAX(1,MAX({self.column(_COUNT)})),1)"

    def cells(self, number: int, documents: tuple[Document, ...]) -> RowValues:
        """The formulas of one row, with what they show of `documents`."""
        row = self._first + number
        at = {key: f"{letters}{row}" for key, letters in self._letters.items()}
        above = {key: f"{self._letters[key]}{row - 1}" for key in (_LABEL, _COUNT)}
        carried = above[_LABEL] if number else '""'
        sign = layout().label.format(title="", number="")
        text = f'{at["title"]}&IF({at["number"]}="","","{sign}"&TRIM(SUBSTITUTE({at["number"]},"№","")))'
        goes_on = f'{at["serves"]}&{at["contents"]}&{at["based_on"]}=""'
        counted = f"{above[_COUNT]}+" if number else ""
        label = (
            NamedDocument("", documents[number].title, documents[number].number).label
            if number < len(documents)
            else ""
        )
        labels, counts = (self._beside(key) for key in (_LABEL, _COUNT))
        return {
            _LABEL: Formula(f'=IF({at["title"]}<>"",{text},IF({goes_on},"",{carried}))', label),
            _COUNT: Formula(f'={counted}IF({at["title"]}="",0,1)', str(min(number + 1, len(documents)))),
            _LISTED: Formula(f'=IFERROR(INDEX({labels},MATCH(ROW()-{FIRST_ROW},{counts},0)),"")', label),
        }


def served_formula(main: FormSheet, element: str, title: str | None, shown: str) -> Formula:
    """The document that serves an element, and how many others do, as the sheet of documents says: by its code or by
    its title alone (none: that of another element, too)."""
    helpers = _Helpers([column.key for column in main.columns], len(main.rows))
    served = helpers.column("serves")
    patterns = [f'"*{element}*"', *(_alone_or_in_a_list(title) if title is not None else ())]
    more = "+".join(f"COUNTIF({served},{pattern})" for pattern in patterns) + "-1"
    words = layout().served.removeprefix("{label}").removesuffix("{more}")
    *before, found = (f"MATCH({pattern},{served},0)" for pattern in patterns)
    for one in reversed(before):
        found = f"IFERROR({one},{found})"
    first = f'IFERROR(INDEX({helpers.column(_LABEL)},{found}),"")'
    return Formula(f'={first}&IF({more}>0,"{words}"&{more},"")', shown)


def _alone_or_in_a_list(title: str) -> list[str]:
    """Patterns of cells that hold a title by itself, or as one entry; none for one that is too long for a pattern."""
    plain = re.sub(r"[~*?]", r"~\g<0>", title).replace('"', '""')
    patterns = (plain, f"{plain};*", f"*; {plain}", f"*; {plain};*")
    return [f'"{pattern}"' for pattern in patterns if len(pattern) <= _LONGEST_PATTERN]
