"""Commands about the page in a browser: open, shortcut."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from vsoko_rules.cli.choices import whole
from vsoko_rules.cli.screen import tell
from vsoko_rules.errors import ExitCode, InputError, Place, Problem, VsokoError

if TYPE_CHECKING:
    from vsoko_rules.web.site import Site

_NEEDED: Final = ("django", "django_htmx", "platformdirs", "waitress")
"""what the extra `web` installs"""

PlaceArgument = Annotated[
    Path,
    typer.Argument(
        metavar="ФАЙЛ|ПАПКА", help="Файл школы или папка со школами. По умолчанию — текущая.", show_default=False
    ),
]
BrowserOption = Annotated[
    bool,
    typer.Option("--browser/--no-browser", help="Открыть браузер или только назвать адрес.", show_default=False),
]
PortOption = Annotated[
    int,
    typer.Option(
        "--port",
        metavar="ПОРТ",
        help="Порт на этом компьютере; без него — любой свободный.",
        show_default=False,
        **whole(0, 65_535),
    ),
]
DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="ПАПКА", help="Где хранить историю изменений.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command("open")(open_)
    app.command("shortcut")(shortcut)
    app.command("site")(site)


def open_(
    place: PlaceArgument = Path(),
    browser: BrowserOption = True,
    port: PortOption = 0,
    data: DataOption = None,
) -> int:
    """Открыть школы страницей в браузере: вписывать документы, сразу видеть итог, отменять и возвращать изменения.

    Страница работает только на этом компьютере и ничего никуда не отправляет. Закончить — кнопкой «Завершить работу»
    внизу страницы или Ctrl + C.

    Примеры:

      vsoko open школы

      vsoko open форма.xlsx
    """
    import webbrowser

    try:
        _open(place, port, data, browser)
    except VsokoError as error:
        if sys.stderr is not None:
            raise
        webbrowser.open(_told_on_a_page(error).as_uri())
        return error.exit_code
    return ExitCode.COMPLETE


def _open(place: Path, port: int, data: Path | None, browser: bool) -> None:
    import webbrowser

    if not place.exists():
        raise InputError([Problem(Place(str(place)), "нет такого файла или папки")])
    _check_installed()
    from vsoko_rules.web.server import open_site, serve

    def opened(site: Site) -> None:
        tell(f"Страница открыта: {site.address}")
        tell("Ссылка действует один раз. Закончить: кнопка «Завершить работу» на странице или Ctrl + C.")
        if sys.stdout is not None:
            sys.stdout.flush()
        if browser:
            webbrowser.open(site.address)

    serve(open_site(place, data or _data_folder()), port, opened)


def _told_on_a_page(error: VsokoError) -> Path:
    """A page that says what is wrong, for who started the program by an icon and sees no terminal."""
    import tempfile

    from vsoko_rules.templates import html, render
    from vsoko_rules.writing.files import write

    path = Path(tempfile.gettempdir()) / "vsoko-не-открылось.html"
    write(path, render("web/not_opened.j2", html, problems=error.problems).encode())
    return path


def shortcut(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="ПАПКА", help="Папка с файлами школ. По умолчанию — «ВСОКО» в «Документах».", show_default=False
        ),
    ] = None,
    desktop: Annotated[
        Path | None,
        typer.Option("--desktop", metavar="ПАПКА", help="Куда положить значок вместо рабочего стола."),
    ] = None,
) -> int:
    """Положить на рабочий стол значок: двойной щелчок по нему открывает школы страницей в браузере.

    Примеры:

      vsoko shortcut

      vsoko shortcut школы
    """
    _check_installed()
    from platformdirs import user_desktop_path, user_documents_path

    from vsoko_rules.workspace.shortcuts import NAME, put_shortcut

    schools = (folder or user_documents_path() / NAME).absolute()
    path = put_shortcut(schools, (desktop or user_desktop_path()).absolute())
    tell(f"Записано: {path}. Двойной щелчок открывает школы из папки {schools}.")
    return ExitCode.COMPLETE


def site(
    folder: Annotated[Path, typer.Argument(metavar="ПАПКА", help="Куда записать сайт.", show_default=False)],
    parts: Annotated[
        Path,
        typer.Option("--parts", metavar="ПАПКА", help="Части для браузера, собранные заранее.", show_default=False),
    ],
) -> int:
    """Записать программу сайтом, который работает прямо в браузере: устанавливать школам ничего не нужно.

    Папку кладут на любой веб-сервер с HTTPS. Введённое школой не покидает её компьютера. Как собрать части для
    браузера, сказано в docs/site.ru.md.

    Пример:

      vsoko site сайт --parts части
    """
    _check_installed()
    from vsoko_rules.web.static_site import write_site

    sizes = write_site(folder, parts)
    megabytes = f"{sum(sizes.values()) / 1e6:.1f}".replace(".", ",")
    tell(f"Записано: {folder}, файлов: {len(sizes)}, {megabytes} МБ.")
    tell(f"Посмотреть на этом компьютере: python -m http.server --bind 127.0.0.1 --directory {folder}")
    return ExitCode.COMPLETE


def _check_installed() -> None:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        hint = "Установите дополнение: pip install vsoko-rules[web]. Остальные команды работают и без него."
        message = f"для страницы в браузере не установлено: {', '.join(missing)}"
        raise InputError([Problem(Place("vsoko"), message, hint=hint)])


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("vsoko", appauthor=False)
