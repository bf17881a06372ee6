"""Commands about the form that schools and experts fill in: form, convert."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsoko_rules.cli.screen import show_written
from vsoko_rules.errors import ExitCode, InputError, Problem, argument

if TYPE_CHECKING:
    from vsoko_rules.ruleset.model import EducationLevel
    from vsoko_rules.ruleset.ruleset import Ruleset


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command("form")(form)
    app.command("convert")(convert)


def form(
    ruleset: Annotated[
        str | None,
        typer.Argument(metavar="МЕТОДИКА", help="Название поставляемой методики или папка своей.", show_default=False),
    ] = None,
    school_type: Annotated[
        str | None,
        typer.Option("--school-type", metavar="ВИД", help="Вид школы: начальная, основная или средняя."),
    ] = None,
    levels: Annotated[
        str | None,
        typer.Option("--levels", metavar="УРОВНИ", help="Уровни образования через запятую вместо вида школы."),
    ] = None,
    count: Annotated[
        list[str] | None,
        typer.Option("--count", metavar="КОД=ЧИСЛО", help="Численность, например young_teachers=0. Можно повторять."),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="ФАЙЛ", help="Куда записать.")] = Path("форма.xlsx"),
) -> int:
    """Создать форму Excel, которую заполняет школа или эксперт: лист на блок, строка на ожидаемый элемент.

    Примеры:

      vsoko form --school-type основная -o "форма школы.xlsx"

      vsoko form tver-2022 --levels НОО,ООО --count young_teachers=0 -o форма.xlsx
    """
    from vsoko_rules.workspace.opening import open_ruleset
    from vsoko_rules.workspace.stored import create_form

    rules = open_ruleset(ruleset)
    create_form(output, rules, _levels(school_type, levels), _counts(count or (), rules))
    typer.echo(f'Записано: {output}. Заполните форму и проверьте: vsoko check "{output}"')
    return ExitCode.COMPLETE


def convert(
    case: Annotated[Path, typer.Argument(metavar="ФАЙЛ", help="Файл школы: YAML или форма.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="ФАЙЛ", help="Во что перевести: .yml или .xlsx.")],
    ruleset: Annotated[
        str | None,
        typer.Option("--ruleset", "-r", metavar="МЕТОДИКА", help="Для какой методики нужна форма; иначе — из файла."),
    ] = None,
) -> int:
    """Перевести файл школы из формы Excel в YAML или обратно. В форму не попадают только комментарии YAML.

    Примеры:

      vsoko convert форма.xlsx -o школа.yml

      vsoko convert школа.yml -o форма.xlsx
    """
    from vsoko_rules.workspace import stored

    content, written = stored.convert(case, output, ruleset)
    show_written(written)
    moved = os.path.realpath(case.parent) != os.path.realpath(output.parent)
    if moved and any(document.file for document in content.content.documents):
        hint = "Пути в столбце «Файл» отсчитываются от папки, где лежит файл школы: перенесите туда и документы."
        typer.echo(hint, err=True)
    return ExitCode.COMPLETE


def _levels(school_type: str | None, levels: str | None) -> list[EducationLevel]:
    from vsoko_rules.intake.form.layout import layout
    from vsoko_rules.ruleset.model import EducationLevel

    if levels is not None:
        named = [level.strip() for level in levels.split(",") if level.strip()]
        allowed = [level.value for level in EducationLevel]
        if not named or any(level not in allowed for level in named):
            problem = Problem(argument("levels"), "нет такого уровня образования", levels, ", ".join(allowed))
            raise InputError([problem])
        return [EducationLevel(level) for level in named]
    if school_type is None:
        return list(EducationLevel)
    for known in layout().school_types:
        if school_type.strip().casefold() in known.names:
            return list(known.levels)
    names = ", ".join(known.names[0] for known in layout().school_types)
    raise InputError([Problem(argument("school_type"), "нет такого вида школы", school_type, names)])


def _counts(given: Sequence[str], ruleset: Ruleset) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in given:
        code, _, number = each.partition("=")
        if code.strip() not in ruleset.counts or not number.strip().isdecimal() or len(number) > 9:
            expected = "код=число; коды: " + ", ".join(ruleset.counts)
            raise InputError([Problem(argument("counts"), "численность указана не так", each, expected)])
        counts[code.strip()] = int(number)
    return counts
