"""The filled form of reconciliation, YAML or a workbook: what experts decided together comes back as overrides.

`reconcile_form` writes the form; its wording stands in `reports/study/words.yml`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from vsoko_rules.case.records import Override
from vsoko_rules.case.write import plain_data
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.case_file import is_form
from vsoko_rules.intake.form.cell_values import CellValues
from vsoko_rules.intake.form.form_tables import FormCell, form_cell
from vsoko_rules.intake.form.layout import Type
from vsoko_rules.reading.archive import read_bytes
from vsoko_rules.reading.placed import PlacedData
from vsoko_rules.reading.scalars import Code, Day, Number, Text, Whole
from vsoko_rules.reading.validation import Model, Positioned, validated
from vsoko_rules.reading.word_list import WordList
from vsoko_rules.reading.workbook import Sheet, parse_workbook
from vsoko_rules.reading.yaml import read
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.pages import words
from vsoko_rules.study.reconcile_form import column_titles, outcome_words
from vsoko_rules.words import words as shared_words
from vsoko_rules.writing.cell_text import unescaped
from vsoko_rules.writing.yaml_text import as_text

Agreed = Literal["met", "partial", "missing", "not_applicable", "not_checked"]

_RETURNED: Final = ("school", "name", "of", "title", "outcome", "comment", "date")
"""columns that come back"""
_SINCE: Final = ("year",)
"""columns that come back too, and that older forms do not have"""
_KINDS: Final[Mapping[str, Type]] = {"outcome": "word", "date": "date", "year": "whole"}
"""what their cells hold; text where nothing is said"""


class StatedOpinion(Model):
    """What one expert's case says. Shown for reading; nothing of it comes back."""

    outcome: Text | None = None
    indicator: Text | None = None
    mark: Number | None = None
    decision: Text | None = None
    comments: tuple[Text, ...] = ()
    documents: tuple[Text, ...] = ()
    lacks: tuple[Text, ...] = ()
    grounds: tuple[Text, ...] | None = None


class DisputedRow(Model):
    """One dispute; `outcome`, `comment` and `date` are what the experts fill in."""

    school: Code
    year: Whole | None = None
    name: Text
    of: Code
    title: Text
    over: tuple[Text, ...] = ()
    opinions: tuple[StatedOpinion | None, ...] = ()
    first: StatedOpinion | None = None
    second: StatedOpinion | None = None
    """as older forms have it"""
    outcome: Agreed | None = None
    comment: Text | None = None
    date: Day | None = None


class ReconciliationForm(Model):
    """The whole form."""

    ruleset: Code
    experts: Annotated[tuple[Text, ...], Field(min_length=2)]
    disputes: tuple[DisputedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class FormDecision:
    """What experts decided together of one element or indicator of a school, and where the form says so."""

    school: str
    year: int | None
    """none in older forms"""
    override: Override
    place: Place


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a filled form says, and how many rows are still open."""

    ruleset: str
    experts: tuple[str, ...]
    decisions: tuple[FormDecision, ...]
    open: int

    @property
    def overrides(self) -> dict[str, tuple[Override, ...]]:
        """The decisions by school."""
        schools = dict.fromkeys(decision.school for decision in self.decisions)
        return {s: tuple(d.override for d in self.decisions if d.school == s) for s in schools}

    def fragments(self) -> dict[str, str]:
        """By school, the decisions as they stand in a case file."""
        return {school: fragment(overrides) for school, overrides in self.overrides.items()}

    def data(self) -> dict[str, Any]:
        """For programs."""
        by_school = {school: [o.model_dump(mode="json") for o in rows] for school, rows in self.overrides.items()}
        return {"overrides": by_school, "open": self.open}


def read_form(path: Path) -> Reconciled:
    """Read a filled form, YAML or a workbook. Raises `InputError` when a decision lacks its comment or date."""
    as_book = is_form(read_bytes(path), path.name)
    source: Positioned = _read_book(path) if as_book else read(path, InputError)
    filled = validated(ReconciliationForm, source, InputError)
    problems: list[Problem] = []
    decisions: list[FormDecision] = []
    for n, row in enumerate(filled.disputes):
        if row.outcome is None:
            continue
        if row.comment is None or row.date is None:
            missing = "comment" if row.comment is None else "date"
            place = source.place(("disputes", n, missing))
            title = column_titles()[missing] if as_book else missing
            problems.append(Problem(place, f"решение принято, но не заполнено поле «{title}»", row.of))
            continue
        by = ", ".join(filled.experts)
        override = Override(of=row.of, outcome=row.outcome, by=by, date=row.date, comment=row.comment)
        decisions.append(FormDecision(row.school, row.year, override, source.place(("disputes", n, "outcome"))))
    if problems:
        raise InputError(problems)
    still_open = sum(row.outcome is None for row in filled.disputes)
    return Reconciled(filled.ruleset, filled.experts, tuple(decisions), still_open)


def with_decisions(own: Sequence[Override], decided: Iterable[Override], ruleset: Ruleset) -> tuple[Override, ...]:
    """The overrides of a case with those that are decided, each in the place of what the case says of the same."""
    aliases = {**ruleset.indicator_aliases, **ruleset.aliases}
    codes = {aliases.get(o.of, o.of): o for o in decided}
    kept = [codes.get(aliases.get(o.of, o.of), o) for o in own]
    return (*kept, *(o for o in codes.values() if o not in kept))


def fragment(overrides: tuple[Override, ...]) -> str:
    """Overrides as they stand in a case file."""
    return as_text({"overrides": [plain_data(override) for override in overrides]})


def _read_book(path: Path) -> PlacedData:
    """What a filled workbook says, in the shape of the YAML form. Raises `InputError` with every cell that is wrong."""
    texts = words()["form"]
    content = read_bytes(path)
    source = PlacedData(str(path), hashlib.sha256(content).hexdigest())
    sheets = {sheet.name: sheet for sheet in parse_workbook(content, str(path), verbatim=True)}
    for name in (texts["sheet"], texts["experts_sheet"]):
        if name not in sheets:
            raise InputError([Problem(Place(str(path)), f"в книге нет листа «{name}»", hint=texts["hint"])])
    problems: list[Problem] = []
    values = CellValues({"decisions": _outcomes()}, problems)
    _read_experts(sheets[texts["experts_sheet"]], source)
    source.put(("disputes",), [], sheets[texts["sheet"]].place(0, 0))
    for number, row in enumerate(_read_rows(sheets[texts["sheet"]])):
        source.put(("disputes", number), {}, row["of"].place)
        for key, cell in row.items():
            value = values.one(cell, _KINDS.get(key, "text"), "decisions")
            source.locate(("disputes", number, key), cell.place)
            if value is not None:
                source.put(("disputes", number, key), value, cell.place)
    if problems:
        raise InputError(problems)
    return source


def _outcomes() -> WordList:
    """The outcomes that are offered; also as older forms call them."""
    offered = outcome_words()
    former = ((shared_words()["item"][code], code) for code in offered)
    return WordList(((word, code) for code, word in offered.items()), former)


def _read_experts(sheet: Sheet, source: PlacedData) -> None:
    texts = words()["form"]
    stated = {str(row[0]).strip(): (n, row[1]) for n, row in enumerate(sheet.rows) if len(row) > 1 and row[0]}
    numbered = [texts["experts"]["number"].format(n) for n in range(1, len(sheet.rows) + 1)]
    experts = [title for title in (*numbered, *texts["experts_formerly"]) if title in stated]
    paths: list[tuple[tuple[str | int, ...], str]] = [(("ruleset",), texts["experts"]["ruleset"])]
    paths += [(("experts", n), title) for n, title in enumerate([*experts, *numbered[len(experts) : 2]])]
    for path, title in paths:
        number, value = stated.get(title, (0, None))
        if value is None:
            raise InputError([Problem(sheet.place(number, 1), f"не заполнено поле «{title}»")])
        source.put(path, unescaped(value).strip(), sheet.place(number, 1))


def _read_rows(sheet: Sheet) -> Iterator[dict[str, FormCell]]:
    """Every row that names what it is about, by the keys of its columns, which may have been moved."""
    texts, titles = words()["form"], column_titles()
    heads = {title: n for n, title in enumerate(sheet.rows[0] if sheet.rows else ()) if title}
    columns = {key: heads.get(title) for key, title in titles.items() if key in (*_RETURNED, *_SINCE)}
    columns |= {key: heads[title] for key, title in texts["formerly"].items() if title in heads}
    missing = [f"«{titles[key]}»" for key in _RETURNED if columns[key] is None]
    if missing:
        message = "нет столбцов: " + ", ".join(missing)
        raise InputError([Problem(sheet.place(0, 0), message, hint=texts["hint"])])
    for number in range(1, len(sheet.rows)):
        cells = {key: form_cell(sheet, number, at) for key, at in columns.items() if at is not None}
        if any(cell.text for cell in cells.values()):
            yield cells
