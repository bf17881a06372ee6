"""The reconciliation form as a workbook: one row a dispute, and back. Wording stands in `reports/study/words.yml`."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.form.cell_values import CellValues
from vsoko_rules.intake.form.form_tables import FormCell
from vsoko_rules.intake.form.word_lists import WordList
from vsoko_rules.reading.archive import read_bytes
from vsoko_rules.reading.placed import PlacedData
from vsoko_rules.reading.workbook import Sheet, parse_workbook
from vsoko_rules.study.disputes import Dispute, Opinion
from vsoko_rules.study.office import MOMENT
from vsoko_rules.study.pages import words
from vsoko_rules.words import words as shared_words
from vsoko_rules.writing.cell_text import LONGEST, escaped, unescaped

_KEPT: Final = ("school", "name", "of", "title", "outcome", "comment", "date")
"""columns that come back"""
_FILLED: Final = ("outcome", "comment", "date")
_WIDTHS: Final = {"school": 14, "of": 12, "outcome": 24, "date": 14}
_WIDE: Final = 36
_FIRST_DATE: Final = date(1900, 3, 1)
_SPARE: Final = 1
"""the row of headings"""


def form_book(form: Mapping[str, Any]) -> bytes:
    """The form as a workbook with a drop-down list of decisions; the same form gives the same bytes."""
    import xlsxwriter

    said, buffer = words()["form"], io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": said["title"], "created": MOMENT})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#F4F6F8"})
        plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        open_ = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@", "bg_color": "#FFF7D6"})
        day = book.add_format({"valign": "top", "num_format": "dd.mm.yyyy", "bg_color": "#FFF7D6"})
        looks = dict.fromkeys(said["columns"], plain) | {"outcome": open_, "comment": open_, "date": day}
        sheet = book.add_worksheet(said["sheet"])
        _table(sheet, form, head, looks)
        _about(book.add_worksheet(said["experts_sheet"]), form, head, plain)
    return buffer.getvalue()


def _table(sheet: Any, form: Mapping[str, Any], head: Any, looks: Mapping[str, Any]) -> None:
    said, disputes = words()["form"], form["disputes"]
    for column, (key, title) in enumerate(said["columns"].items()):
        sheet.write_string(0, column, title.format(*form["experts"]), head)
        sheet.set_column(column, column, _WIDTHS.get(key, _WIDE))
    for row, dispute in enumerate(disputes, 1):
        for column, key in enumerate(said["columns"]):
            text = _shown(dispute, key)
            if text is None:
                sheet.write_blank(row, column, None, looks[key])
            else:
                sheet.write_string(row, column, escaped(text)[:LONGEST], looks[key])
    last, keys = max(len(disputes), 1), list(said["columns"])
    outcome, day = keys.index("outcome"), keys.index("date")
    sheet.data_validation(1, outcome, last, outcome, {"validate": "list", "source": list(_decisions().values())})
    after = {"validate": "date", "criteria": ">=", "value": _FIRST_DATE}
    sheet.data_validation(1, day, last, day, after | {"error_title": said["title"], "error_message": said["date"]})
    sheet.freeze_panes(1, keys.index("title") + 1)
    sheet.autofilter(0, 0, last, len(keys) - 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)


def _about(sheet: Any, form: Mapping[str, Any], head: Any, plain: Any) -> None:
    said = words()["form"]
    values = (form["ruleset"], *form["experts"])
    for row, (title, value) in enumerate(zip(said["experts"].values(), values, strict=True)):
        sheet.write_string(row, 0, title, head)
        sheet.write_string(row, 1, escaped(value)[:LONGEST], plain)
    for row, line in enumerate(said["about"], len(values) + 1):
        sheet.write_string(row, 1, line, plain)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 90)


def _decisions() -> dict[str, str]:
    """The decisions that experts may take: words by code."""
    titles = shared_words()["item"]
    return {code: titles[code] for code in words()["form"]["decisions"]}


def _shown(dispute: Dispute, key: str) -> str | None:
    if key in _FILLED:
        return None
    value = getattr(dispute, key)
    return _opinion(value) if isinstance(value, Opinion) else value


def _opinion(opinion: Opinion) -> str:
    """What an expert said, in one cell."""
    said = words()["form"]["opinion"]
    lines = [shared_words()["item"][opinion.outcome]]
    if opinion.mark is not None:
        lines.append(said["mark"].format(mark=str(opinion.mark).replace(".", ",")))
    if opinion.lacks:
        lines.append(said["lacks"].format(lacks=", ".join(opinion.lacks)))
    lines += [said["comment"].format(comment=comment) for comment in opinion.comments]
    lines += [said["document"].format(document=document) for document in opinion.documents]
    return "\n".join(lines)


def read_book(path: Path) -> PlacedData:
    """What a filled workbook says, in the shape of the YAML form. Raises `InputError` with every cell that is wrong."""
    said = words()["form"]
    content = read_bytes(path)
    source = PlacedData(str(path), hashlib.sha256(content).hexdigest())
    sheets = {sheet.name: sheet for sheet in parse_workbook(content, str(path), verbatim=True)}
    for name in (said["sheet"], said["experts_sheet"]):
        if name not in sheets:
            raise InputError([Problem(Place(str(path)), f"в книге нет листа «{name}»", hint=said["hint"])])
    problems: list[Problem] = []
    values = CellValues({"decisions": WordList((word, code) for code, word in _decisions().items())}, problems)
    _experts(sheets[said["experts_sheet"]], source)
    source.put(("disputes",), [], sheets[said["sheet"]].place(0, 0))
    for number, row in enumerate(_rows(sheets[said["sheet"]])):
        source.put(("disputes", number), {}, row["of"].place)
        for key, cell in row.items():
            value = _value(key, cell, values)
            source.locate(("disputes", number, key), cell.place)
            if value is not None:
                source.put(("disputes", number, key), value, cell.place)
    if problems:
        raise InputError(problems)
    return source


def _value(key: str, cell: FormCell, values: CellValues) -> str | None:
    if key == "outcome":
        return values.one(cell, "word", "decisions")
    return values.one(cell, "date" if key == "date" else "text")


def _experts(sheet: Sheet, source: PlacedData) -> None:
    told = {str(row[0]).strip(): (n, row[1]) for n, row in enumerate(sheet.rows) if len(row) > 1 and row[0]}
    for path, title in zip(
        (("ruleset",), ("experts", 0), ("experts", 1)), words()["form"]["experts"].values(), strict=True
    ):
        number, value = told.get(title, (0, None))
        if value is None:
            raise InputError([Problem(sheet.place(number, 1), f"не заполнено поле «{title}»")])
        source.put(path, unescaped(value).strip(), sheet.place(number, 1))


def _rows(sheet: Sheet) -> Iterator[dict[str, FormCell]]:
    """Every row that names what it is about, by the keys of its columns."""
    heads = _heads(sheet)
    for number, row in enumerate(sheet.rows[_SPARE:], _SPARE):
        cells = {key: FormCell(_text(row, at), sheet.place(number, at)) for key, at in heads.items()}
        if any(cell.text for cell in cells.values()):
            yield cells


def _heads(sheet: Sheet) -> dict[str, int]:
    """The number of each column; they may have been moved."""
    found = {title: n for n, title in enumerate(sheet.rows[0] if sheet.rows else ()) if title}
    named = {key: words()["form"]["columns"][key] for key in _KEPT}
    missing = [title for title in named.values() if title not in found]
    if missing:
        place, titles = sheet.place(0, 0), ", ".join(f"«{title}»" for title in missing)
        raise InputError([Problem(place, f"нет столбцов: {titles}", hint=words()["form"]["hint"])])
    return {key: found[title] for key, title in named.items()}


def _text(row: Sequence[str | None], at: int) -> str | None:
    text = row[at] if at < len(row) else None
    return unescaped(text).strip() or None if text is not None else None
