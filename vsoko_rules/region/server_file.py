"""The settings of a region's server, in one file of its folder that only the administrator reads."""

from __future__ import annotations

import os
import secrets
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import Field

from vsoko_rules.errors import InputError, OutputError, Place, Problem, argument
from vsoko_rules.reading.scalars import Flag, Text, Whole
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.yaml import Source, read
from vsoko_rules.templates import plain, render
from vsoko_rules.writing.files import write_new

NAME: Final = "server.yml"
_SHORTEST: Final = 40
"""letters of a secret: `new_secret` gives 64"""
_ENGINES: Final = ("postgresql", "sqlite")
_NO_HOST: Final = "под таким именем сервер не откроется"
_SOME_HOST: Final = "vsoko.region.example"

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
    if not os.path.lexists(path):
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
    problems += [
        Problem(source.place(("hosts", at)), _NO_HOST, host, asked)
        for at, host in enumerate(made.hosts)
        if (asked := _as_asked(host, tls=made.tls)) != host
    ]
    if made.proxy is not None and not _is_address(made.proxy):
        problems.append(Problem(source.place(("proxy",)), "прокси узнаётся по адресу", made.proxy, "127.0.0.1"))
    if problems:
        raise InputError(problems)


def _as_asked(host: str, *, tls: bool) -> str:
    """How browsers name a server in what they ask, after what somebody took for its name; an example where that is
    none."""
    try:
        stated = urlsplit(f"//{host.partition('://')[2] or host}".lower())
        port = stated.port
        name = (stated.hostname or "").encode("idna").decode()
    except ValueError:
        return _SOME_HOST
    if not name or any(letter.isspace() for letter in name):
        return _SOME_HOST
    if ":" in name:
        name = f"[{name}]"
    return name if port in (None, 443 if tls else 80) else f"{name}:{port}"


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def database(server: ServerFile, folder: Path) -> Database:
    """Where the database of a server is. Raises `InputError`."""
    other = os.environ.get("VSOKO_DATABASE")
    stated = _taken_apart(other or server.database, Place("VSOKO_DATABASE") if other else Place(str(folder / NAME)))
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


def _taken_apart(stated: str, place: Place) -> SplitResult:
    """The address of a database in its parts. Raises `InputError`; a password in the address is not told."""
    expected = "sqlite:база.sqlite или postgresql://имя@узел:порт/база"
    shown = "…@" + stated.rpartition("@")[2] if "@" in stated else stated
    problem = Problem(place, "база данных названа не так", shown or "пусто", expected)
    try:
        made = urlsplit(stated)
        _ = made.port
    except ValueError as exc:
        raise InputError([problem]) from exc
    if made.scheme not in _ENGINES:
        raise InputError([problem])
    return made


def make_server(folder: Path, *, stated: str | None = None, hosts: tuple[str, ...] = (), tls: bool = False) -> Path:
    """Write the settings of a new server into a folder, with a secret of its own. `stated` is its database. Raises
    `InputError`, and `OutputError` where there are some already."""
    path = folder / NAME
    if os.path.lexists(path):
        raise OutputError([Problem(Place(str(path)), "в этой папке уже есть сервер")])
    wrong = [(host, asked) for host in hosts if (asked := _as_asked(host, tls=tls)) != host]
    if wrong:
        raise InputError([Problem(argument("host"), _NO_HOST, host, asked) for host, asked in wrong])
    if stated is not None:
        _taken_apart(stated, argument("database"))
    shown = {"secret": new_secret(), "database": stated or "sqlite:база.sqlite", "hosts": hosts, "tls": tls}
    write_new(path, render("hosted/server.yml.j2", plain, **shown).encode())
    path.chmod(0o600)
    return path


def new_secret() -> str:
    """A secret that nobody guesses."""
    return secrets.token_urlsafe(48)
