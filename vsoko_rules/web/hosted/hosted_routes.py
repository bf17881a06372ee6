"""Which address leads to which page on the server of a region. Each has a line in `access.ACCESS`, too."""

from __future__ import annotations

from django.urls import path

from vsoko_rules.web import mistakes, static_files
from vsoko_rules.web.entrance import alive
from vsoko_rules.web.hosted import (
    agreement_page,
    assignment_page,
    case_import_page,
    closing_page,
    database_trouble,
    disputes_page,
    figures_page,
    home_page,
    invitation_page,
    my_account_page,
    people_page,
    roster_page,
    second_factor_page,
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
    path("invite/<str:token>", invitation_page.invitation, name="invitation"),
    path("second-factor", second_factor_page.second_factor, name="second_factor"),
    path("me", my_account_page.my_account, name="my_account"),
    path("me/password", my_account_page.change_own_password, name="change_own_password"),
    path("me/sessions/end", my_account_page.end_all_sessions, name="end_all_sessions"),
    path("me/sessions/<str:key>/end", my_account_page.end_session, name="end_session"),
    path("me/second-factor/remove", second_factor_page.remove_second_factor, name="remove_second_factor"),
    path("me/second-factor/codes", second_factor_page.renew_recovery_codes, name="renew_recovery_codes"),
    path("", home_page.home, name="schools"),
    # a study, for the centre
    path("study/new", study_page.new_study, name="new_study"),
    path("study/<str:code>/", study_page.study, name="study"),
    path("study/<str:code>/fields", study_page.study_fields, name="study_fields"),
    path("study/<str:code>/step/<str:to>", study_page.step, name="study_step"),
    path("study/<str:code>/begun", study_page.phase_state, name="phase_state"),
    path("study/<str:code>/open", study_page.open_seats, name="open_seats"),
    path("study/<str:code>/release", study_page.release_results, name="study_release"),
    path("study/<str:code>/schools", study_schools_page.schools, name="study_schools"),
    path("study/<str:code>/schools/new", study_schools_page.new_school, name="new_study_school"),
    path("study/<str:code>/schools/<int:key>", study_schools_page.school, name="study_school"),
    path("study/<str:code>/schools/<int:key>/remove", study_schools_page.remove, name="remove_school"),
    path("study/<str:code>/schools/<int:key>/experts", assignment_page.give, name="give_school"),
    path("study/<str:code>/assignment", assignment_page.assignment, name="assignment"),
    path("study/<str:code>/control", assignment_page.control, name="control"),
    path("study/<str:code>/people", people_page.people, name="study_people"),
    path("study/<str:code>/people/new", people_page.new_person, name="new_person"),
    path("study/<str:code>/people/links", people_page.links, name="links"),
    path("study/<str:code>/people/<int:key>", people_page.person, name="person"),
    path("study/<str:code>/people/<int:key>/role", people_page.role, name="person_role"),
    path("study/<str:code>/people/<int:key>/role/<str:role>/take", people_page.take, name="take_role"),
    path("study/<str:code>/people/<int:key>/link", people_page.link, name="person_link"),
    path("study/<str:code>/people/<int:key>/second-factor", people_page.second_factor, name="person_second_factor"),
    path("study/<str:code>/people/<int:key>/account", people_page.account, name="person_account"),
    path("study/<str:code>/import", roster_page.roster, name="roster"),
    path("study/<str:code>/table.xlsx", roster_page.table, name="roster_table"),
    path("study/<str:code>/cases", case_import_page.case_files, name="case_files"),
    path("study/<str:code>/cases/<str:work>", case_import_page.case_preview, name="case_preview"),
    # figures of a region and of a municipality
    path("study/<str:code>/agreement", agreement_page.study_agreement, name="study_agreement"),
    path("study/<str:code>/figures", figures_page.study_figures, name="study_figures"),
    path("study/<str:code>/figures/more", figures_page.study_figures_more, name="study_figures_more"),
    path("study/<str:code>/towns/<int:key>", figures_page.town, name="town"),
    path("study/<str:code>/towns/<int:key>/more", figures_page.town_more, name="town_more"),
    path("study/<str:code>/orders/<str:kind>", figures_page.study_paper, name="study_paper"),
    path("study/<str:code>/towns/<int:key>/orders/<str:kind>", figures_page.town_paper, name="town_paper"),
    *school_routes,
    path("s/<str:code>/send", closing_page.send, name="send"),
    path("s/<str:code>/lock", closing_page.lock, name="lock"),
    path("s/<str:code>/return", closing_page.give_back, name="give_back"),
    path("s/<str:code>/disputes", disputes_page.disputes, name="disputes"),
    path("s/<str:code>/disputes/news", disputes_page.news, name="disputes_news"),
    path("s/<str:code>/disputes/of/<str:of>", disputes_page.dispute, name="dispute"),
    path("s/<str:code>/disputes/close", disputes_page.close_agreed, name="close_agreed"),
    path("s/<str:code>/disputes/third", disputes_page.third, name="third"),
]

handler400 = mistakes.bad_request
handler404 = mistakes.not_found
handler500 = database_trouble.server_error
