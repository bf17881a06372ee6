"""The files of cues of a ruleset and its parents, laid over one another as its other files are."""

from __future__ import annotations

from typing import Any

from vsoko_rules.errors import Place, Problem, RulesetError
from vsoko_rules.reading.validation import validated
from vsoko_rules.reading.yaml import Items
from vsoko_rules.ruleset.cues import CueFile
from vsoko_rules.ruleset.merge import laid_over, only, take
from vsoko_rules.ruleset.merged_source import Merged, MergedSource, identity


def cue_source(source: MergedSource) -> MergedSource:
    """The merged data of all cues with the place of everything in it. Raises `RulesetError`."""
    data = Merged()
    for layer in source.cues:
        own = Merged()
        seen: dict[tuple[str, Any], Place] = {}
        problems: list[Problem] = []
        for file in layer.sources():
            take(own, file, seen, problems)
        if problems:
            raise RulesetError(problems)
        data = _over(own, data, layer.excluded)
    return MergedSource(source.name, data, source.sha256, source.own)


def _over(own: Merged, parent: Merged, excluded: frozenset[str]) -> Merged:
    left = Merged()
    left.overlay(parent)
    for key, entries in parent.items():
        if isinstance(entries, Items):
            left[key] = only(entries, {identity(entry) for entry in entries} - excluded)
    return laid_over(own, left)


def load_cues(source: MergedSource) -> CueFile:
    """The cues of a ruleset. Raises `RulesetError` with every fault of shape."""
    return validated(CueFile, cue_source(source), RulesetError)
