"""Russian throughout: what Typer itself says around the words of the commands, in help and in errors."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from vsoko_rules.errors import did_you_mean

rich_utils.ARGUMENTS_PANEL_TITLE = "Что указать"
rich_utils.OPTIONS_PANEL_TITLE = "Параметры"
rich_utils.COMMANDS_PANEL_TITLE = "Команды"
rich_utils.DEFAULT_STRING = "[по умолчанию: {}]"
rich_utils.REQUIRED_LONG_STRING = "[обязательно]"

F = TypeVar("F", bound=Callable[..., Any])

click: Any = import_module(typer.BadParameter.__module__)
"""errors of the command line: Typer carries Click's inside and exports only this one"""

_USAGE = "Использование: "
_HELP = "Показать эту справку."
_OPTIONS = "[ПАРАМЕТРЫ]"
_COMMAND = "КОМАНДА …"


class _Russian:
    """Mixed into commands and groups. Types of flags and of files («bool», «Path») say nothing to a reader: hidden."""

    def format_usage(self: Any, ctx: Any, formatter: Any) -> None:
        """The usage line, with its first word in Russian."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), _USAGE)

    def get_params(self, ctx: Any) -> Any:
        """The parameters, without the types that speak to programmers, and with help on help in Russian."""
        params = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            if getattr(param, "is_flag", False) or param.param_type_name == "argument":
                param.display_type_rich = _nothing
            if "--help" in param.opts:
                param.help = _HELP
        return params


def _nothing(ctx: Any) -> None:
    """No type is shown."""


class RussianCommand(_Russian, TyperCommand):
    """A command whose help is in Russian throughout."""


class RussianGroup(_Russian, TyperGroup):
    """A group of commands whose help is in Russian throughout."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is asked for."""
        if self.get_command(ctx, args[0]) is None:
            hint = did_you_mean(args[0], self.list_commands(ctx))
            raise click.UsageError(f"нет такой команды: {args[0]}. {hint or ''}".rstrip(" ."), ctx)
        return super().resolve_command(ctx, args)


class App(typer.Typer):
    """A Typer application that makes such commands."""

    def __init__(self, **settings: Any) -> None:
        names = {"help_option_names": ["-h", "--help"]}
        super().__init__(
            cls=RussianGroup,
            no_args_is_help=True,
            add_completion=False,
            options_metavar=_OPTIONS,
            subcommand_metavar=_COMMAND,
            context_settings=names,
            **settings,
        )

    def command(self, name: str | None = None, **settings: Any) -> Callable[[F], F]:
        """As Typer's, for commands with help in Russian."""
        return super().command(name, cls=RussianCommand, options_metavar=_OPTIONS, **settings)


def wrong_usage(exc: Any) -> str:
    """What is wrong with the command line. `exc` is a `UsageError` of Click."""
    path = exc.ctx.command_path if exc.ctx is not None else "vsoko"
    return f"Команда указана не так: {_message(exc)}. Подсказка: {path} --help."


def _message(exc: Any) -> str:
    if isinstance(exc, click.NoSuchOption):
        return f"нет такого параметра: {exc.option_name}"
    if isinstance(exc, click.BadOptionUsage):
        return f"параметр указан не так: {exc.option_name}"
    if not isinstance(exc, click.BadParameter) or exc.param is None:
        return str(exc.format_message())
    name = exc.param.metavar if exc.param.param_type_name == "argument" else exc.param.opts[0]
    if isinstance(exc, click.MissingParameter):
        return f"не указано обязательное: {name}"
    about = (exc.param.help or "").split(". ")[0].rstrip(".")
    return f"неверное значение: {name} ({about})"
