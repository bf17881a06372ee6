"""Links for whoever runs the server: the first account of the centre, and a way back in."""

from __future__ import annotations

from django.db import transaction

from vsoko_rules.errors import InputError, Problem, argument
from vsoko_rules.region.region_records import RegionRole
from vsoko_rules.web.hosted.accounts import invite, switch_on
from vsoko_rules.web.hosted.models import LONGEST_LOGIN, Membership, User, login_of
from vsoko_rules.web.hosted.second_factor import forget_second_factor
from vsoko_rules.web.hosted.sign_in_tries import forget_tries


def first_account(login: str, name: str) -> str:
    """Make the first account of the centre, for all studies; returns the link that opens it. Raises `InputError`."""
    stated = login_of(login)
    one_word = stated.isprintable() and not any(letter.isspace() for letter in stated)
    if not one_word or not 0 < len(stated) <= LONGEST_LOGIN:
        raise InputError([Problem(argument("login"), "такое имя для входа не подходит", login, "одно слово")])
    if User.objects.filter(login=stated).exists():
        hint = "В этой базе уже есть сервер: для нового нужна своя база."
        raise InputError([Problem(argument("login"), "такое имя для входа уже есть", login, hint=hint)])
    if not name.strip():
        raise InputError([Problem(argument("name"), "не сказано, как человека зовут", expected="фамилия и имя")])
    with transaction.atomic():
        user = User.objects.create(login=stated, name=" ".join(name.split()))
        Membership.objects.create(user=user, role=RegionRole.CENTRE.value)
        return invite(user, None)


def way_back(login: str) -> str:
    """Free an account of locks and of its second step, and return a link that opens it once. Raises `InputError`."""
    user = User.objects.filter(login=login_of(login)).first()
    if user is None:
        raise InputError([Problem(argument("invite"), "человека с таким именем для входа нет", login)])
    forget_tries(user.login)
    forget_second_factor(user, None)
    if not user.is_active:
        switch_on(user, None)
    return invite(user, None)
