"""`vsoko`: the commands put together, and what happens when one of them fails."""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from typing import Annotated, Any

import typer

from vsoko_rules import __version__
from vsoko_rules.cli import cases, documents, forms, plan, rules, study
from vsoko_rules.cli.complaints import complain
from vsoko_rules.cli.russian import App
from vsoko_rules.errors import ExitCode, VsokoError

click: Any = import_module(typer.BadParameter.__module__)
"""errors of the command line: Click's, which Typer carries inside since 0.26 and of which it exports only this one"""

_USAGE: dict[type[Exception], str] = {
    click.NoSuchOption: "нет такого параметра: {0.option_name}",
    click.MissingParameter: "не указано обязательное: {0.param.metavar}",
    click.BadOptionUsage: "параметр указан не так: {0.option_name}",
    click.BadParameter: "неверное значение: {0.param_hint}",
}

app = App(
    name="vsoko",
    help="Оценка эффективности ВСОКО школы: полна ли управленческая цепочка от целей до приказа в каждом "
    "из шести блоков.",
    epilog="Коды завершения: 0 — всё на месте, 1 — есть пробелы, 2 — ошибка во входных данных, "
    "3 — ошибка в методике, 4 — внутренняя ошибка.",
)
cases.register(app)
documents.register(app)
plan.register(app)
study.register(app)
forms.register(app)
app.add_typer(rules.app, name="rules")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vsoko {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Показать версию и закончить.")
    ] = False,
) -> None:
    """Options of `vsoko` itself."""


def main() -> None:
    """Run `vsoko` and leave with one of the documented exit codes."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(_run())


def _run() -> int:
    try:
        code = app(standalone_mode=False)
        return code if isinstance(code, int) else ExitCode.COMPLETE
    except VsokoError as exc:
        complain(exc)
        return exc.exit_code
    except click.NoArgsIsHelpError as exc:
        typer.echo(exc.format_message(), err=True)
        return ExitCode.BAD_INPUT
    except click.UsageError as exc:
        typer.echo(_usage(exc), err=True)
        return ExitCode.BAD_INPUT
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("Прервано.", err=True)
        return ExitCode.BAD_INPUT
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.COMPLETE
    except Exception:
        if os.environ.get("VSOKO_DEBUG"):
            traceback.print_exc()
        kind, value, _ = sys.exc_info()
        name = kind.__name__ if kind else ""
        typer.echo(
            f"Внутренняя ошибка: {name}: {value}. Результат не выдан. Подробности покажет запуск с VSOKO_DEBUG=1.",
            err=True,
        )
        return ExitCode.INTERNAL


def _usage(exc: Any) -> str:
    """What is wrong with the command line, in Russian."""
    text = next((text for kind, text in _USAGE.items() if isinstance(exc, kind)), None)
    message = text.format(exc) if text else exc.format_message()
    path = exc.ctx.command_path if exc.ctx is not None else "vsoko"
    return f"Команда указана не так: {message}. Подсказка: {path} --help."
