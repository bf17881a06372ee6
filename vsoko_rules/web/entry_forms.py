"""Answers to forms about one entry of a case: saved, refused, changed by somebody else meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from vsoko_rules.errors import InputError
from vsoko_rules.web.rendering import page, parts
from vsoko_rules.workspace.listed_entries import Typed

ROW = "closest .row"
"""what an answer replaces where it is the whole row"""


def fields_of(request: HttpRequest) -> Typed:
    """What stands in the fields of a form."""
    return {name: [str(value) for value in values] for name, values in request.POST.lists()}


def foreign(wrong: InputError) -> bool:
    """Whether something is wrong that stands in no field of the form."""
    return any(not problem.place.is_argument for problem in wrong.problems)


def saved(request: HttpRequest, templates: Sequence[str], shown: dict[str, Any]) -> HttpResponse:
    """What changed, with the new verdict."""
    return parts(request, *templates, "verdict", **{**shown, "again": True, "said": "saved"})


def refused(request: HttpRequest, template: str, shown: dict[str, Any]) -> HttpResponse:
    """What is wrong with what was typed; what was typed stays."""
    return page(request, template, status=422, **shown)


def disputed(request: HttpRequest, template: str, shown: dict[str, Any]) -> HttpResponse:
    """The form with both versions: one's own in the fields, theirs beside."""
    response = page(request, template, status=409, **shown)
    response["HX-Retarget"], response["HX-Reswap"] = ROW, "outerHTML"
    return response
