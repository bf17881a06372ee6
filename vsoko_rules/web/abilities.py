"""What can be made where the page runs: some formats need libraries that are extras, or that browsers cannot run."""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import find_spec


@cache
def able(what: str) -> bool:
    """Whether `word` documents and `pdf` can be written, and `files` of a school be read."""
    if what == "files" and sys.platform == "emscripten":  # they are read in a process of their own
        return False
    needed = {"word": ("docx", "docxtpl"), "pdf": ("typst",), "files": ("lxml", "pypdfium2", "striprtf")}
    return all(find_spec(name) is not None for name in needed[what])
