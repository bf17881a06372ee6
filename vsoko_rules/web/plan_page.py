"""The plan of a school, and the drafts of its documents as Word files."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.report.plan_view import plan_shown
from vsoko_rules.web.papers_page import attachment
from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.workspace import judging

if TYPE_CHECKING:
    from vsoko_rules import RepairPlan


def plan(request: HttpRequest, code: str) -> HttpResponse:
    """The steps in an order that can be carried out; `block` or `days` in the address say for what."""
    context = SchoolContext(request, code)
    shown = context.shown(tab="plan")
    made = plan_shown(_plan(request, context))
    asked = {name: request.GET.get(name, "") for name in ("block", "days")}
    return page(request, "plan", **shown, plan=made, asked=asked, query=request.GET.urlencode())


def draft(request: HttpRequest, code: str, step: int) -> HttpResponse:
    """The document of a step of that plan."""
    context = SchoolContext(request, code)
    content = judging.draft(_plan(request, context), step)
    called = f"{context.opened.case.content.school.id}-шаг-{step}.docx"
    context.site.given(context.path, "draft", called)
    return attachment(content, called)


def _plan(request: HttpRequest, context: SchoolContext) -> RepairPlan:
    days, block = request.GET.get("days", "").replace(",", "."), request.GET.get("block") or None
    try:
        budget = Decimal(days) if days else None
    except InvalidOperation:
        raise InputError([Problem(Place("дни"), "это не число дней", days, "число, например 2 или 0,5")]) from None
    today = datetime.now().astimezone().date()
    return judging.plan(context.opened.assessment, block=block if budget is None else None, budget=budget, today=today)
