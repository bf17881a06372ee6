"""Whatever a school writes is shown as it is written and does nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from tests.builders import assessed, school_case
from tests.report.hostile import ATTACKS, hostile
from tests.report.pages import Page, even
from vsoko_rules.report.out.html import page
from vsoko_rules.report.out.text import summary
from vsoko_rules.report.wording import web_address
from vsoko_rules.templates import clean, rich, shared

_NOT_SHOWN = (".indicators.B1-I01.unit", ".indicators.B1-I01.comment")
"""this ruleset has no list of indicators"""

_CUT = ".seen.number"
"""a number that has changed is quoted in a warning"""
_QUOTED = 50
"""characters of what is quoted, at least"""

_IN_THE_SUMMARY = (".school.name", ".school.municipality", ".overrides[0].by", ".overrides[0].comment")


def _unquoted(text: str) -> str:
    """Without the marks of quotation: a title in a title gets those that belong there."""
    return text.translate(dict.fromkeys(map(ord, '"„“')))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_page_shows_hostile_text_and_runs_none(attack: str) -> None:
    case, texts = hostile(attack)
    found = Page(page([assessed(case)]))
    assert not {tag.name for tag in found.tags} & {"script", "img", "iframe"}
    assert not [name for tag in found.tags for name in tag.attributes if name.startswith("on")]
    assert all(href.startswith(("#", "http://", "https://")) for href in found.values("href"))
    shown = _unquoted(found.text)
    for path, text in texts.items():
        if path not in _NOT_SHOWN:
            assert _unquoted(even(text[:_QUOTED] if path.endswith(_CUT) else text)) in shown, path


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_summary_shows_hostile_text_as_text(attack: str) -> None:
    case, texts = hostile(attack)
    shown = Text.from_markup(summary(assessed(case)), emoji=False)
    assert not [span for span in shown.spans if "link" in str(span.style)]
    plain = even(shown.plain.replace("\u2060", ""))
    for path in _IN_THE_SUMMARY:
        assert even(texts[path]) in plain, path


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "http:evil",
        "http://",
        "https://[",
        "https://school.example/a b",
        "https://school.example/\u202egpj.exe",
        "\x01https://school.example/",
        None,
    ],
)
def test_only_web_addresses_become_links(address: str | None) -> None:
    assert web_address(address) is None


@pytest.mark.parametrize(
    "address", ["https://school.example/a?b=1&c=%22", "http://школа.рф/приказ.pdf", "HTTPS://A.example"]
)
def test_web_addresses_become_links(address: str) -> None:
    assert web_address(address) == address


def test_a_quote_in_an_address_stays_inside_it() -> None:
    address = 'https://school.example/"onmouseover="alert(1)'
    found = Page(page([assessed(school_case([{"id": "d1", "title": "Т", "serves": ["B1-G01"], "url": address}]))]))
    assert address in found.values("href")
    assert not [name for tag in found.tags for name in tag.attributes if name.startswith("on")]


def test_control_characters_are_left_out() -> None:
    assert clean("а\x1b[31mб\u202eв\tг\x00\nд") == "а[31mбв г\nд"
    title = "Приказ \u202eadm\u202c \x1b]8;;https://evil.example\x07"
    assessment = assessed(school_case([{"id": "d1", "title": title, "serves": ["B1-G01"]}]))
    for shown in (page([assessment]), summary(assessment)):
        assert not {"\x1b", "\x07", "\u202e", "\u202c"} & set(shown)


@given(st.text(alphabet="[]\\/#@ab1 ", max_size=30), st.text(alphabet="[]\\/#@ab1 ", max_size=10))
def test_any_text_stands_in_rich_markup_as_it_is(text: str, other: str) -> None:
    template = shared(rich).from_string("[bold]{{ text }}[/]{{ other }}[dim]конец[/]")
    shown = Text.from_markup(template.render(text=text, other=other), emoji=False)
    assert shown.plain.replace("\u2060", "") == f"{text}{other}конец"
