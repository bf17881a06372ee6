"""What makes a test fail though nothing is wrong: asking a browser at once what a page is yet to show, and starting
something on a port that others may take meanwhile."""

from __future__ import annotations

import ast
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ports import own_port

TESTS = Path(__file__).resolve().parents[1]
AT_ONCE = {
    "all_inner_texts", "all_text_contents", "get_attribute", "inner_html", "inner_text", "input_value", "is_checked",
    "is_disabled", "is_editable", "is_enabled", "is_hidden", "is_visible", "text_content",
}  # fmt: skip
"""what Playwright answers from the page as it stands, where `expect` would wait"""


def asked_at_once(module: str) -> Iterator[int]:
    """Lines that assert what a page shows at that moment, or where its focus is."""
    for node in ast.walk(ast.parse(module)):
        for each in ast.walk(node) if isinstance(node, ast.Assert) else ():
            if isinstance(each, ast.Attribute) and each.attr in AT_ONCE:
                yield each.lineno
            if isinstance(each, ast.Constant) and "activeElement" in str(each.value):
                yield each.lineno


def test_what_a_page_shows_is_waited_for() -> None:
    looking = {path: path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py")}
    looking = {path: text for path, text in looking.items() if "playwright" in text and path != Path(__file__)}
    assert len(looking) > 10
    found = [f"{path.relative_to(TESTS)}:{line}" for path, text in looking.items() for line in asked_at_once(text)]
    assert found == []


def test_a_question_that_does_not_wait_is_found() -> None:
    asked = """
assert page.get_by_text("этот браузер").first.is_visible()
assert page.evaluate("document.activeElement.name") == "title"
expect(page.get_by_text("этот браузер").first).to_be_visible()
level = page.locator(".level").inner_text()
"""
    assert list(asked_at_once(asked)) == [2, 3]


def test_a_port_for_another_process_is_kept() -> None:
    """A port that the system proposed and was let go of is proposed to others."""
    proposed = re.compile(r"bind\(\([^)]*, 0\)\)")
    assert proposed.search('probe.bind(("127.0.0.1", 0))')
    texts = {path: path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py") if path != Path(__file__)}
    assert [str(path.relative_to(TESTS)) for path, text in texts.items() if proposed.search(text)] == []


def test_a_port_of_ones_own_can_be_listened_at_again_and_again() -> None:
    ports = [own_port() for _ in range(50)]
    assert len(set(ports)) == 50
    for _ in range(2):
        with socket.create_server(("127.0.0.1", ports[0])):
            pass


@pytest.mark.skipif("sys.platform != 'linux'", reason="elsewhere a port is let go of")
def test_a_port_of_ones_own_is_taken_to_others() -> None:
    port = own_port()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))
