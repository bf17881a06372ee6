"""Every template that is shipped can be read by the engine, whichever page it is on."""

from __future__ import annotations

import pytest
from jinja2 import Environment, TemplateSyntaxError, nodes

from vsoko_rules.resources import shipped

TEMPLATES = sorted(path.relative_to(shipped("reports")).as_posix() for path in shipped("reports").rglob("*.j2"))


def test_every_template_is_closed_as_it_is_opened() -> None:
    """What a merge of two branches left without its end is seen before anybody opens the page."""
    assert len(TEMPLATES) > 50
    for name in TEMPLATES:
        try:
            Environment(autoescape=True).parse((shipped("reports") / name).read_text(encoding="utf-8"))
        except TemplateSyntaxError as wrong:
            pytest.fail(f"{name}:{wrong.lineno}: {wrong.message}")


BASE = "web/base.j2"


def imported(tree: nodes.Template) -> set[str]:
    """The macros that a template imports by name."""
    found = (name for each in tree.find_all(nodes.FromImport) for name in each.names)
    return {name if isinstance(name, str) else name[1] for name in found}


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.startswith("web/")])
def test_a_part_of_a_page_brings_the_macros_that_it_uses(name: str) -> None:
    """It may be an answer by itself, in which nothing of the page around it is there."""
    of_pages = imported(parsed(BASE))
    tree = parsed(name)
    called = {call.node.name for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)}
    assert of_pages
    if next(tree.find_all(nodes.Extends), None) is None:
        assert called & of_pages <= imported(tree)


def parsed(name: str) -> nodes.Template:
    return Environment(autoescape=True).parse((shipped("reports") / name).read_text(encoding="utf-8"))
