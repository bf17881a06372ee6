"""Addresses of the pages of a school, the same on one machine and on the server of a region."""

from __future__ import annotations

from django.urls import path

from vsoko_rules.web import (
    check_page,
    comparison_page,
    confirm_page,
    copies_page,
    decisions_page,
    details_page,
    documents_page,
    files_page,
    history_page,
    last_year_page,
    papers_page,
    paste_page,
    plan_page,
    why_page,
)

school_routes = [
    path("s/<str:code>/", check_page.check, name="check"),
    path("s/<str:code>/details", details_page.details, name="details"),
    path("s/<str:code>/reviewed", check_page.reviewed, name="reviewed"),
    path("s/<str:code>/why", why_page.why, name="why"),
    path("s/<str:code>/if", why_page.what_if, name="what_if"),
    path("s/<str:code>/compare", comparison_page.comparison, name="comparison"),
    path("s/<str:code>/decisions", decisions_page.decisions, name="decisions"),
    path("s/<str:code>/decisions/<str:of>", decisions_page.decision, name="decision"),
    path("s/<str:code>/decisions/<str:of>/remove", decisions_page.remove, name="decision_removed"),
    path("s/<str:code>/plan", plan_page.plan, name="plan"),
    path("s/<str:code>/plan/<int:step>", plan_page.draft, name="draft"),
    path("s/<str:code>/copy/<str:ending>", copies_page.copy, name="copy"),
    path("s/<str:code>/papers", papers_page.papers, name="papers"),
    path("s/<str:code>/papers/<str:kind>", papers_page.paper, name="paper"),
    path("s/<str:code>/undo", history_page.undo, name="undo"),
    path("s/<str:code>/redo", history_page.redo, name="redo"),
    path("s/<str:code>/history", history_page.history, name="history"),
    path("s/<str:code>/history/<int:number>", history_page.was, name="was"),
    path("s/<str:code>/history/<int:number>/back", history_page.back, name="back"),
    path("s/<str:code>/files", files_page.files, name="files"),
    path("s/<str:code>/files/read", files_page.read, name="read_files"),
    path("s/<str:code>/files/state", files_page.state, name="files_state"),
    path("s/<str:code>/confirm", confirm_page.first, name="confirm"),
    path("s/<str:code>/confirm/<str:document>", confirm_page.document, name="confirm_document"),
    path("s/<str:code>/confirm/<str:document>/quote", confirm_page.quote, name="confirm_quote"),
    path("s/<str:code>/documents", documents_page.documents, name="documents"),
    path("s/<str:code>/paste", paste_page.paste, name="paste"),
    path("s/<str:code>/last-year", last_year_page.last_year, name="last_year"),
    path("s/<str:code>/documents/new", documents_page.new_row, name="new_row"),
    path("s/<str:code>/documents/<str:row>", documents_page.row, name="row"),
    path("s/<str:code>/documents/<str:row>/closed", documents_page.closed, name="closed"),
    path("s/<str:code>/documents/<str:row>/remove", documents_page.remove, name="remove"),
]
