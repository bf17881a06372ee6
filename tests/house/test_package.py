"""What keeps the package light, complete and private."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vsoko_rules.resources import shipped

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("jinja2", "networkx", "yaml", "durable", "vsoko_rules.verdict.assessment")
UNWANTED = (r"/(root|work|home|opt)/[a-z]", r"\b(pypi|pythonhosted|npmjs|debian)\.org\b")


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["rules", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """The goal is an answer within 0.4 s, so help may not wait for what only work needs."""
    code = "import sys; from vsoko_rules.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, check=False, cwd=ROOT)
    assert done.returncode == 0
    assert not set(HEAVY).intersection(done.stderr.decode().split())


@pytest.mark.parametrize("folder", ["rulesets", "reports", "cases"])
def test_what_the_program_needs_at_run_time_is_shipped(folder: str) -> None:
    """The same names stand in pyproject.toml, so the wheel has what the repository has."""
    assert shipped(folder).is_dir()
    assert f'{folder} = "vsoko_rules/shipped/{folder}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def project_files() -> Iterator[Path]:
    """What is committed; where there is no git, everything that does not look made here."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        yield from (ROOT / name for name in listed.stdout.decode("utf-8").split("\0") if name)
        return
    made = {".venv", "out", "dist", "build", "__pycache__"}
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if not made.intersection(parts) and not any(re.match(r"\.(?!ci$)", part) for part in parts[:-1]):
            yield path


def test_files_name_no_machine_and_no_registry() -> None:
    for path in project_files():
        if path.is_file() and path != Path(__file__).resolve():
            text = path.read_text(encoding="utf-8", errors="replace")
            for pattern in UNWANTED:
                assert not re.search(pattern, text), f"{path.relative_to(ROOT)}: {pattern}"


def test_the_lowest_versions_that_are_tried_are_those_that_are_allowed() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extras = re.findall(r"\n(?:pdf|web) = (\[.*\])", text)
    dependencies = text.split("\ndependencies = [")[1].split("\n]")[0] + "".join(extras)
    for extra in ("intake", "server"):
        dependencies += text.split(f"\n{extra} = [")[1].split("\n]")[0]
    allowed: dict[str, str] = dict(re.findall(r'"([\w-]+)(?:\[\w+\])?>=([\d.]+)(?:[",]|; sys_)', dependencies))
    lines = (ROOT / ".ci" / "constraints-lowest.txt").read_text(encoding="utf-8").splitlines()
    tried = dict(line.split("==") for line in lines if not line.startswith("#"))
    assert tried.keys() == allowed.keys()
    for name, version in tried.items():
        assert f"{version}.".startswith(f"{allowed[name]}."), name
