"""The table of schools and people as data: sheets, columns, words and messages from `reports/region/roster.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from vsoko_rules.errors import RulesetError
from vsoko_rules.reading.scalars import Code, Flag, Text, Whole
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped

RosterKind = Literal["school", "person"]
"""what a row of a table says"""

RosterType = Literal["text", "code", "login", "role", "levels", "flag", "count", "municipalities", "schools"]
"""what a cell of a column holds"""


class RosterColumn(Model):
    """A column: how it is headed, how else people head it, what its cells hold."""

    key: Text
    heading: Text
    also: tuple[Text, ...] = ()
    type: RosterType
    needed: Flag = False
    """whether there is no table without it, and no row"""
    hidden: Flag = False
    """whether it is understood and not offered"""
    width: Whole = 16
    note: Text | None = None


class RosterTableWords(Model):
    """One kind of table. `examples` are rows by the keys of columns, as they stand in the empty table."""

    kind: RosterKind
    sheet: Text
    one: Text
    columns: tuple[RosterColumn, ...]
    examples: tuple[dict[Code, Text], ...]


class RosterGuide(Model):
    """The first sheet of the empty table."""

    sheet: Text
    lines: tuple[Text, ...]
    headings: tuple[Text, Text, Text]


class RosterWords(Model):
    """Everything in `roster.yml`."""

    title: Text
    subject: Text
    tables: tuple[RosterTableWords, ...]
    roles: dict[Code, Text]
    roles_also: dict[Text, Code]
    levels_also: dict[Text, Code]
    flag: tuple[Text, Text]
    refused: dict[Code, Text]
    guide: RosterGuide
    wrong: dict[Code, Text]
    what: dict[Code, Text]
    notice: dict[Code, Text]
    state: dict[Code, Text]
    none: Text
    csv: dict[Code, tuple[Text, Text]]
    """what is wrong with a file of that kind, and what was expected"""

    def table(self, kind: RosterKind) -> RosterTableWords:
        """The words of one kind of table."""
        return next(table for table in self.tables if table.kind == kind)


@cache
def roster_words() -> RosterWords:
    """The words, read once."""
    source = read(shipped("reports") / "region" / "roster.yml", RulesetError)
    return validated(RosterWords, source, RulesetError)


COUNTS = "counts."
"""how the keys of columns begin that hold a number of persons"""


def roster_columns(kind: RosterKind, counts: Mapping[str, str]) -> tuple[RosterColumn, ...]:
    """The columns of a kind of table; `counts`: titles by the codes of the ruleset, each with its own column."""
    own = roster_words().table(kind).columns
    if kind != "school":
        return own
    numbers = (
        RosterColumn(key=f"{COUNTS}{code}", heading=title, also=(code,), type="count", width=7)
        for code, title in counts.items()
    )
    return (*own, *numbers)
