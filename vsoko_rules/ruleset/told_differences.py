"""What changed between two rulesets as a person reads it: each value by its name, with the code that one edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from pydantic import BaseModel

from vsoko_rules.ruleset.check import NAMED
from vsoko_rules.ruleset.docs import flow
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.ruleset.schema import hints_to, titles_to
from vsoko_rules.ruleset.schema import words as field_words
from vsoko_rules.ruleset.versions import Happened, RulesetChange, title_of
from vsoko_rules.templates import uncapital
from vsoko_rules.words import measure, quoted, words

_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldDifference:
    """A change in words."""

    happened: Happened
    part: str
    """how the list is called in which the entry stands; `ruleset` of what stands in none"""
    code: str
    title: str
    fields: tuple[str, ...]
    """how the field is called, from the outside in; nothing for a whole entry"""
    values: tuple[tuple[str, tuple[str, ...]], ...]
    """`before` and `after`, each one text or one a line, none where nothing is stated; of lists `removed`, `added` and
    `changed`: what both have is left out"""


def told(change: RulesetChange, old: Ruleset, new: Ruleset) -> ToldDifference:
    """A change in words. The name of what is gone stands in the old ruleset."""
    whole = change.part == "ruleset"
    keys = tuple(change.field.split(".")) if change.field is not None else ()
    path = keys if whole else (change.part, *keys)
    was, now = _Telling(old, path), _Telling(new, path)
    title = change.title or (was if change.happened is Happened.REMOVED else now).entry(change.code)
    titles = titles_to(path)
    fields = titles if whole else titles[1:]
    values = tuple(_values(change, was, now)) if change.before is not None or change.after is not None else ()
    return ToldDifference(change.happened, "ruleset" if whole else titles[0], change.code, title, tuple(fields), values)


def _values(change: RulesetChange, was: _Telling, now: _Telling) -> Iterator[tuple[str, tuple[str, ...]]]:
    before, after = change.before, change.after
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _part("removed", was, {key: value for key, value in before.items() if key not in after})
        yield from _part("added", now, {key: value for key, value in after.items() if key not in before})
        yield from _part("changed", now, {k: v for k, v in after.items() if k in before and v != before[k]})
    elif isinstance(before, tuple) and isinstance(after, tuple) and {*map(str, before)} != {*map(str, after)}:
        yield from _part("removed", was, tuple(value for value in before if value not in after))
        yield from _part("added", now, tuple(value for value in after if value not in before))
    else:
        yield "before", was.lines(before)
        yield "after", now.lines(after)


def _part(kind: str, telling: _Telling, value: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    if value:
        yield kind, telling.lines(value)


class _Telling:
    """Tells what stands at one path of a ruleset."""

    def __init__(self, ruleset: Ruleset, path: _Path) -> None:
        self.ruleset = ruleset
        self.path = path

    def lines(self, value: Any) -> tuple[str, ...]:
        """A value, a list line by line; nothing for none."""
        if isinstance(value, Mapping):
            return tuple(self.pair(key, inner, self.path) for key, inner in value.items())
        values = value if isinstance(value, tuple) else () if value is None else (value,)
        return tuple(self.say(inner, self.path) for inner in values)

    def entry(self, code: str) -> str:
        """How an entry is called that has no title of its own: by what it is about."""
        if self.path[0] == "findings":
            return field_words().models["FindingGrade"].fields["id"].values[code]
        about = [self.name(part, word) for word in code.split() for part in ("blocks", "stages", "elements")]
        return ", ".join(filter(None, about))

    def name(self, part: str, code: str) -> str:
        return next((title_of(entry) for entry in getattr(self.ruleset.content, part) if entry.id == code), "")

    def say(self, value: Any, path: _Path) -> str:
        if isinstance(value, BaseModel):
            stated = {n: getattr(value, n) for n in type(value).model_fields if n in value.model_fields_set}
            said = {name: self.say(inner, (*path, name)) for name, inner in stated.items() if inner is not None}
            return "; ".join(f"{uncapital(titles_to((*path, name))[-1])}: {text}" for name, text in said.items())
        if isinstance(value, list | tuple):
            return "; ".join(self.say(inner, path) for inner in value)
        if isinstance(value, Mapping):
            return ", ".join(self.pair(key, inner, path) for key, inner in value.items())
        return self.single(value, path)

    def pair(self, key: str, value: Any, path: _Path) -> str:
        """An entry of a mapping: a code with what is said of it, or what a rule says in its own language."""
        if _named_by(path) is None:
            return flow({key: value}).removeprefix("{").removesuffix("}")
        return f"{self.single(key, path)}: {self.say(value, path)}"

    def single(self, value: Any, path: _Path) -> str:
        if isinstance(value, bool):
            return str(words()["flag"][str(value).lower()])
        if isinstance(value, Decimal):
            return measure(value)
        code = str(value.value) if isinstance(value, Enum) else str(value)
        named = _named_by(path)
        if isinstance(value, Enum):
            title = field_words().enums[type(value).__name__][code].partition(":")[0]
        else:
            title = hints_to(path)[-1].values.get(code, "") if named is None else self.name(named, code)
        return f"{quoted(title)} ({code})" if title else code


@cache
def _named_by(path: _Path) -> str | None:
    """The list whose entries are named at a path; none where no codes stand there."""
    if len(path) == 1 and path[0] in NAMED:  # the code of an entry itself
        return path[0]
    return next((part for part, (_, keys) in NAMED.items() if ".".join(path) in keys.split()), None)
