"""The sheet about the school, and the hidden sheet by which a form is understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from vsoko_rules.case.records import Case
from vsoko_rules.case.write import plain_data
from vsoko_rules.intake.form.form_sheet import FormRow, FormSheet, cell_value
from vsoko_rules.intake.form.layout import OPEN, FormColumn, FormField, layout
from vsoko_rules.intake.form.word_lists import MIXED, sets_of_levels
from vsoko_rules.reading.typed import typed_words
from vsoko_rules.reading.word_list import WordList
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.ruleset.ruleset import Ruleset

FORMAT = "2"
"""the version of the form itself"""

_PARTS = ("school", "study", "filled_by")
_NOT_IN_CODES: Final = re.compile(r"[\W_]+")
_LONGEST_CODE: Final = 80
_SECTION = FormColumn(key="value", heading="", type="info")


def school_sheet(
    ruleset: Ruleset, levels: Sequence[EducationLevel], counts: Mapping[str, int], case: Case | None, year: int
) -> FormSheet:
    """The sheet about the school; the period of the study of `year` is filled in."""
    words = layout()
    known = {"ruleset": ruleset.id, "school.levels": levels, **_counts(counts), **_period(ruleset, year)}
    stated = _stated(case, ruleset) if case else known
    return FormSheet(
        name=words.names["school"],
        kind="school",
        title=words.titles["school"],
        about=words.about["school"],
        columns=words.columns("school"),
        rows=[row for field in words.fields for row in _rows(field, ruleset, stated, levels)],
        lists={"roles": list(words.words["roles"].values()), "levels": sets_of_levels()},
    )


def _rows(
    field: FormField, ruleset: Ruleset, stated: Mapping[str, object], levels: Sequence[EducationLevel]
) -> Iterator[FormRow]:
    """The rows of one field: the open ones have one for each count or block of the ruleset."""
    if field.key is None:
        yield FormRow({"label": field.section}, (), {"value"}, {"value": _SECTION})
    elif field.key.endswith(OPEN):
        for key, label in _open_fields(field, ruleset, stated, levels).items():
            yield _row(field, key, label, stated)
    elif field.key != "reviewed" or field.key in stated:
        yield _row(field, field.key, field.label, stated)


def _row(field: FormField, key: str, label: str, stated: Mapping[str, object]) -> FormRow:
    column = FormColumn(key="value", heading=label, type=field.type, words=field.words)
    roles = {"roles": WordList((word, code) for code, word in layout().words["roles"].items())}
    values = {
        "key": key,
        "label": f"{label} *" if field.needed else label,
        "value": cell_value(stated.get(key), column, roles),
        "note": field.note,
    }
    return FormRow(values, {"value"}, (), {"value": column})


def _open_fields(
    field: FormField, ruleset: Ruleset, stated: Mapping[str, object], levels: Sequence[EducationLevel]
) -> dict[str, str]:
    """Keys and labels of the rows of an open field: of counts those that fit the levels, and any that is stated."""
    stem = (field.key or "").removesuffix("*")
    if stem == "reviewed.":
        return {stem + b.id: field.label.format(id=b.id, name=b.name) for b in ruleset.blocks.values()}
    asked = {stem + c.id: c.title for c in ruleset.counts_of(levels)}
    titles = {stem + c.id: c.title for c in ruleset.counts.values()}
    return asked | {k: titles.get(k, k.removeprefix(stem)) for k in stated if k.startswith(stem) and k not in asked}


def _stated(case: Case, ruleset: Ruleset) -> dict[str, object]:
    """What a case says of the school, by the key of the field."""
    data = plain_data(case)
    parts = {f"{part}.{key}": value for part in _PARTS for key, value in data.get(part, {}).items()}
    links = {} if case.links_checked else {"links_checked": typed_words().no[0]}
    return {"ruleset": case.ruleset, **parts, **_counts(case.school.counts), **_reviewed(case, ruleset), **links}


def _period(ruleset: Ruleset, year: int) -> dict[str, object]:
    first, last = ruleset.usual_study(year)
    return {"study.year": year, "study.from": first, "study.to": last}


def _counts(counts: Mapping[str, int]) -> dict[str, int]:
    return {f"school.counts.{code}": number for code, number in counts.items()}


def _reviewed(case: Case, ruleset: Ruleset) -> dict[str, object]:
    """Which blocks were gone through: yes or no for each, or a list where that cannot say it."""
    if case.reviewed is None:
        return {}
    if case.reviewed == tuple(block for block in ruleset.blocks if block in case.reviewed):
        yes, no = typed_words().yes[0], typed_words().no[0]
        return {f"reviewed.{block}": yes if block in case.reviewed else no for block in ruleset.blocks}
    return {"reviewed": case.reviewed}


def lists_sheet(ruleset: Ruleset, sheets: Sequence[FormSheet], words: Mapping[str, WordList]) -> FormSheet:
    """The hidden sheet: for which ruleset the form was made, which sheets it has, what its words mean."""
    rows = [("form", FORMAT, ""), ("ruleset", ruleset.version, ruleset.id)]
    rows += [("sheet", sheet.name, sheet.kind) for sheet in sheets if sheet.kind != "view"]
    rows += [(name, word, code) for name, known in words.items() if name not in MIXED for word, code in known.pairs]
    return FormSheet(
        name=layout().names["lists"],
        kind="list",
        title=layout().titles["lists"],
        about=layout().about["lists"],
        columns=layout().columns("list"),
        rows=[FormRow({"name": name, "word": word, "code": code}) for name, word, code in rows],
        hidden=True,
    )


def code_of_name(name: str) -> str:
    """The code of a school that no region has given one; empty where the name has no letter and no digit."""
    return _NOT_IN_CODES.sub("-", name.casefold())[:_LONGEST_CODE].strip("-_")
