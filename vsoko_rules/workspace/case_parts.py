"""Two states of a case held against each other part by part, so that one change can be taken back and others stay."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from vsoko_rules.errors import LostUpdate, Place, Problem

LISTED: Final = {"documents": "id", "procedures": "id", "overrides": "of"}
"""what a case lists, and by which key an entry is known"""
_BY_CODE: Final = ("indicators",)
"""what a case holds by code"""

Data = Mapping[str, Any]
"""a case in the shape of its file, every scalar a text"""


@dataclass(frozen=True, slots=True)
class PartChange:
    """One part of a case before and after; none: it was not there. `at` is the place of an entry in its list."""

    part: str
    code: str | None
    before: Any
    after: Any
    at: int = 0

    @property
    def reversed(self) -> PartChange:
        """The change that takes this one back."""
        return replace(self, before=self.after, after=self.before)


def differences(before: Data, after: Data) -> tuple[PartChange, ...]:
    """What has to change for `before` to become `after`."""
    changes: list[PartChange] = []
    for part in dict.fromkeys((*before, *after)):
        old, new = before.get(part), after.get(part)
        if old != new:
            changes += _of_part(part, old, new)
    return tuple(changes)


def _of_part(part: str, old: Any, new: Any) -> Iterator[PartChange]:
    whole = PartChange(part, None, old, new)
    entries = [_by_code(part, old), _by_code(part, new)]
    first, second = entries
    if first is None or second is None:
        yield whole
        return
    changes = [
        PartChange(part, code, first.get(code), second.get(code), list(second if code in second else first).index(code))
        for code in dict.fromkeys((*first, *second))
        if first.get(code) != second.get(code)
    ]
    made = _part_applied(part, old, changes)
    yield from changes if made == new or (not made and not new) else [whole]


def _by_code(part: str, value: Any) -> dict[str, Any] | None:
    """The entries of a part by their codes; none where it has none, or two with one code."""
    if part in _BY_CODE:
        return dict(value or {}) if isinstance(value, Mapping | None) else None
    if part not in LISTED or not isinstance(value, list | None):
        return None
    entries = value or []
    codes = [entry.get(LISTED[part]) if isinstance(entry, Mapping) else None for entry in entries]
    by_code = {code: entry for code, entry in zip(codes, entries, strict=True) if isinstance(code, str)}
    return by_code if len(by_code) == len(entries) else None


def applied(data: Data, changes: Iterable[PartChange]) -> dict[str, Any]:
    """The case with the changes made; parts that others changed meanwhile stay. Raises `LostUpdate` where what a change
    found there is no longer there."""
    result = dict(data)
    for change in changes:
        if not _same(_current(result, change), change.before):
            hint = "Посмотрите, что в ней стоит теперь, и внесите изменение заново."
            problem = Problem(Place(change.code or change.part), "эту часть с тех пор изменили ещё раз", hint=hint)
            raise LostUpdate([problem])
        made = change.after if change.code is None else _part_applied(change.part, result.get(change.part), [change])
        if made is None or (change.code is not None and not made):
            result.pop(change.part, None)
        else:
            result[change.part] = made
    return result


def _current(data: Data, change: PartChange) -> Any:
    value = data.get(change.part)
    return value if change.code is None else (_by_code(change.part, value) or {}).get(change.code)


def _part_applied(part: str, value: Any, changes: Sequence[PartChange]) -> Any:
    entries = _by_code(part, value) or {}
    for change in changes:
        code = str(change.code)
        if change.after is None:
            entries.pop(code, None)
        elif code in entries or part in _BY_CODE:
            entries[code] = change.after
        else:
            pairs = list(entries.items())
            pairs.insert(change.at, (code, change.after))
            entries = dict(pairs)
    return entries if part in _BY_CODE else list(entries.values())


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) or (not one and not other)


def canonical(data: Any) -> str:
    """Data as one text, the same for the same data."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
