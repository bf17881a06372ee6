"""Commands about the page for a region: serve."""

from __future__ import annotations

import signal
import sys
from importlib.util import find_spec
from pathlib import Path
from threading import Event, current_thread, main_thread
from typing import Annotated, Final

import typer

from vsoko_rules.cli.choices import whole
from vsoko_rules.cli.screen import tell
from vsoko_rules.errors import ExitCode, InputError, Place, Problem, VsokoError

_NEEDED: Final = ("argon2", "django", "django_htmx", "django_otp", "psycopg", "segno", "waitress")
"""what the extra `server` installs"""

ROLES: Final = {
    "centre": "центр", "methodist": "методист", "expert": "эксперт", "school": "школа", "auditor": "аудитор",
}  # fmt: skip

Folder = Annotated[Path, typer.Argument(metavar="ПАПКА", help="Папка сервера: в ней server.yml.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command("serve")(serve)


def serve(
    folder: Folder,
    init: Annotated[bool, typer.Option("--init", help="Создать сервер: настройки, базу, первого человека.")] = False,
    migrate: Annotated[bool, typer.Option("--migrate", help="Обновить базу до этой версии программы.")] = False,
    database: Annotated[
        str | None,
        typer.Option("--database", metavar="АДРЕС", help="База нового сервера; без неё — SQLite, для пробы."),
    ] = None,
    hosts: Annotated[
        list[str] | None,
        typer.Option("--host", metavar="ИМЯ", help="Имя, под которым сервер открывают в браузере."),
    ] = None,
    processes: Annotated[
        int,
        typer.Option("--processes", metavar="ЧИСЛО", help="Сколько процессов отвечает браузерам.", **whole(1, 64)),
    ] = 1,
    worker: Annotated[
        bool,
        typer.Option("--worker/--no-worker", help="Запустить рядом и процесс для долгих работ.", show_default=False),
    ] = True,
    login: Annotated[
        str, typer.Option("--login", metavar="ИМЯ", help="С --init: имя для входа первого человека центра.")
    ] = "centre",
    name: Annotated[str, typer.Option("--name", metavar="ФИО", help="С --init: как его зовут.")] = "Региональный центр",
    demo: Annotated[
        bool, typer.Option("--demo", help="С --init: вымышленный регион для пробы, с известными паролями.")
    ] = False,
    ruleset: Annotated[
        str | None,
        typer.Option("--ruleset", metavar="ПАПКА", help="Добавить свою методику: под ней можно начать исследование."),
    ] = None,
    invite: Annotated[
        str | None,
        typer.Option("--invite", metavar="ИМЯ", help="Новая ссылка тому, кто не может войти; второй шаг снимается."),
    ] = None,
) -> int:
    """Открыть исследование региона страницей для школ, экспертов, методистов и центра.

    Примеры:

      vsoko serve сервер --init

      vsoko serve проба --init --demo

      vsoko serve сервер
    """
    check_installed()
    from vsoko_rules.region.server_file import make_server
    from vsoko_rules.web.hosted import region_server as hosted

    if demo and (hosts or not init):
        hint = "Пароли пробного региона известны всем: он бывает только в новом сервере на своём компьютере."
        raise InputError([Problem(Place("--demo"), "пробный регион здесь создать нельзя", hint=hint)])
    if init:
        names = tuple(hosts or ("127.0.0.1:8080", "localhost:8080"))
        path = make_server(folder, stated=database, hosts=names, tls=bool(hosts))
        try:
            hosted.prepared(folder, migrated=False)
        except VsokoError:  # with settings that do not hold, the next attempt would be refused
            path.unlink()
            raise
        tell(f"Записано: {path}.")
    if init or migrate:
        hosted.prepared(folder, migrated=False)
        for done in hosted.migrate():
            tell(f"Сделано: {done}.")
        if init and demo:
            _tell_people(hosted.invented())
        elif init:
            _tell_link(hosted.first_link(login, name))
        return ExitCode.COMPLETE
    settings = hosted.prepared(folder)
    if ruleset is not None:
        tell(f"Методика добавлена: {hosted.keep_ruleset(ruleset)}.")
        return ExitCode.COMPLETE
    if invite is not None:
        _tell_link(hosted.link_back(invite))
        return ExitCode.COMPLETE

    def opened(address: str) -> None:
        tell(f"Сервер отвечает на {address}; в браузере его открывают как {', '.join(settings.hosts)}.")
        tell("Закончить: Ctrl + C.")
        if sys.stdout is not None:
            sys.stdout.flush()

    stop = stopped_by_the_system()
    hosted.serve(settings, opened, stop, processes=processes, worker=folder if worker else None)
    return ExitCode.COMPLETE


def _tell_people(people: list[tuple[str, str, str]]) -> None:
    tell("Пробный регион создан. Все школы и люди в нём вымышлены. Войти можно так:")
    for login, role, password in people:
        tell(f"  {ROLES[role]}: имя {login}, пароль {password}")


def stopped_by_the_system() -> Event:
    """Set when the system asks this process to end, as services are ended."""
    stop = Event()
    if current_thread() is main_thread():
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
    return stop


def _tell_link(link: str) -> None:
    tell("Ссылка для входа:")
    tell(link)
    tell("Она открывается один раз и действует 72 часа, когда сервер запущен. Передайте её только тому, кто войдёт.")


def check_installed() -> None:
    """Raises `InputError` where the extra is not installed."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        hint = "Установите дополнение: pip install vsoko-rules[server]. Остальные команды работают и без него."
        message = f"для сервера региона не установлено: {', '.join(missing)}"
        raise InputError([Problem(Place("vsoko"), message, hint=hint)])
