"""An icon on the desktop that opens the page: a shortcut in Windows, a script in macOS, a desktop entry elsewhere."""

from __future__ import annotations

import base64
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vsoko_rules.errors import OutputError, Place, Problem
from vsoko_rules.writing.files import write

NAME: Final = "ВСОКО"
_QUOTED: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "`": "\\`", "$": "\\$", "%": "%%"})
"""what has to be escaped between the double quotes of a desktop entry"""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What is written for a system: a file with its content, or for Windows the commands of PowerShell that make it."""

    name: str
    content: str
    is_script: bool = False


def shortcut_for(system: str, python: Path, folder: Path, desktop: Path) -> Shortcut:
    """The shortcut that opens the schools in `folder` with this Python. `system` is one of `sys.platform`."""
    if system == "win32":
        return Shortcut(f"{NAME}.lnk", _powershell(python, folder, desktop / f"{NAME}.lnk"), is_script=True)
    if system == "darwin":
        command = shlex.join([str(python), "-m", "vsoko_rules", "open", str(folder)])
        return Shortcut(f"{NAME}.command", f"#!/bin/sh\nexec {command}\n")
    parts = [str(python), "-m", "vsoko_rules", "open", str(folder)]
    command = " ".join(f'"{part.translate(_QUOTED)}"' for part in parts).replace("\\", "\\\\")
    entry = f"[Desktop Entry]\nType=Application\nName={NAME}\nExec={command}\nTerminal=false\nCategories=Office;\n"
    return Shortcut(f"{NAME}.desktop", entry)


def _powershell(python: Path, folder: Path, link: Path) -> str:
    """Makes a shortcut under a plain name, which every system of letters can hold, and moves it to its own."""
    windowless = python.with_name("pythonw.exe")
    target = windowless if windowless.exists() else python

    def quoted(text: object) -> str:
        return "'" + str(text).replace("'", "''") + "'"

    return "\n".join(
        [
            "$ErrorActionPreference = 'Stop'",
            "$plain = Join-Path $env:TEMP 'vsoko.lnk'",
            "$link = (New-Object -ComObject WScript.Shell).CreateShortcut($plain)",
            f"$link.TargetPath = {quoted(target)}",
            f"""$link.Arguments = {quoted(f'-m vsoko_rules open "{folder}"')}""",
            f"$link.WorkingDirectory = {quoted(folder)}",
            "$link.Save()",
            f"Move-Item -LiteralPath $plain -Destination {quoted(link)} -Force",
        ]
    )


def put_shortcut(folder: Path, desktop: Path) -> Path:
    """Put the icon on the desktop, over an older one; the folder of schools is made. Raises `OutputError`."""
    made = shortcut_for(sys.platform, Path(sys.executable), folder, desktop)
    path = desktop / made.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not made.is_script:
            write(path, made.content.encode())
            path.chmod(0o755)
            return path
        encoded = base64.b64encode(made.content.encode("utf-16-le")).decode()
        command = ["powershell", "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded]
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as exc:
        hint = "Проверьте, можно ли писать на рабочий стол, или откройте программу без значка."
        raise OutputError([Problem(Place(str(path)), "значок на рабочий стол не поставить", hint=hint)]) from exc
    return path
