"""The promise that a code keeps its meaning from one version of a ruleset to the next.

What was published is frozen in a file beside the ruleset. A code that was published may get another wording only with
another version of the ruleset, and may disappear only by leaving its name to a successor as an alias.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from vsoko_rules.errors import Place, Problem, Remedy, RulesetError
from vsoko_rules.reading.scalars import Code, Text
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.yaml import Source, read
from vsoko_rules.ruleset.content import Indicator
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
