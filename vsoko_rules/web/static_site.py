"""The static site: the page on one's own machine as files for any web server. Nothing of it answers by itself: the
program runs in the browser of who opens it (`in_browser.py`), with parts that a build script has put together."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Final

from vsoko_rules import __version__
from vsoko_rules.errors import OutputError, Place, Problem
from vsoko_rules.templates import html, render
from vsoko_rules.workspace.opening import open_ruleset, ruleset_names
from vsoko_rules.workspace.program_archive import program_archive
from vsoko_rules.writing.files import write

PARTS: Final = (
    "pyodide/pyodide.mjs", "pyodide/pyodide.asm.mjs", "pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip",
    "pyodide/pyodide-lock.json", "highs/highs.mjs", "highs/highs.wasm", "native.zip", "packages.zip",
)  # fmt: skip
"""what `tools/browser_parts.py` puts together"""
_OWN: Final = ("start.js", "start.css", "python.js")
_WORKER: Final = "service.js"
_NOT_THERE: Final = ("web/static/in_browser/", "web/hosted/", "region/", "cli/", "shipped/reports/web/hosted/")
"""of the program, what a browser has no use for"""


def write_site(folder: Path, parts: Path) -> dict[str, int]:
    """Write the site into a folder; returns the sizes of its files, in bytes. Raises `OutputError` where the folder
    holds something else, or where parts are missing."""
    missing = [name for name in PARTS if not (parts / name).is_file()]
    if missing:
        hint = "Сначала соберите части: python tools/browser_parts.py ПАПКА."
        raise OutputError([Problem(Place(str(parts)), "здесь нет частей для браузера", ", ".join(missing), hint=hint)])
    if folder.exists() and any(folder.iterdir()) and not (folder / _WORKER).is_file():
        raise OutputError([Problem(Place(str(folder)), "папка не пуста, и это не сайт программы")])
    made = {f"parts/{name}": (parts / name).read_bytes() for name in PARTS}
    made["parts/vsoko.zip"] = program_archive(_NOT_THERE)
    static = files("vsoko_rules.web") / "static"
    made |= {name: (static / "in_browser" / name).read_bytes() for name in _OWN}
    made["icon.svg"] = (static / "icon.svg").read_bytes()
    size = sum(map(len, made.values()))
    made["index.html"] = _start_page(size)
    sizes = {name: len(content) for name, content in made.items()}
    made[_WORKER] = _service_worker(made, sizes, (static / "in_browser" / _WORKER).read_text(encoding="utf-8"))
    for name in sorted(made, key=lambda name: name == _WORKER):  # last of all what makes browsers take the rest
        write(folder / name, made[name])
    return {**sizes, _WORKER: len(made[_WORKER])}


def _start_page(size: int) -> bytes:
    rulesets = [open_ruleset(name) for name in ruleset_names()]
    shown = {"version": __version__, "megabytes": round(size / 1e6), "rulesets": rulesets}
    return render("web/in_browser/index.html.j2", html, **shown).encode()


def _service_worker(made: dict[str, bytes], sizes: dict[str, int], text: str) -> bytes:
    """The script with the list of files; any other file makes it another script, which browsers then take."""
    digest = hashlib.sha256()
    for name, content in sorted(made.items()):
        digest.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    listed = [{"name": name, "size": size} for name, size in sorted(sizes.items())]
    site = {"digest": digest.hexdigest()[:16], "size": sum(sizes.values()), "files": listed}
    return f"const SITE = {json.dumps(site)};\n{text}".encode()
