"""A school as the pages about it show it: opened, with its verdict, its history, and the way back."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.web.school_site import site_of
from vsoko_rules.workspace.desk import Desk
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.past import Past


class SchoolContext:
    """The school of a request. Raises `Http404` for a code that there is not."""

    def __init__(self, request: HttpRequest, code: str) -> None:
        self.request = request
        self.site = site_of(request)
        self.code = code
        self.path = self.site.path(code)

    @property
    def desk(self) -> Desk:
        """Where it is changed."""
        return self.site.desk

    @property
    def opened(self) -> OpenedSchool:
        """The school as its file holds it now. Raises `InputError`."""
        return self.desk.open(self.path)

    @cached_property
    def past(self) -> Past:
        """Its history, without what changed."""
        return self.desk.steps(self.path)

    @cached_property
    def may_edit(self) -> bool:
        """Whether it may be changed now."""
        return self.site.may_edit(self.path)

    @cached_property
    def may_decide(self) -> bool:
        """Whether outcomes of one's own may be put beside those of the program."""
        return self.site.may_decide(self.path)

    def documents(self, row: str = "") -> HttpResponse:
        """The way to its documents, to one of them."""
        address = reverse("documents", args=[self.code])
        return HttpResponseRedirect(f"{address}?{urlencode({'row': row})}#row-{row}" if row else address)

    def shown(self, **data: Any) -> dict[str, Any]:
        """What every page about a school is given."""
        opened = data.pop("school", None) or self.opened
        return {**self.part(opened, **data), "view": opened.view}

    def part(self, opened: OpenedSchool, /, **data: Any) -> dict[str, Any]:
        """What a part of a page is given, which shows a little of the school alone."""
        return {
            "school": opened,
            "code": self.code,
            "past": self.past,
            "may_edit": self.may_edit,
            **self.site.shown(self.path, opened),
            "said": self.request.GET.get("said", ""),
            **data,
        }

    def back(self, said: str) -> HttpResponse:
        """The way back to the page from which something was asked, with what came of it."""
        came = urlsplit(self.request.headers.get("Referer", ""))
        inside = came.netloc == self.site.host and came.path.startswith(reverse("check", args=[self.code]))
        path = came.path if inside else reverse("check", args=[self.code])
        kept = [part for part in came.query.split("&") if inside and part.startswith("row=")]
        return HttpResponseRedirect("?".join([path, "&".join([*kept, f"said={said}"])]))
