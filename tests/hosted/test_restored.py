"""A copy of the database, made as the page for administrators says and put back: all is there, the trail is whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from own_postgres import OwnPostgres, programs
from tests.hosted.conftest import ON_POSTGRES
from tests.hosted.live import folder_of
from tests.hosted.people import Region
from tests.hosted.test_trail import audited, edit
from vsoko_rules.resources import shipped

PAGE = Path(str(shipped("cases"))).parent / "docs" / "administrator.ru.md"


def said(command: str) -> None:
    """A command must stand on the page for administrators as it is tried here."""
    assert command in PAGE.read_text(encoding="utf-8")


def test_a_copy_of_sqlite_is_put_back(region: Region, database: str, tmp_path: Path) -> None:
    edit(region, "school", "gorodskaya-sosh", "Сохранённое")
    before, _ = folder_of(tmp_path, "было", database)
    last = audited(before)[1]
    copy = "import sqlite3; sqlite3.connect('база.sqlite').execute(\"VACUUM INTO 'копия.sqlite'\")"
    said(copy.replace('"', '\\"'))
    subprocess.run([sys.executable, "-X", "utf8", "-c", copy], cwd=tmp_path, check=True)
    check(tmp_path, "sqlite:копия.sqlite", last["last"])


@ON_POSTGRES
def test_a_copy_of_postgresql_is_put_back(region: Region, database: str, tmp_path: Path, postgres: OwnPostgres) -> None:
    home = programs()
    assert home is not None
    edit(region, "school", "gorodskaya-sosh", "Сохранённое")
    before, _ = folder_of(tmp_path, "было", database)
    last = audited(before)[1]
    said("pg_dump --format=custom --file=копия.dump vsoko")
    said("createdb --owner=vsoko --encoding=UTF8 --template=template0 vsoko")
    said("pg_restore --no-owner --role=vsoko --dbname=vsoko копия.dump")
    name, restored, owner = database.rpartition("/")[2], "restored", "vsoko_of_the_page"
    connected = {**os.environ, "PGHOST": str(postgres.folder), "PGPORT": "5432", "PGUSER": "postgres"}

    def ran(program: str, *arguments: str) -> None:
        subprocess.run([str(home / program), *arguments], cwd=tmp_path, env=connected, check=True)

    ran("pg_dump", "--format=custom", "--file=копия.dump", name)
    postgres.drop(restored)
    ran("dropuser", "--if-exists", owner)
    ran("createuser", owner)
    ran("createdb", f"--owner={owner}", "--encoding=UTF8", "--template=template0", restored)
    ran("pg_restore", "--no-owner", f"--role={owner}", f"--dbname={restored}", "копия.dump")
    address = postgres.address(restored).replace("postgres@", f"{owner}@")
    check(tmp_path, address, last["last"])
    from django.db import connections

    connections.close_all()
    postgres.drop(restored)


def check(tmp_path: Path, address: str, last: str) -> None:
    """The copy is whole, up to date with this program, holds what was saved, and still refuses to alter it."""
    from django.db import DatabaseError, transaction

    from tests.hosted.conftest import use
    from vsoko_rules.web.hosted.models import ChainEvent, Seat
    from vsoko_rules.web.hosted.region_server import unapplied

    use(address, tmp_path)
    folder, _ = folder_of(tmp_path, "стало", address)
    code, told = audited(folder, "--expect", last)
    assert (code, told["last"]) == (0, last)
    assert unapplied() == []
    assert Seat.objects.filter(data__contains="Сохранённое").exists()
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        ChainEvent.objects.update(kind="other")
