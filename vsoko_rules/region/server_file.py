"""The settings of a region's server, in one file of its folder that only the administrator reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import unquote, urlsplit

from pydantic import Field

from vsoko_rules.errors import InputError, OutputError, Place, Problem
from vsoko_rules.reading.scalars import Flag, Text, Whole
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.yaml import Source, read
from vsoko_rules.templates import plain, render
from vsoko_rules.writing.files import write_new

NAME: Final = "server.yml"
_SHORTEST: Final = 40
"""letters of a secret: `new_secret` gives 64"""
_ENGINES: Final = ("postgresql", "sqlite")

Hosts = Annotated[tuple[Text, ...], Field(min_length=1)]


class ServerFile(Model):
    """What an administrator sets; `folder` is where the file lies."""

    secret: Text
    hosts: Hosts
    """the names under which browsers know the server, with the port where it is not the usual one"""
    database: Text
    """`sqlite:база.sqlite`, beside the file, or `postgresql://имя@узел:порт/база`; the password may be left to
    `PGPASSWORD` or `.pgpass`"""
    tls: Flag = True
    """whether browsers come by HTTPS, through a proxy in front"""
    second_factor: Flag = True
    """whether the centre needs a code of a second device; only a trial without HTTPS goes without"""
    uploads: Flag = False
    """whether files may be sent: scans may hold names of pupils"""
    listen: Text = "127.0.0.1"
    port: Annotated[Whole, Field(ge=1, le=65_535)] = 8080
    threads: Annotated[Whole, Field(ge=1, le=64)] = 6
    proxy: Text | None = None
    """the address of the proxy in front, whose word on the address of a browser is believed"""


class Database(Model):
    """Where the database is, taken apart. A field that is not stated is empty."""

    engine: Text
    name: Text
    host: str = ""
    port: str = ""
    user: str = ""
    password: str = ""


def open_server(folder: Path) -> ServerFile:
    """The settings in a folder. Raises `InputError`: for a secret that is none, too."""
    path = folder / NAME
    if not path.is_file():
        hint = "Сначала создайте сервер в этой папке."
        raise InputError([Problem(Place(str(path)), "в этой папке нет сервера", hint=hint)])
    source = read(path, InputError)
    made = validated(ServerFile, source, InputError)
    if len(made.secret) < _SHORTEST or len(set(made.secret)) < _SHORTEST // 4:
        problem = Problem(
            source.place(("secret",)),
            "секрет сервера слишком прост",
            expected=f"не меньше {_SHORTEST} случайных знаков",
            hint='Новый секрет: python -c "import secrets; print(secrets.token_urlsafe(48))".',
        )
        raise InputError([problem])
    _check_safety(made, source)
    database(made, folder)
    return made


def _check_safety(made: ServerFile, source: Source) -> None:
    """Refuse settings that would leave a server of a region open, or shut for everybody. Raises `InputError`."""
    problems = []
    if made.tls and not made.second_factor:
        hint = "Без второго шага можно только пробовать программу на своём компьютере, с tls: false."
        problems.append(Problem(source.place(("second_factor",)), "второй шаг входа выключен", "false", "true", hint))
    if made.tls and made.proxy is None:
        hint = "Укажите адрес, с которого прокси обращается к серверу; на той же машине это 127.0.0.1."
        problems.append(Problem(source.place(("tls",)), "не указан прокси, который принимает HTTPS", hint=hint))
    if made.uploads:
        hint = "Школы указывают адреса документов на своих сайтах, эксперты открывают их по ссылкам."
        message = "принимать файлы документов эта версия ещё не умеет"
        problems.append(Problem(source.place(("uploads",)), message, "true", "false", hint))
    if problems:
        raise InputError(problems)


def database(server: ServerFile, folder: Path) -> Database:
    """Where the database of a server is. Raises `InputError`."""
    stated = urlsplit(os.environ.get("VSOKO_DATABASE") or server.database)
    if stated.scheme not in _ENGINES:
        expected = "sqlite:база.sqlite или postgresql://имя@узел/база"
        raise InputError([Problem(Place(NAME), "база данных названа не так", stated.scheme or "пусто", expected)])
    if stated.scheme == "sqlite":
        return Database(engine="sqlite", name=str(folder / (stated.path.removeprefix("//") or "база.sqlite")))
    return Database(
        engine="postgresql",
        name=unquote(stated.path.lstrip("/")) or "vsoko",
        host=unquote(stated.hostname or ""),
        port=str(stated.port or ""),
        user=unquote(stated.username or ""),
        password=unquote(stated.password or ""),
    )


def make_server(folder: Path, *, stated: str | None = None, hosts: tuple[str, ...] = (), tls: bool = False) -> Path:
    """Write the settings of a new server into a folder, with a secret of its own. `stated` is its database. Raises
    `OutputError` where there are some already."""
    path = folder / NAME
    if path.exists():
        raise OutputError([Problem(Place(str(path)), "в этой папке уже есть сервер")])
    folder.mkdir(parents=True, exist_ok=True)
    shown = {"secret": new_secret(), "database": stated or "sqlite:база.sqlite", "hosts": hosts, "tls": tls}
    write_new(path, render("hosted/server.yml.j2", plain, **shown).encode())
    path.chmod(0o600)
    return path


def new_secret() -> str:
    """A secret that nobody guesses."""
    return secrets.token_urlsafe(48)
