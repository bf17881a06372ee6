"""Why, why not, and what would be if: of a document, an element or a line, down to the line of the file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from vsoko_rules.report.what_if_view import what_if_shown
from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.workspace import judging


def why(request: HttpRequest, code: str) -> HttpResponse:
    """The proof of what is asked in the address: `of` a document, element or indicator, or a `line`; else the level."""
    context = SchoolContext(request, code)
    asked = {name: request.GET.get(name) or None for name in ("of", "line")}
    if asked["of"] and asked["line"]:
        asked["line"] = None
    shown = context.shown(tab="check")
    explanation = judging.explain(shown["school"].assessment, **asked)
    prover: Any = explanation.prover
    known = {"explanation": explanation, "prover": prover, "sentences": prover.sentences, "asked": asked}
    return page(request, "why", **shown, **known)


def what_if(request: HttpRequest, code: str) -> HttpResponse:
    """What would change if documents for the elements named in the address (`add`) were there."""
    context = SchoolContext(request, code)
    shown = context.shown(tab="what_if")
    elements = [code for code in request.GET.getlist("add") if code]
    supposed = None
    if elements:
        today = datetime.now().astimezone().date()
        changes = [f"+{element}" for element in elements]
        supposed = what_if_shown(judging.suppose(shown["school"].assessment, changes, today=today))
    return page(request, "what_if", **shown, chosen=elements, supposed=supposed)
