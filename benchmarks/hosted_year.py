"""The database of a region after a year: how large it is, and how long its heaviest pages take.

    python benchmarks/hosted_year.py --schools 1500 --edits 300

Two experts a school and so many edits of each of their seats, as events with a chain that is whole, in a PostgreSQL of
one's own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from hosted_region import fill, live_through, server_folder
from own_postgres import OwnPostgres

_ROUNDS = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    for name, usual in (("schools", 1500), ("experts", 60), ("edits", 300), ("documents", 60)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    wanted = parser.parse_args()
    postgres = OwnPostgres()
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(wanted, server_folder(Path(folder) / "server", postgres.create("year"), 18081))
    finally:
        postgres.close()


def measure(wanted: Any, folder: Path) -> None:
    """Fill the database and ask for its pages."""
    from vsoko_rules.web.hosted import region_server as hosted

    server = hosted.prepared(folder, migrated=False, new=True)
    hosted.migrate()
    study, experts = fill(wanted.schools, wanted.experts, wanted.documents)
    before, start = _size(), time.monotonic()
    count = live_through(study, wanted.edits)
    print(f"{wanted.schools} schools, {2 * wanted.schools} seats of experts, {count} events")
    print(f"written in {time.monotonic() - start:.0f} s; load of the machine {os.getloadavg()[0]:.1f}")
    print(f"database: {_size() / 1e9:.2f} GB, of it events {(_size() - before) / 1e9:.2f} GB")
    _analyze()
    from vsoko_rules.web.hosted.event_chain import verify
    from vsoko_rules.web.hosted.models import ChainEvent, User

    start = time.monotonic()
    state = verify()
    print(f"vsoko audit: {time.monotonic() - start:.0f} s, {state.count} events, fault: {state.fault}")
    centre, middle = User.objects.get(login="centre"), ChainEvent.objects.order_by("number")[count // 2]
    day = middle.at[:10]
    of_study = f"study={study.code}"
    asked = {
        "trail, the last page": f"/trail?{of_study}",
        "trail, a page in the middle": f"/trail?{of_study}&before={middle.number}",
        "trail of a school": f"/trail?{of_study}&school=s0007",
        "trail of a person": f"/trail?{of_study}&person=expert-7",
        "trail of a day": f"/trail?{of_study}&day={day}",
        "home of the centre": "/",
        "study": f"/study/{study.code}/",
        "schools of the study": f"/study/{study.code}/schools",
    }
    for name, address in asked.items():
        _show(name, server.hosts[0], centre, address)
    _show("home of an expert", server.hosts[0], experts[0], "/")
    code = middle.seat
    owner = User.objects.get(pk=middle.user)
    _show(f"history of a seat with {wanted.edits} changes", server.hosts[0], owner, f"/s/{code}/history")
    _show("documents of a seat", server.hosts[0], owner, f"/s/{code}/documents")


def _show(name: str, host: str, user: Any, address: str) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    extra: dict[str, Any] = {"HTTP_HOST": host}
    client = Client(raise_request_exception=False, **extra)
    client.force_login(user)
    times, status, size = [], 0, 0
    with CaptureQueriesContext(connection) as queries:
        for _ in range(_ROUNDS):
            start = time.perf_counter()
            answer = client.get(address)
            times.append(time.perf_counter() - start)
            status, size = answer.status_code, len(answer.content)
    each = len(queries) // _ROUNDS
    took = f"{statistics.median(times) * 1000:.0f} ms, the first {times[0] * 1000:.0f}"
    print(f"{name}: {took}; {each} questions, {size // 1000} kB, status {status}")


def _size() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _analyze() -> None:
    """What PostgreSQL does by itself within a minute."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
