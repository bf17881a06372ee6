"""A folder for Windows that is unpacked and not installed: Python, the program with its libraries, an icon to click.

    python -m build --wheel -o dist .
    python tools/portable.py dist/vsoko_rules-0.1.0-py3-none-any.whl python-3.13-embed-amd64.zip vsoko.zip

The second argument is the embeddable package of Python for Windows, which its makers publish; the version in its
`python3*._pth` decides which wheels pip downloads (`--wheels FOLDER` takes them from there instead). What is
written holds one folder: `ВСОКО.bat` opens the page over `школы`, and what happened is kept in `данные`.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

ROOT: Final = "vsoko"
EXTRAS: Final = "web,intake,pdf"
LETTERS: Final = Path(__file__).with_name("portable.txt")
DATED: Final = (1980, 1, 1, 0, 0, 0)


class NoPython(Exception):
    """The archive is no embeddable Python."""


def main() -> int:
    """Returns the exit code."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("program", type=Path, help="the wheel of the program")
    asked.add_argument("python", type=Path, help="the embeddable package of Python")
    asked.add_argument("archive", type=Path, help="the archive to write")
    asked.add_argument("--wheels", type=Path, help="a folder with wheels; without it pip downloads them")
    asked.add_argument("--extras", default=EXTRAS)
    options = asked.parse_args()
    with zipfile.ZipFile(options.python) as embedded:
        try:
            version = python_version(embedded.namelist())
        except NoPython as exc:
            print(f"{options.python}: {exc}", file=sys.stderr)
            return 2
        with tempfile.TemporaryDirectory() as work:
            wheels = options.wheels or downloaded(options.program, options.extras, version, Path(work))
            found = [options.program, *sorted(p for p in wheels.glob("*.whl") if p.name != options.program.name)]
            with zipfile.ZipFile(options.archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
                for name, content in entries(embedded, found, version):
                    target.writestr(zipfile.ZipInfo(f"{ROOT}/{name}", DATED), content, zipfile.ZIP_DEFLATED)
    print(f"{options.archive}: {options.archive.stat().st_size / 1e6:.1f} MB")
    return 0


def python_version(names: list[str]) -> str:
    """The version as pip says it, of the names in an archive. Raises `NoPython`."""
    stated = [found[1] for name in names if (found := re.fullmatch(r"python3(\d+)\._pth", name))]
    if len(stated) != 1 or "python.exe" not in names:
        raise NoPython("no embeddable Python: expected python.exe and one python3XX._pth")
    return f"3.{stated[0]}"


def downloaded(program: Path, extras: str, version: str, folder: Path) -> Path:
    """Wheels for Windows of all that the program needs."""
    command = [
        sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "download", f"{program}[{extras}]",
        "--only-binary", ":all:", "--platform", "win_amd64", "--python-version", version, "--implementation", "cp",
        "-d", str(folder),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    return folder


def entries(embedded: zipfile.ZipFile, wheels: list[Path], version: str) -> Iterator[tuple[str, bytes]]:
    """Every file of the folder, by its name in it."""
    for name in sorted(embedded.namelist()):
        if not name.endswith("/"):
            content = embedded.read(name)
            yield f"python/{name}", with_packages(content) if name.endswith("._pth") else content
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as source:
            yield from ((f"packages/{inside(n)}", source.read(n)) for n in source.namelist() if not n.endswith("/"))
    text = LETTERS.read_text(encoding="utf-8")
    bat, note = (part.strip() + "\n" for part in text.split("# ---\n")[1:])
    yield "ВСОКО.bat", bat.replace("\n", "\r\n").encode("utf-8")
    yield "ПРОЧТИТЕ.txt", ("\ufeff" + note.format(version=version)).replace("\n", "\r\n").encode("utf-8")
    yield "школы/.keep", b""


def inside(name: str) -> str:
    """Where a file of a wheel is installed: some packages keep a part in `NAME.data/purelib`."""
    parts = PurePosixPath(name).parts
    data = len(parts) > 2 and parts[0].endswith(".data") and parts[1] in ("purelib", "platlib")
    return "/".join(parts[2:] if data else parts)


def with_packages(listed: bytes) -> bytes:
    """The places where an embeddable Python looks, with the folder of packages."""
    lines = listed.decode("utf-8").splitlines()
    return ("\r\n".join([*lines, "..\\packages"]) + "\r\n").encode("utf-8")


if __name__ == "__main__":
    sys.exit(main())
