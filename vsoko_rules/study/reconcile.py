"""The reconciliation form, YAML or a workbook: what two experts differ on goes out, what they agreed on comes back as
overrides. Wording stands in `reports/study/words.yml`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from vsoko_rules.case.records import Override
from vsoko_rules.case.write import plain_data
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.case_file import is_form
from vsoko_rules.intake.form.cell_values import CellValues
from vsoko_rules.intake.form.form_tables import FormCell, form_cell
from vsoko_rules.reading.archive import read_bytes
from vsoko_rules.reading.placed import PlacedData
from vsoko_rules.reading.scalars import Code, Day, Number, Text
from vsoko_rules.reading.validation import Model, Positioned, validated
from vsoko_rules.reading.word_list import WordList
from vsoko_rules.reading.workbook import Sheet, parse_workbook
from vsoko_rules.reading.yaml import read
from vsoko_rules.study.agreement import Agreement
from vsoko_rules.study.disputes import Dispute, Opinion
from vsoko_rules.study.pages import words
from vsoko_rules.templates import Ready, environment, plain
from vsoko_rules.words import words as shared_words
from vsoko_rules.writing.cell_text import unescaped
from vsoko_rules.writing.spreadsheet import InputCheck, Spreadsheet, TableColumn
from vsoko_rules.writing.yaml_text import as_text, quoted

Agreed = Literal["met", "partial", "missing", "not_applicable", "not_checked"]

_RETURNED: Final = ("school", "name", "of", "title", "outcome", "comment", "date")
"""columns that come back"""
_STYLES: Final = {"outcome": "answer", "comment": "answer", "date": "answer_date"}
_WIDTHS: Final = {"school": 14, "of": 12, "over": 16, "outcome": 24, "date": 14}
_WIDE: Final = 36
_ABOUT: Final = (20, 90)
"""widths of columns in characters"""


class StatedOpinion(Model):
    """What one expert's case says. Shown for reading; nothing of it comes back."""

    outcome: Text | None = None
    indicator: Text | None = None
    mark: Number | None = None
    decision: Text | None = None
    comments: tuple[Text, ...] = ()
    documents: tuple[Text, ...] = ()
    lacks: tuple[Text, ...] = ()


class DisputedRow(Model):
    """One dispute; `outcome`, `comment` and `date` are what the experts fill in."""

    school: Code
    name: Text
    of: Code
    title: Text
    over: tuple[Text, ...] = ()
    first: StatedOpinion | None = None
    second: StatedOpinion | None = None
    outcome: Agreed | None = None
    comment: Text | None = None
    date: Day | None = None


class ReconciliationForm(Model):
    """The whole form."""

    ruleset: Code
    experts: Annotated[tuple[Text, ...], Field(min_length=2, max_length=2)]
    disputes: tuple[DisputedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a filled form says: overrides by school, and how many rows are still open."""

    overrides: Mapping[str, tuple[Override, ...]]
    open: int


def form_text(agreement: Agreement) -> str:
    """The form as YAML."""
    template = environment(plain, {"quoted": lambda value: Ready(quoted(value))}).get_template("study/form.yml.j2")
    experts = _experts(agreement)
    return template.render(ruleset=agreement.ruleset.id, experts=experts, disputes=agreement.disputes)


def form_book(agreement: Agreement) -> bytes:
    """The form as a workbook with a drop-down list of decisions; the same form gives the same bytes."""
    texts, experts = words()["form"], _experts(agreement)
    book = Spreadsheet(texts["title"], cut=True)
    sheet = book.sheet(texts["sheet"])
    checks = {
        "outcome": InputCheck("list", tuple(_decisions().values())),
        "date": InputCheck("date", refusal_title=texts["title"], refusal=texts["date"]),
    }
    columns = [
        TableColumn(title.format(*experts), _WIDTHS.get(key, _WIDE), _STYLES.get(key, "cell"), checks.get(key))
        for key, title in texts["columns"].items()
    ]
    rows = [[_shown(dispute, key) for key in texts["columns"]] for dispute in agreement.disputes]
    sheet.table(columns, rows or [[None] * len(columns)], frozen=list(texts["columns"]).index("title") + 1)
    sheet.print_setup("")
    about = book.sheet(texts["experts_sheet"])
    about.widths(_ABOUT)
    for row, (title, value) in enumerate(zip(texts["experts"].values(), (agreement.ruleset.id, *experts), strict=True)):
        about.put(row, 0, title, "name")
        about.put(row, 1, value)
    for row, line in enumerate(texts["about"], len(texts["experts"]) + 1):
        about.put(row, 1, line)
    return book.content()


def _experts(agreement: Agreement) -> list[str]:
    expert = words()["form"]["expert"]
    return [", ".join(names) or expert.format(number=n) for n, names in enumerate(agreement.experts, 1)]


def _decisions() -> dict[str, str]:
    """The decisions that experts may take: words by code."""
    titles = shared_words()["item"]
    return {code: titles[code] for code in words()["form"]["decisions"]}


def _shown(dispute: Dispute, key: str) -> str | None:
    if key in _STYLES:
        return None
    if key == "over":
        return "; ".join(words()["aspect"][aspect.value] for aspect in dispute.over)
    value = getattr(dispute, key)
    return "\n".join(opinion_lines(value)) if isinstance(value, Opinion) else value


def opinion_lines(opinion: Opinion) -> Iterator[str]:
    """What an expert stated, and what came of it, line by line."""
    texts, outcomes = words()["form"]["opinion"], shared_words()["item"]
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
    yield from (texts["comment"].format(comment=comment) for comment in opinion.comments)
    yield from (texts["document"].format(document=document) for document in opinion.documents)


def read_form(path: Path) -> Reconciled:
    """Read a filled form, YAML or a workbook. Raises `InputError` with the place of everything that is wrong."""
    as_book = is_form(read_bytes(path), path.name)
    source: Positioned = _read_book(path) if as_book else read(path, InputError)
    filled = validated(ReconciliationForm, source, InputError)
    problems: list[Problem] = []
    overrides: dict[str, list[Override]] = {}
    for n, row in enumerate(filled.disputes):
        if row.outcome is None:
            continue
        if row.comment is None or row.date is None:
            missing = "comment" if row.comment is None else "date"
            place = source.place(("disputes", n, missing))
            title = words()["form"]["columns"][missing] if as_book else missing
            problems.append(Problem(place, f"решение принято, но не заполнено поле «{title}»", row.of))
            continue
        decided_by = ", ".join(filled.experts)
        decision = Override(of=row.of, outcome=row.outcome, by=decided_by, date=row.date, comment=row.comment)
        overrides.setdefault(row.school, []).append(decision)
    if problems:
        raise InputError(problems)
    still_open = sum(row.outcome is None for row in filled.disputes)
    return Reconciled({school: tuple(rows) for school, rows in overrides.items()}, still_open)


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
    values = CellValues({"decisions": WordList((word, code) for code, word in _decisions().items())}, problems)
    _read_experts(sheets[texts["experts_sheet"]], source)
    source.put(("disputes",), [], sheets[texts["sheet"]].place(0, 0))
    for number, row in enumerate(_read_rows(sheets[texts["sheet"]])):
        source.put(("disputes", number), {}, row["of"].place)
        for key, cell in row.items():
            kind: Literal["word", "date", "text"] = "word" if key == "outcome" else "date" if key == "date" else "text"
            value = values.one(cell, kind, "decisions")
            source.locate(("disputes", number, key), cell.place)
            if value is not None:
                source.put(("disputes", number, key), value, cell.place)
    if problems:
        raise InputError(problems)
    return source


def _read_experts(sheet: Sheet, source: PlacedData) -> None:
    stated = {str(row[0]).strip(): (n, row[1]) for n, row in enumerate(sheet.rows) if len(row) > 1 and row[0]}
    paths = (("ruleset",), ("experts", 0), ("experts", 1))
    for path, title in zip(paths, words()["form"]["experts"].values(), strict=True):
        number, value = stated.get(title, (0, None))
        if value is None:
            raise InputError([Problem(sheet.place(number, 1), f"не заполнено поле «{title}»")])
        source.put(path, unescaped(value).strip(), sheet.place(number, 1))


def _read_rows(sheet: Sheet) -> Iterator[dict[str, FormCell]]:
    """Every row that names what it is about, by the keys of its columns, which may have been moved."""
    heads = {title: n for n, title in enumerate(sheet.rows[0] if sheet.rows else ()) if title}
    named = {key: words()["form"]["columns"][key] for key in _RETURNED}
    missing = [f"«{title}»" for title in named.values() if title not in heads]
    if missing:
        message = "нет столбцов: " + ", ".join(missing)
        raise InputError([Problem(sheet.place(0, 0), message, hint=words()["form"]["hint"])])
    for number in range(1, len(sheet.rows)):
        cells = {key: form_cell(sheet, number, heads[title]) for key, title in named.items()}
        if any(cell.text for cell in cells.values()):
            yield cells
