"""From the files of a ruleset and its parents to one source: entries with the same id are laid over one another."""

from __future__ import annotations

import hashlib
from codecs import BOM_UTF8
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from vsoko_rules.errors import Place, Problem, RulesetError
from vsoko_rules.reading.archive import read_bytes
from vsoko_rules.reading.yaml import MOST_BYTES, Items, Mapping, Source, parse
from vsoko_rules.ruleset.merged_source import CueLayer, Merged, MergedSource, identity, shown

MAIN_FILE = "ruleset.yml"
TEST_SUFFIX = ".test.yml"
STABILITY_FILE = "stability.yml"
"""what was published of a ruleset; no part of what it says"""
CUE_FOLDER = "cues"
"""what only intake asks for: a part of the ruleset, read by `vsoko_rules.ruleset.cue_files` when it is needed"""
_OWN_KEYS = frozenset({"extends", "abstract", "exclude", "select", "replaces"})
"""keys that a ruleset does not inherit"""
_MADE_OF = {"title": ("subject", "point", "forms"), "name": ("subject",)}
"""phrases made of a name: with another name an entry does not inherit them"""


def merge(folder: Path, parent: MergedSource | None) -> MergedSource:
    """Read every file of the ruleset in `folder` and lay it over `parent`. Raises `RulesetError`.

    Files of cues are not read but for their digest: nothing but intake asks for what they say.
    """
    every = sorted(p for p in folder.rglob("*.yml") if not p.name.endswith(TEST_SUFFIX) and p.name != STABILITY_FILE)
    if not (folder / MAIN_FILE).is_file():
        raise RulesetError([Problem(Place(str(folder)), "это не методика", expected=f"папка с файлом {MAIN_FILE}")])
    aside = tuple(path for path in every if path.relative_to(folder).parts[0] == CUE_FOLDER)
    digest = hashlib.sha256((parent.sha256 if parent else "").encode())
    own = Merged()
    seen: dict[tuple[str, Any], Place] = {}
    problems: list[Problem] = []
    for path in every:
        raw = read_bytes(path, RulesetError, shown(path), MOST_BYTES)
        text = raw.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n")  # the same on every system, whatever Git makes of it
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(text).digest())
        if path not in aside:
            take(own, parse(raw, shown(path), RulesetError), seen, problems)
    if problems:
        raise RulesetError(problems)
    layers = parent.cues if parent else ()
    data = _over(own, parent.data if parent else Merged(), layers)
    excluded = frozenset(entry["id"] for entry in _entries(own, "exclude") if isinstance(entry.get("id"), str))
    names = frozenset(shown(path) for path in every)
    return MergedSource(
        shown(folder / MAIN_FILE), data, digest.hexdigest(), names, (*layers, CueLayer(aside, excluded))
    )


def take(own: Merged, source: Source, seen: dict[tuple[str, Any], Place], problems: list[Problem]) -> None:
    """Add one file to the ruleset's own data: lists are joined, single values may be stated once."""
    for key, value in source.data.items():
        if not isinstance(value, Items):
            if key in own:
                problems.append(Problem(source.key_place((key,)), "ключ уже задан в другом файле методики", key))
            own[key], own.marks[key], own.files[key] = value, source.data.marks[key], source.name
            continue
        joined = own.setdefault(key, Items())
        if not isinstance(joined, Items):
            problems.append(Problem(source.key_place((key,)), "ключ уже задан в другом файле методики", key))
            continue
        own.marks.setdefault(key, source.data.marks[key])
        own.files.setdefault(key, source.name)
        for index, entry in enumerate(value):
            name = identity(entry)
            if (
                name is not None
                and (first := seen.setdefault((key, name), place := source.place((key, index)))) != place
            ):
                shown = name if isinstance(name, str) else " ".join(str(part) for part in name)
                problems.append(Problem(place, "запись повторяется", shown, f"один раз; впервые — {first}"))
            joined.append(_owned(entry, source.name))
            joined.marks.append(value.marks[index])


def _owned(entry: Any, file: str) -> Any:
    if not isinstance(entry, Mapping):
        return entry
    merged = Merged()
    merged.lay(entry, file)
    return merged


def _over(own: Merged, parent: Merged, layers: Sequence[CueLayer]) -> Merged:
    """`own` laid over `parent`: entries of lists by identity, everything else whole."""
    inherited = Merged()
    inherited.overlay(parent)
    for key in (*_OWN_KEYS, *_texts(own.get("replaces"))):
        inherited.pop(key, None)
    _leave_out(own, inherited, layers)
    result = laid_over(own, inherited)
    if "levels" in own and isinstance(before := inherited.get("levels"), Items) and isinstance(own["levels"], Items):
        result["levels"] = _by_threshold(result["levels"], len(before))
    return result


def laid_over(own: Merged, inherited: Merged) -> Merged:
    """`own` over what it inherits: lists joined, everything else whole."""
    result = Merged()
    result.overlay(inherited)
    result.overlay(own)
    for key, entries in own.items():
        before = inherited.get(key)
        if isinstance(entries, Items) and isinstance(before, Items):
            result[key] = _joined(before, entries)
    return result


def _leave_out(own: Merged, inherited: Merged, layers: Sequence[CueLayer]) -> None:
    """Drop from `inherited` what `own` excludes or does not select; `RulesetError` for ids that are not there."""
    lists = {key: entries for key, entries in inherited.items() if isinstance(entries, Items)}
    there = {key: {identity(entry) for entry in entries} for key, entries in lists.items()}
    excluded: set[Any] = set()
    problems: list[Problem] = []
    for entry in _entries(own, "exclude"):
        if isinstance(entry.get("id"), str):
            excluded.add(entry["id"])
            known = any(entry["id"] in ids for ids in there.values())
            if not known and not any(entry["id"] in layer.ids() for layer in layers):
                problems.append(_no_such(entry, "id", entry["id"]))
    selected: dict[str, set[Any]] = {}
    for entry in _entries(own, "select"):
        part = str(entry.get("part"))
        ids = _texts(entry.get("ids"))
        selected.setdefault(part, set()).update(ids)
        problems += [_no_such(entry, "ids", id_) for id_ in ids if id_ not in there.get(part, ())]
    if problems:
        raise RulesetError(problems)
    for key, entries in lists.items():
        kept = there[key] - excluded
        inherited[key] = only(entries, kept & selected[key] if key in selected else kept)


def _entries(own: Merged, key: str) -> list[Merged]:
    """The entries of a list; none where the file has something else there, which the model refuses."""
    entries = own.get(key)
    return [entry for entry in entries if isinstance(entry, Merged)] if isinstance(entries, Items) else []


def _texts(values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, Items) else []


def _no_such(entry: Merged, key: str, found: Any) -> Problem:
    mark = entry.marks[key][1]
    place = Place(entry.files[key], mark.line + 1, mark.column + 1)
    return Problem(place, "в родительской методике нет такого кода", str(found), "код записи родительской методики")


def _joined(before: Items, after: Items) -> Items:
    """Two lists of entries as one: an entry that is known before gives way, key by key."""
    result = Items()
    positions: dict[Any, int] = {}
    for entries in (before, after):
        for entry, mark in zip(entries, entries.marks, strict=True):
            name = identity(entry)
            if name in positions and isinstance(entry, Merged):
                result[positions[name]] = _laid(result[positions[name]], entry)
            else:
                positions[name] = len(result)
                result.append(entry)
                result.marks.append(mark)
    return result


def _laid(before: Merged, entry: Merged) -> Merged:
    merged = Merged()
    merged.overlay(before)
    for key, phrases in _MADE_OF.items():
        if key in entry and entry[key] != before.get(key):
            for phrase in phrases:
                merged.pop(phrase, None)
    merged.overlay(entry)
    return merged


def _by_threshold(levels: Items, inherited: int) -> Items:
    """Levels with those after the `inherited` ones moved up, each before the first whose threshold is lower."""
    rows = [*zip(levels, levels.marks, strict=True)]
    for row in rows[inherited:]:
        rows.remove(row)
        lower = (n for n, other in enumerate(rows) if _threshold(other[0]) < _threshold(row[0]))
        rows.insert(next(lower, len(rows)), row)
    result = Items()
    result.extend(level for level, _ in rows)
    result.marks.extend(mark for _, mark in rows)
    return result


def _threshold(level: Any) -> Decimal:
    """The threshold of a level as it is written, percent; below all others where none can be read."""
    try:
        return Decimal(level["at_least"])
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return Decimal(-1)


def only(entries: Items, kept: set[Any]) -> Items:
    """The entries whose identity is in `kept`; entries without one stay."""
    result = Items()
    for entry, mark in zip(entries, entries.marks, strict=True):
        name = identity(entry)
        if name is None or name in kept:
            result.append(entry)
            result.marks.append(mark)
    return result
