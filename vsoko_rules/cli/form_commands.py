"""Commands about the form that schools and experts fill in: form, convert."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vsoko_rules.cli.options import NamedOption, meant
from vsoko_rules.cli.screen import show_written, tell, tell_of_files
from vsoko_rules.errors import ExitCode


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command("form")(form)
    app.command("convert")(convert)


def form(
    ruleset: Annotated[
        str | None,
        typer.Argument(metavar="МЕТОДИКА", help="Название поставляемой методики или папка своей.", show_default=False),
    ] = None,
    named: NamedOption = None,
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
    """Создать форму Excel, которую заполняет школа или эксперт: один лист документов, листы блоков заполняются сами.

    Примеры:

      vsoko form --school-type основная -o "форма школы.xlsx"

      vsoko form tver-2022 --levels НОО,ООО --count young_teachers=0 -o форма.xlsx
    """
    from vsoko_rules.workspace.opening import open_ruleset
    from vsoko_rules.workspace.stored import counts_of, create_form, levels_of

    rules = open_ruleset(meant(ruleset, named))
    create_form(output, rules, levels_of(school_type, levels), counts_of(count or (), rules))
    tell(f'Записано: {output}. Заполните форму и проверьте: vsoko check "{output}"')
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
    tell_of_files(content, case, output)
    return ExitCode.COMPLETE
