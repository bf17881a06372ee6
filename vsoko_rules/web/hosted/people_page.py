"""The people of a study: their roles, their accounts, and the links by which they set a password."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.errors import InputError
from vsoko_rules.region.region_records import RegionPerson, RegionRole
from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.accounts import invite, switch_off, switch_on
from vsoko_rules.web.hosted.models import Membership, Municipality, SchoolEntry, StudyRound, User, login_of
from vsoko_rules.web.hosted.people_keeping import add_role, governed_by, rename, take_role, with_accounts, without_link
from vsoko_rules.web.hosted.second_factor import forget_second_factor, is_set_up
from vsoko_rules.web.hosted.study_list import own_study
from vsoko_rules.web.hosted.study_schools_page import list_page
from vsoko_rules.web.rendering import page

MOST_LINKS: Final = 200
"""links that are made at once"""
_ROLES: Final = [role.value for role in RegionRole]


def people(request: HttpRequest, code: str) -> HttpResponse:
    """The list, searched and asked for by role."""
    row, role = own_study(request, code), request.GET.get("role", "")
    asked = Membership.objects.filter(study=row, **({"role": role} if role in _ROLES else {}))
    texts = asked.values_list("user", "user__name", "user__login", "school__name", "municipality__name")
    merged: dict[int, list[str]] = {}
    for key, *parts in texts.order_by("user__name", "user__login"):
        merged.setdefault(key, []).extend(part for part in parts if part)
    sought = request.GET.get("q", "")
    listed = list_page([(key, *parts) for key, parts in merged.items()], sought, request.GET.get("page", "1"))
    by_key = {person.pk: person for person in _with_roles(User.objects.filter(pk__in=listed.keys), row)}
    return page(
        request, "hosted/people", study=row, tab="study_people", listed=listed, sought=sought, role=role, roles=_ROLES,
        people=[by_key[key] for key in listed.keys], waiting=_waiting(request, row).count(),
    )  # fmt: skip


def _with_roles(people: QuerySet[User], row: StudyRound) -> QuerySet[User]:
    """People with their memberships in a study as `here`."""
    here = Membership.objects.filter(study=row).select_related("municipality", "school").order_by("role", "pk")
    named: QuerySet[User] = with_accounts(people).prefetch_related(Prefetch("memberships", here, to_attr="here"))
    return named


def _waiting(request: HttpRequest, row: StudyRound) -> QuerySet[User]:
    """People of a study who have no password yet and no link that opens."""
    user = me_of(request).user
    mine = governed_by(user).filter(pk__in=Membership.objects.filter(study=row).values("user"))
    return without_link(mine.exclude(pk=user.pk))


def links(request: HttpRequest, code: str) -> HttpResponse:
    """Links for those who have none yet, shown once."""
    row, user = own_study(request, code), me_of(request).user
    waiting = _waiting(request, row)
    role = (request.POST if request.method == "POST" else request.GET).get("role", "")
    if role in _ROLES:
        waiting = waiting.filter(pk__in=Membership.objects.filter(study=row, role=role).values("user"))
    shown: dict[str, Any] = {"study": row, "tab": "study_people", "role": role, "roles": _ROLES, "most": MOST_LINKS}
    if request.method != "POST":
        return page(request, "hosted/links", waiting=waiting.count(), made=(), **shown)
    asked = list(_with_roles(waiting, row).order_by("name", "login")[:MOST_LINKS])
    made = [(person, invite(person, user)) for person in asked]
    return page(request, "hosted/links", waiting=waiting.count(), made=made, **shown)


def person(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """One person: name, roles, account."""
    row, other = _own_person(request, code, key)
    if request.method == "POST":
        if not _governed(request, other):
            raise Http404
        rename(me_of(request).user, row, other, " ".join(request.POST.get("name", "").split()))
        return _back(code, key, "saved")
    return page(request, "hosted/person", **_shown(request, row, other))


def role(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """One role more for somebody."""
    row, other = _own_person(request, code, key)
    try:
        add_role(me_of(request).user, row, _typed(request, other.login, other.name))
    except InputError as wrong:
        shown = _shown(request, row, other) | {"problems": wrong.problems}
        return page(request, "hosted/person", status=422, **shown)
    return _back(code, key, "saved")


def take(request: HttpRequest, code: str, key: int, role: str) -> HttpResponse:
    """One role less."""
    row, other = _own_person(request, code, key)
    take_role(me_of(request).user, row, other, role)
    if Membership.objects.filter(study=row, user=other).exists():
        return _back(code, key, "saved")
    return HttpResponseRedirect(reverse("study_people", args=[code]))


def link(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """A link for somebody to set a password, shown once."""
    row, other = _own_person(request, code, key)
    if not _governed(request, other):
        raise Http404
    made = invite(other, me_of(request).user)
    return page(request, "hosted/person", **(_shown(request, row, other) | {"link": made}))


def second_factor(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Forget the second step of somebody who lost their phone."""
    other, user = _governed_person(request, code, key)
    forget_second_factor(other, user)
    return _back(code, key, "saved")


def account(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Let somebody in no longer, or again."""
    other, user = _governed_person(request, code, key)
    if request.POST.get("active") == "1":
        switch_on(other, user)
    else:
        switch_off(other, user)
    return _back(code, key, "saved")


def new_person(request: HttpRequest, code: str) -> HttpResponse:
    """The fields of a person more, and their role."""
    row = own_study(request, code)
    login, name = login_of(request.POST.get("login", "")), " ".join(request.POST.get("name", "").split())
    problems: tuple[Any, ...] = ()
    if request.method == "POST":
        try:
            made = add_role(me_of(request).user, row, _typed(request, login, name))
            return HttpResponseRedirect(reverse("person", args=[code, made.pk]))
        except InputError as wrong:
            problems = wrong.problems
    shown = {"login": login, "name": name, "problems": problems, **_choices(request, row)}
    return page(request, "hosted/new_person", status=422 if problems else 200, **shown)


def _typed(request: HttpRequest, login: str, name: str) -> RegionPerson:
    """A person with a role as it was typed: municipalities and schools are what that role makes of them."""
    stated = request.POST.get("role", "")
    if stated not in _ROLES:
        raise Http404
    role = RegionRole(stated)
    towns = tuple(dict.fromkeys(name for name in request.POST.getlist("municipality") if name))
    school = request.POST.get("school", "").split(" — ")[0].strip() or None
    if role is RegionRole.EXPERT:
        return RegionPerson(login, name, role, home_municipalities=towns, home_schools=(school,) if school else ())
    if role is RegionRole.METHODIST:
        return RegionPerson(login, name, role, towns)
    return RegionPerson(login, name, role, school=school if role is RegionRole.SCHOOL else None)


def _own_person(request: HttpRequest, code: str, key: int) -> tuple[StudyRound, User]:
    """Somebody of a study that who asks runs. Raises `Http404`."""
    row = own_study(request, code)
    members = User.objects.filter(pk=key, memberships__study=row).distinct()
    found: User | None = _with_roles(members, row).first()
    if found is None:
        raise Http404
    return row, found


def _governed_person(request: HttpRequest, code: str, key: int) -> tuple[User, User]:
    """Somebody else whose account is the business of who asks, and who asks. Raises `Http404`."""
    _, other = _own_person(request, code, key)
    user = me_of(request).user
    if not _governed(request, other) or other.pk == user.pk:
        raise Http404
    return other, user


def _governed(request: HttpRequest, other: User) -> bool:
    governed: bool = governed_by(me_of(request).user).filter(pk=other.pk).exists()
    return governed


def _shown(request: HttpRequest, row: StudyRound, other: User) -> dict[str, Any]:
    return {
        "person": other, "governed": _governed(request, other), "link": "", "problems": (),
        "second_step": is_set_up(other),
        "oneself": other.pk == me_of(request).user.pk, "said": request.GET.get("said", ""), **_choices(request, row),
    }  # fmt: skip


def _choices(request: HttpRequest, row: StudyRound) -> dict[str, Any]:
    return {
        "study": row, "tab": "study_people", "roles": _ROLES, "role": request.POST.get("role", "expert"),
        "towns": Municipality.objects.filter(study=row).order_by("name"),
        "chosen_towns": request.POST.getlist("municipality"), "school": request.POST.get("school", ""),
        "schools": SchoolEntry.objects.filter(study=row).order_by("name").values_list("code", "name"),
    }  # fmt: skip


def _back(code: str, key: int, said: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('person', args=[code, key])}?said={said}")
