"""JSON as people and programs read it: Cyrillic as it is, and nothing in it that a terminal would obey."""

from __future__ import annotations

import json
from typing import Any

from vsoko_rules.words import UNSEEN


def json_text(data: Any) -> str:
    """Data on many lines, with two spaces of indent and a line end at the end."""
    return _escaped(json.dumps(data, ensure_ascii=False, indent=2)) + "\n"


def json_line(data: Any) -> str:
    """Data on one line, without spaces."""
    return _escaped(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def _escaped(text: str) -> str:
    """The same JSON: what is left of such characters stands inside strings."""
    return text if text.isascii() else UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
