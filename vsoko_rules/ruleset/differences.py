"""What changed between two rulesets: entry by entry and field by field, the cues of intake among them.

Whatever a file of a ruleset may state is compared, for the lists and fields are those of the models. Tests of rules and
what was published of a version are no part of what a ruleset says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import Any, Final

from pydantic import BaseModel

from vsoko_rules.ruleset.ruleset import Ruleset

CUES: Final = "cues"
"""what lists of cues and their single values stand under"""
WHOLE: Final = ("ruleset", CUES)
"""the parts in which nothing is an entry of a list"""


class Happened(str, Enum):
    """What happened to an entry."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class RulesetChange:
    """One change. `part` is the list the entry stands in, one of cues as `cues.kinds`, and `ruleset` or `cues` for what
    stands in none; `field` is what changed in the entry (none for a whole entry), with the number from 1 of what stands
    in a list inside it: `variants.2.title`. `before` and `after` are what stands there in the ruleset, none where it is
    not stated; of an entry that moved the code of the one before it, none at the beginning of the list."""

    happened: Happened
    part: str
    code: str
    title: str
    field: str | None = None
    before: Any = None
    after: Any = None


def diff(old: Ruleset, new: Ruleset) -> tuple[RulesetChange, ...]:
    """Every difference between two rulesets: what stands in no list, then the lists, in the order of the newer ruleset.
    Raises `RulesetError` where files of cues cannot be read."""
    changes = [*_file("", old.content, new.content)]
    if old.source.cues != new.source.cues:  # the same files need not be read at all
        changes += _file(CUES, old.all_cues, new.all_cues)
    return tuple(changes)


def _file(within: str, old: BaseModel, new: BaseModel) -> Iterator[RulesetChange]:
    both = {name: (getattr(old, name), getattr(new, name)) for name in type(new).model_fields}
    lists = {name for name, pair in both.items() if any(_holds_entries(value) for value in pair)}
    for name, (before, after) in both.items():
        if name not in lists:
            yield from _fields(within or "ruleset", name, name, before, after)
    for name in (name for name in both if name in lists):
        yield from _entries(f"{within}.{name}" if within else name, *both[name])


def _holds_entries(value: Any) -> bool:
    return isinstance(value, tuple) and any(isinstance(entry, BaseModel) for entry in value)


def _entries(part: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[RulesetChange]:
    before = {code_of(entry): entry for entry in old}
    after = {code_of(entry): entry for entry in new}
    former = {
        code: next((alias for alias in getattr(entry, "aliases", ()) if alias in before), None)
        for code, entry in after.items()
        if code not in before
    }
    moved = _moved([*before], [*after], {was: code for code, was in former.items() if was is not None})
    for code, entry in after.items():
        was, previous, title = before.get(code), former.get(code), title_of(entry)
        if previous is not None:
            yield RulesetChange(Happened.RENAMED, part, code, title, None, previous, code)
            was = before[previous]
        if was is None:
            yield RulesetChange(Happened.ADDED, part, code, title)
            continue
        if code in moved:
            yield RulesetChange(Happened.MOVED, part, code, title, None, *moved[code])
        for name in type(entry).model_fields:
            if name == "aliases":
                kept = tuple(alias for alias in entry.aliases if alias != previous)
                yield from _fields(part, code, name, was.aliases, kept, title)
            elif name != "id":
                yield from _fields(part, code, name, getattr(was, name), getattr(entry, name), title)
    for code, entry in before.items():
        if code not in after and code not in former.values():
            yield RulesetChange(Happened.REMOVED, part, code, title_of(entry))


def _moved(
    before: Sequence[str], after: Sequence[str], renamed: Mapping[str, str]
) -> Mapping[str, tuple[str | None, str | None]]:
    """The few entries that changed their place among those that both lists have, each with what stood before it and
    what stands there now."""
    old = [renamed.get(code, code) for code in before]
    both = {*old} & {*after}
    then, now = [code for code in old if code in both], [code for code in after if code in both]
    blocks = SequenceMatcher(None, then, now, autojunk=False).get_matching_blocks()
    stayed = {code for block in blocks for code in then[block.a : block.a + block.size]}
    place = {code: n for n, code in enumerate(old)}
    return {
        code: (before[place[code] - 1] if place[code] else None, after[n - 1] if n else None)
        for n, code in enumerate(after)
        if code in both and code not in stayed
    }


def _fields(part: str, code: str, name: str, before: Any, after: Any, title: str = "") -> Iterator[RulesetChange]:
    if before == after:
        return
    if isinstance(before, BaseModel) and isinstance(after, BaseModel) and type(before) is type(after):
        for inner in type(after).model_fields:
            yield from _fields(part, code, f"{name}.{inner}", getattr(before, inner), getattr(after, inner), title)
    elif _holds_entries(before) and _holds_entries(after) and len(before) == len(after):
        for number, (was, now) in enumerate(zip(before, after, strict=True), 1):
            yield from _fields(part, code, f"{name}.{number}", was, now, title)
    else:
        yield RulesetChange(Happened.CHANGED, part, code, title, name, _stated(before), _stated(after))


def _stated(value: Any) -> Any:
    return None if value in ((), {}) else value


def coded(value: Any) -> str | None:
    """A value of a field in one line, as its codes stand in the file; none where nothing is stated."""
    if value is None or value in ((), {}):
        return None
    if isinstance(value, BaseModel):
        return coded(value.model_dump(mode="json", exclude_defaults=True))
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {coded(inner)}" for key, inner in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(str(coded(inner)) for inner in value)
    return str(value)


def code_of(entry: Any) -> str:
    """How an entry is known: by its code, by the list that it selects from, or by the block and the stage, or the stage
    alone, that it is about."""
    if hasattr(entry, "part"):
        return str(entry.part)
    return str(entry.id) if hasattr(entry, "id") else f"{getattr(entry, 'block', '')} {entry.stage}".strip()


def title_of(entry: Any) -> str:
    """How an entry is called; empty where it is called by what it is about."""
    return str(getattr(entry, "title", None) or getattr(entry, "name", ""))
