"""Where the shipped rulesets, templates and sample cases are: in the wheel, or in the repository when run from it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

_SHIPPED: Final = ("rulesets", "reports", "cases")


@cache
def shipped(folder: str) -> Path:
    """The folder `rulesets`, `reports` or `cases` that came with the program."""
    package = Path(__file__).resolve().parent
    installed = package / "shipped" / folder
    return installed if installed.is_dir() else package.parent / folder


def package_files() -> list[tuple[str, Path]]:
    """Every file of the program by its name in an installed one, in the order of names; what Python makes of them is
    left out."""
    package = Path(__file__).resolve().parent
    roots = {package.name: package} | {f"{package.name}/shipped/{name}": shipped(name) for name in _SHIPPED}
    found = {
        f"{name}/{path.relative_to(root).as_posix()}": path
        for name, root in roots.items()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    return sorted(found.items())
