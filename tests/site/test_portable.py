"""The folder that is unpacked: assembled from a stand-in for Python of Windows, which is not to be had everywhere, and
run by the Python that is here, with nothing but what lies in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from vsoko_rules.workspace.program_archive import program_archive

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "portable.py"


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return path


@pytest.fixture
def embedded(tmp_path: Path) -> Path:
    """What an embeddable Python is made of, without Python."""
    listed = b"python313.zip\r\n.\r\n#import site\r\n"
    return archive(tmp_path / "python.zip", {"python.exe": b"MZ", "pythonw.exe": b"MZ", "python313._pth": listed})


def packed(tmp_path: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TOOL), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)


def test_the_folder_runs_by_itself(embedded: Path, tmp_path: Path) -> None:
    program = tmp_path / "vsoko_rules-1-py3-none-any.whl"
    program.write_bytes(program_archive())
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    archive(wheels / "other-1-py3-none-any.whl", {"other/__init__.py": b"", "other-1.data/purelib/more.py": b"x = 1"})
    done = packed(tmp_path, program, embedded, "vsoko.zip", "--wheels", wheels)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "vsoko.zip") as made:
        made.extractall(tmp_path / "распаковано")
    folder = tmp_path / "распаковано" / "vsoko"
    assert (folder / "python" / "python313._pth").read_text(encoding="utf-8").splitlines()[-1] == "..\\packages"
    assert (folder / "packages" / "more.py").is_file()
    bat = (folder / "ВСОКО.bat").read_bytes().decode("utf-8")
    assert "-m vsoko_rules open" in bat
    assert "\r\n" in bat
    assert "Python 3.13" in (folder / "ПРОЧТИТЕ.txt").read_text(encoding="utf-8-sig")
    case = folder / "packages" / "vsoko_rules" / "shipped" / "cases" / "gorodskaya-sosh.yml"
    environment = {**os.environ, "PYTHONPATH": str(folder / "packages")}
    command = [sys.executable, "-m", "vsoko_rules", "check", str(case), "--json"]
    checked = subprocess.run(command, capture_output=True, env=environment, check=False, cwd=tmp_path)
    assert json.loads(checked.stdout)["results"][0]["school"]["id"] == "sos-012"


def test_what_is_no_embeddable_python_is_refused(tmp_path: Path) -> None:
    other = archive(tmp_path / "other.zip", {"python.exe": b"MZ"})
    done = packed(tmp_path, "program.whl", other, "vsoko.zip")
    assert (done.returncode, (tmp_path / "vsoko.zip").exists()) == (2, False)
    assert "no embeddable Python" in done.stderr


def test_a_study_of_a_packed_program_reads_every_school(tmp_path: Path) -> None:
    """It has no Python to start workers with: it works in one process, with the same results."""
    start = "import sys; sys.frozen = True; from vsoko_rules.cli import main; main()"
    told = {}
    for name, begin in (("packed", ["-c", start]), ("plain", ["-m", "vsoko_rules"])):
        command = [sys.executable, *begin, "study", str(ROOT / "cases"), "-o", str(tmp_path / name), "--jobs", "2"]
        subprocess.run([*command, "--engine", "plain"], capture_output=True, check=False, cwd=ROOT)
        told[name] = (tmp_path / name / "сводка.json").read_bytes()
    assert told["packed"] == told["plain"]
