"""Help in Russian: what Typer itself says around the words of the commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

rich_utils.ARGUMENTS_PANEL_TITLE = "Что указать"
rich_utils.OPTIONS_PANEL_TITLE = "Параметры"
rich_utils.COMMANDS_PANEL_TITLE = "Команды"
rich_utils.DEFAULT_STRING = "[по умолчанию: {}]"
rich_utils.REQUIRED_LONG_STRING = "[обязательно]"

F = TypeVar("F", bound=Callable[..., Any])

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


class Command(_Russian, TyperCommand):
    """A command whose help is in Russian throughout."""


class Group(_Russian, TyperGroup):
    """A group of commands whose help is in Russian throughout."""


class App(typer.Typer):
    """A Typer application that makes such commands."""

    def __init__(self, **settings: Any) -> None:
        names = {"help_option_names": ["-h", "--help"]}
        super().__init__(
            cls=Group,
            no_args_is_help=True,
            add_completion=False,
            options_metavar=_OPTIONS,
            subcommand_metavar=_COMMAND,
            context_settings=names,
            **settings,
        )

    def command(self, name: str | None = None, **settings: Any) -> Callable[[F], F]:
        """As Typer's, for commands with help in Russian."""
        return super().command(name, cls=Command, options_metavar=_OPTIONS, **settings)
