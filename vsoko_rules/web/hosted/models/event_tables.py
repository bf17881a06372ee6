"""The journal of the server: what happened, each event with the hash of the one before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


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
            models.Index(fields=["at", "number"], name="event_at"),
        ]


class ChainHead(models.Model):
    """The last event: who appends holds this row."""

    digest = models.CharField(max_length=64, default="")
    count = models.BigIntegerField(default=0)
