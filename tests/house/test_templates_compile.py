"""Every template that is shipped can be read by the engine, whichever page it is on."""

from __future__ import annotations

import pytest
from jinja2 import Environment, TemplateSyntaxError

from vsoko_rules.resources import shipped

TEMPLATES = sorted(path.relative_to(shipped("reports")).as_posix() for path in shipped("reports").rglob("*.j2"))


def test_every_template_is_closed_as_it_is_opened() -> None:
    """What a merge of two branches left without its end is seen before anybody opens the page."""
    assert len(TEMPLATES) > 50
    for name in TEMPLATES:
        try:
            Environment(autoescape=True).parse((shipped("reports") / name).read_text(encoding="utf-8"))
        except TemplateSyntaxError as wrong:
            pytest.fail(f"{name}:{wrong.lineno}: {wrong.message}")
