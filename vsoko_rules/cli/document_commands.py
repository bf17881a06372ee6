"""Commands that write documents: report, letters, protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vsoko_rules.cli.options import CaseArgument, CasesArgument, EngineOption, RulesetOption, assessed
from vsoko_rules.cli.screen import deliver, show_written
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import ExitCode, InputError, Place, Problem, argument

if TYPE_CHECKING:
    from vsoko_rules.report.formats import Format
    from vsoko_rules.report.paper import Reader
    from vsoko_rules.report.protocol_view import Sharing
    from vsoko_rules.ruleset.ruleset import Ruleset
    from vsoko_rules.verdict.assessment import Assessment

_FORMATS = "html, docx, xlsx, pdf, md, json, csv, letters"
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
    from vsoko_rules.report.formats import Wanted, report_files
    from vsoko_rules.workspace.judging import assess_file

    chosen = _formats(formats)
    meant = _reader(reader, chosen)
    using = _using(template, chosen)
    found = assess_file(case, ruleset, engine)
    for format_ in chosen:
        wanted = Wanted(meant if format_.value in ("html", "docx") else None, template if format_ is using else None)
        made = report_files(found, format_, wanted)
        _write(output, found[0], [(file.suffix, file.content) for file in made], [])
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
    from vsoko_rules.report.formats import Format, Wanted, report_files

    codes = {ExitCode.COMPLETE}
    taken: list[str] = []
    for found in assessed(cases, ruleset, engine, codes):
        made = report_files(found, Format.LETTERS, Wanted(None, template))
        _write(output, found[0], [(file.suffix, file.content) for file in made], taken)
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
    from vsoko_rules.workspace.judging import assess_file

    results = []
    windows: set[tuple[date, date] | None] = set()
    for path in inputs:
        if path.suffix.lower() in (".json", ".jsonl"):
            results += read_results(path)
            windows.add(None)
        else:
            found = assess_file(path, ruleset, engine)[0]
            results.append(result(found))
            windows.add((found.case.content.study.start, found.case.content.study.end))
    if not results:
        raise InputError([Problem(Place(str(inputs[0])), "нет ни одного результата")])
    meant = load((ruleset or [results[0]["ruleset"]["id"]])[0])
    window = windows.pop() if len(windows) == 1 else None
    deliver(output, protocol_file(written(results, meant, window, _sharing(results, meant)), template))
    return ExitCode.COMPLETE


def _sharing(results: Sequence[Mapping[str, Any]], ruleset: Ruleset) -> list[Sharing]:
    """Who could share practice with whom among the schools of an extract."""
    from vsoko_rules.report.protocol_view import Sharing
    from vsoko_rules.study.exchange import exchange
    from vsoko_rules.study.parameters import parameters

    pairs = exchange(results, parameters().exchange)
    subjects = [(ruleset.blocks[p.need.subject[0]].name, ruleset.stages[p.need.subject[1]].title) for p in pairs]
    return [
        Sharing(p.need.school.name, f"{block} — {stage}", p.helper.name if p.helper else None)
        for p, (block, stage) in zip(pairs, subjects, strict=True)
    ]


def _write(output: Path, found: Assessment, files: Sequence[tuple[str, bytes]], taken: list[str]) -> None:
    from vsoko_rules.writing.files import output_name, write

    for suffix, content in files:
        name = output_name(found.case.content.school.id, suffix, taken)
        taken.append(name)
        write(output / name, content)
        show_written([output / name])


def _formats(named: Sequence[str] | None) -> list[Format]:
    """The formats that were asked for, each once."""
    from vsoko_rules.report.formats import Format

    asked = [part.strip().lower() for each in named or ["html"] for part in each.split(",") if part.strip()]
    known = {format_.value: format_ for format_ in Format}
    unknown = [part for part in asked if part not in known]
    if unknown or not asked:
        found = unknown[0] if unknown else ""
        raise InputError([Problem(argument("format"), "нет такого вида отчёта", found, f"из списка: {_FORMATS}")])
    return [known[part] for part in dict.fromkeys(asked)]


def _reader(named: str | None, formats: Sequence[Format]) -> Reader | None:
    from vsoko_rules.report.paper import Reader

    if named is None:
        return None
    known = {reader.value: reader for reader in Reader}
    if named not in known:
        raise InputError([Problem(argument("reader"), "нет такого читателя", named, "одно из: " + ", ".join(known))])
    if not {format_.value for format_ in formats} & {"html", "docx"}:
        asked = ", ".join(format_.value for format_ in formats)
        raise InputError(
            [Problem(argument("reader"), "этот вид отчёта один для всех", asked, "--format html или docx")]
        )
    return known[named]


def _using(template: Path | None, formats: Sequence[Format]) -> Format | None:
    """The format that a user's template makes. Raises `InputError` when it was not asked for."""
    from vsoko_rules.report.formats import Format

    if template is None:
        return None
    fitting = [Format.DOCX, Format.LETTERS] if template.suffix.lower() == ".docx" else [Format.HTML]
    using = next((format_ for format_ in fitting if format_ in formats), None)
    if using is None:
        expected = " или ".join(f"--format {format_.value}" for format_ in fitting)
        raise InputError([Problem(argument("template"), "шаблон не подходит к виду отчёта", str(template), expected)])
    return using
