"""Long work, files, and what is kept of them once they were read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.db import models
from django.utils import timezone

from vsoko_rules.web.hosted.hosted_settings import RESULT_DAYS
from vsoko_rules.web.hosted.models.people_tables import User
from vsoko_rules.web.hosted.models.study_tables import SchoolEntry, Seat, StudyRound, new_code

LONGEST_FILE_NAME: Final = 300
"""letters, with the path inside an archive"""


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
    size = models.PositiveBigIntegerField(default=0)
    """bytes of what came of it and is kept in pieces; 0 where it is one `result`, and where it is kept no longer"""
    tries = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=100, default="", blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(null=True)
    """the last sign of life of its worker; where it has ended, that is when"""

    @property
    def is_there(self) -> bool:
        """Whether there is a file to be taken away."""
        return self.result_id is not None or self.size > 0

    @property
    def kept_until(self) -> datetime | None:
        """Until when its files are kept, once it has ended."""
        ended = self.state in (WorkState.DONE, WorkState.FAILED)
        return self.beat_at + timedelta(days=RESULT_DAYS) if ended and self.beat_at is not None else None


class WorkPiece(models.Model):
    """A piece of what came of work and is too large to be held in memory. `tries`: of the try that wrote it."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE)
    tries = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["work", "tries", "number"], name="piece_once")]


class StoredFile(models.Model):
    """A file by its hash, never overwritten."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    content = models.BinaryField()


class FileUse(models.Model):
    """A file as a seat calls it. With each change of the files of a seat its revision grows."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE)
    name = models.CharField(max_length=LONGEST_FILE_NAME)
    type = models.CharField(max_length=20, default="", blank=True)
    """by its first bytes, empty where they tell nothing"""
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seat", "name"], name="file_once"),
            models.UniqueConstraint(fields=["seat", "file"], name="content_once"),
        ]


class KeptText(models.Model):
    """The text of a file, read once however many seats use it. `gate`: by which rules a text is trusted, and by which
    version of the program it was read."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE)
    gate = models.CharField(max_length=64)
    content = models.TextField()
    """a `FileText` as JSON"""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["file", "gate"], name="text_once")]


class KeptProposals(models.Model):
    """What is proposed of a set of files under a ruleset. `digest`: of their names and hashes and of the ruleset."""

    school = models.ForeignKey(SchoolEntry, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64)
    gate = models.CharField(max_length=64)
    """of the texts to which it belongs"""
    content = models.TextField()
    """documents that are proposed, as JSON"""
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["school", "digest"], name="read_once")]
