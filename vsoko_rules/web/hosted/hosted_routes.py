"""Which address leads to which page on the server of a region. Each has a line in `access.ACCESS`, too."""

from __future__ import annotations

from django.urls import path

from vsoko_rules.web import mistakes, static_files
from vsoko_rules.web.entrance import alive
from vsoko_rules.web.hosted import (
    closing_page,
    database_trouble,
    home_page,
    sign_in_page,
    study_page,
    study_schools_page,
    trail_page,
    work_page,
)
from vsoko_rules.web.school_routes import school_routes

urlpatterns = [
    path("static/<str:name>", static_files.static_file, name="static"),
    path("trail", trail_page.events, name="trail"),
    path("trail/export", trail_page.export, name="trail_export"),
    path("work", work_page.works, name="works"),
    path("work/<str:code>", work_page.work, name="work"),
    path("work/<str:code>/state", work_page.state, name="work_state"),
    path("work/<str:code>/file", work_page.file, name="work_file"),
    path("alive", alive, name="alive"),
    path("sign-in", sign_in_page.sign_in, name="sign_in"),
    path("sign-out", sign_in_page.sign_out, name="sign_out"),
    path("", home_page.home, name="schools"),
    # a study, for the centre
    path("study/new", study_page.new_study, name="new_study"),
    path("study/<str:code>/", study_page.study, name="study"),
    path("study/<str:code>/fields", study_page.study_fields, name="study_fields"),
    path("study/<str:code>/step/<str:to>", study_page.step, name="study_step"),
    path("study/<str:code>/open", study_page.open_seats, name="open_seats"),
    path("study/<str:code>/schools", study_schools_page.schools, name="study_schools"),
    path("study/<str:code>/schools/new", study_schools_page.new_school, name="new_study_school"),
    path("study/<str:code>/schools/<int:key>", study_schools_page.school, name="study_school"),
    *school_routes,
    path("s/<str:code>/send", closing_page.send, name="send"),
    path("s/<str:code>/lock", closing_page.lock, name="lock"),
    path("s/<str:code>/return", closing_page.give_back, name="give_back"),
]

handler400 = mistakes.bad_request
handler404 = mistakes.not_found
handler500 = database_trouble.server_error
