"""A name means one thing: no file stands in two rooms, and no class is defined in two modules."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "vsoko_rules"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent.name != "migrations")
EVERYWHERE = {"__init__.py", "__main__.py"}
AS_DJANGO_ASKS = {"Meta"}
"""a class in a class, by which Django is told of a table"""


def classes(module: Path) -> Iterator[str]:
    """Every class of a module: private ones, and those inside functions and other classes."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            yield node.name


def repeated(pairs: Iterator[tuple[str, Path]]) -> dict[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    for name, module in pairs:
        found[name].append(module.relative_to(PACKAGE).as_posix())
    return {name: modules for name, modules in found.items() if len(modules) > 1}


def test_no_file_name_stands_in_two_rooms() -> None:
    assert len(MODULES) > len(EVERYWHERE)
    assert repeated((module.name, module) for module in MODULES if module.name not in EVERYWHERE) == {}


def test_no_class_name_stands_in_two_modules() -> None:
    assert (
        repeated((name, module) for module in MODULES for name in classes(module) if name not in AS_DJANGO_ASKS) == {}
    )
