"""The command about the files of a school: intake."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vsoko_rules.cli.choices import file_of
from vsoko_rules.cli.options import JSON, TEXT, JsonOption, RulesetOption, day_of, today
from vsoko_rules.cli.progress import progress_bar
from vsoko_rules.cli.screen import give

_DRAFTS = (".yml", ".yaml")


SourceArgument = Annotated[
    Path,
    typer.Argument(
        metavar="ПАПКА",
        help="Папка с файлами школы, архив ZIP или сохранённая страница её сайта.",
        show_default=False,
    ),
]
ConfirmOption = Annotated[
    Path | None,
    typer.Option(
        "--confirm",
        metavar="КНИГА",
        help="Заполненная книга, если она лежит не рядом с черновиком.",
        show_default=False,
    ),
]
LikeOption = Annotated[
    Path | None,
    typer.Option(
        "--like",
        metavar="ФАЙЛ",
        help="Файл школы или форма, откуда новый черновик возьмёт школу, период и документы.",
        show_default=False,
    ),
]
BlindOption = Annotated[
    bool,
    typer.Option(
        "--blind",
        help="Для второго эксперта: свой черновик по тем же файлам, без ответов первого.",
    ),
]
YearBeforeOption = Annotated[
    Path | None,
    typer.Option(
        "--year-before",
        metavar="ФАЙЛ",
        help="Файл той же школы за прошлый год: знакомые документы узнаются, прежние ответы предлагаются заново.",
        show_default=False,
    ),
]
SchoolOption = Annotated[str | None, typer.Option("--school", metavar="КОД", help="Код школы.", show_default=False)]
LevelsOption = Annotated[
    str | None,
    typer.Option("--levels", metavar="УРОВНИ", help="Уровни образования через запятую.", show_default=False),
]
StartOption = Annotated[
    str | None, typer.Option("--from", metavar="ДАТА", help="Первый день периода.", show_default=False)
]
EndOption = Annotated[
    str | None, typer.Option("--to", metavar="ДАТА", help="Последний день периода.", show_default=False)
]
OcrOption = Annotated[
    Path | None,
    typer.Option(
        "--ocr",
        metavar="ПАПКА",
        help="Распознавать сканы: папка, в которой лежит rus.traineddata. Номера со сканов всегда ждут человека.",
        show_default=False,
    ),
]
DraftFileOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="ФАЙЛ",
        help="С окончанием .yml — где лежит черновик (иначе рядом с папкой, под её именем): в той же папке, что и "
        "файлы школы, или выше. С окончанием .json или .txt — куда записать сводку.",
        show_default=False,
        **file_of(*_DRAFTS, JSON, TEXT),
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command of this module to `app`."""
    app.command("intake")(intake)


def intake(
    source: SourceArgument,
    confirm: ConfirmOption = None,
    like: LikeOption = None,
    blind: BlindOption = False,
    year_before: YearBeforeOption = None,
    school: SchoolOption = None,
    levels: LevelsOption = None,
    start: StartOption = None,
    end: EndOption = None,
    ocr: OcrOption = None,
    ruleset: RulesetOption = None,
    as_json: JsonOption = False,
    output: DraftFileOption = None,
) -> int:
    """Составить черновик файла школы по её файлам: прочитать, предложить сведения с цитатами, принять ответы.

    Рядом с черновиком появляется книга с вопросами. Ответьте в ней и повторите ту же команду: ответы перейдут в
    черновик. Засчитывается только то, что подтвердил человек.

    Примеры:

      vsoko intake "файлы школы"

      vsoko intake "файлы школы" --levels НОО,ООО --from 2021-08-20 --to 2022-10-31

      vsoko intake "файлы школы" --blind -o эксперт-2.yml

      vsoko intake "файлы 2023" --year-before "файлы 2022.yml"
    """
    from vsoko_rules.workspace.intake_report import exit_code, progress_words, results, text
    from vsoko_rules.workspace.taking_in import SchoolGiven, take_in

    given = SchoolGiven(school, levels, day_of(start, "start"), day_of(end, "end"), like, today())
    name = ruleset[0] if ruleset else None
    draft = output if output is not None and output.suffix.lower() in _DRAFTS else None
    with progress_bar(progress_words) as bar:
        taken = take_in(
            source, draft, given, name, answers=confirm, blind=blind, year_before=year_before, ocr=ocr, progress=bar
        )
    give(lambda: results(taken), lambda: [text(taken)], as_json, None if draft is not None else output)
    return exit_code(taken)
