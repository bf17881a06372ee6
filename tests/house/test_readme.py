"""What the README promises is what the project does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import vsoko_rules
from vsoko_rules.errors import ExitCode

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [
    *("README.ru.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/benchmarks.md", "docs/programs.md"),
    "docs/forma.ru.md",
]


def block_after(marker: str, text: str) -> str:
    """The code block that follows the comment `marker`."""
    found = re.search(rf"<!-- {re.escape(marker)} -->\n```\w+\n(.*?)\n```", text, re.DOTALL)
    assert found is not None, f"no code block after «{marker}»"
    return found[1]


@pytest.mark.parametrize(("marker", "variable"), [("command 1", "assess"), ("command 2", "tests")])
def test_ci_runs_the_commands_of_the_readme_word_for_word(marker: str, variable: str) -> None:
    command = block_after(marker, README)
    assert "\n" not in command
    assert f"\n{variable}='{command}'\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_exit_code_is_documented() -> None:
    documented = {int(code) for code in re.findall(r"^\| (\d) \|", README, re.MULTILINE)}
    assert documented == set(ExitCode)


@pytest.mark.parametrize("name", ["README.md", "README.ru.md"])
def test_the_shown_output_is_what_check_prints(name: str) -> None:
    shown = block_after("output of check", (ROOT / name).read_text(encoding="utf-8"))
    command = [sys.executable, "-m", "vsoko_rules", "check", "cases/gorodskaya-sosh.yml"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False).stdout.decode("utf-8")
    for part in shown.replace("\r\n", "\n").split("\n\n…\n\n"):
        assert part in printed.replace("\r\n", "\n")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


def test_links_of_the_readme_work_on_a_package_index() -> None:
    """It is the page of the package there: nothing of the repository stands beside it."""
    links = re.findall(r"\]\(([^)\s]+)\)", README)
    assert links
    assert [link for link in links if not link.startswith(("https://", "#"))] == []


def test_pages_for_users_install_what_they_have() -> None:
    """No package index has the program: what is installed first comes from its folder."""
    pages = [ROOT / "README.ru.md", *(ROOT / "docs").glob("*.ru.md")]
    assert [path.name for path in pages if re.search(r'install[^`\n]*"vsoko-rules', path.read_text("utf-8"))] == []


def test_files_that_the_readme_names_are_there() -> None:
    named = re.findall(r"`((?:docs|cases|tests|vsoko_rules|benchmarks)/[\w./-]*|[A-Z]\w+\.(?:ru\.)?md)`", README)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_commands_named_in_the_readme_exist() -> None:
    command = [sys.executable, "-m", "vsoko_rules", "--help"]
    shown = subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout.decode("utf-8")
    for name in set(re.findall(r"`vsoko ([a-z]+)", README)):
        assert name in shown


def test_the_changelog_speaks_of_this_version() -> None:
    assert f"## [{vsoko_rules.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
