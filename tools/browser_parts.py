"""Puts together what the program needs to run in a browser: Pyodide and HiGHS from npm, wheels from PyPI.

    python tools/browser_parts.py parts
    vsoko site DIR --parts parts

Needs npm, node and pip. Nothing of what it downloads is a part of the project, and the site that is made of it loads
nothing from anywhere else. What has no build for the browser there (lxml, pypdfium2, numpy) is left out, and the page
says what is therefore not possible.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

PYTHON: Final = "3.14"
"""of Pyodide 314"""
PLATFORM: Final = "pyemscripten_2026_0_wasm32"
NPM: Final = ("pyodide@314", "highs@1")
PYODIDE: Final = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
HIGHS: Final = ("highs.mjs", "highs.wasm")
NATIVE: Final = ("pydantic", "python-calamine")
"""wheels with what is compiled for the browser; pip finds which pydantic-core belongs to pydantic"""
PLAIN: Final = (
    "django>=5.2,<5.3",
    "django-htmx>=1.29",
    "filelock",
    "jinja2",
    "networkx",
    "platformdirs",
    "rich",
    "xlsxwriter",
)
PYTHON_OF: Final = ("markupsafe", "pyyaml")
"""of these the part in Python is taken: what is compiled in them is for speed"""
LEFT_OUT: Final = (
    "django/contrib/admin/", "django/contrib/gis/", "django/contrib/postgres/", "django/db/backends/oracle/",
    "xlsxwriter/test/",
)  # fmt: skip
ENDINGS: Final = (".mo", ".po", ".so", ".pyd", ".pyi", ".c", ".h")
COMPILE: Final = """
import { loadPyodide } from "./node_modules/pyodide/pyodide.mjs";
import fs from "node:fs";
const python = await loadPyodide();
python.FS.writeFile("/plain.zip", new Uint8Array(fs.readFileSync("plain.zip")));
python.runPython(`
import compileall, pathlib, py_compile, zipfile
root = pathlib.Path("/plain")
zipfile.ZipFile("/plain.zip").extractall(root)
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
assert compileall.compile_dir(root, quiet=1, legacy=True, invalidation_mode=mode, stripdir="/plain")
with zipfile.ZipFile("/made.zip", "w", zipfile.ZIP_DEFLATED) as made:
    for path in sorted(p for p in root.rglob("*") if p.is_file() and p.suffix != ".py"):
        made.writestr(zipfile.ZipInfo(path.relative_to(root).as_posix()), path.read_bytes(), zipfile.ZIP_DEFLATED)
`);
fs.writeFileSync("made.zip", python.FS.readFile("/made.zip"));
"""


def main() -> int:
    """Returns the exit code."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    folder: Path = asked.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        from_npm(work, folder)
        wheels(work)
        native = sorted(work.glob("native/*.whl"))
        compiled = [path for path in native if PLATFORM in path.name]
        pack(compiled, folder / "native.zip", whole=True)
        others = [path for path in native if path not in compiled]
        pack([*others, *sorted(work.glob("plain/*.whl"))], work / "plain.zip", whole=False)
        (work / "compile.mjs").write_text(COMPILE, encoding="utf-8")
        subprocess.run(["node", "compile.mjs"], cwd=work, check=True)
        shutil.move(work / "made.zip", folder / "packages.zip")
        told = {path.name.split("-")[0]: path.name.split("-")[1] for path in sorted(work.rglob("*.whl"))}
        (folder / "versions.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {size / 1e6:.1f} MB")
    return 0


def from_npm(work: Path, folder: Path) -> None:
    """Pyodide without its packages, and HiGHS."""
    npm = shutil.which("npm") or "npm"
    subprocess.run([npm, "install", "--silent", "--no-save", "--prefix", str(work), *NPM], check=True)
    for package, inside, names in (("pyodide", "", PYODIDE), ("highs", "build", HIGHS)):
        (folder / package).mkdir(exist_ok=True)
        for file in names:
            shutil.copy(work / "node_modules" / package / inside / file, folder / package / file)


def wheels(work: Path) -> None:
    """Download wheels: those for the browser, those in Python, and those of which only the Python is taken."""
    common = [
        "--only-binary",
        ":all:",
        "--python-version",
        PYTHON,
        "--implementation",
        "cp",
        "--abi",
        f"cp{PYTHON.replace('.', '')}",
    ]
    browser = ["--abi", "none", "--platform", PLATFORM, "--platform", "any"]
    pip(*common, *browser, "-d", str(work / "native"), *NATIVE)
    pip(
        *common,
        *browser,
        "-d",
        str(work / "plain"),
        "--no-deps",
        *PLAIN,
        "asgiref",
        "sqlparse",
        "markdown-it-py",
        "mdurl",
    )
    linux = [word for tag in ("manylinux_2_28_x86_64", "manylinux2014_x86_64") for word in ("--platform", tag)]
    pip(*common, *linux, "-d", str(work / "plain"), "--no-deps", *PYTHON_OF)


def pip(*arguments: str) -> None:
    """Run `pip download`."""
    subprocess.run(
        [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "download", *arguments], check=True
    )


def pack(found: Iterable[Path], made: Path, whole: bool) -> None:
    """One archive of what wheels hold; not `whole`: without what is compiled."""
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for wheel in found:
            with zipfile.ZipFile(wheel) as source:
                for entry in source.infolist():
                    if _wanted(entry.filename, whole):
                        target.writestr(zipfile.ZipInfo(entry.filename), source.read(entry), zipfile.ZIP_DEFLATED)


def _wanted(name: str, whole: bool) -> bool:
    if name.endswith("/") or ".dist-info/" in name or name.startswith(LEFT_OUT):
        return False
    return whole or not (name.endswith(ENDINGS) or "/tests/" in name)


if __name__ == "__main__":
    sys.exit(main())
