"""The core names arguments and remedies; only the command line knows how they are typed."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from vsoko_rules.cli.app import app
from vsoko_rules.cli.screen import OPTIONS, REMEDIES, in_words_of_options
from vsoko_rules.errors import Place, Problem, Remedy, argument

PACKAGE = Path(__file__).resolve().parents[2] / "vsoko_rules"
SOURCES = sorted(PACKAGE.rglob("*.py"))
COMMANDS = [c.name for c in app.registered_commands] + [g.name for g in app.registered_groups]
TYPED = re.compile(rf"(?<![-\w])--[a-z]{{2}}|\bvsoko (?:{'|'.join(filter(None, COMMANDS))})\b")


def texts(path: Path) -> list[str]:
    """Every text in a module, but what it says of itself to programmers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in alone)
    return [node.value for node in constants if isinstance(node.value, str)]


@pytest.mark.parametrize("path", [p for p in SOURCES if "cli" not in p.parts], ids=lambda p: p.stem)
def test_the_core_knows_no_option_and_no_command(path: Path) -> None:
    assert [text for text in texts(path) if TYPED.search(text)] == []


def test_every_argument_and_every_remedy_has_its_words() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    assert set(re.findall(r"\bargument\(\"(\w+)\"\)", sources)) <= OPTIONS.keys()
    assert REMEDIES.keys() == set(Remedy)


def test_a_problem_gets_the_words_of_the_command_line() -> None:
    problem = Problem(argument("budget"), "мало", hint="Возьмите больше.", remedy=Remedy.PLAIN_ENGINE)
    assert str(problem) == "budget: мало. Возьмите больше."
    assert str(in_words_of_options(problem)) == "--budget: мало. Возьмите больше. Или выберите --engine plain."
    elsewhere = Problem(Place("budget", 3), "мало")
    assert in_words_of_options(elsewhere) == elsewhere
