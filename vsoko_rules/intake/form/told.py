"""What a form says of an element or an indicator to the person who fills it in."""

from __future__ import annotations

from vsoko_rules.intake.form.layout import layout
from vsoko_rules.ruleset.model import Element
from vsoko_rules.ruleset.ruleset import Expectation, Ruleset
from vsoko_rules.ruleset.scales import Indicator


def expected_text(element: Element, expected: Expectation, ruleset: Ruleset) -> str:
    """What the document must hold, whom it must address, an example."""
    words = layout().expects
    asked = [ruleset.requirements[code] for code in element.requires]
    levels = [level.value for level in element.covers if level in expected.levels]
    parts: dict[str, dict[str, str | None]] = {
        "kind": {"kind": element.kind},
        "requires": {"titles": ", ".join(q.title for q in asked if q.given_by == "holds")},
        "field": {"titles": ", ".join(q.title for q in asked if q.given_by != "holds")},
        "addressees": {"titles": ", ".join(ruleset.addressees[code].title for code in element.addressees)},
        "covers": {"levels": ", ".join(levels)},
        "example": {"example": element.example},
    }
    return "\n".join(words[name].format(**values) for name, values in parts.items() if all(values.values()))


def earned(indicator: Indicator) -> str:
    """How an indicator is earned, and where its data come from."""
    words, ways = layout().earned, indicator.earned
    told = []
    if ways.element is not None:
        told.append(words["element"].format(element=ways.element))
    if ways.value is not None:
        unit = words["unit"].format(unit=indicator.unit) if indicator.unit else ""
        number = str(ways.value.target).replace(".", ",")
        target = words["target"].format(target=number, unit=unit) if ways.value.target is not None else ""
        told.append(words["value"].format(direction=layout().directions[ways.value.direction.value], target=target))
    if ways.mark:
        told.append(words["mark"])
    if ways.needs == "all":
        told.append(words["all"])
    if indicator.unit is not None:
        told.append(words["measured"].format(unit=indicator.unit))
    if indicator.data_sources:
        told.append(words["sources"].format(sources=", ".join(indicator.data_sources)))
    return "\n".join(told)
