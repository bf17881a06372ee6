"""What is written as YAML is read back as the same data, and looks as a person would write it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.form.cases import HOSTILE
from vsoko_rules.reading.yaml import parse
from vsoko_rules.writing.yaml_edit import as_read
from vsoko_rules.writing.yaml_text import as_text, scalar

LIKE_OTHERS = ("010", "12:30", "no", "1e5", "1.10", "2022-02-14", "true", "Y", "0x1F", ".5", "1_000", "+5", "~", "null")

texts: Any = st.one_of(st.sampled_from((*HOSTILE, *LIKE_OTHERS)), st.text(max_size=200))
values: Any = st.recursive(
    st.one_of(st.none(), texts, st.integers(), st.booleans(), st.dates(), st.decimals(-9, 9, places=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(texts, values, min_size=1, max_size=4), st.lists(texts, max_size=2))
def test_any_data_are_read_back(data: dict[str, Any], header: list[str]) -> None:
    text = as_text(data, header)
    assert parse(text.encode(), "f.yml").data == as_read(data)
    assert not any(line != line.rstrip() for line in text.splitlines() if line.startswith("#"))


@pytest.mark.parametrize("text", LIKE_OTHERS)
def test_another_reader_takes_a_text_for_a_text(text: str) -> None:
    written = as_text({"a": text, "b": [text], text: "c"})
    assert yaml.safe_load(written) == {"a": text, "b": [text], text: "c"}
    assert scalar(text, typed=False) == text or text in ("null", "~", ".5", "+5")


def test_it_reads_well() -> None:
    data = {
        "school": {"id": "x", "name": "Школа № 1", "levels": ["НОО", "ООО"]},
        "counts": {"teachers": {"all": 5}},
        "documents": [
            {"id": "d1", "date": date(2022, 2, 14), "share": Decimal("82.50"), "quote": "слово " * 20 + "конец"},
            {"id": "d2", "number": "010", "title": "Приказ: «О плане»"},
        ],
        "short": [{"id": "p1"}, {"id": "p2"}],
        "nothing": None,
        "empty": [],
    }
    assert (
        as_text(data, ["Показывает: как это выглядит."])
        == """\
# Показывает: как это выглядит.

school: {id: x, name: Школа № 1, levels: [НОО, ООО]}

counts:
  teachers: {all: 5}

documents:
  - id: d1
    date: 2022-02-14
    share: 82.50
    quote: >-
      слово слово слово слово слово слово слово слово слово слово слово слово слово слово слово слово слово
      слово слово слово конец

  - id: d2
    number: "010"
    title: "Приказ: «О плане»"

short:
  - {id: p1}
  - {id: p2}

nothing:
empty: []
"""
    )
