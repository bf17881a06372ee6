"""What a page comes to show is waited for: a test that asks a browser at once what stands there now asks too early on a
busy machine, and fails though nothing is wrong."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

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
