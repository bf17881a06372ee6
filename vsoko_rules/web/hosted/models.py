"""What the database of a region holds. Who may see what is said by the managers: views ask no other way."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from enum import Enum
from typing import Any, ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from vsoko_rules.region.region_records import Phase, RegionRole, SeatState
from vsoko_rules.web.hosted.seats import SeatManager, StudyManager

_CODE_BYTES: Final = 9
"""of chance in the code of a seat or a study: nobody guesses the next one"""
LONGEST_LOGIN: Final = 150
LONGEST_NAME: Final = 200
"""letters"""


def new_code() -> str:
    """A code for addresses that tells nothing."""
    return secrets.token_urlsafe(_CODE_BYTES)


def _choices(kinds: type[Enum]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


class UserManager(BaseUserManager["User"]):
    """People by their names for signing in, which know no capital letters."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The person of that name. Raises `User.DoesNotExist`."""
        return self.get(login=login_of(username or ""))


def login_of(typed: str) -> str:
    """A name for signing in as it is kept."""
    return typed.strip().casefold()


class User(AbstractBaseUser):
    """A person with an account. Without a password until the invitation is used."""

    login = models.CharField(max_length=LONGEST_LOGIN, unique=True)
    name = models.CharField(max_length=LONGEST_NAME)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()


class Session(AbstractBaseSession):
    """Somebody who is signed in, on the server: can be listed and ended."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True)
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    agent = models.CharField(max_length=200, default="", blank=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        """Where sessions are kept."""
        from vsoko_rules.web.hosted.sessions import SessionStore

        return SessionStore


class Invitation(models.Model):
    """A link that opens once, to set a password. The link itself is known to nobody but who has it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")


class SignInTries(models.Model):
    """How often somebody tried in vain to sign in, by name or from an address. `key` tells neither."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(default=timezone.now, db_index=True)
    """of the first try, of the last where no more are taken"""


class RulesetVersion(models.Model):
    """A ruleset as it was when a study began to use it: its files never change."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=400)
    version = models.CharField(max_length=50)
    shipped = models.BooleanField()
    """whether the program carries it; of others `files` are all there is"""
    files = models.JSONField(default=dict)
    """texts of the files of the ruleset and its parents, by folder and path"""


class StudyRound(models.Model):
    """One region's round in one year."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    title = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField()
    starts = models.DateField()
    ends = models.DateField()
    ruleset = models.ForeignKey(RulesetVersion, on_delete=models.PROTECT)
    phase = models.CharField(max_length=10, choices=_choices(Phase), default=Phase.COLLECT.value)
    collect_until = models.DateField(null=True)
    assess_until = models.DateField(null=True)
    reconcile_until = models.DateField(null=True)
    released_at = models.DateTimeField(null=True)
    """since when schools see their results"""
    invented = models.BooleanField(default=False)
    """a study to try the program with"""
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[StudyManager] = StudyManager()


class Municipality(models.Model):
    """A municipality of a study."""

    study = models.ForeignKey(StudyRound, on_delete=models.CASCADE)
    name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["study", "name"], name="municipality_once")]


class SchoolEntry(models.Model):
    """A school of a study, with the numbers that decide what applies to it."""

    study = models.ForeignKey(StudyRound, on_delete=models.CASCADE)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT)
    code = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    levels = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    control = models.BooleanField(default=False)
    """whether all experts assess it"""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["study", "code"], name="school_once")]


class Membership(models.Model):
    """What somebody may do where: in one study, or in all (`study` is none); a methodist in a municipality, a school in
    itself. Of an expert, `municipality` and `school` say where they work: there they assess nothing."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=_choices(RegionRole))
    study = models.ForeignKey(StudyRound, on_delete=models.CASCADE, null=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, null=True)
    school = models.ForeignKey(SchoolEntry, on_delete=models.CASCADE, null=True)


class Seat(models.Model):
    """A case of a school as somebody sees it. `data` is in the shape of a case file, every scalar a text; `revision`
    grows with each change."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    school = models.ForeignKey(SchoolEntry, on_delete=models.CASCADE)
    who = models.CharField(max_length=10)
    """`self`, `A`, `B`, `3`… of a control school, `agreed` (`region_records`)"""
    expert = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    """whose it is, of experts; of the agreed one, a third person who decides"""
    state = models.CharField(max_length=10, choices=_choices(SeatState), default=SeatState.OPEN.value)
    reason = models.TextField(default="", blank=True)
    """why it was given back"""
    revision = models.PositiveIntegerField(default=0)
    data = models.TextField()
    changed_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    disputes = models.PositiveSmallIntegerField(default=0)
    """how many are open, on the agreed one"""
    standing = models.JSONField(null=True)
    """the verdict at `standing_of`, as a study keeps it"""
    standing_of = models.PositiveIntegerField(null=True)

    objects: ClassVar[SeatManager] = SeatManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school", "who"], name="seat_once"),
            models.UniqueConstraint(
                fields=["school", "expert"], condition=models.Q(expert__isnull=False), name="expert_once"
            ),
        ]


class Snapshot(models.Model):
    """A seat as it was when it was sent, locked or decided. Never altered."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT)
    why = models.CharField(max_length=20)
    """`sent`, `locked`, `decided`, `released`"""
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    revision = models.PositiveIntegerField()
    data = models.TextField()
    sha256 = models.CharField(max_length=64)


class SeatDecision(models.Model):
    """What somebody says of something on which the experts of a school differ; the last one of each counts."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT)
    """the agreed one"""
    said = models.JSONField(default=dict)
    """a `PairDecision`"""
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)


class ChainEvent(models.Model):
    """Something that happened: append-only, each with the hash of the one before. `seat` and `study` are codes: what
    happened stays when they are gone."""

    number = models.BigAutoField(primary_key=True)
    study = models.CharField(max_length=16, default="", blank=True)
    seat = models.CharField(max_length=16, default="", blank=True)
    user = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200, default="", blank=True)
    """of the person, as it was then"""
    at = models.CharField(max_length=32)
    """ISO, UTC"""
    kind = models.CharField(max_length=40)
    of = models.BigIntegerField(null=True)
    """the event that it takes back or does again"""
    told = models.TextField(default="", blank=True)
    """JSON: the parts of a seat before and after, or what else there is to tell"""
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["seat", "number"], name="event_of_seat"),
            models.Index(fields=["study", "number"], name="event_of_study"),
            models.Index(fields=["user", "number"], name="event_of_user"),
            models.Index(fields=["at"], name="event_at"),
        ]


class ChainHead(models.Model):
    """The last event: who appends holds this row."""

    digest = models.CharField(max_length=64, default="")
    count = models.BigIntegerField(default=0)


class WorkState(models.TextChoices):
    """How far long work is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Work(models.Model):
    """Long work that a worker does. A worker that died leaves its job to another (`beat_at`)."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    kind = models.CharField(max_length=40)
    study = models.ForeignKey(StudyRound, on_delete=models.CASCADE, null=True)
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, null=True)
    by = models.ForeignKey(User, on_delete=models.CASCADE)
    asked = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=WorkState, default=WorkState.WAITING, db_index=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    told = models.JSONField(default=dict)
    """what came of it, or what went wrong, for the page"""
    result = models.ForeignKey("StoredFile", on_delete=models.SET_NULL, null=True)
    name = models.CharField(max_length=200, default="", blank=True)
    """of the file that came of it"""
    tries = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=100, default="", blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(null=True)


class StoredFile(models.Model):
    """A file by its hash, never overwritten."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    content = models.BinaryField()


class FileUse(models.Model):
    """A file as a seat calls it. The text that was read of it lies with it."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE)
    name = models.CharField(max_length=300)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["seat", "name"], name="file_once")]


def roles_of(memberships: Iterable[Membership]) -> frozenset[str]:
    """The roles somebody has anywhere."""
    return frozenset(membership.role for membership in memberships)
