"""What changed between two rulesets as a person reads it: each value by its name, with the code that one edits, and of
a long text what changed in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from itertools import takewhile
from typing import Any, Final

from pydantic import BaseModel

from vsoko_rules.ruleset.check import NAMED
from vsoko_rules.ruleset.cues import Cue
from vsoko_rules.ruleset.differences import CUES, WHOLE, Happened, RulesetChange, title_of
from vsoko_rules.ruleset.docs import flow
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.ruleset.schema import hints_to, titles_to
from vsoko_rules.ruleset.schema import words as field_words
from vsoko_rules.ruleset.text_changes import is_long, opening_words, text_changes
from vsoko_rules.templates import uncapital
from vsoko_rules.words import measure, quoted, words

_Path = tuple[str, ...]

_SEEN_BY: Final = {
    "kind": "kinds",
    "kinds": "kinds",
    "requirement": "requirements",
    "addressee": "addressees",
    "elements": "elements",
    "blocks": "blocks",
    "stages": "stages",
    "sources": "sources",
    "substance": "kinds",
}
"""for keys of cues the list of the ruleset whose codes stand under them"""
_ENTRIES: Final = (
    "blocks",
    "stages",
    "elements",
    "indicators",
    "requirements",
    "rules",
    "kinds",
    "addressees",
    "levels",
)
"""lists of entries that others speak of by their codes alone"""


@dataclass(frozen=True, slots=True)
class ToldDifference:
    """A change in words."""

    happened: Happened
    part: str
    """how the list is called in which the entry stands; `ruleset` or `cues` of what stands in none"""
    code: str
    title: str
    fields: tuple[str, ...]
    """how the field is called, from the outside in; nothing for a whole entry"""
    values: tuple[tuple[str, tuple[str, ...]], ...]
    """`before` and `after`, each one text or one a line, none where nothing is stated; of lists `removed`, `added` and
    `changed`: what both have is left out. Of a long text there are the parts that changed, each `before` and `after`"""


def told(change: RulesetChange, old: Ruleset, new: Ruleset) -> ToldDifference:
    """A change in words. The name of what is gone stands in the old ruleset."""
    whole = change.part in WHOLE
    keys = tuple(change.field.split(".")) if change.field is not None else ()
    path = (() if change.part == "ruleset" else tuple(change.part.split("."))) + keys
    was, now = _Telling(old, new, path), _Telling(new, old, path)
    title = change.title
    if not (title or whole):
        title = (was if change.happened is Happened.REMOVED else now).entry(change.code)
    titles = titles_to(path)
    fields = titles if whole else titles[1:]
    if change.happened is Happened.MOVED:
        values = [("before", was.entries(change.before)), ("after", now.entries(change.after))]
    else:
        stated = change.before is not None or change.after is not None
        values = [*_values(change.before, change.after, was, now)] if stated else []
    part = change.part if whole else titles[0]
    return ToldDifference(change.happened, part, change.code, title, tuple(fields), tuple(values))


_Value = tuple[str, tuple[str, ...]]


def _values(before: Any, after: Any, was: _Telling, now: _Telling) -> Iterator[_Value]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _part("removed", was, {key: value for key, value in before.items() if key not in after})
        yield from _part("added", now, {key: value for key, value in after.items() if key not in before})
        yield from _part("changed", now, {k: v for k, v in after.items() if k in before and v != before[k]})
    elif isinstance(before, tuple) and isinstance(after, tuple):
        yield from _lists(before, after, was, now)
    elif isinstance(before, str) and isinstance(after, str) and is_long(before, after):
        for shown_before, shown_after in text_changes(before, after):
            yield from (("before", (shown_before,)), ("after", (shown_after,)))
    else:
        yield "before", was.lines(before)
        yield "after", now.lines(after)


def _lists(before: Sequence[Any], after: Sequence[Any], was: _Telling, now: _Telling) -> Iterator[_Value]:
    removed = tuple(value for value in before if value not in after)
    added = tuple(value for value in after if value not in before)
    if [value for value in before if value in after] != [value for value in after if value in before]:
        start = _alike(before, after)
        end = _alike(before[start:][::-1], after[start:][::-1])
        yield "before", was.lines(tuple(before[start : len(before) - end]))
        yield "after", now.lines(tuple(after[start : len(after) - end]))
    elif len(removed) == len(added) and all(isinstance(text, str) and is_long(text) for text in (*removed, *added)):
        for old, new in zip(removed, added, strict=True):
            yield from _values(old, new, was, now)
    else:
        yield from _part("removed", was, removed)
        yield from _part("added", now, added)


def _alike(before: Sequence[Any], after: Sequence[Any]) -> int:
    """With how many equal values two lists begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


def _part(kind: str, telling: _Telling, value: Any) -> Iterator[_Value]:
    if value:
        yield kind, telling.lines(value)


class _Telling:
    """Tells what stands at one path of a ruleset."""

    def __init__(self, ruleset: Ruleset, other: Ruleset, path: _Path) -> None:
        self.ruleset = ruleset
        self.other = other
        self.path = path

    def lines(self, value: Any) -> tuple[str, ...]:
        """A value, a list line by line; nothing for none."""
        if isinstance(value, Mapping):
            return tuple(self.pair(key, inner, self.path) for key, inner in value.items())
        values = value if isinstance(value, tuple) else () if value is None else (value,)
        return tuple(self.say(inner, self.path) for inner in values)

    def entries(self, code: str | None) -> tuple[str, ...]:
        """An entry by its name and code; nothing for none."""
        if code is None:
            return ()
        title = self.name(self.path[-1], code) if self.path[0] != CUES else ""
        title = title or self.entry(code)
        return (f"{quoted(title)} ({code})" if title else code,)

    def entry(self, code: str) -> str:
        """How an entry is called that has no title of its own: by what it is about."""
        part = self.path[0]
        if part == "findings":
            return field_words().models["FindingGrade"].fields["id"].values[code]
        if part == "select":
            return titles_to((code,))[-1]
        if part == CUES:
            return self.cue(code)
        about = (next(filter(None, (self.name(among, word) for among in _ENTRIES)), "") for word in code.split())
        return ", ".join(filter(None, about))

    def cue(self, code: str) -> str:
        """A cue by what it shows."""
        cue: Cue = next(cue for cue in self.ruleset.all_cues.all if cue.id == code)
        keys = ("zone", "kind", "requirement", "addressee", "elements", "blocks", "stages")
        shown = [(key, getattr(cue, key)) for key in keys if getattr(cue, key, None)]
        return ", ".join(
            hints_to((*self.path[:2], key))[-1].values[each]
            if key == "zone"
            else self.name(_SEEN_BY[key], each) or each
            for key, value in shown
            for each in (value if isinstance(value, tuple) else (value,))
        )

    def name(self, part: str, code: str) -> str:
        """How an entry of a list is called, in the other ruleset where this one does not have it; empty for nothing."""
        for content in (self.ruleset.content, self.other.content):
            for entry in getattr(content, part):
                if getattr(entry, "id", None) == code:
                    return title_of(entry)
        return ""

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
        inside = (*path[:-1], "requirement") if path[-1] == "substance" else path
        return f"{self.single(key, path)}: {self.say(value, inside)}"

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
        return f"{quoted(title)} ({code})" if title else opening_words(code)


@cache
def _named_by(path: _Path) -> str | None:
    """The list whose entries are named at a path; none where no codes stand there."""
    keys = [key for key in path if not key.isdigit()]
    if keys[0] == CUES:
        return _SEEN_BY.get(keys[-1]) if len(keys) > 2 else None
    if keys == ["indicator_counts"]:
        return "blocks"
    if len(keys) == 1 and keys[0] in NAMED:  # the code of an entry itself
        return keys[0]
    return next((part for part, (_, named) in NAMED.items() if ".".join(keys) in named.split()), None)
