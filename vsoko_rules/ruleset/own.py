"""A region's own ruleset: nothing is copied, a small ruleset extends a shipped one and changes what is its own."""

from __future__ import annotations

from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.ruleset.tabular import columns
from vsoko_rules.templates import plain, render


def skeleton(parent: Ruleset, ruleset_id: str) -> dict[str, str]:
    """The files of a new ruleset that extends `parent`: names relative to its folder, and their texts.

    What can be changed stands in them as comments with examples: levels and weights, names, exclusions, indicators.
    """
    given = {"parent": parent, "id": ruleset_id, "columns": columns()}
    return {name: render(f"rulesets/{name}.j2", plain, **given) for name in ("ruleset.yml", "ПРОЧТИ.md")}
