"""The page on a region's own ruleset is followed literally: every command, file and table of it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from vsoko_rules.cli.app import app
from vsoko_rules.errors import RulesetError
from vsoko_rules.ruleset.load import load, load_folder

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "own-ruleset.ru.md"
_BLOCK = re.compile(r"^```(sh|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"((?:^\|.*\|$\n)+)", re.MULTILINE)


_SYNTAX = "| Пишут |"


def steps(text: str) -> Iterator[tuple[str, str]]:
    """The blocks of the page in order: commands, files, and the one table that stands for a spreadsheet."""
    found = [(m.start(), m.group(1), m.group(2)) for m in _BLOCK.finditer(text)]
    found += [(m.start(), "table", m.group(1)) for m in _TABLE.finditer(text) if not m.group(1).startswith(_SYNTAX)]
    for _, kind, content in sorted(found):
        yield kind, content


def write_table(markdown: str, path: Path) -> None:
    workbook = openpyxl.Workbook()
    for number, line in enumerate(markdown.splitlines()):
        if number != 1:
            workbook.worksheets[0].append([cell.strip() or None for cell in line.strip("|").split("|")])
    workbook.save(path)


def test_following_the_page_gives_a_working_ruleset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    load.cache_clear()
    runner, answers = CliRunner(), dict[str, list[object]]()
    for kind, content in steps(PAGE.read_text(encoding="utf-8")):
        if kind == "table":
            write_table(content, tmp_path / "pokazateli.xlsx")
        elif kind == "yaml":
            name = content.splitlines()[0].removeprefix("# ")
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content, encoding="utf-8")
        else:
            for command in content.splitlines():
                load.cache_clear()
                result = runner.invoke(app, shlex.split(command)[1:], standalone_mode=False)
                code = result.return_value if result.exception is None else type(result.exception).__name__
                answers.setdefault(command, []).append(code)
    load.cache_clear()
    checks = answers.pop("vsoko rules check moya-oblast")
    assert checks == [RulesetError.__name__, 0, 0, 0]
    assert {command: codes for command, codes in answers.items() if {*codes} - {0, 1}} == {}
    own = load_folder(tmp_path / "moya-oblast")
    assert {"nash-kontrol", "nash-vpr"} <= {cue.id for cue in own.cues.all if own.cues.proposes(cue)}
    assert list(own.indicators) == ["O1-01", "O1-02", "O2-01", "O6-01"]
    assert (own.blocks["B1"].name, int(own.blocks["B1"].weight)) == ("Качество подготовки обучающихся", 2)
    assert [int(level.at_least) for level in own.levels] == [90, 25, 0]
    assert [int(level.thresholds("indicators").at_least) for level in own.levels] == [85, 50, 0]
    assert (int(own.levels[0].each_block), own.levels[0].needs) == (60, ("C-01", "C-02"))
    assert "C-11" not in own.elements
    assert (tmp_path / "spravochnik" / "index.md").is_file()
    assert (tmp_path / "moya-oblast" / "stability.yml").is_file()
