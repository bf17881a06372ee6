"""Commands that write documents: show, report, letters, protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vsoko_rules.cli.options import CaseArgument, CasesArgument, EngineOption, RulesetOption, assessed, exit_code
from vsoko_rules.cli.russian import SHOW
from vsoko_rules.cli.screen import WORD, deliver, show_written
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import ExitCode, VsokoError

_FORMATS = "html, docx, xlsx, pdf, md, json, csv, txt, letters"
_DEFAULT = Path("отчёт")

FolderOption = Annotated[Path, typer.Option("--output", "-o", metavar="ПАПКА", help="Куда записать файлы.")]
TemplateOption = Annotated[
    Path | None,
    typer.Option(
        "--template",
        metavar="ШАБЛОН",
        help="Свой шаблон: файл Word (.docx) или папка с report.html.j2. Поля описаны в docs/templates.ru.md.",
        show_default=False,
    ),
]

FormatsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        "-f",
        metavar="ВИД",
        help=f"Вид отчёта: {_FORMATS}. Можно указать несколько через запятую или повторить параметр. "
        "По умолчанию html.",
        show_default=False,
    ),
]
ReaderOption = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="КОМУ",
        help="Для кого: expert (все доказательства), school (что сделать сначала), methodist (рекомендации "
        "по адресатам). Действует на html, docx и pdf; без параметра — полный отчёт.",
        show_default=False,
    ),
]
AppendixOption = Annotated[
    bool,
    typer.Option(
        "--appendix",
        help="С приложением: полные доказательства каждой линии. Для html, docx и pdf, полных и эксперту.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command(SHOW)(show)
    app.command("report")(report)
    app.command("letters")(letters)
    app.command("protocol")(protocol)


def show(
    cases: CasesArgument,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Открыть отчёты в браузере или только записать их.")
    ] = True,
    ruleset: RulesetOption = None,
    engine: EngineOption = EngineName.AUTO,
) -> int:
    """Проверить школу и открыть отчёт в браузере. Слово show можно не писать.

    Отчёт записывается рядом с файлом школы, в папку «отчёт».

    Примеры:

      vsoko форма.xlsx

      vsoko show школы --no-browser
    """
    import webbrowser

    from vsoko_rules.report.render import requests
    from vsoko_rules.workspace.papers import write_reports

    errors: list[VsokoError] = []
    written: list[Path] = []
    complete = True
    for assessments in assessed(cases, ruleset, engine, errors):
        complete = complete and all(assessment.complete for assessment in assessments)
        folder = Path(assessments[0].case.name).parent / _DEFAULT
        written += write_reports(folder, assessments, requests(["html"]), written)
    show_written(written)
    for path in written if browser else ():
        webbrowser.open(path.absolute().as_uri())
    return exit_code(errors, complete)


def report(
    case: CaseArgument,
    output: FolderOption = _DEFAULT,
    formats: FormatsOption = None,
    reader: ReaderOption = None,
    appendix: AppendixOption = False,
    template: TemplateOption = None,
    ruleset: RulesetOption = None,
    engine: EngineOption = EngineName.AUTO,
) -> int:
    """Записать отчёт: HTML, Word, Excel, PDF, Markdown, JSON или CSV с одними и теми же числами.

    Примеры:

      vsoko report cases/gorodskaya-sosh.yml -o отчёт

      vsoko report cases/gorodskaya-sosh.yml --format docx,xlsx,pdf -o отчёт

      vsoko report cases/gorodskaya-sosh.yml --format docx --for school -o отчёт
    """
    from vsoko_rules.report.render import requests
    from vsoko_rules.workspace.judging import assess_file
    from vsoko_rules.workspace.papers import write_reports

    named = [part for each in formats or ["html"] for part in each.split(",") if part.strip()]
    asked = requests(named, reader, template, appendix)
    show_written(write_reports(output, assess_file(case, ruleset, engine), asked))
    return ExitCode.COMPLETE


def letters(
    cases: CasesArgument,
    output: FolderOption = Path("письма"),
    template: TemplateOption = None,
    ruleset: RulesetOption = None,
    engine: EngineOption = EngineName.AUTO,
) -> int:
    """Записать письма школам, каждое на одной странице: с чего начать и что исправить затем.

    Пример:

      vsoko letters cases/*.yml -o письма
    """
    from vsoko_rules.report.render import requests
    from vsoko_rules.workspace.papers import write_reports

    asked = requests(["letters"], template=template)
    errors: list[VsokoError] = []
    taken: list[Path] = []
    for assessments in assessed(cases, ruleset, engine, errors):
        taken += write_reports(output, assessments, asked, taken)
    show_written(taken)
    return exit_code(errors)


def protocol(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="ФАЙЛ|ПАПКА…",
            help="Файлы школ или папки с ними либо итоги: файл check --json, папка исследования.",
            show_default=False,
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="ФАЙЛ", help="Куда записать выписку.")] = Path(
        "протокол.docx"
    ),
    template: TemplateOption = None,
    ruleset: RulesetOption = None,
    engine: EngineOption = EngineName.AUTO,
) -> int:
    """Записать выписку из протокола совещания: итоги по уровням и проекты решений по самым слабым звеньям.

    Имена, даты и подписи остаются пустыми местами; решения — проекты, их можно править в Word.

    Примеры:

      vsoko protocol cases/*.yml -o протокол.docx

      vsoko protocol итоги -o протокол.docx
    """
    from vsoko_rules.workspace.papers import protocol
    from vsoko_rules.writing.files import check_ending

    check_ending(output, WORD)
    deliver(output, protocol(inputs, ruleset[0] if ruleset else None, engine, template))
    return ExitCode.COMPLETE
