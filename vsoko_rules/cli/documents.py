"""Commands that write documents: report, letters, protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vsoko_rules.cli.options import CaseArgument, CasesArgument, EngineOption, RulesetOption, assessments
from vsoko_rules.cli.screen import complain
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import ExitCode, InputError, Place, Problem

if TYPE_CHECKING:
    from vsoko_rules.report.protocol import Sharing
    from vsoko_rules.report.render import ReportFile
    from vsoko_rules.ruleset.ruleset import Ruleset
    from vsoko_rules.verdict.assessment import Assessment

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


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command("report")(report)
    app.command("letters")(letters)
    app.command("protocol")(protocol)


def report(
    case: CaseArgument,
    output: FolderOption = _DEFAULT,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            metavar="ВИД",
            help=f"Вид отчёта: {_FORMATS}. Можно указать несколько через запятую или повторить параметр. "
            "По умолчанию html.",
            show_default=False,
        ),
    ] = None,
    reader: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="КОМУ",
            help="Для кого: expert (все доказательства), school (что сделать сначала), methodist (рекомендации "
            "по адресатам). Действует на html и docx; без параметра — полный отчёт.",
            show_default=False,
        ),
    ] = None,
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
    from vsoko_rules.report.render import render_files, requests

    named = [part for each in formats or ["html"] for part in each.split(",") if part.strip()]
    asked = requests(named, reader, template)
    found = assessments(case, ruleset, engine)
    _write(output, found[0], render_files(found, asked), [])
    return ExitCode.COMPLETE


def letters(
    cases: CasesArgument,
    output: FolderOption = Path("письма"),
    template: TemplateOption = None,
    ruleset: RulesetOption = None,
    engine: EngineOption = EngineName.AUTO,
) -> int:
    """Записать письма школам: в каждом свой раздел для учителей, педагогов-психологов, родителей и других адресатов.

    Пример:

      vsoko letters cases/*.yml -o письма
    """
    from vsoko_rules.report.render import render_files, requests

    asked = requests(["letters"], template=template)
    codes = {ExitCode.COMPLETE}
    taken: list[str] = []
    for path in cases:
        try:
            found = assessments(path, ruleset, engine)
        except InputError as exc:
            complain(exc)
            codes.add(exc.exit_code)
            continue
        _write(output, found[0], render_files(found, asked), taken)
    return max(codes)


def protocol(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="ФАЙЛ…",
            help="Файлы школ или итоги (check --json, results.jsonl исследования).",
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

      vsoko protocol итоги.json -o протокол.docx
    """
    from vsoko_rules.report.protocol import protocol as written
    from vsoko_rules.report.protocol import protocol_file, read_results
    from vsoko_rules.ruleset.load import load
    from vsoko_rules.verdict.result import result
    from vsoko_rules.writing.files import write

    results = []
    windows: set[tuple[date, date] | None] = set()
    for path in inputs:
        if path.suffix.lower() in (".json", ".jsonl"):
            results += read_results(path)
            windows.add(None)
        else:
            found = assessments(path, ruleset, engine)[0]
            results.append(result(found))
            windows.add((found.case.content.study.start, found.case.content.study.end))
    if not results:
        raise InputError([Problem(Place(str(inputs[0])), "нет ни одного результата")])
    meant = load((ruleset or [results[0]["ruleset"]["id"]])[0])
    window = windows.pop() if len(windows) == 1 else None
    write(output, protocol_file(written(results, meant, window, _sharing(results, meant)), template))
    typer.echo(f"Выписка записана: {output}")
    return ExitCode.COMPLETE


def _sharing(results: Sequence[Mapping[str, Any]], ruleset: Ruleset) -> list[Sharing]:
    """Who could share practice with whom among the schools of an extract."""
    from vsoko_rules.report.protocol import Sharing
    from vsoko_rules.study.exchange import exchange
    from vsoko_rules.study.parameters import parameters

    pairs = exchange(results, parameters().exchange)
    subjects = [(ruleset.blocks[p.need.subject[0]].name, ruleset.stages[p.need.subject[1]].title) for p in pairs]
    return [
        Sharing(p.need.school.name, f"{block} — {stage}", p.helper.name if p.helper else None)
        for p, (block, stage) in zip(pairs, subjects, strict=True)
    ]


def _write(output: Path, found: Assessment, files: Sequence[ReportFile], taken: list[str]) -> None:
    from vsoko_rules.writing.files import output_name, write

    for file in files:
        name = output_name(found.case.content.school.id, file.suffix, taken)
        taken.append(name)
        write(output / name, file.content)
        typer.echo(f"Файл записан: {output / name}")
