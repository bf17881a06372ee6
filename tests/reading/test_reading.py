"""The guarded reader: what it takes, as which text, and what it refuses, each with its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from vsoko_rules.errors import InputError, Problem, RulesetError
from vsoko_rules.reading import yaml as reader
from vsoko_rules.reading.yaml import MOST_BYTES, MOST_DEPTH, parse, read


@pytest.fixture(autouse=True, params=["CSafeLoader", "SafeLoader"])
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything holds with libyaml and without it."""
    monkeypatch.setattr(reader, "LOADER", getattr(yaml, request.param))


def refused(raw: bytes | str) -> tuple[Problem, ...]:
    """Every problem for which the reader refuses `raw`."""
    with pytest.raises(InputError) as caught:
        parse(raw.encode() if isinstance(raw, str) else raw, "f.yml")
    return caught.value.problems


def where(problem: Problem) -> tuple[int | None, int | None]:
    return problem.place.line, problem.place.column


# Every plain scalar is its own text


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "yes",
        "on",
        "off",
        "true",
        "1.10",
        "010",
        "0x1F",
        "12:30",
        "1_000",
        "1e3",
        ".5",
        "+1",
        "2022-02-14",
        ".inf",
    ],
)
def test_yaml_1_1_does_not_turn_text_into_something_else(text: str) -> None:
    """«`no` → False, `1.10` → 1.1, `010` → 8, `12:30` → 750»: not here."""
    data = parse(f"a: {text}\nb: [{text}]\n{text}: c".encode(), "f.yml").data
    assert data == {"a": text, "b": [text], text: "c"}


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_none(text: str) -> None:
    assert parse(f"a: {text}".encode(), "f.yml").data == {"a": None}


@pytest.mark.parametrize("text", ["", "~", "null"])
def test_quoted_nothing_is_text(text: str) -> None:
    assert parse(f'a: "{text}"'.encode(), "f.yml").data == {"a": text}


def test_a_byte_order_mark_is_accepted_and_moves_no_place() -> None:
    source = parse("\ufeffшкола: №\u00a07".encode(), "f.yml")
    assert source.data == {"школа": "№\u00a07"}
    assert (source.place(("школа",)).line, source.place(("школа",)).column) == (1, 8)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_endings_of_windows_are_accepted(ending: str) -> None:
    source = parse(f"a: 1{ending}b:{ending}  c: 2{ending}".encode(), "f.yml")
    assert source.data == {"a": "1", "b": {"c": "2"}}
    assert source.place(("b", "c")).line == 3


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert parse(b"<<: {a: 1}", "f.yml").data == {"<<": {"a": "1"}}


def test_the_hash_is_of_the_bytes_as_they_stand() -> None:
    assert parse(b"a: 1", "f.yml").sha256 != parse(b"a:  1", "f.yml").sha256
    assert parse(b"a: 1", "f.yml").sha256 == parse(b"a: 1", "g.yml").sha256


# Places


def test_every_key_and_value_knows_its_place() -> None:
    source = parse("школа:\n  код: один\nсписок:\n  - первый\n  - {ключ:  второй}\n".encode(), "f.yml")
    assert str(source.place(("школа", "код"))) == "f.yml:2:8"
    assert str(source.key_place(("школа", "код"))) == "f.yml:2:3"
    assert str(source.place(("школа",))) == "f.yml:1:1"
    assert str(source.place(("список", 0))) == "f.yml:4:5"
    assert str(source.place(("список", 1, "ключ"))) == "f.yml:5:13"


def test_what_is_not_there_is_at_the_nearest_thing_around() -> None:
    source = parse(b"a:\n  b: 1\n", "f.yml")
    assert str(source.place(("a", "absent", "deeper"))) == "f.yml:1:1"
    assert str(source.place(())) == "f.yml:1:1"


# Encodings


def test_cp1251_is_named_with_its_place() -> None:
    (problem,) = refused("title: Приказ".encode("cp1251"))
    assert "Windows-1251" in problem.message
    assert where(problem) == (1, 8)
    assert "UTF-8" in (problem.hint or "")


def test_the_column_of_a_wrong_byte_is_counted_in_characters() -> None:
    (problem,) = refused("а: б\nв: ".encode() + b"\xcf" + b"\n")
    assert where(problem) == (2, 4)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(encoding: str) -> None:
    (problem,) = refused("school: Приказ".encode(encoding))
    assert "UTF-16" in problem.message


@pytest.mark.parametrize("character", ["\0", "\x01", "\x1b", "\x7f", "\ufffe"])
def test_a_control_character_is_refused_at_its_place(character: str) -> None:
    (problem,) = refused(f"a: 1\nключ: до{character}после")
    assert where(problem) == (2, 9)
    assert "служебные" in (problem.hint or "")


# What plain YAML is


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        ("a: &x 1", 1, 4, "якорь"),
        ("a: 1\nb: *x", 2, 4, "ссылка"),
        ("*x : 1", 1, 1, "ключ"),
        ("a: !!str 1", 1, 4, "тип"),
        ("a: ! 1", 1, 4, "тип"),
        ("a: !!python/object/apply:os.system [id]", 1, 4, "тип"),
        ("a: &x [1]", 1, 4, "якорь"),
        ("a:\n  !t {b: 1}", 2, 3, "тип"),
        ("&x a: 1", 1, 1, "якорь"),
        ("a: 1\nb: 2\na: 3", 3, 1, "повторяется"),
        ("a: 1\n---\nb: 1", 2, 1, "несколько документов"),
        ("- 1", 1, 1, "не набор"),
        ("text", 1, 1, "не набор"),
        ("? [a]\n: 1", 1, 3, "ключ"),
        ("~: 1", 1, 1, "пустой ключ"),
        ("", 1, 1, "пуст"),
        ("# Показывает: ничего\n", 1, 1, "пуст"),
    ],
)
def test_what_is_not_plain_is_refused_at_its_place(text: str, line: int, column: int, word: str) -> None:
    problem = refused(text)[0]
    assert where(problem) == (line, column)
    assert word in problem.message


def test_an_empty_key_in_braces() -> None:
    (problem,) = refused("{a: 1, ? : 2}")
    assert "пустой ключ" in problem.message
    assert where(problem) in {(1, 9), (1, 10)}, "libyaml counts the space"


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("a: 1\n\tb: 2", 2, "Табуляция"),
        ("a: Приказ: о мониторинге", 1, "двоеточие"),
        ("a: [1, 2\nb: 3", 2, "скобках"),
        ("a: {b: 1\nc: 3", 2, "скобках"),
        ("a: 'открыта\n", 2, "Кавычка"),
        ("a: 1\n  b: 2", 2, "двоеточие"),
        ("a:\n - 1\n  - 2\n b: 3", 4, "списка"),
    ],
)
def test_a_slip_of_the_hand_gets_a_hint(text: str, line: int, hint: str) -> None:
    problem = refused(text)[-1]
    assert problem.place.line == line
    assert hint in (problem.hint or "")


def test_a_repeated_key_names_the_first_one_every_time() -> None:
    second, third = refused("x: 0\na: 1\na: 2\na: 3")
    assert (where(second), where(third)) == ((3, 1), (4, 1))
    assert "в строке 2" in second.message
    assert "в строке 2" in third.message


def test_several_faults_are_reported_at_once() -> None:
    problems = refused("a: &x 1\na: 2\nb: !t 3\nc: *x")
    assert [where(p) for p in problems] == [(1, 4), (2, 1), (3, 4), (4, 4)]


def test_a_fault_of_syntax_does_not_hide_what_was_found_before() -> None:
    problems = refused("a: 1\na: 2\nb: [")
    assert len(problems) == 2


# Huge and hostile


def test_a_file_over_a_megabyte_is_refused() -> None:
    assert parse(b"a: " + b"x" * (MOST_BYTES - 3), "f.yml").data
    (problem,) = refused(b"a: " + b"x" * (MOST_BYTES - 2))
    assert "1 МБ" in (problem.expected or "")


@pytest.mark.parametrize("hostile", [b"[", b"{", b"- ", b"a: [", b"? ", b"{a: ", b"[{b: "])
def test_fifty_thousand_brackets_are_refused(hostile: bytes) -> None:
    """The composer of libyaml overflows the stack here."""
    problems = refused(b"a: " * (hostile[:1] in b"[{") + hostile * 50_000)
    assert problems[0].place.line == 1


def test_nesting_as_deep_as_allowed_is_taken() -> None:
    deep = "a: " + "[" * (MOST_DEPTH - 1) + "]" * (MOST_DEPTH - 1)
    assert parse(deep.encode(), "f.yml").data
    (problem,) = refused("a: " + "[" * MOST_DEPTH + "]" * MOST_DEPTH)
    assert "вложенность" in problem.message
    assert where(problem) == (1, 3 + MOST_DEPTH)


@pytest.mark.parametrize("entry", ["1,", "[],", "{},", "'',"])
def test_too_many_values_are_refused_before_anything_is_built_of_them(
    entry: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MOST_VALUES", 500)
    (problem,) = refused("a: [" + entry * 501 + "]")
    assert "слишком много" in problem.message


def test_a_key_may_be_long_and_a_message_is_not() -> None:
    (problem,) = refused(f"{'к' * 400}: 1\n{'к' * 400}: 2")
    assert "к" * 79 + "…" in str(problem)
    assert "к" * 81 not in str(problem)


# Files


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path, word in [(tmp_path / "нет.yml", "нет"), (tmp_path, "папка"), (Path("a\0b"), "не открывается")]:
        with pytest.raises(InputError) as caught:
            read(path)
        (problem,) = caught.value.problems
        assert word in problem.message


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs permissions that bind")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "case.yml"
    path.write_text("a: 1")
    path.chmod(0)
    with pytest.raises(InputError):
        read(path)


def test_the_caller_chooses_how_a_file_is_called_and_which_error_is_raised(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("- 1")
    with pytest.raises(RulesetError) as caught:
        read(path, RulesetError, "дело.yml")
    assert str(caught.value).startswith("дело.yml:1:1: ")
