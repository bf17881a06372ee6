"""What changed between two rulesets, entry by entry and field by field, for a methodist to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pydantic import BaseModel

from vsoko_rules.ruleset.content import RulesetFile
from vsoko_rules.ruleset.ruleset import Ruleset

_LISTS = tuple(
    name
    for name, field in RulesetFile.model_fields.items()
    if field.default == () and name not in ("exclude", "select", "replaces")
)
_SINGLE = ("version", "title", "label", "verdict_by", "cycle", "indicator_scoring", "samples")


class Happened(str, Enum):
    """What happened to an entry."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `part` is the list the entry stands in, `field` what changed in it (none for a whole entry)."""

    happened: Happened
    part: str
    code: str
    title: str
    field: str | None = None
    before: str | None = None
    after: str | None = None


def diff(old: Ruleset, new: Ruleset) -> tuple[Change, ...]:
    """Every difference between two rulesets, in the order of the lists and then of the newer ruleset."""
    changes: list[Change] = []
    for name in _SINGLE:
        changes += _fields("ruleset", name, name, getattr(old.content, name), getattr(new.content, name))
    for part in _LISTS:
        changes += _entries(part, getattr(old.content, part), getattr(new.content, part))
    return tuple(changes)


def _entries(part: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    before = {_code(entry): entry for entry in old}
    after = {_code(entry): entry for entry in new}
    renamed = {
        alias: code for code, entry in after.items() for alias in getattr(entry, "aliases", ()) if alias in before
    }
    for code, entry in after.items():
        was = before.get(code)
        previous = next((alias for alias, now in renamed.items() if now == code), None)
        if was is None and previous is not None:
            yield Change(Happened.RENAMED, part, code, _title(entry), None, previous, code)
            was = before[previous]
        if was is None:
            yield Change(Happened.ADDED, part, code, _title(entry))
            continue
        for name in type(entry).model_fields:
            if name not in ("id", "aliases"):
                yield from _fields(part, code, name, getattr(was, name), getattr(entry, name), _title(entry))
    for code, entry in before.items():
        if code not in after and code not in renamed:
            yield Change(Happened.REMOVED, part, code, _title(entry))


def _fields(part: str, code: str, name: str, before: Any, after: Any, title: str = "") -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, BaseModel) and isinstance(after, BaseModel) and type(before) is type(after):
        for inner in type(after).model_fields:
            yield from _fields(part, code, f"{name}.{inner}", getattr(before, inner), getattr(after, inner), title)
        return
    yield Change(Happened.CHANGED, part, code, title, name, _shown(before), _shown(after))


def _shown(value: Any) -> str | None:
    """A value of a field in one line."""
    if value is None or value in ((), {}):
        return None
    if isinstance(value, BaseModel):
        return _shown(value.model_dump(mode="json", exclude_defaults=True))
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_shown(inner)}" for key, inner in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(str(_shown(inner)) for inner in value)
    return str(value)


def _code(entry: Any) -> str:
    return str(entry.id) if hasattr(entry, "id") else f"{entry.block} {entry.stage}"


def _title(entry: Any) -> str:
    return str(getattr(entry, "title", None) or getattr(entry, "name", ""))
