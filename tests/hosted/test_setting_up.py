"""What an administrator gets wrong when a server is made or started: one message, exit 2, and nothing half made."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from own_postgres import OwnPostgres
from tests.hosted.conftest import ON_POSTGRES, server_text
from tests.ports import own_port
from vsoko_rules.errors import InputError

if TYPE_CHECKING:
    from django.test import Client

SERVER = "https://vsoko.region.example/"


def vsoko(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vsoko_rules", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def refused(*arguments: object) -> str:
    """What a command says that refuses: one line."""
    done = vsoko(*arguments)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--login", "два слова", "--login: такое имя для входа не подходит"),
        ("--name", " ", "--name: не сказано"),
        ("--host", SERVER, "--host: под таким именем сервер не откроется"),
        ("--database", "postgresql://vsoko:tajna@узел:порт/b", "--database: база данных названа не так"),
        ("--database", "postgresql://vsoko@[::1/b", "--database: база данных названа не так"),
        ("--invite", "centre", "--invite: это делают отдельно"),
    ],
)
def test_a_server_that_is_asked_for_wrongly_is_not_begun(option: str, value: str, said: str, tmp_path: Path) -> None:
    told = refused("serve", tmp_path / "сервер", "--init", option, value)
    assert told.startswith(said)
    assert "tajna" not in told
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_server_needs_a_folder_where_there_can_be_one(tmp_path: Path) -> None:
    (tmp_path / "файл").touch()
    for folder in (tmp_path / "файл", tmp_path / "файл" / "сервер"):
        assert "стоит не папка, а файл" in refused("serve", folder, "--init")
    assert "в этой папке нет сервера" in refused("audit", tmp_path / "файл")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server on SQLite, as it was made."""
    folder = tmp_path_factory.mktemp("сделан") / "сервер"
    done = vsoko("serve", folder, "--init")
    assert done.returncode == 0, done.stderr
    assert f'vsoko serve "{folder}"' in done.stdout
    return folder


def test_the_link_for_the_first_person_is_told_silently_too(tmp_path: Path) -> None:
    """Nothing tells it again."""
    for wanted in (("--init",), ("--invite", "centre")):
        done = vsoko("serve", tmp_path / "сервер", *wanted, "--quiet")
        assert done.returncode == 0, done.stderr
        (line,) = done.stdout.splitlines()
        assert "/invite/" in line


def test_what_was_made_is_for_the_administrator_alone(made: Path) -> None:
    assert 'database: "sqlite:база.sqlite"' in (made / "server.yml").read_text(encoding="utf-8")
    if os.name != "nt":
        assert [stat.S_IMODE(path.stat().st_mode) for path in sorted(made.iterdir())] == [0o600, 0o600]


def test_the_port_that_is_taken_is_told_with_where_it_stands(tmp_path: Path, made: Path) -> None:
    text = (made / "server.yml").read_text(encoding="utf-8")
    with socket.create_server(("127.0.0.1", own_port())) as taken:
        changed = text.replace("port: 8080", f"port: {taken.getsockname()[1]}")
        changed = changed.replace('"sqlite:', f'"sqlite:{made}/')
        (tmp_path / "server.yml").write_text(changed, encoding="utf-8")
        told = refused("serve", tmp_path, "--no-worker")
    assert "server.yml: порт занят" in told
    assert "--port" not in told


def test_a_database_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / "server.yml").write_text(server_text("sqlite:база.sqlite", port=own_port()), encoding="utf-8")
    for command in (("audit", tmp_path), ("worker", tmp_path, "--once"), ("serve", tmp_path, "--migrate")):
        assert "база.sqlite: файла базы нет" in refused(*command)
    assert [path.name for path in tmp_path.iterdir()] == ["server.yml"]


def test_a_database_that_goes_while_the_server_runs_is_not_made_anew(
    database: str, tmp_path: Path, stranger: Callable[[], Client]
) -> None:
    """As where a copy is put in its place: an empty one in between would be taken for it."""
    from django.db import connections

    client, base = stranger(), tmp_path / "база.sqlite"
    assert client.get("/invite/x").status_code == 404
    connections.close_all()
    base.rename(tmp_path / "в стороне.sqlite")
    assert client.get("/invite/x").status_code == 503
    assert not base.exists()
    (tmp_path / "в стороне.sqlite").rename(base)
    assert client.get("/invite/x").status_code == 404


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"hosts": f"[{SERVER}]"}, "ожидалось: vsoko.region.example"),
        ({"hosts": "['VSOKO.example:80']"}, "ожидалось: vsoko.example"),
        ({"hosts": "[школа.рф]"}, "ожидалось: xn--"),
        ({"hosts": "['a b']"}, "под таким именем"),
        ({"proxy": "localhost"}, "прокси узнаётся по адресу"),
    ],
)
def test_names_that_no_browser_sends_are_refused(stated: dict[str, str], said: str, tmp_path: Path) -> None:
    """A server that would answer nobody does not start."""
    from vsoko_rules.region.server_file import open_server

    (tmp_path / "server.yml").write_text(server_text("sqlite:база.sqlite", **stated), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        open_server(tmp_path)


def test_names_as_browsers_send_them_are_taken(tmp_path: Path) -> None:
    from vsoko_rules.region.server_file import open_server

    hosts = (
        "vsoko.example",
        "vsoko.example:8443",
        "127.0.0.1:8080",
        "[::1]:8080",
        "xn--80atdl2c.xn--p1ai",
        "localhost",
    )
    (tmp_path / "server.yml").write_text(server_text("sqlite:база.sqlite", hosts=list(hosts)), encoding="utf-8")
    assert open_server(tmp_path).hosts == hosts


@ON_POSTGRES
def test_tables_of_somebody_else_are_told(database: str, tmp_path: Path) -> None:
    """As they are where a copy is restored by who administers PostgreSQL, for themselves."""
    from django.db import connection

    from vsoko_rules.web.hosted.region_server import prepared

    (tmp_path / "server.yml").write_text(server_text(database), encoding="utf-8")
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS somebody_else")
        cursor.execute("CREATE ROLE somebody_else")
        cursor.execute("SET ROLE somebody_else")
        try:
            with pytest.raises(InputError, match="этой роли база не открыта"):
                prepared(tmp_path)
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE somebody_else")


@ON_POSTGRES
def test_a_role_that_may_make_no_tables_is_told(database: str, postgres: OwnPostgres, tmp_path: Path) -> None:
    """As since PostgreSQL 15 whoever does not own the database."""
    import psycopg

    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS of_another")
        connection.execute("DROP ROLE IF EXISTS somebody_else")
        connection.execute("CREATE ROLE somebody_else LOGIN")
        connection.execute("CREATE DATABASE of_another TEMPLATE template0")
    other = postgres.address("of_another").replace("postgres@", "somebody_else@")
    with psycopg.connect(postgres.address("of_another"), autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    told = refused("serve", tmp_path / "сервер", "--init", "--database", other)
    assert "этой роли база не открыта" in told
    assert "permission denied" in told
    assert list((tmp_path / "сервер").iterdir()) == []
    postgres.drop("of_another")


def test_a_database_of_a_newer_program_is_not_brought_to_this_one(database: str) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    from vsoko_rules.web.hosted.region_server import migrate, unapplied

    MigrationRecorder.Migration.objects.create(app="hosted", name="9999_to_come")
    for asked in (unapplied, migrate):
        with pytest.raises(InputError, match="от более новой программы"):
            asked()
