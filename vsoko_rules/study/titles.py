"""The words of a ruleset that summaries and comparisons print, as data that travels with the results."""

from __future__ import annotations

from typing import Any

from vsoko_rules.ruleset.ruleset import Ruleset


def titles(ruleset: Ruleset) -> dict[str, Any]:
    """What a ruleset calls its parts, by id."""
    return {
        "id": ruleset.id,
        "version": ruleset.version,
        "sha256": ruleset.sha256,
        "title": ruleset.title,
        "label": ruleset.label,
        "verdict_by": ruleset.content.verdict_by,
        "levels": [
            {"id": level.id, "title": level.title, "plural": level.plural, "origin": level.origin.value}
            for level in ruleset.levels
        ],
        "stages": {s.id: {"title": s.title, "short": s.short} for s in ruleset.stages.values()},
        "components": list(ruleset.components),
        "blocks": {b.id: b.name for b in ruleset.blocks.values() if not b.frame},
        "frames": {b.id: b.name for b in ruleset.blocks.values() if b.frame},
        "elements": {e.id: e.title for e in ruleset.elements.values()},
        "requirements": {r.id: r.title for r in ruleset.requirements.values()},
        "rules": {r.id: r.name for r in ruleset.rules.values() if "warning" in r.then},
        "indicators": {i.id: i.title for i in ruleset.indicators.values()},
    }
