"""Parameters that several commands share, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from vsoko_rules.cli.choices import file_of, listed, one_of
from vsoko_rules.cli.screen import asked_for_json, be_quiet, complain
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import ExitCode, InputError, Problem, RulesetError, VsokoError, argument

if TYPE_CHECKING:
    from vsoko_rules import Assessment

CaseArgument = Annotated[
    Path, typer.Argument(metavar="ФАЙЛ", help="Файл школы: YAML или заполненная форма.", show_default=False)
]
CasesArgument = Annotated[
    list[Path],
    typer.Argument(
        metavar="ФАЙЛ|ПАПКА…", help="Файлы школ (YAML или заполненные формы) или папки с ними.", show_default=False
    ),
]
RulesetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--ruleset",
        "-r",
        metavar="МЕТОДИКА",
        help="Методика: название поставляемой или папка своей. Можно указать дважды: один файл, две методики. "
        "По умолчанию — та, что названа в файле школы, иначе bashkortostan-2022.",
        show_default=False,
    ),
]
NamedOption = Annotated[
    str | None,
    typer.Option(
        "--ruleset", "-r", metavar="МЕТОДИКА", help="То же, что МЕТОДИКА: как в остальных командах.", show_default=False
    ),
]
JSON: Final = ".json"
TEXT: Final = ".txt"
ENGINES: Final = {
    EngineName.AUTO: "все, какие есть",
    EngineName.PLAIN: "встроенный",
    EngineName.DURABLE: "durable-rules",
    EngineName.BOTH: "оба, с проверкой друг друга",
}
EngineOption = Annotated[
    EngineName,
    typer.Option(
        "--engine",
        metavar="ДВИЖОК",
        help=f"Чем делать выводы: {listed(ENGINES)}. По умолчанию auto. На результат не влияет.",
        show_default=False,
        **one_of(ENGINES),
    ),
]
OnOption = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="ДАТА",
        help="На какой день советовать, например 2022-11-05. По умолчанию — день, когда заполнен файл школы, иначе "
        "сегодняшний. Когда период исследования уже закончился, советы относятся к следующему циклу.",
        show_default=False,
    ),
]
QuietOption = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        callback=be_quiet,
        expose_value=False,
        help="Молча: только код завершения, ошибки, ссылки для входа и то, что запрошено в JSON.",
    ),
]
AnswerFileOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="ФАЙЛ",
        help="Записать ответ в этот файл, по его окончанию: .json или .txt.",
        show_default=False,
        **file_of(JSON, TEXT),
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", callback=asked_for_json, is_eager=True, help="Вывести результат в JSON.")
]


SUMMARY_FILES: Final = (JSON, TEXT, ".html", ".docx", ".xlsx", ".pdf", ".md")
"""what `check -o` can write; all but the first two hold one school"""
SummaryFileOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="ФАЙЛ",
        help="Записать ответ в этот файл, по его окончанию: .json или .txt, об одной школе также .html, .docx, .xlsx, "
        ".pdf, .md.",
        show_default=False,
        **file_of(*SUMMARY_FILES),
    ),
]
SourceOption = Annotated[
    Path | None,
    typer.Option(
        "--from",
        metavar="ФАЙЛ",
        help="Составить из заполненного файла школы: для кого, скажут --second-expert или --next-year.",
        show_default=False,
    ),
]
SecondExpertOption = Annotated[
    bool,
    typer.Option(
        "--second-expert",
        help="С --from: для второго эксперта. Остаются документы и их реквизиты, отметок нет; к каким элементам "
        "документ относится, сказано, только если файл заполняла сама школа.",
    ),
]
NextYearOption = Annotated[
    bool,
    typer.Option(
        "--next-year",
        help="С --from: на следующий год. Остаются названия, виды и элементы, а у ещё действующих документов и "
        "реквизиты; период сдвинут на год.",
    ),
]
ExpertsArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="ЭКСПЕРТ…",
        help="Файлы каждого эксперта: папка или один файл. Экспертов двое, трое или больше.",
        show_default=False,
    ),
]
SheetOption = Annotated[
    Path | None,
    typer.Option("--form", metavar="ФАЙЛ", help="Записать лист согласования: .xlsx или .yml.", show_default=False),
]
FilledSheetOption = Annotated[
    Path | None, typer.Option("--read", metavar="ФАЙЛ", help="Прочитать заполненный лист.", show_default=False)
]
WriteOption = Annotated[
    bool,
    typer.Option(
        "--write",
        help="С --read: внести решения в файлы экспертов и оценить заново; прежние файлы останутся рядом.",
    ),
]
AgreementFileOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="ФАЙЛ|ПАПКА",
        help="Записать ответ в этот файл, по его окончанию: .json или .txt. С --read без --write имя без "
        "окончания — папка, куда положить решения по школам.",
        show_default=False,
        **file_of(JSON, TEXT, or_folder=True),
    ),
]


def meant(ruleset: str | None, named: str | None) -> str | None:
    """The ruleset, wherever it was named. Raises `InputError` where two are."""
    if ruleset is not None and named not in (None, ruleset):
        raise InputError([Problem(argument("ruleset"), "названы две методики", f"{ruleset}, {named}", "одна методика")])
    return named if ruleset is None else ruleset


def assessed(
    paths: Iterable[Path], rulesets: Sequence[str] | None, engine: EngineName, errors: list[VsokoError]
) -> Iterator[list[Assessment]]:
    """The verdicts on each file among `paths` and in the folders among them. A bad file is complained of, its error
    goes into `errors`, and the rest goes on."""
    from vsoko_rules.workspace.judging import assess_file
    from vsoko_rules.workspace.opening import open_ruleset
    from vsoko_rules.workspace.stored import case_files

    for name in rulesets or ():
        open_ruleset(name)  # what is wrong with it is told once, not for each file
    for path in case_files(paths):
        try:
            yield assess_file(path, rulesets, engine)
        except (InputError, RulesetError) as exc:
            complain(exc)
            errors.append(exc)


def exit_code(errors: Iterable[VsokoError], complete: bool = True) -> ExitCode:
    """How a command over many files ends: by the gravest error, else by whether all are complete."""
    return max([error.exit_code for error in errors], default=ExitCode.COMPLETE if complete else ExitCode.GAPS)


def day_of(text: str | None, of: str = "on") -> date | None:
    """The day that an option names: «2022-11-05» or «05.11.2022». Raises `InputError`."""
    if text is None:
        return None
    parts = text.split(".")
    try:
        return date.fromisoformat("-".join(reversed(parts)) if len(parts) == 3 else text)
    except ValueError:
        pass
    raise InputError([Problem(argument(of), "дата не подходит", text, "дата вида ГГГГ-ММ-ДД, например 2022-11-05")])


def today() -> date:
    """The day where the user is. Only commands ask: what is computed depends on a day that it is told."""
    return datetime.now().astimezone().date()
