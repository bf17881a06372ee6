"""Reading a filled form: the same case, and the same checks, as from YAML; places are cells."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from vsoko_rules.case.consistency import contradictions
from vsoko_rules.case.reader import CaseFile, attached
from vsoko_rules.case.records import Case
from vsoko_rules.errors import InputError, Place, Problem, Remedy, RulesetError
from vsoko_rules.intake.form.cell_values import CellValues, russian_date
from vsoko_rules.intake.form.document_names import DocumentNames
from vsoko_rules.intake.form.document_rows import DocumentRows
from vsoko_rules.intake.form.entries import entries, in_order, merged
from vsoko_rules.intake.form.form_tables import FormCell, FormTable, find_table, requirements_by_heading
from vsoko_rules.intake.form.layout import FormField, Kind, layout
from vsoko_rules.intake.form.school_sheet import code_of_name
from vsoko_rules.intake.form.word_lists import mixed, word_lists
from vsoko_rules.reading.placed import PlacedData
from vsoko_rules.reading.validation import expected
from vsoko_rules.reading.word_list import WordList
from vsoko_rules.reading.workbook import Sheet, parse_workbook
from vsoko_rules.ruleset.load import DEFAULT, load

_KINDS: Final[dict[str, Kind]] = {
    "documents": "document", "indicators": "indicator", "procedures": "procedure", "overrides": "override",
    "evidence": "evidence",
}  # fmt: skip
"""what the rows are called under which a case lists them"""
_OPEN: Final = ("reviewed.", "school.counts.")


def parse_form(content: bytes, name: str, folder: Path | None) -> CaseFile:
    """The case of a form: .xlsx, .xls or .ods; `name` is how it is called in messages. Raises `InputError` with every
    problem that can be seen without holding the case against a ruleset."""
    sheets = parse_workbook(content, name, verbatim=True)
    return case_of_sheets(sheets, PlacedData(name, hashlib.sha256(content).hexdigest()), folder)


def case_of_sheets(sheets: Sequence[Sheet], source: PlacedData, folder: Path | None) -> CaseFile:
    """The case that the sheets of a form say; what is read is put into `source`."""
    form = _Form(sheets, source)
    form.read()
    problems, case = form.problems, None
    try:
        case = Case.model_validate(source.data)
    except ValidationError as exc:
        known = {problem.place for problem in problems}
        complaints = (_problem(source, details) for details in exc.errors(include_url=False))
        problems += [problem for problem in complaints if problem.place not in known]
    if case is not None:
        problems += contradictions(case, source, folder, lambda day: russian_date(str(day)))
    if problems or case is None:
        raise InputError(problems)
    files = attached(case, folder)
    return CaseFile(case, source, source.name, source.sha256, form.version, form.notices, files, folder)


def _problem(source: PlacedData, details: ErrorDetails) -> Problem:
    path = [step for step in details["loc"] if step != "[key]"]
    if details["type"] == "missing":
        return Problem(source.place(path), "ячейка не заполнена", expected=f"«{_label(path)}»")
    shown = details["input"] if isinstance(details["input"], str) else None
    return Problem(source.place(path), "ячейка заполнена не так", shown, expected(details))


def _label(path: list[str | int]) -> str:
    """How the form calls a field of a case."""
    whole, last = ".".join(str(step) for step in path), str(path[-1])
    labels = {field.key: field.label for field in layout().fields}
    at = 2 if "evidence" in path[2:3] else 0
    columns = layout().columns(_KINDS[str(path[at])]) if path[at] in _KINDS else ()
    key = ".".join(str(step) for step in path[at + 2 :])
    return labels.get(whole) or next((column.heading for column in columns if column.key in (key, last)), last)


class _Form:
    """One workbook while it is being read."""

    def __init__(self, sheets: Sequence[Sheet], source: PlacedData) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.notices: list[Problem] = []
        self.version: str | None = None
        self._sheets = sheets
        self._tables = [table for sheet in sheets if (table := find_table(sheet, self.problems)) is not None]

    def read(self) -> None:
        """Put everything that the form says into `source`."""
        lists = self._of("list")
        school = self._of("school")
        if not school:
            expected_sheet = f"лист «{layout().names['school']}»"
            self.problems.append(
                Problem(Place(self.source.name), "это не форма ВСОКО", expected=expected_sheet, remedy=Remedy.MAKE_FORM)
            )
            raise InputError(self.problems)
        self.source.data |= {"school": {}, "study": {}}
        values = CellValues(self._words(lists, school), self.problems)
        self.notices = values.notices
        for table in school:
            self._school(table, values)
        self._call_school()
        rows, names = self._documents(values)
        self._evidence(values, rows, names)
        self._indicators(values, rows, names)
        for key in ("procedures", "overrides"):
            listed = [e for table in self._of(_KINDS[key]) for e in entries(table, values) if e.one]
            for number, entry in enumerate(in_order(listed)):
                entry.put(self.source, (key, number))

    def _of(self, kind: str) -> list[FormTable]:
        return [table for table in self._tables if table.kind == kind]

    def _words(self, lists: list[FormTable], school: list[FormTable]) -> dict[str, WordList]:
        """The form's own words; those that its hidden sheet does not have are those of its ruleset."""
        rows = [{key: cell.text or "" for key, cell in row.items()} for table in lists for row in table.rows()]
        named: dict[str, list[tuple[str, str]]] = {}
        for row in rows:
            named.setdefault(row.get("name", ""), []).append((row.get("word", ""), row.get("code", "")))
        self.version = next((version for version, _ in named.pop("ruleset", ())), None)
        self._missing(dict(named.pop("sheet", ())))
        own = {name: WordList(pairs) for name, pairs in named.items()}
        rows = [{key: cell.text or "" for key, cell in row.items()} for table in school for row in table.rows()]
        stated = next((row.get("value", "").strip() for row in rows if row.get("key") == "ruleset"), "")
        try:
            known = word_lists(load(stated or DEFAULT))
        except RulesetError:
            known = word_lists(load(DEFAULT))
        return mixed({**known, **own})

    def _missing(self, named: dict[str, str]) -> None:
        """A sheet of the form whose headings are gone would be passed over in silence."""
        recognized = {table.sheet.name for table in self._tables}
        for sheet in self._sheets:
            if sheet.name in named and sheet.name not in recognized:
                self.problems.append(
                    Problem(sheet.place(0, 0), "на листе не найдены заголовки столбцов", expected="заголовки формы")
                )

    def _school(self, table: FormTable, values: CellValues) -> None:
        known = {field.key: field for field in layout().fields if field.key is not None}
        for part in ("school", "study"):
            self.source.locate((part,), table.sheet.place(0, 0))
        for row in table.rows():
            key = _key(row, known, values)
            if key is not None and "value" in row:
                stem = next((stem for stem in _OPEN if key.startswith(stem)), None)
                if stem is not None:
                    self._open(stem, key.removeprefix(stem), row["value"], values)
                else:
                    self._field(known[key], row["value"], values)

    def _call_school(self) -> None:
        """A school that no region has given a code is known by its name."""
        school = self.source.data["school"]
        code = code_of_name(school.get("name", ""))
        if "id" not in school and code:
            self.source.put(("school", "id"), code, self.source.place(("school", "name")))

    def _field(self, field: FormField, cell: FormCell, values: CellValues) -> None:
        path = tuple((field.key or "").split("."))
        if field.type in ("codes", "words"):
            for value in values.many(cell, field.type, field.words):
                self._append(path, value, cell)
        elif (single := values.one(cell, field.type, field.words)) is not None:
            self.source.put(path, single, cell.place)
        self.source.locate(path, cell.place)

    def _open(self, stem: str, code: str, cell: FormCell, values: CellValues) -> None:
        """A count of the school, or a yes or no for a block."""
        path = (*stem.removesuffix(".").split("."), code)
        if stem == "reviewed.":
            mark = values.one(cell, "flag")
            if mark is not None:
                self.source.data.setdefault("reviewed", [])
            if mark == "true":
                self._append(("reviewed",), code, cell)
        elif (number := values.one(cell, "whole")) is not None:
            self.source.put(path, number, cell.place)

    def _append(self, path: tuple[str, ...], value: str, cell: FormCell) -> None:
        node: Any = self.source.data
        for step in path:
            node = node.get(step, {})
        self.source.put((*path, len(node)), value, cell.place)

    def _documents(self, values: CellValues) -> tuple[DocumentRows, DocumentNames]:
        titles = values.titles("requirements")
        rank = {f"holds.{code}": number for number, code in enumerate(titles.values(), 1)}
        rows = DocumentRows(values)
        for table in self._of("document"):
            heads = {**table.heads, **requirements_by_heading(table, titles)}
            ranked = sorted(heads, key=lambda key: rank.get(key, len(rank) + 1 if key == "holds" else 0))
            rows.take(entries(replace(table, heads={key: heads[key] for key in ranked}), values))
        listed, names = rows.documents()
        for number, entry in enumerate(listed):
            entry.put(self.source, ("documents", number))
        return rows, names

    def _evidence(self, values: CellValues, rows: DocumentRows, names: DocumentNames) -> None:
        """What is said of documents: each row goes to the document that it names."""
        documents = {d["id"]: n for n, d in enumerate(self.source.data.get("documents", ()))}
        said = [e for table in self._of("evidence") for e in entries(table, values) if e.is_filled]
        for entry in in_order(said):
            cells = entry.refs.pop("document", [])
            if not cells:
                message, expected_name = "не сказано, о каком документе сведение", "название документа этой формы"
                self.problems.append(Problem(entry.place, message, expected=expected_name))
            for code in rows.resolve(cells, names):
                number = documents[code]
                before = self.source.data["documents"][number].get("evidence", ())
                path = ("documents", number, "evidence", len(before))
                self.source.put((*path, "claim"), *entry.one.pop("claim", (None, entry.place)))
                entry.put(self.source, path)

    def _indicators(self, values: CellValues, rows: DocumentRows, names: DocumentNames) -> None:
        stated = [e for table in self._of("indicator") for e in entries(table, values)]
        filled = [e for e in stated if e.order is not None or e.many or e.refs or e.one.keys() - {"code"}]
        for entry in (e for e in filled if "code" not in e.one):
            self.problems.append(
                Problem(entry.place, "не сказано, о каком показателе строка", expected="код показателя")
            )
        listed = merged([e for e in filled if "code" in e.one], "code", self.problems)
        for entry in in_order(listed):
            code, place = entry.one.pop("code")
            for cell in entry.refs.pop("documents", []):
                found = [(document, cell.place) for document in rows.resolve([cell], names, key="documents")]
                entry.many.setdefault("documents", []).extend(found)
            self.source.put(("indicators", code), {}, place)
            entry.put(self.source, ("indicators", code))


def _key(row: Mapping[str, FormCell], known: Mapping[str, FormField], values: CellValues) -> str | None:
    """Which field a row of the sheet about the school fills: by its hidden key, else by what the form calls it."""
    key = row["key"].text if "key" in row else None
    if key is not None:
        stem = next((stem for stem in _OPEN if key.startswith(stem)), None)
        return key.strip() if stem is not None or key in known else None
    label = (row["label"].text or "" if "label" in row else "").removesuffix("*").strip()
    for stem, words in zip(_OPEN, ("blocks", "counts"), strict=True):
        if (code := values.word(words, label)) is not None and label:
            return stem + code
    return next((field.key for field in known.values() if label and field.label == label), None)
