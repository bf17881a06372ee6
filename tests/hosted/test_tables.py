"""The tables: every change of a model has its migration, and what must never be altered never is, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.hosted.conftest import BOTH
from tests.hosted.people import Region

STAYING = ("ChainEvent", "Snapshot", "RulesetVersion")


@BOTH
def test_a_model_and_its_migrations_say_the_same(database: str) -> None:
    from django.core.management import call_command

    from vsoko_rules.web.hosted.region_server import unapplied

    assert unapplied() == []
    call_command("makemigrations", "hosted", check=True, dry_run=True, verbosity=0)


@BOTH
@pytest.mark.parametrize("name", STAYING)
@pytest.mark.parametrize("how", ["update", "save", "delete", "sql"])
def test_what_was_written_stays(name: str, how: str, region: Region) -> None:
    from django.apps import apps
    from django.db import DatabaseError, connection, transaction

    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import Snapshot

    seat = region.seat("gorodskaya-sosh", "self")
    chain.append("edit", user=region.person("school"), told=[])
    Snapshot.objects.create(seat=seat, why="sent", revision=0, data=seat.data, sha256="0" * 64)
    model: Any = apps.get_model("hosted", name)
    before = list(model.objects.values())
    field = {"ChainEvent": "kind", "Snapshot": "why", "RulesetVersion": "name"}[name]

    def altered() -> None:
        row = model.objects.first()
        setattr(row, field, "other")
        if how == "update":
            model.objects.update(**{field: "other"})
        elif how == "save":
            row.save()
        elif how == "delete":
            model.objects.filter(pk=row.pk)._raw_delete("default")
        else:
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {model._meta.db_table}")

    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        altered()
    assert list(model.objects.values()) == before


@BOTH
def test_nothing_is_half_written(region: Region) -> None:
    from django.db import transaction

    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import StudyRound

    def interrupted() -> None:
        StudyRound.objects.update(starts=date(2020, 1, 1))
        chain.append("phase", user=region.person("centre"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        interrupted()
    assert StudyRound.objects.get().starts == date(2021, 9, 1)
    assert (chain.verify().count, chain.verify().fault) == (0, None)
