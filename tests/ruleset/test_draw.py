"""Drawings of the expected chain, whatever stands in the titles."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from tests.builders import ruleset
from tests.ruleset.small import MAIN, folder
from vsoko_rules.errors import InputError
from vsoko_rules.ruleset import draw
from vsoko_rules.ruleset.draw import dot, drawing, mermaid
from vsoko_rules.ruleset.load import load_folder
from vsoko_rules.ruleset.ruleset import Ruleset

HOSTILE = '»."]; --> <script>alert(1)</script> & #quot; `x` \\N \\" | }'


def hostile(tmp_path: Path) -> Ruleset:
    quoted = "'" + HOSTILE.replace("'", "''") + "'"
    return load_folder(folder(tmp_path, ruleset=MAIN.replace("title: Приказ\n", f"title: {quoted}\n")))


def test_mermaid_of_a_block(snapshot: SnapshotAssertion) -> None:
    assert mermaid(ruleset(), "B4") == snapshot


def test_dot_of_a_block(snapshot: SnapshotAssertion) -> None:
    assert dot(ruleset(), "B6") == snapshot


@pytest.mark.parametrize("block", list(ruleset().blocks))
def test_every_element_is_drawn_once_and_every_edge(block: str) -> None:
    shown = drawing(ruleset(), block)
    drawn = [node.element.id for group in (*shown.chain, *shown.aside) for node in group.nodes]
    own = [e for e in ruleset().elements.values() if e.block == block]
    assert sorted(drawn) == sorted(e.id for e in own)
    assert len(shown.follows) == sum(len(e.follows) for e in own)
    for text in (mermaid(ruleset(), block), dot(ruleset(), block)):
        assert all(e.id in text for e in own)


def test_stages_stand_in_their_order_and_what_is_outside_the_lines_stands_aside() -> None:
    shown = drawing(ruleset(), "B1")
    assert tuple(group.stage.id for group in shown.chain) == ruleset().components
    assert {group.stage.id for group in shown.aside} == {"rationale", "indicator", "effect"}


def test_mermaid_shows_hostile_text_as_text(tmp_path: Path) -> None:
    text = mermaid(hostile(tmp_path), "A")
    labels = re.findall(r'\["(.*)"\]', text)
    assert len(labels) == text.count('["') == 4
    (label,) = (found for found in labels if found.startswith("A-D"))
    assert not re.search(r'["<>`&\\]', label.replace("<br>", "")), label
    shown = re.sub(r"#(\w+);", lambda m: html.unescape(f"&#{m[1]};" if m[1].isdigit() else f"&{m[1]};"), label)
    assert shown == f"A-D<br>{HOSTILE}"


def test_dot_shows_hostile_text_as_text(tmp_path: Path) -> None:
    text = dot(hostile(tmp_path), "A")
    (label,) = re.findall(r'\[label="(A-D(?:[^"\\]|\\.)*)"', text)
    words = re.sub(r"\\(.)", lambda m: " " if m[1] == "n" else m[1], label)
    assert html.unescape(words) == f"A-D {HOSTILE}"


@given(st.text(min_size=1, max_size=60))
def test_no_title_ends_a_label(title: str) -> None:
    assert not re.search(r'["<>\n`]', draw._mermaid_text(title))
    quoted = draw._dot_text(title)
    assert re.fullmatch(r'(?:[^"\\\n]|\\.)*', quoted)


def test_an_unknown_block_is_named() -> None:
    with pytest.raises(InputError, match="нет такого блока; найдено: «B9»; ожидалось: один из: B1, B2"):
        mermaid(ruleset(), "B9")
