"""Commands that take many schools: study, compare, agree, exchange."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsoko_rules.cli.choices import listed, one_of, whole
from vsoko_rules.cli.options import (
    JSON,
    TEXT,
    AgreementFileOption,
    AnswerFileOption,
    EngineOption,
    ExpertsArgument,
    FilledSheetOption,
    JsonOption,
    RulesetOption,
    SheetOption,
    WriteOption,
)
from vsoko_rules.cli.progress import ending_in_order, progress_bar
from vsoko_rules.cli.screen import deliver, give, show_json, tell
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import ExitCode, InputError, Problem, argument
from vsoko_rules.study import Backend

if TYPE_CHECKING:
    from vsoko_rules.verdict.answer import ProblemRecord
    from vsoko_rules.workspace.reconciling import Written
    from vsoko_rules.workspace.studies import StudyReport

BACKENDS = {Backend.LOCAL: "этот компьютер", Backend.DASK: "кластер Dask"}
BackendOption = Annotated[
    Backend,
    typer.Option(
        "--backend",
        metavar="ГДЕ",
        help=f"Где считать: {listed(BACKENDS)}. По умолчанию local.",
        show_default=False,
        **one_of(BACKENDS),
    ),
]
SchedulerOption = Annotated[
    str | None, typer.Option("--scheduler", metavar="АДРЕС", help="Планировщик Dask, например tcp://узел:8786.")
]
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
        int | None,
        typer.Option("--jobs", "-j", metavar="ЧИСЛО", help="Сколько процессов; обычно все ядра.", **whole()),
    ] = None,
    engine: EngineOption = EngineName.AUTO,
    backend: BackendOption = Backend.LOCAL,
    scheduler: SchedulerOption = None,
    reports: Annotated[bool, typer.Option("--reports", help="Записать и отчёт каждой школы.")] = False,
    open_version: Annotated[
        bool, typer.Option("--open", help="Записать и открытую версию сводки: школы в ней не названы.")
    ] = False,
    smallest: Annotated[
        int | None,
        typer.Option("--smallest", metavar="ЧИСЛО", help="Наименьшая группа школ в открытой версии.", **whole()),
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Провести исследование: оценить все школы района или региона и свести итоги.

    Прерванное исследование продолжается той же командой: заново делается только то, что изменилось. Файлы с ошибками
    не останавливают остальных, они перечислены в ошибки.jsonl.

    Примеры:

      vsoko study школы -o итоги

      vsoko study школы -o итоги --reports --open --jobs 4

      vsoko study школы -o итоги --backend dask --scheduler tcp://10.0.0.5:8786
    """
    from vsoko_rules.workspace import studies

    with _to_be_continued(), progress_bar() as progress:
        report = studies.study(
            inputs, output, rulesets=ruleset, jobs=jobs, engine=engine, backend=backend, scheduler=scheduler,
            reports=reports, open_version=open_version or smallest is not None, smallest=smallest, progress=progress,
        )  # fmt: skip
    return _tell(report, as_json, errors=studies.study_errors(output) if as_json else ())


@contextmanager
def _to_be_continued() -> Iterator[None]:
    """Work that was broken off is not lost, and its user is told so."""
    try:
        with ending_in_order():
            yield
    except (KeyboardInterrupt, SystemExit):
        with suppress(OSError):  # the terminal may be gone
            typer.echo("Готовое сохранено. Повторите ту же команду, и работа продолжится.", err=True)
        raise


def _tell(
    report: StudyReport | Written,
    as_json: bool,
    output: Path | None = None,
    html: Path | None = None,
    errors: Sequence[ProblemRecord] = (),
) -> int:
    """Show what came of many schools, and write it where that is asked for."""
    if as_json and output is None:
        show_json(report.results, errors=errors)
    else:
        give(lambda: report.results, lambda: [report.text()], as_json, output)
    if html is not None:
        deliver(html, report.page().encode(), named=not as_json)
    return report.exit_code


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
    fail_on_new: Annotated[
        bool,
        typer.Option(
            "--fail-on-new",
            help="Завершить с кодом 1, если хоть одна линия оборвалась или обрывается раньше, чем в прошлый раз, "
            "или документа вне линий больше нет.",
        ),
    ] = False,
    html: HtmlOption = None,
    as_json: JsonOption = False,
    output: AnswerFileOption = None,
) -> int:
    """Сравнить два круга: что исправлено, что появилось, что осталось, а что изменила сама методика.

    Три круга и больше показывают ход по годам; подробно сравниваются два последних.

    Примеры:

      vsoko compare школа-2021.yml школа-2022.yml

      vsoko compare итоги-2021 итоги-2022 --cases школы-2021 --html сравнение.html

      vsoko compare школа-2021.yml школа-2022.yml --fail-on-new -o сравнение.json
    """
    from vsoko_rules.workspace import studies

    return _tell(studies.compare(rounds, cases or (), ruleset, fail_on_new=fail_on_new), as_json, output, html)


def agree(
    experts: ExpertsArgument = None,
    form: SheetOption = None,
    filled: FilledSheetOption = None,
    into_cases: WriteOption = False,
    output: AgreementFileOption = None,
    ruleset: OneRuleset = None,
    html: HtmlOption = None,
    as_json: JsonOption = False,
) -> int:
    """Согласие экспертов: доля совпадений, κ, α по блокам и показателям и все расхождения.

    Отдельно показано, что эксперты поставили сами (отметки и решения) и что из этого получилось (итоги). Решения,
    которые эксперты потом приняли вместе, на согласие не влияют: они только закрывают расхождения.

    Примеры:

      vsoko agree эксперт-1 эксперт-2 --html согласие.html

      vsoko agree эксперт-1 эксперт-2 --form сверка.xlsx

      vsoko agree эксперт-1 эксперт-2 --read сверка.xlsx --write
    """
    from vsoko_rules.workspace import reconciling

    if into_cases and filled is None:
        raise InputError([Problem(argument("filled"), "нечего вносить: не назван заполненный лист согласования")])
    if output is not None and not output.suffix and (filled is None or into_cases):
        expected = f"имя файла с окончанием {JSON}, {TEXT}"
        raise InputError([Problem(argument("output"), "значение не подходит", output.name, expected)])
    if filled is None:
        return _tell(reconciling.agree(experts or (), ruleset, form), as_json, output, html)
    if not into_cases:
        return _decisions(filled, output, as_json)
    return _tell(reconciling.write_decisions(experts or (), filled, ruleset), as_json, output, html)


def _decisions(filled: Path, output: Path | None, as_json: bool) -> int:
    """Decisions from a filled form: to the screen, or one file a school."""
    from vsoko_rules.workspace import reconciling

    folder = output if output is not None and not output.suffix else None
    decisions = reconciling.read_decisions(filled, folder)
    kind = output.suffix.lower() if output is not None else None
    text = "\n".join(f"# {school}\n{text}" for school, text in decisions.fragments().items())
    if output is not None and kind == TEXT:
        deliver(output, text.encode(), named=False)
    if as_json or kind == JSON:
        show_json([decisions.data()], output if kind == JSON else None)
    else:
        if output is None:
            tell(text)
        where = f" Записано: {output}" if output is not None else ""
        tell(f"Решений: {len(decisions.decisions)}, без решения: {decisions.open}.{where}")
    return ExitCode.GAPS if decisions.open else ExitCode.COMPLETE


def exchange(
    results: Annotated[Path, typer.Argument(metavar="ИТОГИ", help="Папка с итогами исследования.")],
    ruleset: OneRuleset = None,
    html: HtmlOption = None,
    as_json: JsonOption = False,
    output: AnswerFileOption = None,
) -> int:
    """Обмен опытом: какая школа с какой делится практикой, чтобы ни одна не была перегружена.

    Примеры:

      vsoko exchange итоги

      vsoko exchange итоги --html обмен.html
    """
    from vsoko_rules.workspace import studies

    return _tell(studies.share(results, ruleset), as_json, output, html)
