"""What happened to a school: to look at, to undo, to go back to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.workspace.told_changes import ChangeTeller


def history(request: HttpRequest, code: str) -> HttpResponse:
    """The list of changes, the last one first."""
    context = SchoolContext(request, code)
    shown = context.shown(tab="history")
    events = list(reversed(context.desk.past(context.path).events))
    teller = ChangeTeller.of(shown["school"])
    told = {event.number: [teller.tell(change) for change in event.changes] for event in events}
    return page(request, "history", **shown, events=events, told=told, altered=context.desk.altered())


def was(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The documents as they were right after a change."""
    context = SchoolContext(request, code)
    documents = context.desk.was(context.path, number).content.documents
    event = next(e for e in context.past.events if e.number == number)
    return page(request, "was", **context.shown(tab="history"), documents=documents, event=event)


@require_POST
def back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Make the school what it was right after a change."""
    context = SchoolContext(request, code)
    context.desk.go_back(context.path, number)
    return context.back("went_back")


@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Take the last change back."""
    context = SchoolContext(request, code)
    context.desk.undo(context.path)
    return context.back("undone")


@require_POST
def redo(request: HttpRequest, code: str) -> HttpResponse:
    """Make the change again that was undone last."""
    context = SchoolContext(request, code)
    context.desk.redo(context.path)
    return context.back("redone")
