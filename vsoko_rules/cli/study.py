"""Commands that take many schools: study, compare, agree, exchange."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vsoko_rules.cli.options import EngineOption, JsonOption, RulesetOption
from vsoko_rules.cli.progress import ending_in_order, progress_bar
from vsoko_rules.cli.screen import show
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import ExitCode, InputError, Place, Problem
from vsoko_rules.study import Backend

if TYPE_CHECKING:
    from vsoko_rules.study.rounds import Round

OneRuleset = Annotated[
    str | None, typer.Option("--ruleset", "-r", metavar="МЕТОДИКА", help="Методика; по умолчанию — из файлов школ.")
]
HtmlOption = Annotated[
    Path | None, typer.Option("--html", metavar="ФАЙЛ", help="Записать страницу HTML.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    for command in (study, compare, agree, exchange):
        app.command(command.__name__)(command)


def study(
    inputs: Annotated[list[Path], typer.Argument(metavar="ПАПКА|ФАЙЛ…", help="Файлы школ или папки с ними.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="ПАПКА", help="Куда записать итоги.")],
    ruleset: RulesetOption = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, metavar="ЧИСЛО", help="Сколько процессов; обычно все ядра.")
    ] = None,
    engine: EngineOption = EngineName.AUTO,
    backend: Annotated[
        Backend, typer.Option("--backend", metavar="ГДЕ", help="local — этот компьютер, dask — кластер Dask.")
    ] = Backend.LOCAL,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="АДРЕС", help="Планировщик Dask, например tcp://узел:8786.")
    ] = None,
    reports: Annotated[bool, typer.Option("--reports", help="Записать и отчёт каждой школы.")] = False,
    open_version: Annotated[
        bool, typer.Option("--open", help="Записать и открытую версию сводки: школы в ней не названы.")
    ] = False,
    smallest: Annotated[
        int | None,
        typer.Option("--smallest", min=1, metavar="ЧИСЛО", help="Наименьшая группа школ в открытой версии."),
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Провести исследование: оценить все школы района или региона и свести итоги.

    Прерванное исследование продолжается той же командой: заново делается только то, что изменилось. Файлы с ошибками
    не останавливают остальных, они перечислены в errors.jsonl.

    Примеры:

      vsoko study школы -o итоги

      vsoko study школы -o итоги --reports --open --jobs 4

      vsoko study школы -o итоги --backend dask --scheduler tcp://10.0.0.5:8786
    """
    from vsoko_rules.study.pages import text
    from vsoko_rules.study.run import run
    from vsoko_rules.study.summary_files import write_summaries
    from vsoko_rules.verdict.result import to_json

    try:
        with ending_in_order():
            with progress_bar() as progress:
                counts = run(
                    inputs, output, rulesets=ruleset, jobs=jobs, engine=engine, backend=backend, scheduler=scheduler,
                    reports=reports, progress=progress,
                )  # fmt: skip
            summaries = write_summaries(output, open_version or smallest is not None, smallest)
    except (KeyboardInterrupt, SystemExit):
        with suppress(OSError):  # the terminal may be gone
            typer.echo("Готовое сохранено. Повторите ту же команду, и работа продолжится.", err=True)
        raise
    if as_json:
        typer.echo(to_json(summaries), nl=False)
    else:
        show(text("study", counts=counts, summaries=summaries, out=output))
    if counts.failed:
        return ExitCode.BAD_INPUT
    return ExitCode.GAPS if counts.incomplete else ExitCode.COMPLETE


def compare(
    rounds: Annotated[
        list[Path],
        typer.Argument(metavar="БЫЛО СТАЛО…", help="Файлы школы, папки с файлами или итоги исследований, по порядку."),
    ],
    cases: Annotated[
        list[Path] | None,
        typer.Option("--cases", metavar="ПАПКА", help="Где лежат файлы школ прежних итогов: по одной папке на круг."),
    ] = None,
    ruleset: OneRuleset = None,
    html: HtmlOption = None,
    as_json: JsonOption = False,
) -> int:
    """Сравнить два круга: что исправлено, что появилось, что осталось, а что изменила сама методика.

    Три круга и больше показывают ход по годам; подробно сравниваются два последних.

    Примеры:

      vsoko compare школа-2021.yml школа-2022.yml

      vsoko compare итоги-2021 итоги-2022 --cases школы-2021 --html сравнение.html
    """
    from vsoko_rules import __version__
    from vsoko_rules.study.compare import GROUPS, trend
    from vsoko_rules.study.compare import compare as compared
    from vsoko_rules.study.pages import page, text
    from vsoko_rules.study.rounds import open_round
    from vsoko_rules.verdict.result import to_json
    from vsoko_rules.writing.files import write

    if len(rounds) < 2:
        raise InputError([Problem(Place("compare"), "нужно хотя бы два круга", hint="Например: БЫЛО СТАЛО.")])
    folders = [*(cases or ()), *[None] * len(rounds)]
    opened = [open_round(path, ruleset, folder) for path, folder in zip(rounds, folders, strict=False)]
    changes = compared(opened[-2], opened[-1], ruleset)
    course = trend(opened) if len(opened) > 2 else None
    data = {"c": changes, "trend": course, "groups": GROUPS, "titles": _titles(opened, ruleset), "version": __version__}
    if html is not None:
        write(html, page("compare", **data).encode())
    if as_json:
        typer.echo(to_json(changes | {"trend": course}), nl=False)
    else:
        show(text("compare", **data))
    return ExitCode.COMPLETE


def _titles(rounds: Sequence[Round], ruleset: str | None) -> Any:
    """What the ruleset of the last round calls things."""
    from vsoko_rules.ruleset.load import DEFAULT, load
    from vsoko_rules.study.pages import ruleset_words

    last = next((ruleset_id for _, ruleset_id in rounds[-1].keys), DEFAULT)
    return ruleset_words(load(ruleset or last))


def agree(
    first: Annotated[Path | None, typer.Argument(metavar="ПАПКА_А", help="Файлы первого эксперта.")] = None,
    second: Annotated[Path | None, typer.Argument(metavar="ПАПКА_Б", help="Файлы второго эксперта.")] = None,
    form: Annotated[
        Path | None,
        typer.Option("--form", metavar="ФАЙЛ", help="Записать лист согласования: .xlsx или .yml.", show_default=False),
    ] = None,
    filled: Annotated[
        Path | None, typer.Option("--read", metavar="ФАЙЛ", help="Прочитать заполненный лист.", show_default=False)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="ПАПКА", help="Куда записать решения по школам.")
    ] = None,
    ruleset: OneRuleset = None,
    html: HtmlOption = None,
    as_json: JsonOption = False,
) -> int:
    """Согласие двух экспертов: доля совпадений, κ, α по блокам и показателям и все расхождения.

    Отдельно показано, что эксперты поставили сами (отметки и решения) и что из этого получилось (итоги).

    Примеры:

      vsoko agree эксперт-1 эксперт-2

      vsoko agree эксперт-1 эксперт-2 --form лист.xlsx --html согласие.html

      vsoko agree --read лист.xlsx -o решения
    """
    if filled is not None:
        return _reconciled(filled, output, as_json)
    if first is None or second is None:
        raise InputError([Problem(Place("agree"), "нужны две папки: по одной на эксперта")])
    from vsoko_rules import __version__
    from vsoko_rules.study.agreement import agree as compared
    from vsoko_rules.study.pages import page, ruleset_words, text
    from vsoko_rules.study.parameters import parameters
    from vsoko_rules.study.reconcile import form_book, form_text, opinion_lines
    from vsoko_rules.verdict.result import to_json
    from vsoko_rules.writing.files import write

    agreement, settings = compared(first, second, ruleset), parameters().agreement
    data = agreement.data(settings.confidence)
    more = {"titles": ruleset_words(agreement.ruleset), "disputes": agreement.disputes, "opinion": opinion_lines}
    if form is not None:
        is_book = form.suffix.lower() == ".xlsx"
        write(form, form_book(agreement) if is_book else form_text(agreement).encode())
    if html is not None:
        write(html, page("agree", a=data, version=__version__, **more).encode())
    if as_json:
        typer.echo(to_json(data), nl=False)
    else:
        show(text("agree", a=data, most=settings, **more))
    return ExitCode.GAPS if agreement.disputes else ExitCode.COMPLETE


def _reconciled(filled: Path, output: Path | None, as_json: bool) -> int:
    """Overrides from a filled form: to the screen, or one file a school."""
    from vsoko_rules.study.reconcile import fragment, read_form
    from vsoko_rules.verdict.result import to_json
    from vsoko_rules.writing.files import output_name, write

    form = read_form(filled)
    taken: set[str] = set()
    for school, overrides in form.overrides.items():
        if output is not None:
            name = output_name(school, ".overrides.yml", taken)
            taken.add(name)
            write(output / name, fragment(overrides).encode())
        elif not as_json:
            typer.echo(f"# {school}\n{fragment(overrides)}")
    if as_json:
        data = {school: [o.model_dump(mode="json") for o in rows] for school, rows in form.overrides.items()}
        typer.echo(to_json({"overrides": data, "open": form.open}), nl=False)
    else:
        decided = sum(map(len, form.overrides.values()))
        typer.echo(f"Решений: {decided}, без решения: {form.open}." + (f" Записано: {output}" if output else ""))
    return ExitCode.GAPS if form.open else ExitCode.COMPLETE


def exchange(
    results: Annotated[Path, typer.Argument(metavar="ИТОГИ", help="Папка с итогами исследования.")],
    ruleset: OneRuleset = None,
    html: HtmlOption = None,
    as_json: JsonOption = False,
) -> int:
    """Обмен опытом: какая школа с какой делится практикой, чтобы ни одна не была перегружена.

    Примеры:

      vsoko exchange итоги

      vsoko exchange итоги --html обмен.html
    """
    from vsoko_rules import __version__
    from vsoko_rules.study.exchange import as_data
    from vsoko_rules.study.exchange import exchange as paired
    from vsoko_rules.study.pages import page, text
    from vsoko_rules.study.parameters import parameters
    from vsoko_rules.study.results import records
    from vsoko_rules.study.summary import study_titles
    from vsoko_rules.verdict.result import to_json
    from vsoko_rules.writing.files import write

    titles = list(study_titles(results).values())
    chosen = next((t for t in titles if t["id"] == ruleset), titles[0] if titles else None)
    if chosen is None:
        raise InputError([Problem(Place(str(results)), "в этом исследовании нет ни одной школы")])
    schools = (record for record in records(results) if record["ruleset"]["sha256"] == chosen["sha256"])
    data = as_data(paired(schools, parameters().exchange), parameters().exchange)
    if html is not None:
        write(html, page("exchange", e=data, titles=chosen, version=__version__).encode())
    if as_json:
        typer.echo(to_json(data), nl=False)
    else:
        show(text("exchange", e=data, titles=chosen))
    return ExitCode.COMPLETE
