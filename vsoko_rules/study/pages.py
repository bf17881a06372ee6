"""How studies speak: pages, texts for the terminal, words. Wording and layout are in `reports/study/`."""

from __future__ import annotations

from functools import cache
from typing import Any

from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.coefficients import half_up
from vsoko_rules.templates import html, render, rich
from vsoko_rules.words import counted


@cache
def words() -> Any:
    """The words of studies, read once."""
    return read(shipped("reports") / "study" / "words.yml").data


def figure(value: float, decimals: int) -> str:
    """A coefficient with a decimal comma and all of its decimals: «0,90»."""
    return f"{half_up(value, decimals):f}".replace(".", ",").replace("-", "−")


def page(name: str, **data: Any) -> str:
    """The HTML page `reports/study/NAME.html.j2`."""
    return render(f"study/{name}.html.j2", html, said=words(), n=counted, figure=figure, **data)


def text(name: str, **data: Any) -> str:
    """The text `reports/study/NAME.j2` for the terminal, as Rich markup."""
    return render(f"study/{name}.j2", rich, said=words(), n=counted, figure=figure, **data)


def ruleset_words(ruleset: Ruleset) -> dict[str, Any]:
    """What a ruleset calls its parts, by id, as data that travels with the results of a study."""
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
