"""JSON that users hand in: every encoding that shells write, and what was damaged on the way."""

from __future__ import annotations

import copy
import io
import json
import random
import sys
from collections.abc import Iterator
from contextvars import copy_context
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from vsoko_rules.cli import app as command_line
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import ExitCode, InputError
from vsoko_rules.reading import archive
from vsoko_rules.reading.json_file import JsonText, read_json
from vsoko_rules.resources import shipped
from vsoko_rules.verdict.answer import answer
from vsoko_rules.verdict.readback import read_results
from vsoko_rules.verdict.result import result
from vsoko_rules.workspace.judging import assess_file
from vsoko_rules.writing.json_text import json_text

CASE = shipped("cases") / "gorodskaya-sosh.yml"
VALUES: tuple[Any, ...] = (None, True, -1, 10**30, 1.5, "", "x", [], {}, [None], [{}], {"a": 1}, "\ud800", 1e999)


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    (assessment,) = assess_file(CASE, engine=EngineName.PLAIN)
    return dict(json.loads(json_text(result(assessment))))


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["vsoko", *map(str, arguments)])
    return copy_context().run(command_line._run)


@pytest.mark.parametrize(
    ("shape", "encoding"),
    [
        *product(("answer", "list", "alone"), ("utf-8", "utf-8-sig", "utf-16", "utf-16-le")),
        *product(("lines",), ("utf-8", "utf-8-sig", "utf-16")),
    ],
)
def test_every_shape_and_encoding(shape: str, encoding: str, record: dict[str, Any], tmp_path: Path) -> None:
    texts = {
        "answer": json_text(answer([record])), "list": json_text([record]), "alone": json_text(record),
        "lines": json.dumps(record, ensure_ascii=False) + "\r\n",
    }  # fmt: skip
    path = tmp_path / ("results.jsonl" if shape == "lines" else "results.json")
    path.write_text(texts[shape], encoding=encoding, newline="")
    assert read_results(path) == [record]


@pytest.mark.parametrize("console", ["cp866", "cp437"])
def test_letters_that_a_console_broke_are_mended(console: str, tmp_path: Path) -> None:
    """PowerShell 5.1 reads what a program prints in the code page of the console and writes that as UTF-16."""
    path = tmp_path / "ps51.json"
    path.write_text('["Сосновска — № 12\u00a0«А»"]'.encode().decode(console), encoding="utf-16")
    assert read_json(path).data == ["Сосновска — № 12\u00a0«А»"]
    path.write_text('["╨ь ╤?"]', encoding="utf-16")
    with pytest.raises(InputError, match="буквы испорчены"):
        read_json(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "1:1: файл не читается как JSON; найдено: «конец строки»; ожидалось: значение."),
        (b'{"a": 1,\n "b" 2}', "2:6: файл не читается как JSON; найдено: «2}»; ожидалось: двоеточие."),
        (b"[" * 100_000, "1: JSON вложен слишком глубоко"),
        (b'{"a": NaN}', "1: в JSON не число; найдено: «NaN»"),
        (b"[" + b"9" * 5000 + b"]", "1: в JSON не число"),
        (b'["\xff"]', "1: это не текст в UTF-8 или UTF-16; найдено: «байт 0xff»"),
    ],
)
def test_what_is_no_json(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_json(path)
    assert str(error.value).startswith(f"{path}:{message}")


def test_places() -> None:
    text = JsonText("a.json", '{\n  "a": [1, {"b\\"": "x"},\n   2],\n "c": null}')
    places = [str(text.place(path)) for path in ((), ("a", 1, 'b"'), ("a", 2), ("c",), ("a", 1, "no"), ("a", 9))]
    assert places == [f"a.json:{at}" for at in ("1:1", "2:20", "3:4", "4:7", "2:12", "2:8")]


def test_a_damaged_result_is_told_with_its_place(record: dict[str, Any], tmp_path: Path) -> None:
    changed = copy.deepcopy(record)
    changed["blocks"][0]["lines"][0]["outcome"] = "perhaps"
    path = tmp_path / "a.json"
    path.write_text(json_text(answer([changed])), encoding="utf-8")
    line = path.read_text(encoding="utf-8").split("\n").index('              "outcome": "perhaps",') + 1
    with pytest.raises(InputError) as error:
        read_results(path)
    expected = "одно из: met, partial, missing, blocked, not_applicable, not_checked"
    where = f"{path}:{line}:26: значение «blocks.lines.outcome» не подходит"
    assert str(error.value) == f"{where}; найдено: «perhaps»; ожидалось: {expected}."


def paths(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in steps:
        yield from paths(value, (*path, step))


def test_no_change_of_a_result_is_an_internal_error(
    record: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    chance, every = random.Random(4), list(paths(record))
    good, path = tmp_path / "good.json", tmp_path / "changed.json"
    good.write_text(json_text(record), encoding="utf-8")
    codes = set()
    for value in VALUES:
        changed = copy.deepcopy(record)
        *way, last = chance.choice(every)
        inner: Any = changed
        for step in way:
            inner = inner[step]
        inner[last] = value
        path.write_text(json.dumps(changed), encoding="utf-8")
        for arguments in (["compare", path, good], ["protocol", path, "-o", tmp_path / "p.docx"]):
            codes.add(code := run(monkeypatch, *arguments))
            assert code in (ExitCode.COMPLETE, ExitCode.BAD_INPUT), (way, last, value, arguments[0])
    assert len(codes) == 2


@pytest.mark.parametrize("command", ["check", "explain", "plan", "compare"])
def test_the_standard_input(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    class Input:
        buffer = io.BytesIO(CASE.read_bytes())

    monkeypatch.setattr(sys, "stdin", Input)
    archive._stdin.cache_clear()
    more = [CASE] if command == "compare" else ["--engine", "plain"]
    assert run(monkeypatch, command, "-", *more, "--json") in (0, 1)
    archive._stdin.cache_clear()
    printed = json.loads(capsys.readouterr().out)
    assert len(printed["results"]) == 1
    if command == "check":
        assert printed["results"][0]["case"]["file"] == "стандартный ввод"


def test_one_shape_whatever_the_outcome(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bad, nowhere = tmp_path / "bad.yml", tmp_path / "nowhere.yml"
    bad.write_text("oops", encoding="utf-8")
    for arguments, counts, code in (
        (["check", CASE], (1, 0), 1),
        (["check", CASE, bad, nowhere], (1, 2), 2),
        (["check", bad], (0, 1), 2),
        (["explain", bad], (0, 1), 2),
        (["plan", nowhere], (0, 1), 2),
        (["compare", CASE, nowhere], (0, 1), 2),
        (["agree", tmp_path / "a", tmp_path / "b"], (0, 1), 2),
        (["exchange", tmp_path], (0, 1), 2),
        (["check", CASE, "-r", "bashkortostan-2022", "-r", "tver-2022"], (2, 0), 1),
    ):
        assert run(monkeypatch, *arguments, "--json") == code
        printed = json.loads(capsys.readouterr().out)
        assert (len(printed["results"]), len(printed["errors"])) == counts, arguments
