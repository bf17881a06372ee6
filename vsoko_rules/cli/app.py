"""`vsoko`: the commands put together, and what happens when one of them fails."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from contextvars import copy_context
from typing import Annotated

import typer

from vsoko_rules import __version__
from vsoko_rules.cli import (
    case_commands,
    document_commands,
    form_commands,
    intake_commands,
    page_commands,
    planning_commands,
    ruleset_commands,
    server_commands,
    server_upkeep,
    study,
)
from vsoko_rules.cli.options import QuietOption
from vsoko_rules.cli.russian import App, RussianGroup, WrongUsage, click, wrong_usage
from vsoko_rules.cli.screen import give_up
from vsoko_rules.errors import ExitCode, VsokoError

app = App(
    name="vsoko",
    help="Оценка эффективности ВСОКО школы: полна ли управленческая цепочка от целей до приказа в каждом "
    "из шести блоков.",
    epilog="Коды завершения: 0 — всё на месте, 1 — есть пробелы, 2 — ошибка во входных данных, "
    "3 — ошибка в методике, 4 — внутренняя ошибка.",
    add_completion=True,
)
for commands in (
    case_commands,
    intake_commands,
    document_commands,
    planning_commands,
    study,
    form_commands,
    page_commands,
    server_commands,
    server_upkeep,
):
    commands.register(app)
app.add_typer(ruleset_commands.app, name="rules")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vsoko {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Показать версию и закончить.")
    ] = False,
    quiet: QuietOption = False,
) -> None:
    """Options of `vsoko` itself."""


@app.command("help")
def help_(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="КОМАНДА", help="О какой команде рассказать.", show_default=False),
    ] = None,
) -> int:
    """Показать справку о программе или о команде.

    Примеры:

      vsoko help check

      vsoko help rules graph
    """
    group = context.find_root()
    for word in words or ():
        if not isinstance(group.command, RussianGroup):
            raise WrongUsage(f"у команды {group.command_path} нет своих команд: {word}", group)
        name, command, _ = group.command.resolve_command(group, [word])
        group = type(group)(command, info_name=name, parent=group)
    typer.echo(group.get_help())
    return ExitCode.COMPLETE


def main() -> None:
    """Run `vsoko` and leave with one of the documented exit codes."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(copy_context().run(_run))


def _run() -> int:
    try:
        code = app(standalone_mode=False, prog_name="vsoko")
        if sys.stdout is not None:  # there is none where an icon started the program without a terminal
            sys.stdout.flush()
        return code if isinstance(code, int) else ExitCode.COMPLETE
    except VsokoError as exc:
        give_up(exc)
        return exc.exit_code
    except click.NoArgsIsHelpError as exc:
        typer.echo(exc.format_message(), err=True)
        return ExitCode.BAD_INPUT
    except click.UsageError as exc:
        typer.echo(wrong_usage(exc), err=True)
        return ExitCode.BAD_INPUT
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("Прервано.", err=True)
        return ExitCode.BAD_INPUT
    except (Exception, SystemExit) as exc:
        if _nobody_reads(exc):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return ExitCode.COMPLETE
        if isinstance(exc, SystemExit):
            raise
        return _internal(exc)


def _nobody_reads(exc: BaseException) -> bool:
    """Whether the output went into a closed pipe (`vsoko … | head -1`). Windows calls that an invalid argument, as it
    calls a bad name of a file; Typer makes it an exit of its own."""
    cause = exc.__context__ if isinstance(exc, SystemExit) else exc
    return isinstance(cause, OSError) and cause.errno in (errno.EPIPE, errno.EINVAL) and cause.filename is None


def _internal(exc: Exception) -> int:
    if os.environ.get("VSOKO_DEBUG"):
        traceback.print_exception(exc)
    typer.echo(
        f"Внутренняя ошибка: {type(exc).__name__}: {exc}. Результат не выдан. "
        "Подробности покажет запуск с VSOKO_DEBUG=1.",
        err=True,
    )
    return ExitCode.INTERNAL
