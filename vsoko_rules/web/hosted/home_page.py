"""Where one comes first: what there is to do, by roles."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.models import Seat
from vsoko_rules.web.rendering import page


def home(request: HttpRequest) -> HttpResponse:
    """The seats that one may see."""
    seats = Seat.objects.visible_to(me_of(request).user).select_related("school__study", "school__municipality")
    return page(request, "hosted/home", seats=list(seats.defer("data", "standing").order_by("school__name", "who")))
