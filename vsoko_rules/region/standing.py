"""How the schools of a region stand while a study goes on: what is kept of each, and what all of them come to.

What is kept is the part of a school's result that summaries and the exchange of practice read; it is summed up by what
sums up a study of files, so that both say the same of the same schools.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.figures import SCORES
from vsoko_rules.study.pages import ruleset_words
from vsoko_rules.study.parameters import OpenVersion
from vsoko_rules.study.results import Record
from vsoko_rules.study.summary import Titles, summed
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.result import result

_KEPT: Final = ("schema", "ruleset", "case", "school", "year", "complete", "level", "tally")
_OF_BLOCK: Final = ("id", "reviewed", "tally", "weakest")
_OF_SCORE: Final = ("points", "low", "high", "max", "percent")
_OF_COMPONENT: Final = ("stage", "outcome")
_OF_LINE: Final = ("id", "outcome", "complete")
_OF_BREAK: Final = ("stage", "element", "kind", "lacks")
_OF_FINDING: Final = ("kind", "rule", "element", "severity", "lacks")


def standing(assessment: Assessment) -> Record:
    """What is kept of a school, as JSON data: level, scores, blocks with their lines and where each breaks first."""
    whole: Mapping[str, Any] = result(assessment)
    return {
        **_only(whole, _KEPT),
        **{score: _only(whole[score], _OF_SCORE) for score in SCORES},
        "blocks": [_block(block) for block in whole["blocks"]],
        "findings": _each(whole["findings"], _OF_FINDING),
        "study": {"report": None},
    }


def overview(
    records: Iterable[Record], titles: Mapping[str, Titles], open_version: OpenVersion | None = None
) -> list[dict[str, Any]]:
    """What the schools come to: one summary for each ruleset and year, as `vsoko study` writes it. `titles` as of
    `titles_of`; with `open_version` no school is named. Raises `InputError` for a record under another ruleset."""
    return summed(records, titles, open_version)


def titles_of(rulesets: Iterable[Ruleset]) -> dict[str, Titles]:
    """What rulesets call their parts, by SHA-256."""
    return {ruleset.sha256: ruleset_words(ruleset) for ruleset in rulesets}


def _block(block: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_only(block, _OF_BLOCK),
        "cycle": _only(block["cycle"], _OF_SCORE),
        "components": _each(block["components"], _OF_COMPONENT),
        "lines": [
            {**_only(line, _OF_LINE), "break": _only(line["break"], _OF_BREAK) if line["break"] else None}
            for line in block["lines"]
        ],
        "items": [_nearest(item) for item in block["items"] if item["outcome"] == "partial"],
        "findings": _each(block["findings"], _OF_FINDING),
    }


def _nearest(item: Mapping[str, Any]) -> dict[str, Any]:
    """An element outside the lines that is not whole, with what the nearest document lacks."""
    lacks = dict(list(item["lacks"].items())[:1])
    return {"element": item["element"], "outcome": item["outcome"], "lacks": lacks}


def _each(entries: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> list[dict[str, Any]]:
    return [_only(entry, keys) for entry in entries]


def _only(entry: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: entry[key] for key in keys}
