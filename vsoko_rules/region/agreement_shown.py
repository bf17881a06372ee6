"""What a page shows of the agreement of experts: lines and marks by block, and all together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from vsoko_rules.region.counted_cases import figure_words
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.pages import figure, ruleset_words
from vsoko_rules.study.parameters import parameters

_SHOWN: Final = (("outcomes", "lines"), ("outcomes", "components"), ("stated", "marks"))
"""what is compared: of what came of it, complete lines and stages; of what experts stated, marks"""
COEFFICIENTS: Final = ("agreement", "kappa", "alpha")


def shown_figures(data: Mapping[str, Any]) -> dict[str, Any]:
    """The part of agreement that is shown; `data` as `vsoko agree` has it."""
    tables = {kind: [_row(row) for row in data[part][kind]] for part, kind in _SHOWN}
    return {"schools": data["schools"], "tables": tables}


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("id", "units", "disagree", *COEFFICIENTS) if key in row}


def agreement_words(ruleset: Ruleset) -> dict[str, Any]:
    """What templates need to speak of agreement: words, scales, names of blocks."""
    titles = ruleset_words(ruleset)
    return {
        **figure_words(),
        "figure": figure,
        "scales": parameters().agreement,
        "blocks": {**titles["blocks"], **titles["frames"]},
        "coefficients": COEFFICIENTS,
        "kinds": {kind: part for part, kind in _SHOWN},
    }
