"""Which address leads to which page on one machine. A page of a school has its line in `school_routes`; the rest says
`docs/web.md`."""

from __future__ import annotations

from django.urls import path

from vsoko_rules.web import (
    check_page,
    copies_page,
    details_page,
    entrance,
    files_page,
    mistakes,
    schools_page,
    static_files,
)
from vsoko_rules.web.school_routes import school_routes

urlpatterns = [
    path("enter/<str:token>", entrance.enter, name="enter"),
    path("static/<str:name>", static_files.static_file, name="static"),
    path("alive", entrance.alive, name="alive"),
    path("stop", entrance.stop, name="stop"),
    path("", schools_page.schools, name="schools"),
    path("bring", copies_page.bring, name="bring"),
    path("new", details_page.new_school, name="new_school"),
    path("schools/more", schools_page.more, name="more"),
    path("s/<str:code>/agree", check_page.agree, name="agree"),
    path("s/<str:code>/files", files_page.files, name="files"),
    path("s/<str:code>/files/read", files_page.read, name="read_files"),
    path("s/<str:code>/files/state", files_page.state, name="files_state"),
    *school_routes,
]

handler400 = mistakes.bad_request
handler404 = mistakes.not_found
handler500 = mistakes.server_error
