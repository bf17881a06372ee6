"""Which address leads to which page. Who adds a screen adds its lines here; `docs/web.md` says the rest."""

from __future__ import annotations

from django.urls import path

from vsoko_rules.web import check_page, documents_page, entrance, history_page, mistakes, schools_page, static_files

urlpatterns = [
    path("enter/<str:token>", entrance.enter, name="enter"),
    path("static/<str:name>", static_files.static_file, name="static"),
    path("alive", entrance.alive, name="alive"),
    path("stop", entrance.stop, name="stop"),
    path("", schools_page.schools, name="schools"),
    path("schools/more", schools_page.more, name="more"),
    path("s/<str:code>/", check_page.check, name="check"),
    path("s/<str:code>/agree", check_page.agree, name="agree"),
    path("s/<str:code>/reviewed", check_page.reviewed, name="reviewed"),
    path("s/<str:code>/undo", history_page.undo, name="undo"),
    path("s/<str:code>/redo", history_page.redo, name="redo"),
    path("s/<str:code>/history", history_page.history, name="history"),
    path("s/<str:code>/history/<int:number>", history_page.was, name="was"),
    path("s/<str:code>/history/<int:number>/back", history_page.back, name="back"),
    path("s/<str:code>/documents", documents_page.documents, name="documents"),
    path("s/<str:code>/documents/new", documents_page.new_row, name="new_row"),
    path("s/<str:code>/documents/<str:row>", documents_page.row, name="row"),
    path("s/<str:code>/documents/<str:row>/closed", documents_page.closed, name="closed"),
    path("s/<str:code>/documents/<str:row>/remove", documents_page.remove, name="remove"),
]

handler400 = mistakes.bad_request
handler404 = mistakes.not_found
handler500 = mistakes.server_error
