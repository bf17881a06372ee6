"""Every template and every sentence that is shipped can be read, and somebody uses it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment, TemplateSyntaxError, nodes

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "reports"
TEMPLATES = sorted(path.relative_to(REPORTS).as_posix() for path in REPORTS.rglob("*.j2"))
BASE = "web/base.j2"


@cache
def parsed(name: str) -> nodes.Template:
    return Environment(autoescape=True).parse((REPORTS / name).read_text(encoding="utf-8"))


def named() -> tuple[set[str], set[str]]:
    """The names that stand anywhere in quotes, in a path or after the mark of a sentence; beginnings of names that are
    put together there (`f"lacking_{by}"`, `'home_' ~ part`)."""
    files = [*ROOT.glob("vsoko_rules/**/*.py"), *ROOT.glob("tools/**/*.yml")]
    files += (path for path in REPORTS.rglob("*") if path.suffix in (".j2", ".typ", ".yml") and path.is_file())
    text = "\n".join(path.read_text(encoding="utf-8") for path in files if path.name != "sentences.yml")
    whole = set(re.findall(r"""(?:["'/]|\[\[)(\w+)(?:["'.]| ::|\]\])""", text))
    return whole, set(re.findall(r"""["'/](\w+_)(?:\{|["'] ~)""", text))


def test_every_template_is_closed_as_it_is_opened() -> None:
    """What a merge of two branches left without its end is seen before anybody opens the page."""
    assert len(TEMPLATES) > 50
    for name in TEMPLATES:
        try:
            parsed(name)
        except TemplateSyntaxError as wrong:
            pytest.fail(f"{name}:{wrong.lineno}: {wrong.message}")


def test_every_template_and_every_sentence_is_used() -> None:
    whole, beginnings = named()
    sentences: dict[str, str] = yaml.safe_load((REPORTS / "sentences.yml").read_text(encoding="utf-8"))
    names = [*(Path(name).name.partition(".")[0] for name in TEMPLATES), *sentences]
    assert [name for name in names if name not in whole and not name.startswith(tuple(beginnings))] == []


def test_no_comma_cuts_a_sentence_in_two() -> None:
    """In `{title: выведено, about: следует из документов, но не сказано}` the last words are a key without a value."""

    def lost(data: Any) -> list[str]:
        if isinstance(data, list):
            return [key for each in data for key in lost(each)]
        if not isinstance(data, dict):
            return []
        own = [str(key) for key, value in data.items() if value is None and " " in str(key)]
        return own + [key for value in data.values() for key in lost(value)]

    for path in REPORTS.rglob("*.yml"):
        assert lost(yaml.safe_load(path.read_text(encoding="utf-8"))) == [], path.name


def called(node: nodes.Node) -> str:
    """The name by which a macro is called, that of the module before it."""
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else ""


def macros(name: str) -> dict[str, nodes.Macro]:
    return {macro.name: macro for macro in parsed(name).find_all(nodes.Macro)}


def test_a_macro_is_called_with_what_it_takes() -> None:
    """Whoever takes a parameter away finds the call on the page that no quick test opens."""
    for name in TEMPLATES:
        tree, known = parsed(name), macros(name)
        for module in tree.find_all(nodes.Import):
            own = macros(module.template.as_const())
            known |= {f"{module.target}.{macro}": own[macro] for macro in own}
        for part in tree.find_all(nodes.FromImport):
            own, pairs = macros(part.template.as_const()), [(p, p) if isinstance(p, str) else p for p in part.names]
            known |= {alias: own[macro] for macro, alias in pairs}
        for call in tree.find_all(nodes.Call):
            if (name_called := called(call.node)) in known:
                takes, given = known[name_called], len(call.args) + len(call.kwargs)
                assert len(takes.args) - len(takes.defaults) <= given <= len(takes.args), f"{name}:{call.lineno}"


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


def test_no_selector_is_made_of_a_code() -> None:
    """A code may hold dots, which are no part of an id for a selector: rows are found by where they stand."""
    made = [
        (path.name, found)
        for path in [*(REPORTS / name for name in TEMPLATES), *ROOT.glob("vsoko_rules/web/**/*.py")]
        for found in re.findall(
            r"""hx-(?:target|select)="#[^"]*{{[^"]*"|Retarget.*f"#[^"]*\{""", path.read_text("utf-8")
        )
    ]
    assert made == []
