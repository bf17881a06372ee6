"""The sheets of the blocks: they fill themselves from the sheet of documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from vsoko_rules.intake.form.document_sheets import DocumentSheets, served_formula
from vsoko_rules.intake.form.form_sheet import FormRow, FormSheet
from vsoko_rules.intake.form.layout import layout
from vsoko_rules.reading.word_list import folded
from vsoko_rules.ruleset.content import Indicator
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.model import Element
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.writing.sheet_text import tab_name


def block_views(
    ruleset: Ruleset, expected: Expectation, documents: DocumentSheets, main: FormSheet, taken: Collection[str]
) -> Iterator[FormSheet]:
    """A sheet for each block: its elements, what is looked for in a document, and the document that serves each. Names
    are others than those `taken`."""
    names = list(taken)
    titles = Counter(folded(element.title) for element in ruleset.elements.values())
    for block in ruleset.blocks.values():
        elements = [e for e in expected.elements.values() if e.block == block.id]
        if not elements:
            continue
        names.append(tab_name(layout().names["block"].format(id=block.id, name=block.name), names))
        rows = [
            FormRow(
                {
                    "element": element.id,
                    "stage": ruleset.stages[element.stage].short,
                    "title": element.title,
                    "must": what_is_expected(element, expected, ruleset),
                    "served": served_formula(
                        main,
                        element.id,
                        element.title if titles[folded(element.title)] == 1 else None,
                        documents.served(element.id),
                    ),
                }
            )
            for element in elements
        ]
        title = layout().titles["block"].format(id=block.id, name=block.name)
        yield FormSheet(names[-1], "view", title, layout().about["block"], layout().columns("view"), rows)


def what_is_expected(element: Element, expected: Expectation, ruleset: Ruleset) -> str:
    """What the document of an element must hold, and whom it must address."""
    asked = [ruleset.requirements[code] for code in element.requires]
    fields = {q.given_by: q.title for q in asked if q.given_by in ("number", "date")}
    levels = [level.value for level in element.covers if level in expected.levels]
    parts: dict[str, dict[str, str]] = {
        "requires": {"titles": ", ".join(q.title for q in asked if q.given_by == "holds")},
        "field": {"titles": ", ".join(fields.values())},
        "addressees": {"titles": ", ".join(ruleset.addressees[code].dative for code in element.addressees)},
        "covers": {"levels": ", ".join(levels)},
    }
    words = layout().expects
    return " ".join(words[name].format(**values) for name, values in parts.items() if all(values.values()))


def how_it_is_earned(indicator: Indicator, ruleset: Ruleset) -> str:
    """How an indicator is earned."""
    words, ways, unit = layout().earned, indicator.earned, indicator.unit
    element = ruleset.elements.get(ways.element or "")
    lines = [words["element"].format(title=element.title)] if element is not None else []
    if ways.value is not None:
        number, shown = ways.value.target, words["unit"].format(unit=unit) if unit else ""
        target = words["target"].format(target=str(number).replace(".", ","), unit=shown) if number is not None else ""
        lines.append(words["value"].format(direction=layout().directions[ways.value.direction.value], target=target))
    lines += [words["mark"]] if ways.mark else []
    lines += [words["all"]] if ways.needs == "all" else []
    lines += [words["measured"].format(unit=unit)] if unit is not None and ways.value is not None else []
    return "\n".join(lines)
