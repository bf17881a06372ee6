"""«A random single edit of a valid file ends either valid or in such an error, never in a traceback.»"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.builders import ruleset
from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, Problem
from vsoko_rules.resources import shipped
from vsoko_rules.verdict.assessment import assess

CASE = """\
# Показывает: всё, что может стоять в файле школы
# yaml-language-server: $schema=../docs/schema/case.json
ruleset: bashkortostan-2022
school:
  id: sosna-1
  name: "МБОУ СОШ «Сосна»"
  municipality: Лесной район
  levels: [НОО, ООО, СОО]
  counts: {students: 412, young_teachers: 0}
study: {year: 2022, from: 2021-09-01, to: 2022-10-31}
filled_by: {role: expert, name: Эксперт 1, date: 2022-10-20}
reviewed: [B1, B2]
documents:
  - id: d01
    title: Цели блока 1
    serves: [B1-G01, B1-G02]
    holds: [target]
    covers: [НОО, ООО]
  - id: d02
    title: >-
      Приказ о мониторинге
      результатов ВПР
    kind: приказ
    serves: [B1-M02]
    number: 12-од
    date: 2022-02-14
    url: https://school.example/vsoko/1/prikaz-12.pdf
    file: docs/prikaz-12.pdf
    holds: [goals, tasks, deadlines, responsible, signature]
    based_on: [d01]
    scan: true
    sample: 18
    remarks: [firm_conclusion]
    quote: |
      «Провести мониторинг
      с 14 по 25 февраля»
    page: 2
    comment: 'Открыт 20.10.2022: читается'
  - {id: d03, title: Рекомендации, serves: [B1-RC01], addressees: [teachers], blank: false}
procedures:
  - {id: p1, subject: Математика, grade: 6, days_between: 21, share: 8.2, per_day: 1}
indicators:
  B1-I02: {value: 82, previous: 79.5, target: 80, unit: "%", sample: 50, mark: 1, documents: [d02], comment: Да}
overrides:
  - {of: B1-A01, outcome: met, by: Эксперт 1, date: 2022-10-21, comment: Отчёт опубликован отдельным файлом}
"""
LINES = CASE.splitlines(keepends=True)
PIECES = [*":-[]{}&*!|>'\"%@`#,?~ \t\n\r=.0a№я\0\x01\ufeff\u2028\u0085💡", "д" * 90]
PIECES += ["- ", ": ", "\n  ", "---\n", "...\n", "&a ", "*a", "!!int ", "<<: ", "? ", "null", "true", "{a: ", "1e999"]


@st.composite
def edited(draw: st.DrawFn) -> str:
    """The case with one line or one character deleted, inserted, replaced, repeated or moved."""
    if draw(st.booleans()):
        number, lines = draw(st.integers(0, len(LINES) - 1)), LINES.copy()
        other: str = draw(st.sampled_from([*LINES, "\n", "  x: 1\n", "x\n", "- x\n", "    - {id: d04, title: Т}\n"]))
        match draw(st.sampled_from(["delete", "insert", "replace", "repeat", "indent"])):
            case "delete":
                del lines[number]
            case "insert":
                lines.insert(number, other)
            case "replace":
                lines[number] = other
            case "repeat":
                lines.insert(number, lines[number])
            case "indent":
                lines[number] = " " * draw(st.integers(1, 3)) + lines[number]
        return "".join(lines)
    at = draw(st.integers(0, len(CASE) - 1))
    piece: str = draw(st.sampled_from(PIECES))
    match draw(st.sampled_from(["delete", "insert", "replace", "repeat", "cut"])):
        case "delete":
            return CASE[:at] + CASE[at + 1 :]
        case "insert":
            return CASE[:at] + piece + CASE[at:]
        case "replace":
            return CASE[:at] + piece + CASE[at + 1 :]
        case "repeat":
            return CASE[:at] + CASE[at] + CASE[at:]
        case _:
            return CASE[:at]


@cache
def folder() -> Path:
    return Path(tempfile.mkdtemp())


def verdict_or_problems(raw: bytes) -> tuple[Problem, ...]:
    """Read and assess: problems of the input, or none. Anything else that is raised fails the test."""
    path = folder() / "case.yml"
    path.write_bytes(raw)
    try:
        assess(read_case(path, "case.yml"), ruleset(), EngineName.PLAIN)
    except InputError as error:
        return error.problems
    return ()


def assert_placed(problems: tuple[Problem, ...], lines: int) -> None:
    for problem in problems:
        assert problem.place.file == "case.yml"
        assert problem.place.line is not None
        assert problem.place.column is not None
        assert 1 <= problem.place.line <= lines + 1
        assert problem.place.column >= 1
        assert "\n" not in str(problem)


def test_the_case_that_is_edited_is_valid() -> None:
    assert verdict_or_problems(CASE.encode()) == ()


@given(edited())
@example(CASE.replace("ruleset:", '"[key]":'))
@example(CASE.replace("students:", '"[key]":'))
@example(CASE.replace("docs/prikaz-12.pdf", '"a\\0b"'))
def test_a_single_edit_is_valid_or_an_error_with_its_place(text: str) -> None:
    assert_placed(verdict_or_problems(text.encode()), text.count("\n") + text.count("\r") + 3)


@given(st.integers(0, len(CASE.encode()) - 1), st.integers(0, 255))
def test_a_single_other_byte_is_valid_or_an_error_with_its_place(at: int, byte: int) -> None:
    raw = bytearray(CASE.encode())
    raw[at] = byte
    assert_placed(verdict_or_problems(bytes(raw)), CASE.count("\n") + 3)


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused(raw: bytes) -> None:
    assert verdict_or_problems(raw)


@pytest.mark.parametrize("line", [line for line in LINES if ": " in line and not line.startswith("#")])
def test_a_key_with_nothing_after_it(line: str) -> None:
    emptied = line[: line.index(": ") + 1] + "\n"
    assert_placed(verdict_or_problems(CASE.replace(line, emptied).encode()), len(LINES))


@pytest.mark.parametrize("path", sorted(shipped("cases").glob("*.yml")), ids=lambda p: p.stem)
def test_every_shipped_case_cut_in_the_middle_of_a_line(path: Path) -> None:
    raw = path.read_bytes()
    for part in (3, 5, 8):
        cut = raw[: len(raw) * part // 10]
        problems = verdict_or_problems(cut.decode("utf-8", "ignore").encode())
        assert_placed(problems, cut.count(b"\n") + 2)
