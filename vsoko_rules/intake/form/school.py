"""The sheet about the school, and the hidden sheet by which a form is understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vsoko_rules.case.records import Case
from vsoko_rules.intake.form.layout import OPEN, Column, Field, layout
from vsoko_rules.intake.form.plan import Plan, Row
from vsoko_rules.intake.form.vocabulary import Words, sets_of_levels
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.writing.spreadsheet import Value

FORMAT = "1"
"""the version of the form itself"""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the sheet with what stands in it."""

    field: Field
    value: Value = None


def lines(
    ruleset: Ruleset, levels: Sequence[EducationLevel], counts: Mapping[str, int], case: Case | None
) -> list[Line]:
    """Every row of the sheet, those of a ruleset's counts and blocks among them."""
    values = _stated(case) if case else {"ruleset": ruleset.id, "school.levels": "; ".join(levels)}
    values |= reviewed(case, ruleset)
    values |= {f"school.counts.{code}": number for code, number in (case.school.counts if case else counts).items()}
    found: list[Line] = []
    for field in layout().fields:
        if field.key is None or not field.key.endswith(OPEN):
            found.append(Line(field, values.pop(field.key or "", None)))
            continue
        titles = _titles(field.key, ruleset, values)
        for key, label in titles.items():
            found.append(Line(field.model_copy(update={"key": key, "label": label}), values.pop(key, None)))
    return [line for line in found if line.field.key != "reviewed" or line.value is not None]


def _titles(key: str, ruleset: Ruleset, values: Mapping[str, Value]) -> dict[str, str]:
    """Keys and labels of the rows of one open field; a count that the ruleset does not know is one more."""
    stem = key.removesuffix("*")
    label = next(field.label for field in layout().fields if field.key == key)
    if stem == "reviewed.":
        return {stem + b.id: label.format(id=b.id, name=b.name) for b in ruleset.blocks.values()}
    known = {stem + c.id: c.title for c in ruleset.counts.values()}
    return known | {k: k.removeprefix(stem) for k in values if k.startswith(stem) and k not in known}


def _stated(case: Case) -> dict[str, Value]:
    """What a case says of the school, by the key of the field."""
    school, study, by = case.school, case.study, case.filled_by
    values: dict[str, Value] = {
        "ruleset": case.ruleset,
        "school.id": school.id,
        "school.name": school.name,
        "school.municipality": school.municipality,
        "school.levels": "; ".join(school.levels),
        "study.year": study.year,
        "study.from": study.start,
        "study.to": study.end,
    }
    if by is not None:
        roles = Words((word, code) for code, word in layout().words["roles"].items())
        values |= {"filled_by.role": roles.word(by.role), "filled_by.name": by.name, "filled_by.date": by.date}
    return values


def reviewed(case: Case | None, ruleset: Ruleset) -> dict[str, Value]:
    """Which blocks were gone through: yes or no for each, or a list where that cannot say it."""
    if case is None or case.reviewed is None:
        return {}
    marks = {f"reviewed.{b}": layout().yes[0] if b in case.reviewed else layout().no[0] for b in ruleset.blocks}
    if case.reviewed == tuple(b for b in ruleset.blocks if b in case.reviewed):
        return dict(marks)
    return {"reviewed": "; ".join(case.reviewed)}


def school(ruleset: Ruleset, levels: Sequence[EducationLevel], counts: Mapping[str, int], case: Case | None) -> Plan:
    """The sheet about the school."""
    words = layout()
    roles = list(words.words["roles"].values())
    return Plan(
        name=words.names["school"],
        kind="school",
        title=words.titles["school"],
        about=words.about["school"],
        columns=words.columns("school"),
        rows=[_row(line) for line in lines(ruleset, levels, counts, case)],
        lists={"roles": roles, "levels": sets_of_levels()},
    )


def _row(line: Line) -> Row:
    label = f"{line.field.label} *" if line.field.needed else line.field.label
    values = {"key": line.field.key, "label": line.field.section or label, "value": line.value, "note": line.field.note}
    if line.field.key is None:
        return Row({**values, "note": None}, (), {"value"}, {"value": Column(key="value", heading="", type="info")})
    column = Column(key="value", heading=line.field.label, type=line.field.type, words=line.field.words)
    return Row(values, {"value"}, (), {"value": column})


def lists(ruleset: Ruleset, plans: Sequence[Plan], words: Mapping[str, Words]) -> Plan:
    """The hidden sheet: for which ruleset the form was made, which sheets it has, what its words mean."""
    rows = [("form", FORMAT, ""), ("ruleset", ruleset.version, ruleset.id)]
    rows += [("sheet", plan.name, plan.kind) for plan in plans]
    rows += list(_words(words))
    named = ({"name": name, "word": word, "code": code} for name, word, code in rows)
    return Plan(
        name=layout().names["lists"],
        kind="list",
        title=layout().titles["lists"],
        about=layout().about["lists"],
        columns=layout().columns("list"),
        rows=[Row(values) for values in named],
        hidden=True,
    )


def _words(words: Mapping[str, Words]) -> Iterator[tuple[str, str, str]]:
    for name, each in words.items():
        yield from ((name, word, code) for word, code in each.pairs)
