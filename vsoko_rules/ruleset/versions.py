"""Versions of a ruleset: what changed between two, and the promise that a code keeps its meaning.

What was published is frozen in a file beside the ruleset. A code that was published may get another wording only with
another version of the ruleset, and may disappear only by leaving its name to a successor as an alias.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from vsoko_rules.errors import Place, Problem, Remedy, RulesetError
from vsoko_rules.reading.scalars import Code, Text
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.yaml import Source, read
from vsoko_rules.ruleset.content import Indicator, RulesetFile
from vsoko_rules.ruleset.merge import STABILITY_FILE
from vsoko_rules.ruleset.model import Element
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.writing.yaml_text import as_text

_HEADER = "Опубликованные коды этой версии методики и их смысл. Файл пишет программа; руками его не меняют."


class Frozen(Model):
    """What a code meant when the ruleset was published."""

    block: Code
    stage: Code
    title: Text


class Published(Model):
    """The stability file of one version of a ruleset."""

    version: Text
    elements: dict[Code, Frozen]
    indicators: dict[Code, Frozen]
    requirements: tuple[Code, ...]
    rules: tuple[Code, ...]


def freeze(ruleset: Ruleset) -> str:
    """The stability file of `ruleset` as YAML."""
    data = {
        "version": ruleset.version,
        "elements": {e.id: _meaning(e) for e in ruleset.elements.values()},
        "indicators": {i.id: _meaning(i) for i in ruleset.indicators.values()},
        "requirements": list(ruleset.requirements),
        "rules": [*ruleset.rules, *ruleset.rule_aliases, *ruleset.requirement_aliases],
    }
    return as_text(data, [_HEADER])


def _meaning(entry: Element | Indicator) -> dict[str, str]:
    return {"block": entry.block, "stage": entry.stage, "title": _plain(entry.title)}


def broken_promises(ruleset: Ruleset) -> Iterator[Problem]:
    """Codes that lost or changed their meaning since the ruleset was published. Nothing where it never was."""
    path = ruleset.folders[0] / STABILITY_FILE
    if not path.is_file():
        return
    source = read(path, RulesetError)
    published = validated(Published, source, RulesetError)
    yield from _lost(ruleset, published, source)
    if published.version == ruleset.version:
        yield from _changed(ruleset, published, source)


def _present(ruleset: Ruleset) -> Mapping[str, tuple[set[str], set[str]]]:
    """For each list the codes there are, and the old codes that live on as aliases."""
    return {
        "elements": (set(ruleset.elements), set(ruleset.aliases)),
        "indicators": (set(ruleset.indicators), set(ruleset.indicator_aliases)),
        "requirements": (set(ruleset.requirements), set(ruleset.requirement_aliases)),
        "rules": (set(ruleset.rules), {*ruleset.rule_aliases, *ruleset.requirement_aliases}),
    }


def _lost(ruleset: Ruleset, published: Published, source: Source) -> Iterator[Problem]:
    for part, (codes, aliases) in _present(ruleset).items():
        for n, code in enumerate(getattr(published, part)):
            if code not in codes and code not in aliases:
                place = source.place((part, code if part in ("elements", "indicators") else n))
                hint = "Верните код или назовите его в aliases той записи, которая его заменила."
                yield Problem(place, "опубликованный код пропал", code, hint=hint)


def _changed(ruleset: Ruleset, published: Published, source: Source) -> Iterator[Problem]:
    for part, entries in (("elements", ruleset.elements), ("indicators", ruleset.indicators)):
        for code, was in getattr(published, part).items():
            now = entries.get(code)
            if now is not None and (now.block, now.stage, _plain(now.title)) != (was.block, was.stage, was.title):
                place = source.place((part, code))
                hint = "Поднимите version методики и запишите новый смысл кодов."
                yield Problem(place, "опубликованный код сменил смысл", now.title, was.title, hint, Remedy.FREEZE)


def _plain(text: str) -> str:
    """`text` with ordinary single spaces, as the file has it."""
    return " ".join(text.split())


def stability_place(ruleset: Ruleset) -> Path:
    """Where the stability file of `ruleset` stands. Raises `RulesetError` for a ruleset without a folder of its own."""
    if not ruleset.folders:
        raise RulesetError([Problem(Place(ruleset.id), "у методики нет папки")])
    return ruleset.folders[0] / STABILITY_FILE


_LISTS = tuple(
    name
    for name, field in RulesetFile.model_fields.items()
    if field.default == () and name not in ("exclude", "select", "replaces")
)
_SINGLE = (
    "version", "title", "about", "label", "verdict_by", "cycle", "indicator_scoring", "year", "mended_by", "samples",
    "formal", "text_quality",
)  # fmt: skip


class Happened(str, Enum):
    """What happened to an entry."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class RulesetChange:
    """One change. `part` is the list the entry stands in, `field` what changed in it (none for a whole entry); `before`
    and `after` are what stands there in the ruleset, none where it is not stated."""

    happened: Happened
    part: str
    code: str
    title: str
    field: str | None = None
    before: Any = None
    after: Any = None


def diff(old: Ruleset, new: Ruleset) -> tuple[RulesetChange, ...]:
    """Every difference between two rulesets, in the order of the lists and then of the newer ruleset."""
    changes: list[RulesetChange] = []
    for name in _SINGLE:
        changes += _fields("ruleset", name, name, getattr(old.content, name), getattr(new.content, name))
    for part in _LISTS:
        changes += _entries(part, getattr(old.content, part), getattr(new.content, part))
    return tuple(changes)


def _entries(part: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[RulesetChange]:
    before = {_code(entry): entry for entry in old}
    after = {_code(entry): entry for entry in new}
    renamed = {
        alias: code for code, entry in after.items() for alias in getattr(entry, "aliases", ()) if alias in before
    }
    for code, entry in after.items():
        was = before.get(code)
        previous = next((alias for alias, now in renamed.items() if now == code), None)
        if was is None and previous is not None:
            yield RulesetChange(Happened.RENAMED, part, code, title_of(entry), None, previous, code)
            was = before[previous]
        if was is None:
            yield RulesetChange(Happened.ADDED, part, code, title_of(entry))
            continue
        for name in type(entry).model_fields:
            if name not in ("id", "aliases"):
                yield from _fields(part, code, name, getattr(was, name), getattr(entry, name), title_of(entry))
    for code, entry in before.items():
        if code not in after and code not in renamed:
            yield RulesetChange(Happened.REMOVED, part, code, title_of(entry))


def _fields(part: str, code: str, name: str, before: Any, after: Any, title: str = "") -> Iterator[RulesetChange]:
    if before == after:
        return
    if isinstance(before, BaseModel) and isinstance(after, BaseModel) and type(before) is type(after):
        for inner in type(after).model_fields:
            yield from _fields(part, code, f"{name}.{inner}", getattr(before, inner), getattr(after, inner), title)
        return
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


def _code(entry: Any) -> str:
    """How an entry is known: by its code, or by the block and the stage, or the stage alone, that it is about."""
    return str(entry.id) if hasattr(entry, "id") else f"{getattr(entry, 'block', '')} {entry.stage}".strip()


def title_of(entry: Any) -> str:
    """How an entry is called; empty where it is called by what it is about."""
    return str(getattr(entry, "title", None) or getattr(entry, "name", ""))
