"""What is changed in a file of a person is read back, and what is not changed keeps every character."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import Data
from tests.form.cases import cases, texts
from vsoko_rules.case.records import Case
from vsoko_rules.case.write import plain_data
from vsoko_rules.errors import InputError
from vsoko_rules.reading import yaml as reader
from vsoko_rules.reading.yaml import parse
from vsoko_rules.resources import shipped
from vsoko_rules.writing import yaml_edit
from vsoko_rules.writing.yaml_edit import as_read, edited
from vsoko_rules.writing.yaml_text import as_text

FILE = """\
# Показывает: как правят файл.
school: {id: x, name: Школа}   # одной строкой

documents:
  # первый
  - id: d1
    title: Приказ    # заголовок
    date: 2022-02-14
    serves: [B1-M01,  B1-M02]
    quote: >-
      длинные
      слова

  # второй
  - id: d2   # код
    title: 'План'
    number:
    based_on:
      # на чём стоит
      - d1
      - d3  # ещё
# конец
"""


def change(text: str, path: str, value: Any = None) -> str:
    """The text with one thing set, or taken away where `value` is none."""
    data = copy.deepcopy(as_read(parse(text.encode(), "f.yml").data))
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
    node: Any = data
    for step in steps:
        node = node[step]
    if value is None:
        del node[last]
    elif isinstance(last, int) and last == len(node):
        node.append(value)
    else:
        node[last] = value
    result = edited(text.encode(), data)
    assert parse(result, "f.yml").data == as_read(data)
    return result.decode()


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        ("documents/0/title", "Справка", "title: Приказ    # заголовок", "title: Справка    # заголовок"),
        ("documents/1/title", "Отчёт", "title: 'План'", 'title: "Отчёт"'),
        ("documents/1/number", "010", "number:\n", "number: 010\n"),
        ("documents/0/serves", ["B1-M01"], "[B1-M01,  B1-M02]", "[B1-M01]"),
        ("documents/0/serves/2", "B1-M03", "[B1-M01,  B1-M02]", "[B1-M01, B1-M02, B1-M03]"),
        ("documents/0/quote", "слова", ">-\n      длинные\n      слова", "слова"),
        ("documents/0/date", None, "    date: 2022-02-14\n", ""),
        ("documents/1/id", None, "- id: d2   # код\n    title", "- # код\n    title"),
        ("documents/1/based_on/0", None, "\n      - d1", ""),
        ("documents/1/based_on/2", "d4", "- d3  # ещё\n", "- d3  # ещё\n      - d4\n"),
        ("documents/1/based_on", [], "\n      # на чём стоит\n      - d1\n      - d3  # ещё", " []  # ещё"),
        ("documents/1/page", "3", "- d3  # ещё\n", "- d3  # ещё\n    page: 3\n"),
        ("school/name", "Лицей: № 2", "{id: x, name: Школа}", '{id: x, name: "Лицей: № 2"}'),
        ("documents/2", {"id": "d3"}, "ещё\n", "ещё\n\n  - id: d3\n"),
        ("documents/1", None, FILE[FILE.index("\n  - id: d2") : FILE.index("\n# конец")], ""),
        ("reviewed", ["B1"], "ещё\n", "ещё\nreviewed: [B1]\n"),
    ],
)
def test_one_change_touches_nothing_else(path: str, value: Any, old: str, new: str) -> None:
    expected = FILE.replace(old, new)
    assert FILE.count(old) == 1
    assert _even(change(FILE, path, value)) == _even(expected)
    windows = change(FILE.replace("\n", "\r\n"), path, value)
    assert windows == change(FILE, path, value).replace("\n", "\r\n")


def _even(text: str) -> str:
    """The text without regard to spaces before a comment that stayed alone."""
    return re.sub(r"(?<=\S) +#", " #", text)


def test_the_same_data_is_the_same_file() -> None:
    for path in sorted(shipped("cases").glob("*.yml")):
        content = path.read_bytes()
        assert edited(content, parse(content, path.name).data) == content


def test_a_byte_order_mark_stays() -> None:
    assert edited(b"\xef\xbb\xbfa: 1\n", {"a": "2"}) == b"\xef\xbb\xbfa: 2\n"


@pytest.mark.parametrize("text", ["{a: 1, b: 2} # c\n", "? a\n: 1\nb: 2\n", "a: 1\nb:\n-\n  c: 1\n-\n  c: 2\n", "a: 1"])
@pytest.mark.parametrize("data", [{}, {"a": "2"}, {"b": [{"c": "1"}]}, {"c": {"d": {"e": "1"}}, "a": "1"}])
def test_unusual_layouts_read_back(text: str, data: Data) -> None:
    assert parse(edited(text.encode(), data), "f").data == data


def test_what_cannot_be_read_cannot_be_changed() -> None:
    with pytest.raises(InputError, match="ключ повторяется"):
        edited(b"a: 1\na: 2", {"a": "1"})


def commented(text: str) -> tuple[str, list[str]]:
    """The text with a comment of its own above each section and each part of a list, and these comments."""
    lines: list[str] = []
    comments: list[str] = []
    for line in text.splitlines():
        if re.match(r"\w+:|  - ", line):
            comments.append(f"# примечание {len(comments)}")
            lines.append(f"{' ' * (len(line) - len(line.lstrip()))}{comments[-1]}")
        lines.append(line)
    return "\n".join(lines) + "\n", comments


@st.composite
def changed(draw: st.DrawFn, data: Data) -> Data:
    """The data with some documents and fields of them changed, added and taken away."""
    wanted: Data = copy.deepcopy(data)
    documents = wanted.setdefault("documents", [])
    for _ in range(draw(st.integers(1, 4))):
        what = draw(st.sampled_from(["set", "lose", "drop", "add", "school"]))
        document = draw(st.sampled_from(documents)) if documents else None
        if what == "add" or document is None:
            documents.insert(draw(st.integers(0, len(documents))), {"id": f"new-{len(documents)}", "title": "Т"})
        elif what == "set":
            key = draw(st.sampled_from(["title", "number", "quote", "holds"]))
            document[key] = draw(st.lists(st.sampled_from("abc"))) if key == "holds" else draw(texts)
        elif what == "lose" and len(document) > 2:
            del document[draw(st.sampled_from([key for key in document if key not in ("id", "title")]))]
        elif what == "drop" and len(documents) > 1:
            documents.remove(document)
        else:
            wanted["school"]["name"] = draw(texts)
    return wanted


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), cases())
def test_any_change_is_read_back_and_comments_stay(data: st.DataObject, case: Case) -> None:
    text, comments = commented(as_text(plain_data(case)))
    read = as_read(parse(text.encode(), "f.yml").data)
    wanted = data.draw(changed(read))
    result = edited(text.encode(), wanted)
    assert parse(result, "f.yml").data == wanted
    assert [line.strip() for line in result.decode().splitlines() if line.strip() in comments] == comments


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(cases(), cases())
def test_any_case_becomes_any_other(one: Case, other: Case) -> None:
    content = as_text(plain_data(one)).encode()
    assert parse(edited(content, plain_data(other)), "f.yml").data == as_read(plain_data(other))


@pytest.mark.parametrize("like", ["id: d3", '"id'])
def test_a_text_that_looks_like_the_next_entry_is_none(like: str) -> None:
    """Entries are told by their dashes first; comments stay where that is wrong, too."""
    text = FILE.replace("'План'", f"'План\n\n  - {like}'")
    assert change(text, "documents/1/number", "5") == text.replace("number:", "number: 5")
    change(text.replace("  - id: d1", "  -\n    id: d1"), "documents/1/number", "5")


def test_the_pure_loader_knows_the_same_places(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = change(FILE, "documents/1/based_on/2", "d4")
    monkeypatch.setattr(reader, "LOADER", yaml.SafeLoader)
    monkeypatch.setattr(yaml_edit, "LOADER", yaml.SafeLoader)
    assert change(FILE, "documents/1/based_on/2", "d4") == fast
