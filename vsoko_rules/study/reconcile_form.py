"""The form of reconciliation, YAML or a workbook: everything that experts differ on, with the documents to look at.

`reconcile` reads it back. Wording stands in `reports/study/words.yml`; outcomes are called as in the form of schools.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from vsoko_rules.intake.form.layout import layout
from vsoko_rules.study.agreement import Agreement
from vsoko_rules.study.disputes import Dispute
from vsoko_rules.study.opinions import DisputedDocument, Opinion
from vsoko_rules.study.pages import words
from vsoko_rules.templates import Ready, environment, plain
from vsoko_rules.writing.cells import InputCheck, Link, TableColumn, Value, row_height
from vsoko_rules.writing.spreadsheet import Spreadsheet
from vsoko_rules.writing.yaml_text import quoted

_STYLES: Final = {"outcome": "answer", "comment": "answer", "date": "answer_date"}
_WIDTHS: Final = {
    "school": 11, "year": 13, "name": 18, "of": 10, "title": 24, "over": 11, "documents": 28, "link": 9, "outcome": 16,
    "comment": 24, "date": 12,
}  # fmt: skip
_OPINIONS: Final = (56, 16)
"""what the opinions take together, and the least that one of them takes"""
_DOCUMENTS: Final = {"school": 12, "name": 26, "of": 12, "title": 34, "by": 22, "label": 42, "place": 36, "link": 9}
_ABOUT: Final = (20, 90)
"""widths of columns in characters"""


def outcome_words() -> Mapping[str, str]:
    """The outcomes that experts may decide on, by code, in the words of the form of schools."""
    return layout().words["outcomes"]


def column_titles(sheet: str = "columns") -> dict[str, str]:
    """The headings of the form by their keys; what the form of schools asks too is called as there."""
    shared = {column.key: column.heading for column in layout().columns("override")}
    fields = {field.key: field.label for field in layout().fields}
    shared |= {"school": fields["school.id"], "year": fields["study.year"]}
    return {key: title or shared[key] for key, title in words()["form"][sheet].items()}


def form_text(agreement: Agreement) -> str:
    """The form as YAML."""
    template = environment(plain, {"quoted": lambda value: Ready(quoted(value))}).get_template("study/form.yml.j2")
    return template.render(
        ruleset=agreement.ruleset.id, experts=agreement.names, disputes=agreement.open, outcomes=outcome_words()
    )


def form_book(agreement: Agreement, folder: Path | None = None) -> bytes:
    """The form as a workbook with drop-down lists; the same form gives the same bytes.

    `folder`: where it will lie; links to files of documents start there, without it there are none.
    """
    texts = words()["form"]
    book = Spreadsheet(texts["title"], cut=True)
    shown = _Documents(agreement, folder)
    _disputes_sheet(book, agreement, shown)
    columns = [TableColumn(title, _DOCUMENTS[key]) for key, title in column_titles("documents").items()]
    book.sheet(texts["documents_sheet"]).table(columns, shown.rows or [[None] * len(columns)])
    about = book.sheet(texts["experts_sheet"])
    about.widths(_ABOUT)
    stated = {texts["experts"]["ruleset"]: agreement.ruleset.id}
    stated |= {texts["experts"]["number"].format(n): name for n, name in enumerate(agreement.names, 1)}
    for row, (title, value) in enumerate(stated.items()):
        about.put(row, 0, title, "name")
        about.put(row, 1, value, "input")
    for row, line in enumerate(texts["about"], len(stated) + 1):
        about.height(row, row_height([(line, _ABOUT[1])]))
        about.put(row, 1, line)
    return book.content()


def _disputes_sheet(book: Spreadsheet, agreement: Agreement, shown: _Documents) -> None:
    texts, names = words()["form"], agreement.names
    checks = {
        "outcome": InputCheck("list", tuple(outcome_words().values())),
        "date": InputCheck("date", refusal_title=texts["title"], refusal=texts["date"]),
    }
    each = max(_OPINIONS[0] // len(names), _OPINIONS[1])
    columns: list[TableColumn] = []
    for key, title in column_titles().items():
        if key == "opinion":
            columns += [TableColumn(title.format(name), each) for name in names]
        else:
            columns.append(TableColumn(title, _WIDTHS[key], _STYLES.get(key, "cell"), checks.get(key)))
    rows = [list(_row(dispute, shown)) for dispute in agreement.open]
    frozen = list(texts["columns"]).index("of") + 1
    book.sheet(texts["sheet"]).table(columns, rows or [[None] * len(columns)], frozen=frozen)


def _row(dispute: Dispute, shown: _Documents) -> Iterator[Value]:
    for key in words()["form"]["columns"]:
        if key == "opinion":
            yield from ("\n".join(opinion_lines(opinion, documents=False)) for opinion in dispute.opinions)
        elif key in ("documents", "link"):
            yield shown.of(dispute)[key == "link"]
        elif key == "over":
            yield "; ".join(words()["aspect"][aspect.value] for aspect in dispute.over)
        else:
            yield None if key in _STYLES else getattr(dispute, key)


class _Documents:
    """The disputed documents, one a row, and the link from each dispute to its own."""

    def __init__(self, agreement: Agreement, folder: Path | None) -> None:
        self._folder = folder
        self._shown: dict[tuple[str, int, str], tuple[str, Link]] = {}
        self.rows: list[list[Value]] = []
        for dispute in agreement.open:
            self._add(dispute, agreement.names)

    def of(self, dispute: Dispute) -> tuple[Value, Value]:
        """The documents of a dispute, and what opens when it is clicked: the only one, or where several are listed."""
        return self._shown.get((dispute.school, dispute.year, dispute.of), (None, None))

    def _add(self, dispute: Dispute, names: Sequence[str]) -> None:
        named: dict[DisputedDocument, list[str]] = {}
        for name, opinion in zip(names, dispute.opinions, strict=True):
            for document in opinion.documents if opinion is not None else ():
                named.setdefault(document, []).append(name)
        if not named:
            return
        texts = words()["form"]
        targets = [self._target(document) for document in named]
        listed = f"internal:'{texts['documents_sheet']}'!A{len(self.rows) + 2}"
        only = targets[0] if len(set(targets)) == 1 else None
        labels = "\n".join(dict.fromkeys(document.label for document in named))
        several = Link(texts["open"]["many"].format(count=len(named)), listed)
        link = Link(texts["open"]["one"], only) if only else several
        self._shown[dispute.school, dispute.year, dispute.of] = labels, link
        for (document, by), target in zip(named.items(), targets, strict=True):
            cells: dict[str, Value] = {
                "school": dispute.school, "name": dispute.name, "of": dispute.of, "title": dispute.title,
                "by": ", ".join(by), "label": document.label, "place": document.link or document.place,
                "link": Link(texts["open"]["one"], target) if target else None,
            }  # fmt: skip
            self.rows.append([cells[key] for key in _DOCUMENTS])

    def _target(self, document: DisputedDocument) -> str | None:
        """What opens a document; none where nothing can."""
        if document.link is not None or document.file is None or self._folder is None:
            return document.link
        try:
            return f"external:{os.path.relpath(document.file, self._folder)}"
        except ValueError:  # on another disk
            return None


def opinion_lines(opinion: Opinion | None, documents: bool = True) -> Iterator[str]:
    """What an expert stated, and what came of it, line by line; an expert who did not look at the school has none."""
    texts, outcomes = words()["form"]["opinion"], outcome_words()
    if opinion is None:
        yield texts["absent"]
        return
    if opinion.mark is not None:
        yield texts["mark"].format(mark=str(opinion.mark).replace(".", ","))
    if opinion.decision is not None:
        yield texts["decision"].format(outcome=outcomes[opinion.decision])
    if opinion.outcome is not None:
        yield texts["outcome"].format(outcome=outcomes[opinion.outcome])
    if opinion.indicator not in (None, opinion.outcome):
        yield texts["indicator"].format(outcome=outcomes[opinion.indicator])
    if opinion.lacks:
        yield texts["lacks"].format(lacks=", ".join(opinion.lacks))
    if opinion.grounds is not None:
        yield texts["grounds"].format(grounds=", ".join(opinion.grounds) or texts["no_grounds"])
    yield from (texts["comment"].format(comment=comment) for comment in opinion.comments)
    if documents:
        yield from (texts["document"].format(document=document.label) for document in opinion.documents)
