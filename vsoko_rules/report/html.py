"""One self-contained page for one or more assessments. Wording, layout and style are in `reports/html/`."""

from __future__ import annotations

from collections.abc import Sequence

from vsoko_rules.report.compose import compose
from vsoko_rules.report.svg import drawing
from vsoko_rules.templates import html, render
from vsoko_rules.verdict.assessment import Assessment


def page(assessments: Sequence[Assessment]) -> str:
    """The report as one HTML page: no scripts, nothing loaded from elsewhere.

    Several assessments (one case under several rulesets) follow one another.
    """
    views = [compose(assessment) for assessment in assessments]
    drawings = [{block.id: drawing(block) for block in view.blocks} for view in views]
    return render("html/report.html.j2", html, views=views, drawings=drawings)
