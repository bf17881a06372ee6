"""A study: its ruleset, its schools, who does what in it, and each school's cases."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from enum import Enum
from typing import ClassVar, Final

from django.db import models
from django.utils import timezone

from vsoko_rules.region.region_records import Phase, RegionRole, SeatState
from vsoko_rules.web.hosted.models.people_tables import User
from vsoko_rules.web.hosted.seats import SeatManager, StudyManager

_CODE_BYTES: Final = 9
"""of chance in the code of a seat or a study: nobody guesses the next one"""


def new_code() -> str:
    """A code for addresses that tells nothing."""
    return secrets.token_urlsafe(_CODE_BYTES)


def _choices(kinds: type[Enum]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


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
    files = models.JSONField(default=dict)
    """hashes of the files that the documents name, by name"""


class SeatDecision(models.Model):
    """What somebody says of something on which the experts of a school differ; the last one of each counts."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT)
    """the agreed one"""
    said = models.JSONField(default=dict)
    """a `PairDecision`"""
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)


def roles_of(memberships: Iterable[Membership]) -> frozenset[str]:
    """The roles somebody has anywhere."""
    return frozenset(membership.role for membership in memberships)
