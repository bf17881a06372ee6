"""People of a study: their accounts, their roles, the links by which they set a password."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.region.region_records import RegionPerson, RegionRole
from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.models import LONGEST_LOGIN, Invitation, Membership, SchoolEntry, StudyRound, User
from vsoko_rules.web.hosted.school_keeping import municipalities
from vsoko_rules.web.hosted.study_list import may_begin
from vsoko_rules.web.hosted.study_records import people_of

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_NAME: Final = 200
"""letters"""


def governed_by(user: User) -> QuerySet[User]:
    """People whose accounts somebody of the centre may rename, invite and switch off: the centre of one study, only
    those who are in no other, because a link opens everything that a person has."""
    if may_begin(user):
        everybody: QuerySet[User] = User.objects.all()
        return everybody
    mine = StudyRound.objects.run_by(user).values("pk")
    foreign = Membership.objects.filter(user=OuterRef("pk")).exclude(study__in=mine)
    here = Membership.objects.filter(user=OuterRef("pk"), study__in=mine)
    found: QuerySet[User] = User.objects.filter(Exists(here), ~Exists(foreign))
    return found


def with_accounts(people: QuerySet[User]) -> QuerySet[User]:
    """People with `invited`: whether a link was made for them that still opens."""
    free = Invitation.objects.filter(user=OuterRef("pk"), used_at=None, expires_at__gt=timezone.now())
    known: QuerySet[User] = people.annotate(invited=Exists(free))
    return known


def without_link(people: QuerySet[User]) -> QuerySet[User]:
    """Those of people who have neither a password nor a link that opens."""
    free = Invitation.objects.filter(user=OuterRef("pk"), used_at=None, expires_at__gt=timezone.now())
    waiting: QuerySet[User] = people.filter(~Exists(free), password="", is_active=True)
    return waiting


def put_people(user: User, study: StudyRound, people: Sequence[RegionPerson]) -> list[User]:
    """Give people their roles in a study, in a transaction of the caller's; accounts that are lacking are made, without
    a password. Another role that a person has in the study stays, and so do names of people whom `user` does not
    govern."""
    known = {row.login: row for row in User.objects.filter(login__in=[person.login for person in people])}
    own = set(governed_by(user).filter(pk__in=[row.pk for row in known.values()]).values_list("pk", flat=True))
    new = {person.login: User(login=person.login, name=person.name) for person in people if person.login not in known}
    for made in User.objects.bulk_create(new.values()):
        known[made.login] = made
    for person in people:
        row = known[person.login]
        if row.name != person.name and row.pk in own:
            row.name = person.name
            row.save(update_fields=["name"])
    _give_roles(study, people, known)
    return list(known.values())


def _give_roles(study: StudyRound, people: Sequence[RegionPerson], accounts: dict[str, User]) -> None:
    towns = municipalities(study, (name for p in people for name in (*p.municipalities, *p.home_municipalities)))
    schools = {entry.code: entry for entry in SchoolEntry.objects.filter(study=study)}
    pairs = {(accounts[person.login].pk, person.role.value) for person in people}
    rows = Membership.objects.filter(study=study, user__in=[key for key, _ in pairs]).values_list("pk", "user", "role")
    Membership.objects.filter(pk__in=[pk for pk, key, role in rows if (key, role) in pairs]).delete()
    Membership.objects.bulk_create(
        Membership(user=accounts[person.login], study=study, role=person.role.value, municipality=town, school=school)
        for person in people
        for town, school in _places(person, towns, schools)
    )


def _places(person: RegionPerson, towns: dict[str, Any], schools: dict[str, SchoolEntry]) -> Iterable[tuple[Any, Any]]:
    """The municipality and the school of each membership."""
    named = [(towns[name], None) for name in (*person.municipalities, *person.home_municipalities)]
    codes = (*person.home_schools, *((person.school,) if person.school is not None else ()))
    return [*named, *((None, schools[code]) for code in codes)] or [(None, None)]


def add_role(user: User, study: StudyRound, person: RegionPerson) -> User:
    """Give somebody a role in a study, with an account where they have none. Raises `InputError`."""
    _check(study, person)
    with transaction.atomic():
        (row,) = put_people(user, study, [person])
        chain.append("role_given", user=user, study=study.code, told=told_person(person))
    return row


def take_role(user: User, study: StudyRound, other: User, role: str) -> None:
    """Take a role of somebody in a study away. What they did stays. Raises `InputError` for one's own as the centre."""
    if other.pk == user.pk and role == RegionRole.CENTRE.value:
        raise InputError([Problem(Place(other.name), "свою роль центра снять нельзя: это делает другой человек")])
    with transaction.atomic():
        rows = Membership.objects.filter(study=study, user=other, role=role)
        before = people_of(rows.select_related("user", "municipality", "school"))
        if before:
            rows.delete()
            chain.append("role_taken", user=user, study=study.code, told=told_person(before[0]))


def rename(user: User, study: StudyRound, other: User, name: str) -> None:
    """Call somebody otherwise. Raises `InputError`."""
    if not name or len(name) > LONGEST_NAME:
        raise InputError([Problem(Place("ФИО"), "не указано имя", name[:80] or None, f"от 1 до {LONGEST_NAME} знаков")])
    if name == other.name:
        return
    with transaction.atomic():
        before, other.name = other.name, name
        other.save(update_fields=["name"])
        chain.append("renamed", user=user, study=study.code, told={"user": other.pk, "before": before, "after": name})


def _check(study: StudyRound, person: RegionPerson) -> None:
    """Raises `InputError` where a role lacks what it is for."""
    problems = []
    one_word = person.login.isprintable() and not any(sign.isspace() for sign in person.login)
    if not one_word or not 0 < len(person.login) <= LONGEST_LOGIN:
        problems.append(Problem(Place("Имя для входа"), "это не имя для входа", person.login or None, "одно слово"))
    if not person.name or len(person.name) > LONGEST_NAME:
        problems.append(Problem(Place("ФИО"), "не указано имя", person.name[:80] or None, "фамилия, имя, отчество"))
    if person.role is RegionRole.METHODIST and not person.municipalities:
        problems.append(Problem(Place("Муниципалитет"), "не сказано, чьи школы видит методист"))
    if person.role is RegionRole.SCHOOL and person.school is None:
        problems.append(Problem(Place("Школа"), "не сказано, чья это учётная запись"))
    codes = [code for code in (person.school, *person.home_schools) if code is not None]
    known = set(SchoolEntry.objects.filter(study=study, code__in=codes).values_list("code", flat=True))
    problems += [Problem(Place("Школа"), "такой школы нет", code, "код школы") for code in codes if code not in known]
    if problems:
        raise InputError(problems)


def told_person(person: RegionPerson) -> dict[str, Any]:
    """A person as an event tells them."""
    return {
        "login": person.login, "name": person.name, "role": person.role.value,
        "municipalities": [*person.municipalities, *person.home_municipalities],
        "schools": [*person.home_schools, *([person.school] if person.school else [])],
    }  # fmt: skip
