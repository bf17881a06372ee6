"""A case given as plain data: places in it are named by the document and the field, in the words of a school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.records import Case, FilledBy, IndicatorEntry, Override, Procedure, School, Study
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.reading.validation import Model
from vsoko_rules.reading.yaml import MOST_DEPTH, parse
from vsoko_rules.ruleset.schema import words
from vsoko_rules.writing.yaml_text import as_text

GIVEN: Final = "данные школы"
"""how data without a name are called"""

_PARTS: Final[Mapping[str, tuple[type[Model], str]]] = {
    "documents": (Document, "id"),
    "procedures": (Procedure, "id"),
    "overrides": (Override, "of"),
    "indicators": (IndicatorEntry, ""),
}
"""what a case lists, and by which key each of them is known"""
_GROUPS: Final[Mapping[str, type[Model]]] = {"school": School, "study": Study, "filled_by": FilledBy}


class GivenData:
    """Plain data that knows how people call its parts."""

    def __init__(self, name: str, data: Mapping[str, Any], sha256: str) -> None:
        self.name = name
        self.data = data
        self.sha256 = sha256

    def place(self, path: Sequence[str | int]) -> Place:
        """The document, or another entry, and the field at `path`."""
        model: type[Model] = Case
        where: list[str] = []
        rest = list(path)
        if len(path) > 1 and path[0] in _PARTS:
            model, key = _PARTS[str(path[0])]
            title = words().models[model.__name__].title or model.__name__
            where.append(f"{title[:1].lower()}{title[1:]} {self._known_by(path[0], path[1], key)}")
            rest = rest[2:]
        elif len(path) > 1 and path[0] in _GROUPS:
            model, rest = _GROUPS[str(path[0])], rest[1:]
        if rest:
            field = words().models[model.__name__].fields.get(str(rest[0]))
            where.append(f"поле «{field.title if field is not None else rest[0]}»")
        return Place(self.name, cell=", ".join(where) or None)

    key_place = place

    def _known_by(self, part: str | int, which: str | int, key: str) -> str:
        """The code of an entry of a list, else its number counted from 1."""
        if isinstance(which, str):
            return which
        entry = self.data[str(part)][which]
        code = entry.get(key) if isinstance(entry, Mapping) else None
        return code if isinstance(code, str) and code else f"№ {which + 1}"


def given_data(data: Any, name: str = GIVEN) -> GivenData:
    """Plain data as the guarded reader hands it over, with its limits. Raises `InputError` for what cannot stand in a
    file of a case."""
    if not isinstance(data, Mapping) or _is_deeper(data, MOST_DEPTH):
        expected = f"набор «ключ: значение» не глубже {MOST_DEPTH} уровней"
        raise InputError([Problem(Place(name), "это не данные школы", type(data).__name__, expected)])
    content = as_text(data).encode(errors="surrogatepass")
    source = parse(content, name, InputError)
    return GivenData(name, source.data, source.sha256)


def _is_deeper(value: object, levels: int) -> bool:
    """Whether data go deeper than so many levels; data that hold themselves go deeper than any."""
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return False
    return levels == 0 or any(_is_deeper(own, levels - 1) for own in value)
