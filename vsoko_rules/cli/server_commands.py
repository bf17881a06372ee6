"""Commands about the page for a region: serve."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from threading import Event, current_thread, main_thread
from typing import Annotated, Final

import typer

from vsoko_rules.cli.choices import whole
from vsoko_rules.cli.screen import tell
from vsoko_rules.errors import ExitCode, InputError, Place, Problem

_NEEDED: Final = ("argon2", "django", "django_htmx", "django_otp", "psycopg", "segno", "waitress")
"""what the extra `server` installs"""

ROLES: Final = {
    "centre": "центр", "methodist": "методист", "expert": "эксперт", "school": "школа", "auditor": "аудитор",
}  # fmt: skip

Folder = Annotated[Path, typer.Argument(metavar="ПАПКА", help="Папка сервера: в ней server.yml.", show_default=False)]
InitOption = Annotated[bool, typer.Option("--init", help="Создать сервер: настройки, базу, первого человека.")]
MigrateOption = Annotated[bool, typer.Option("--migrate", help="Обновить базу до этой версии программы.")]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", metavar="АДРЕС", help="База нового сервера; без неё — SQLite, для пробы."),
]
HostsOption = Annotated[
    list[str] | None,
    typer.Option("--host", metavar="ИМЯ", help="Имя, под которым сервер открывают в браузере."),
]
ProcessesOption = Annotated[
    int,
    typer.Option("--processes", metavar="ЧИСЛО", help="Сколько процессов отвечает браузерам.", **whole(1, 64)),
]
WorkerOption = Annotated[
    bool,
    typer.Option("--worker/--no-worker", help="Запустить рядом и процесс для долгих работ.", show_default=False),
]
LoginOption = Annotated[
    str, typer.Option("--login", metavar="ИМЯ", help="С --init: имя для входа первого человека центра.")
]
NameOption = Annotated[str, typer.Option("--name", metavar="ФИО", help="С --init: как его зовут.")]
DemoOption = Annotated[
    bool, typer.Option("--demo", help="С --init: вымышленный регион для пробы, с известными паролями.")
]
AddedRulesetOption = Annotated[
    str | None,
    typer.Option("--ruleset", metavar="ПАПКА", help="Добавить свою методику: под ней можно начать исследование."),
]
InviteOption = Annotated[
    str | None,
    typer.Option("--invite", metavar="ИМЯ", help="Новая ссылка тому, кто не может войти; второй шаг снимается."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command("serve")(serve)


def serve(
    folder: Folder,
    init: InitOption = False,
    migrate: MigrateOption = False,
    database: DatabaseOption = None,
    hosts: HostsOption = None,
    processes: ProcessesOption = 1,
    worker: WorkerOption = True,
    login: LoginOption = "centre",
    name: NameOption = "Региональный центр",
    demo: DemoOption = False,
    ruleset: AddedRulesetOption = None,
    invite: InviteOption = None,
) -> int:
    """Открыть исследование региона страницей для школ, экспертов, методистов и центра.

    Примеры:

      vsoko serve сервер --init

      vsoko serve проба --init --demo

      vsoko serve сервер
    """
    check_installed()
    if demo and (hosts or not init):
        hint = "Пароли пробного региона известны всем: он бывает только в новом сервере на своём компьютере."
        raise InputError([Problem(Place("--demo"), "пробный регион здесь создать нельзя", hint=hint)])
    if (init or migrate) and (ruleset is not None or invite is not None):
        option = "--invite" if invite is not None else "--ruleset"
        raise InputError([Problem(Place(option), "это делают отдельно, когда сервер уже создан или обновлён")])
    if init:
        _begin(folder, database, hosts or [], None if demo else (login, name))
    elif migrate:
        _bring_to_this_version(folder)
    elif ruleset is not None or invite is not None:
        _keep(folder, ruleset, invite)
    else:
        _serve(folder, processes, worker)
    return ExitCode.COMPLETE


def _begin(folder: Path, database: str | None, hosts: list[str], first: tuple[str, str] | None) -> None:
    """A new server with its first person, by login and name; without one, with an invented region."""
    from vsoko_rules.web.hosted import region_server as hosted

    with hosted.new_server(folder, database, hosts) as path:
        people = hosted.invented() if first is None else []
        link = hosted.first_link(*first) if first is not None else ""
    tell(f"Записано: {path}.")
    _tell_people(people) if people else _tell_link(link)
    tell(f'Запустить сервер: vsoko serve "{folder}"')


def _keep(folder: Path, ruleset: str | None, invite: str | None) -> None:
    """A ruleset more, or a link for who cannot come in."""
    from vsoko_rules.web.hosted import region_server as hosted

    hosted.prepared(folder)
    if ruleset is not None:
        tell(f"Методика добавлена: {hosted.keep_ruleset(ruleset)}.")
    elif invite is not None:
        _tell_link(hosted.link_back(invite))


def _serve(folder: Path, processes: int, worker: bool) -> None:
    from vsoko_rules.web.hosted import region_server as hosted

    settings = hosted.prepared(folder)
    stop = stopped_by_the_system()
    opened = partial(_tell_opened, settings.hosts)
    hosted.serve(settings, opened, stop, processes=processes, worker=folder if worker else None)


def _bring_to_this_version(folder: Path) -> None:
    from vsoko_rules.web.hosted import region_server as hosted

    hosted.prepared(folder, migrated=False)
    done = hosted.migrate()
    for name in done:
        tell(f"Сделано: {name}.")
    if not done:
        tell("База уже от этой версии программы.")


def _tell_opened(hosts: Sequence[str], address: str) -> None:
    tell(f"Сервер отвечает на {address}; в браузере его открывают как {', '.join(hosts)}.")
    tell("Закончить: Ctrl + C.")
    if sys.stdout is not None:
        sys.stdout.flush()


def _tell_people(people: list[tuple[str, str, str]]) -> None:
    tell("Пробный регион создан. Все школы и люди в нём вымышлены. Войти можно так:")
    for login, role, password in people:
        typer.echo(f"  {ROLES[role]}: имя {login}, пароль {password}")


def stopped_by_the_system() -> Event:
    """Set when the system asks this process to end, as services are ended."""
    stop = Event()
    if current_thread() is main_thread():
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
    return stop


def _tell_link(link: str) -> None:
    tell("Ссылка для входа:")
    typer.echo(link)  # an answer that nothing gives again, not a remark
    tell("Она открывается один раз и действует 72 часа, когда сервер запущен. Передайте её только тому, кто войдёт.")


def check_installed() -> None:
    """Raises `InputError` where the extra is not installed."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        hint = "Установите дополнение: pip install vsoko-rules[server]. Остальные команды работают и без него."
        message = f"для сервера региона не установлено: {', '.join(missing)}"
        raise InputError([Problem(Place("vsoko"), message, hint=hint)])
