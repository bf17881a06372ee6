"""The form as data: sheets, columns and words from `reports/form/form.yml`."""

from __future__ import annotations

from functools import cache
from typing import Literal

from vsoko_rules.errors import RulesetError
from vsoko_rules.reading.scalars import Code, Flag, Text, Whole
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.model import EducationLevel

Kind = Literal["school", "document", "view", "indicator", "evidence", "procedure", "override", "list"]
"""what a row of a table says"""

Type = Literal[
    "text", "code", "codes", "word", "words", "date", "number", "whole", "flag", "info", "service",
    "ref", "refs", "when", "where", "contents", "notes",
]  # fmt: skip
"""What a cell holds. `info` is for people and `service` for the program; neither says anything of the school. `ref`
names a document, `when` is a date or a period, `where` an address or a file; `contents` and `notes` hold words of
several lists."""

OPEN = ".*"
"""ends the key of a column or field that stands once for each requirement, block or count of a ruleset"""


class FormColumn(Model):
    """A column: the field of a case it fills, how it is headed, what its cells hold."""

    key: Text
    heading: str
    type: Type
    formerly: tuple[Text, ...] = ()
    """earlier headings, by which older forms without the hidden row are read"""
    also: tuple[Text, ...] = ()
    """what people head it in tables of their own, of which rows are pasted"""
    on: tuple[Literal["documents", "details"], ...] = ()
    """the sheets of documents that have it; none: only forms of versions before"""
    when_needed: Flag = False
    """whether it is there only when a document has something to say in it"""
    words: Code | None = None
    suggest: Code | None = None
    """a list that is offered and not enforced"""
    width: Whole = 10
    note: Text | None = None


class FormField(Model):
    """A row of the sheet about the school: a field of a case, or the heading of a section."""

    section: Text | None = None
    key: Text | None = None
    label: str = ""
    type: Type = "info"
    words: Code | None = None
    needed: Flag = False
    note: Text | None = None


class ColumnSet(Model):
    """Columns of one kind of row."""

    kind: Kind
    columns: tuple[FormColumn, ...]


class SchoolType(Model):
    """A usual kind of school by its names."""

    names: tuple[Text, ...]
    levels: tuple[EducationLevel, ...]


class GuideSection(Model):
    """A part of the guide."""

    heading: Text
    lines: tuple[Text, ...]


class Guide(Model):
    """The first sheet."""

    title: Text
    ruleset: Text
    levels: Text
    sections: tuple[GuideSection, ...]
    headings: tuple[Text, Text]


class Layout(Model):
    """Everything in `form.yml`."""

    properties: dict[Code, Text]
    names: dict[Code, Text]
    titles: dict[Code, Text]
    about: dict[Code, Text]
    footer: Text
    spare: dict[Code, Whole]
    words: dict[Code, dict[Code, Text]]
    school_types: tuple[SchoolType, ...]
    addressed: Text
    label: Text
    served: Text
    expects: dict[Code, Text]
    earned: dict[Code, Text]
    directions: dict[Code, Text]
    fields: tuple[FormField, ...]
    tables: tuple[ColumnSet, ...]
    refused: dict[Code, Text]
    guide: Guide
    yaml: tuple[Text, ...]

    def columns(self, kind: Kind) -> tuple[FormColumn, ...]:
        """The columns of one kind of row."""
        return next(table.columns for table in self.tables if table.kind == kind)


@cache
def layout() -> Layout:
    """The layout of the form, read once."""
    return validated(Layout, read(shipped("reports") / "form" / "form.yml", RulesetError), RulesetError)
