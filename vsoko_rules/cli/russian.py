"""Russian throughout: what Typer itself says around the words of the commands, in help and in errors."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeVar

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
completion: Any = import_module("typer.completion")
"""what Typer does for shells; exported is nothing of it"""

_USAGE: Final = "Использование: "
_OPTIONS: Final = "[ПАРАМЕТРЫ]"
_COMMAND: Final = "КОМАНДА …"
_HELP: Final = {
    "--help": "Показать эту справку.",
    "--install-completion": "Включить в этой оболочке дополнение команд клавишей Tab.",
    "--show-completion": "Показать, что для этого записывается в настройки оболочки.",
}
"""by an option that Typer adds of itself"""
_COMPLETION: Final = {"--install-completion", "--show-completion"}
EVERYWHERE: Final = ("quiet",)
"""options of the whole program that may stand after any command too"""
_PARAGRAPH: Final = re.compile(r"(?<=\S)\n(?=\S)")
"""a line end inside a paragraph; examples are indented"""


class WrongUsage(click.UsageError):  # type: ignore[misc] # a base that Typer does not export
    """Something wrong with the command line, said in Russian."""


class _Russian:
    """Mixed into commands and groups. Types of flags and of files («bool», «Path») say nothing to a reader: hidden."""

    def format_usage(self: Any, ctx: Any, formatter: Any) -> None:
        """The usage line, with its first word in Russian."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), _USAGE)

    def collect_usage_pieces(self: Any, ctx: Any) -> list[str]:
        """What is typed after a command: in brackets what may be left out, with «…» what may be repeated."""
        arguments = [p for p in self.get_params(ctx) if p.param_type_name == "argument"]
        names = [argument_name(p) if p.required else f"[{argument_name(p)}]" for p in arguments]
        return [_OPTIONS, *names, *([_COMMAND] if isinstance(self, TyperGroup) else [])]

    def get_params(self, ctx: Any) -> Any:
        """The parameters, without the types that speak to programmers, and with what Typer adds in Russian."""
        root = ctx.find_root().command
        shared = [param for param in root.params if root is not self and param.name in EVERYWHERE]
        params = [*super().get_params(ctx), *shared]  # type: ignore[misc]
        for param in params:
            if getattr(param, "is_flag", False) or param.param_type_name == "argument":
                param.display_type_rich = _nothing
            param.help = next((text for option, text in _HELP.items() if option in param.opts), param.help)
            if not _COMPLETION.isdisjoint(param.opts):
                param.callback = _completion
        return params

    def parse_args(self: Any, ctx: Any, args: list[str]) -> list[str]:
        """Take the command line apart; a mistake in it knows the command, and what is too much is named."""
        ctx.allow_extra_args = True
        try:
            rest: list[str] = super().parse_args(ctx, args)  # type: ignore[misc]
        except click.UsageError as exc:
            exc.ctx = exc.ctx or ctx
            raise
        if rest and not isinstance(self, TyperGroup) and not ctx.resilient_parsing:
            raise WrongUsage("лишнее: " + ", ".join(f"«{argument}»" for argument in rest), ctx)
        return rest


def _nothing(ctx: Any) -> None:
    """No type is shown."""


def argument_name(param: Any) -> str:
    """How an argument is called in help and errors; one that may be repeated ends with «…»."""
    name = str(param.metavar or param.name.upper())
    return name if param.nargs == 1 or name.endswith("…") else f"{name}…"


def _completion(ctx: Any, param: Any, wanted: Any) -> None:
    """Make the shell complete commands, or show what makes it."""
    if not wanted or ctx.resilient_parsing:
        return
    known, shell = [shell.value for shell in completion.Shells], completion._get_shell_name()
    if shell not in known:
        about = shell or "не определилась"
        raise WrongUsage(f"оболочка: {about}; дополнение команд есть для {', '.join(known)}", ctx)
    if "--show-completion" in param.opts:
        completion.show_callback(ctx, param, shell)
    _, path = completion.install(shell=shell)
    typer.echo(f"Дополнение команд записано: {path}. Оно заработает в новом окне {shell}.")
    raise typer.Exit


class RussianCommand(_Russian, TyperCommand):
    """A command whose help is in Russian throughout."""


class RussianGroup(_Russian, TyperGroup):
    """A group of commands whose help is in Russian throughout."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is asked for; a file in its place is checked."""
        if self.get_command(ctx, args[0]) is None:
            if SHOW in self.commands and _is_path(args[0]):
                return SHOW, self.get_command(ctx, SHOW), args
            hint = did_you_mean(args[0], [name for name in self.list_commands(ctx) if not self.commands[name].hidden])
            raise WrongUsage(f"нет такой команды: {args[0]}" + (f". {hint}" if hint else ""), ctx)
        return super().resolve_command(ctx, args)


SHOW: Final = "show"
"""the command for a file that stands where a command is expected"""


def _is_path(text: str) -> bool:
    """Whether a word is the name of a file and not a misspelt command."""
    return bool(Path(text).suffix) or "/" in text or "\\" in text or Path(text).exists()


class App(typer.Typer):
    """A Typer application that makes such commands."""

    def __init__(self, add_completion: bool = False, **settings: Any) -> None:
        names = {"help_option_names": ["-h", "--help"]}
        super().__init__(
            cls=RussianGroup, no_args_is_help=True, add_completion=add_completion, context_settings=names, **settings
        )

    def command(self, name: str | None = None, **settings: Any) -> Callable[[F], F]:
        """As Typer's, for commands with help in Russian; lines of a paragraph run on."""

        def register(function: F) -> F:
            about = _PARAGRAPH.sub(" ", inspect.cleandoc(function.__doc__ or ""))
            return typer.Typer.command(self, name, cls=RussianCommand, help=about, **settings)(function)

        return register


def wrong_usage(exc: Any) -> str:
    """What is wrong with the command line. `exc` is a `UsageError` of Click."""
    path = exc.ctx.command_path if exc.ctx is not None else "vsoko"
    return " ".join(["Команда указана не так:", *_sentences(exc), f"Подсказка: {path} --help."])


def _sentences(exc: Any) -> Iterator[str]:
    if isinstance(exc, click.NoSuchOption):
        known = [opt for param in exc.ctx.command.get_params(exc.ctx) for opt in param.opts] if exc.ctx else []
        yield f"нет такого параметра: {exc.option_name}."
        yield from filter(None, [did_you_mean(exc.option_name, known)])
    elif isinstance(exc, click.BadOptionUsage):
        yield _option_usage(exc)
    elif isinstance(exc, click.MissingParameter):
        yield f"не указано обязательное: «{_parameter(exc.param)}»."
    elif isinstance(exc, click.BadParameter):
        named = _parameter(exc.param)
        yield (
            ": ".join(filter(None, [named, str(exc.message)]))
            if _is_russian(exc)
            else f"значение не подходит: {named}."
        )
    elif isinstance(exc, WrongUsage):
        yield str(exc.message).rstrip(".") + "."
    else:
        yield "не указана команда." if isinstance(exc.ctx and exc.ctx.command, TyperGroup) else "её не разобрать."


def _is_russian(exc: Any) -> bool:
    """Whether a message is ours (see `choices`) and not Typer's own."""
    return re.search("[а-яё]", str(exc.message)) is not None


def _option_usage(exc: Any) -> str:
    """An option without its value, or a flag with one."""
    params = exc.ctx.command.get_params(exc.ctx) if exc.ctx is not None else []
    param = next((param for param in params if exc.option_name in param.opts), None)
    if param is None:
        return f"параметр указан не так: {exc.option_name}."
    if param.is_flag:
        return f"у параметра {exc.option_name} не бывает значения."
    return f"после параметра {exc.option_name} нужно значение: {param.metavar}."


def _parameter(param: Any) -> str:
    if param is None:
        return "параметр"
    return argument_name(param) if param.param_type_name == "argument" else str(param.opts[0])
