"""Changes of a case as people read them: fields by their titles, codes by what they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.ruleset.schema import words
from vsoko_rules.words import day
from vsoko_rules.words import words as shared_words
from vsoko_rules.workspace.case_parts import LISTED, PartChange
from vsoko_rules.workspace.opened_school import OpenedSchool

_MODELS: Final = {"documents": "Document", "procedures": "Procedure", "overrides": "Override", "school": "School",
                  "study": "Study", "filled_by": "FilledBy", "indicators": "IndicatorEntry"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after, in words; none: nothing stood there."""

    title: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A part of a case that changed. `name` is what the entry is called; `added`, `removed`: as a whole."""

    part: str
    name: str | None
    added: bool
    removed: bool
    fields: tuple[FieldChange, ...]


class ChangeTeller:
    """Tells changes of one school; `documents` are the titles of its documents by their codes."""

    def __init__(self, ruleset: Ruleset, documents: Mapping[str, str]) -> None:
        self._names: dict[str, Mapping[str, str]] = {
            "serves": {e.id: e.title for e in ruleset.elements.values()},
            "holds": {r.id: r.title for r in ruleset.requirements.values()},
            "addressees": {a.id: a.title for a in ruleset.addressees.values()},
            "reviewed": {b.id: b.name for b in ruleset.blocks.values()},
        }
        named = {code: f"«{title}»" for code, title in documents.items()}
        self._names |= dict.fromkeys(("based_on", "approved_by", "annex_of", "amends"), named)

    @classmethod
    def of(cls, school: OpenedSchool) -> ChangeTeller:
        """For a school that is open."""
        return cls(school.ruleset, {d.id: d.title for d in school.case.content.documents})

    def tell(self, change: PartChange) -> ToldChange:
        """A change in words."""
        model = words().models[_MODELS.get(change.part, "Case")]
        part = words().models["Case"].fields[change.part].title if change.part in words().models["Case"].fields else ""
        kept = change.after if change.after is not None else change.before
        name = kept.get("title", change.code) if change.code and isinstance(kept, Mapping) else change.code
        whole = change.code is not None and change.part in LISTED
        added, removed = whole and change.before is None, whole and change.after is None
        fields = () if added or removed else tuple(self._fields(change, model.fields))
        return ToldChange(part, name, added, removed, fields)

    def _fields(self, change: PartChange, titles: Mapping[str, Any]) -> Iterator[FieldChange]:
        before, after = change.before, change.after
        if not isinstance(before if before is not None else after, Mapping):
            yield FieldChange("", self._said(change.part, before), self._said(change.part, after))
            return
        old, new = before or {}, after or {}
        for key in dict.fromkeys((*old, *new)):
            if old.get(key) != new.get(key):
                title = titles[key].title if key in titles else key
                yield FieldChange(title, self._said(key, old.get(key)), self._said(key, new.get(key)))

    def _said(self, key: str, value: Any) -> str | None:
        if value is None:
            return None
        if key == "evidence" and isinstance(value, Mapping) and "claim" in value:
            return self._claim(value)
        if isinstance(value, Mapping):
            return ", ".join(f"{self._said(own, each)}" for own, each in value.items())
        if isinstance(value, list | tuple):
            return ("; " if key == "evidence" else ", ").join(str(self._said(key, each)) for each in value)
        text = str(value)
        try:
            return day(date.fromisoformat(text)) if len(text) == len("2022-02-14") else self._named(key, text)
        except ValueError:
            return self._named(key, text)

    def _claim(self, value: Mapping[str, Any]) -> str:
        """Something said of a document: a field with what stands in it, or a content."""
        said = shared_words()["claim"]
        field, _, stated = str(value["claim"]).partition(" ")
        known = said["field"].get(field)
        told = f"{known} {self._named(field, stated)}".strip() if known else self._named("holds", str(value["claim"]))
        return f"{told} — {said['state'][value.get('state', 'confirmed')]}"

    def _named(self, key: str, text: str) -> str:
        return {"true": "да", "false": "нет"}.get(text) or self._names.get(key, {}).get(text, text)
