"""The reconciliation form: what two experts differ on goes out, what they agreed on comes back as overrides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from vsoko_rules.case.records import Override
from vsoko_rules.case.write import plain_data
from vsoko_rules.errors import InputError, Problem
from vsoko_rules.intake.case_file import is_form
from vsoko_rules.reading.archive import read_bytes
from vsoko_rules.reading.scalars import Code, Day, Number, Text
from vsoko_rules.reading.validation import Model, Positioned, validated
from vsoko_rules.reading.yaml import read
from vsoko_rules.study.agreed_book import read_book
from vsoko_rules.study.agreement import Agreement
from vsoko_rules.study.pages import words
from vsoko_rules.writing.yaml_text import as_text

Verdict = Literal["met", "partial", "missing", "not_applicable", "not_checked"]


class Side(Model):
    """What one expert said. Shown for reading; nothing of it comes back."""

    outcome: Text
    mark: Number | None = None
    comments: tuple[Text, ...] = ()
    documents: tuple[Text, ...] = ()
    lacks: tuple[Text, ...] = ()


class Row(Model):
    """One dispute; `outcome`, `comment` and `date` are what the experts fill in."""

    school: Code
    name: Text
    of: Code
    title: Text
    first: Side | None = None
    second: Side | None = None
    outcome: Verdict | None = None
    comment: Text | None = None
    date: Day | None = None


class Form(Model):
    """The whole form."""

    ruleset: Code
    experts: Annotated[tuple[Text, ...], Field(min_length=2, max_length=2)]
    disputes: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a filled form says: overrides by school, and how many rows are still open."""

    overrides: Mapping[str, tuple[Override, ...]]
    open: int


def form(agreement: Agreement) -> dict[str, Any]:
    """What the template of the form prints."""
    names = [", ".join(names) or f"Эксперт {n}" for n, names in enumerate(agreement.experts, 1)]
    return {"ruleset": agreement.ruleset.id, "experts": names, "disputes": agreement.disputes}


def read_form(path: Path) -> Agreed:
    """Read a filled form, YAML or a workbook. Raises `InputError` with the place of everything that is wrong."""
    as_book = is_form(read_bytes(path), path.name)
    source: Positioned = read_book(path) if as_book else read(path, InputError)
    filled = validated(Form, source, InputError)
    problems: list[Problem] = []
    found: dict[str, list[Override]] = {}
    still = 0
    for n, row in enumerate(filled.disputes):
        if row.outcome is None:
            still += 1
            continue
        if row.comment is None or row.date is None:
            missing = "comment" if row.comment is None else "date"
            place = source.place(("disputes", n, missing))
            title = words()["form"]["columns"][missing] if as_book else missing
            problems.append(Problem(place, f"решение принято, но не заполнено поле «{title}»", row.of))
            continue
        decision = Override(
            of=row.of, outcome=row.outcome, by=", ".join(filled.experts), date=row.date, comment=row.comment
        )
        found.setdefault(row.school, []).append(decision)
    if problems:
        raise InputError(problems)
    return Agreed({school: tuple(rows) for school, rows in found.items()}, still)


def fragment(overrides: tuple[Override, ...]) -> str:
    """Overrides as they stand in a case file."""
    return as_text({"overrides": [plain_data(override) for override in overrides]})
