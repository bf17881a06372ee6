"""The icon on the desktop: what is written for each system, and that it starts the program."""

from __future__ import annotations

import configparser
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from vsoko_rules.workspace.shortcuts import shortcut_for

ODD = """наши "школы" $5 100% `x`"""


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="what is written there is another file")
def test_the_icon_opens_the_folder(tmp_path: Path) -> None:
    folder, desktop = tmp_path / "наши школы", tmp_path / "стол"
    desktop.mkdir()
    command = [sys.executable, "-m", "vsoko_rules", "shortcut", str(folder), "--desktop", str(desktop)]
    done = subprocess.run(command, capture_output=True, check=True)
    (icon,) = desktop.iterdir()
    assert str(icon) in done.stdout.decode("utf-8")
    assert folder.is_dir()
    assert os.access(icon, os.X_OK)
    entry = configparser.RawConfigParser()
    entry.read(icon, encoding="utf-8")
    wanted = [sys.executable, "-m", "vsoko_rules", "open", str(folder)]
    assert shlex.split(entry["Desktop Entry"]["Exec"]) == wanted
    assert entry["Desktop Entry"]["Terminal"] == "false"


def test_odd_names_stay_whole() -> None:
    """A desktop entry is unescaped twice: as a string of the file, then as quoted arguments."""
    made = shortcut_for("linux", Path("/usr/bin/python3"), Path(f"/srv/{ODD}"), Path("/srv/Desktop"))
    line = next(line for line in made.content.splitlines() if line.startswith("Exec="))
    once = line.removeprefix("Exec=").replace("\\\\", "\\")
    for escaped in ("$", "`"):  # which shlex leaves as they are between double quotes
        once = once.replace(f"\\{escaped}", escaped)
    assert shlex.split(once.replace("%%", "%"))[-1] == f"/srv/{ODD}"
    script = shortcut_for("darwin", Path("/usr/bin/python3"), Path(f"/srv/{ODD}"), Path("/srv/Desktop"))
    assert shlex.split(script.content.splitlines()[1])[-1] == f"/srv/{ODD}"


def test_windows_gets_a_shortcut_without_a_terminal(tmp_path: Path) -> None:
    python = tmp_path / "Scripts" / "python.exe"
    python.parent.mkdir()
    (python.parent / "pythonw.exe").touch()
    made = shortcut_for("win32", python, Path("C:/Люди/О'Нил/Школы"), Path("C:/Стол"))
    assert made.is_script
    assert f"TargetPath = '{python.parent / 'pythonw.exe'}'" in made.content
    assert """Arguments = '-m vsoko_rules open "C:/Люди/О''Нил/Школы"'""" in made.content
    assert "ВСОКО.lnk" in made.content


def test_what_goes_wrong_without_a_terminal_is_told_in_the_browser(tmp_path: Path) -> None:
    code = (
        "import sys, webbrowser; from pathlib import Path\n"
        "told = []; webbrowser.open = told.append\n"
        "sys.argv = ['vsoko', 'open', 'нет такой папки']; out = sys.stdout; sys.stdout = sys.stderr = None\n"
        "from vsoko_rules.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: print(end.code, told[0], file=out, flush=True)\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
    assert done.stdout.split()[0] == b"2"
    (page,) = tmp_path.glob("*.html")
    assert "нет такого файла или папки" in page.read_text(encoding="utf-8")
