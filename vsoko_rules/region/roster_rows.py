"""What one row of a table of schools or people says. Whatever does not fit is a problem of its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import TypeAdapter, ValidationError

from vsoko_rules.errors import MOST_PROBLEMS, Place, Problem
from vsoko_rules.intake.form.cell_values import CellValues
from vsoko_rules.intake.form.form_tables import FormCell
from vsoko_rules.reading.scalars import Code
from vsoko_rules.reading.word_list import WordList
from vsoko_rules.region.region_records import RegionRole
from vsoko_rules.region.roster_tables import FoundTable
from vsoko_rules.region.roster_words import roster_words
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.words import UNSEEN

LONGEST_NAME: Final = 300
"""characters of the name of a school, a municipality or a person"""

_LOGIN: Final = re.compile(r"[A-Za-z0-9._@+-]{1,150}")
_CODE: Final = TypeAdapter(Code)
_MOST: Final = 10_000_000
"""persons; more are a slip"""

Words = Mapping[str, WordList]
"""lists of words by name: `roles`, `levels`, `municipalities`, `schools`"""


def fixed_words() -> dict[str, WordList]:
    """The lists that are the same for every study."""
    words = roster_words()
    levels = [(level.value, level.value) for level in EducationLevel]
    return {
        "roles": WordList([(word, code) for code, word in words.roles.items()], words.roles_also.items()),
        "levels": WordList(levels, words.levels_also.items()),
    }


@dataclass(slots=True)
class Suggestions:
    """What was perhaps meant by unknown words: for as many as one message shows, because looking costs."""

    left: int = MOST_PROBLEMS

    def of(self, known: WordList, word: str) -> str | None:
        """The hint for a word."""
        self.left -= 1
        return known.hint(word) if self.left >= 0 else None


@dataclass(slots=True)
class RosterRow:
    """One row. `problems` and `notices` grow as its cells are read."""

    table: FoundTable
    number: int
    cells: Mapping[str, FormCell]
    words: Words
    suggestions: Suggestions
    problems: list[Problem] = field(default_factory=list)
    _values: CellValues = field(init=False)

    def __post_init__(self) -> None:
        self._values = CellValues(self.words, self.problems)

    @property
    def notices(self) -> list[Problem]:
        """What was understood with a guess."""
        return self._values.notices

    @property
    def place(self) -> Place:
        """Where the row stands: its code, or its login."""
        return self._cell("code" if self.table.kind == "school" else "login").place

    def has(self, *keys: str) -> bool:
        """Whether the table has one of these columns."""
        return any(key in self.table.columns for key in keys)

    def typed(self, key: str) -> str | None:
        """What stands in a cell, in one line; none for an empty one."""
        cell = self.cells.get(key)
        text = " ".join(UNSEEN.sub("", cell.text).split()) if cell is not None and cell.text is not None else None
        return text or None

    def text(self, key: str) -> str:
        """A name that must be there; empty where it is not."""
        text = self._stated(key) or ""
        if len(text) > LONGEST_NAME:
            expected = roster_words().wrong["long_expected"].format(most=LONGEST_NAME)
            self.refuse(key, "long", expected)
        return text

    def code(self, key: str) -> str:
        """The code of a school; empty where there is none."""
        text = self._stated(key)
        if text is None:
            return ""
        try:
            return str(_CODE.validate_python(text))
        except ValidationError:
            self.refuse(key, "code", roster_words().wrong["code_expected"])
            return ""

    def login(self, key: str) -> str:
        """A login, in small letters; empty where there is none."""
        text = self._stated(key)
        if text is None:
            return ""
        if _LOGIN.fullmatch(text) is None:
            self.refuse(key, "login", roster_words().wrong["login_expected"])
            return ""
        return text.lower()

    def role(self, key: str) -> RegionRole | None:
        """A role."""
        if self._stated(key) is None:
            return None
        code = self._values.one(self._cell(key), "word", "roles")
        return RegionRole(code) if code is not None else None

    def levels(self, key: str) -> tuple[EducationLevel, ...]:
        """Levels of education, in their order."""
        if self._stated(key) is None:
            return ()
        found = self._values.many(self._cell(key), "words", "levels")
        return tuple(level for level in EducationLevel if level.value in found)

    def flag(self, key: str) -> bool:
        """Yes or no; no where nothing is said."""
        return key in self.cells and self._values.one(self.cells[key], "flag") == "true"

    def count(self, key: str) -> int | None:
        """A number of persons."""
        number = self._values.one(self.cells[key], "whole") if key in self.cells else None
        if number is None or 0 <= int(number) <= _MOST:
            return None if number is None else int(number)
        self.refuse(key, "count", roster_words().wrong["count_expected"])
        return None

    def listed(self, key: str, words: str, what: str) -> tuple[str, ...]:
        """Municipalities or codes of schools, each once, in their order; one that is unknown is a problem."""
        cell = self.cells.get(key)
        if cell is None or self.typed(key) is None:
            return ()
        known = self.words[words]
        found: set[str] = set()
        for word in known.split(cell.text or ""):
            code = known.code(word)
            if code is None:
                expected = roster_words().wrong[f"{what}_expected"]
                self._values.refuse(cell, word, expected, roster_words().wrong[what], self.suggestions.of(known, word))
            else:
                found.add(code)
        return tuple(sorted(found))

    def refuse(self, key: str, message: str, expected: str) -> None:
        """A cell that does not hold what it should; one problem a cell."""
        self._values.refuse(self._cell(key), self.typed(key), expected, roster_words().wrong[message])

    def tell(self, key: str, message: str, **values: str) -> None:
        """Something worth knowing of a cell."""
        text = roster_words().notice[message].format(**values)
        self.notices.append(Problem(self._cell(key).place, text, self.typed(key)))

    def _stated(self, key: str) -> str | None:
        """What stands in a cell that must be filled."""
        cell = self._cell(key)
        if cell.fault is not None:
            self._values.one(cell, "text")
            return None
        text = self.typed(key)
        if text is None:
            heading = self.table.sheet.rows[self.table.head][self.table.columns[key]]
            self.problems.append(Problem(cell.place, roster_words().wrong["empty"].format(heading=heading)))
        return text

    def _cell(self, key: str) -> FormCell:
        """The cell of a column; the first of the row where the table has no such column."""
        return self.cells.get(key) or FormCell(None, self.table.sheet.place(self.number, 0))
