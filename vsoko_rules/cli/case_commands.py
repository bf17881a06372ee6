"""Commands about the file of a school: check, explain, new, samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsoko_rules.cli.options import (
    JSON,
    TEXT,
    AnswerFileOption,
    CaseArgument,
    CasesArgument,
    EngineOption,
    JsonOption,
    NextYearOption,
    OnOption,
    RulesetOption,
    SecondExpertOption,
    SourceOption,
    SummaryFileOption,
    assessed,
    day_of,
    exit_code,
    today,
)
from vsoko_rules.cli.screen import as_records, deliver, give, plain_text, show, show_json, show_written, tell_of_files
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import ExitCode, InputError, Place, Problem, VsokoError, argument

if TYPE_CHECKING:
    from vsoko_rules import Assessment, Difference


DecisionsOption = Annotated[
    bool,
    typer.Option("--decisions", help="Показать вместо итога решения эксперта: какие действуют, а какие уже нет."),
]
LinksOption = Annotated[
    bool,
    typer.Option(
        "--links",
        help="Показать вместо итога адреса и файлы документов: есть ли файл, того ли он типа, его размер и "
        "контрольная сумма. К сети не обращается.",
    ),
]
BlockOption = Annotated[
    str | None, typer.Option("--block", "-b", metavar="БЛОК", help="Только этот блок, например B1.")
]
LineOption = Annotated[
    str | None, typer.Option("--line", "-l", metavar="ЛИНИЯ", help="Только эта линия, например B1-G02-M02.")
]
OfOption = Annotated[
    str | None,
    typer.Option("--of", metavar="КОД", help="Только документ, элемент или показатель с этим кодом, например B1-A01."),
]
WhatIfOption = Annotated[
    list[str] | None,
    typer.Option(
        "--if",
        metavar="ИЗМЕНЕНИЕ",
        help="Что изменится, если: +B1-A01 — появится документ, -d03 — исчезнет, d03+deadlines — дополнен, "
        "d12>d07 — сошлётся, d12=2022-05-10 — передатирован, B1-I02=1 — отмечен. Файл не меняется.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command("check")(check)
    app.command("explain")(explain)
    app.command("new")(new)
    app.command("samples")(samples)


def check(
    cases: CasesArgument,
    ruleset: RulesetOption = None,
    engine: EngineOption = EngineName.AUTO,
    decisions: DecisionsOption = False,
    links: LinksOption = False,
    as_json: JsonOption = False,
    output: SummaryFileOption = None,
) -> int:
    """Проверить школу: какие звенья цепочки держатся, где первый разрыв и с чего начать.

    Примеры:

      vsoko check cases/gorodskaya-sosh.yml

      vsoko check школы -o итоги.json

      vsoko check cases/gorodskaya-sosh.yml --decisions

      vsoko check cases/gorodskaya-sosh.yml --links
    """
    from vsoko_rules import result
    from vsoko_rules.workspace.judging import hashed

    shown = _shown(links, decisions, output)
    kind = output.suffix.lower() if output is not None else JSON if as_json else None
    errors: list[VsokoError] = []
    results, complete = [], True
    kept: list[Assessment] = []
    for found in assessed(cases, ruleset, engine, errors):
        assessments = hashed(found) if links else found
        complete = complete and all(assessment.complete for assessment in assessments)
        if kind == JSON or as_json:
            results += [result(assessment) for assessment in assessments]
        if kind is None:
            show(partial("".join, map(shown, assessments)))
        elif kind != JSON:
            kept += assessments
    if output is not None and kept:
        deliver(output, plain_text("".join(map(shown, kept))) if links or decisions else _summaries(kept, output))
    if as_json or kind == JSON:
        show_json(results, output if kind == JSON else None, as_records(errors))
    return exit_code(errors, complete)


def _shown(links: bool, decisions: bool, output: Path | None) -> Callable[[Assessment], str]:
    """What is shown of each school. Raises `InputError` for what does not go together."""
    from vsoko_rules.report.out import text

    if links and decisions:
        message = "--links и --decisions показывают разное"
        raise InputError([Problem(argument("links"), message, expected="одно из двух")])
    asked = "links" if links else "decisions" if decisions else None
    if asked is not None and output is not None and output.suffix.lower() not in (JSON, TEXT):
        message = "это записывается только как текст или данные"
        raise InputError([Problem(argument(asked), message, output.suffix, f"-o с окончанием {TEXT} или {JSON}")])
    return text.links if links else text.decisions if decisions else text.summary


def _summaries(assessments: Sequence[Assessment], output: Path) -> bytes:
    """Assessments as the ending of a file says; what is no text holds one. Raises `InputError`."""
    from vsoko_rules.workspace.papers import render

    kind = output.suffix.lower()
    if kind == TEXT:
        return b"\n".join(render(assessment, "txt") for assessment in assessments)
    if len(assessments) > 1:
        message = f"в файл {kind} записывается одна школа по одной методике"
        hint = "О многих школах: -o с окончанием .json или .txt, отчёты по одному — vsoko report."
        raise InputError([Problem(Place(str(output)), message, hint=hint)])
    return render(assessments[0], kind.removeprefix("."))


def explain(
    case: CaseArgument,
    block: BlockOption = None,
    line: LineOption = None,
    of: OfOption = None,
    what_if: WhatIfOption = None,
    on: OnOption = None,
    ruleset: RulesetOption = None,
    engine: EngineOption = EngineName.AUTO,
    as_json: JsonOption = False,
    output: AnswerFileOption = None,
) -> int:
    """Объяснить вывод: чем подтверждено каждое звено и чего именно не хватает, до строки файла школы.

    Примеры:

      vsoko explain cases/gorodskaya-sosh.yml --block B1

      vsoko explain cases/gorodskaya-sosh.yml --line B1-G02-M02

      vsoko explain cases/pokazateli-tver.yml --of B2-I03

      vsoko explain cases/gorodskaya-sosh.yml --if "+B4-A01" --if "zanyatiya+responsible"
    """
    from vsoko_rules.workspace import judging

    assessments = judging.assess_file(case, ruleset, engine)
    if what_if:
        supposed = [judging.suppose(a, what_if, day_of(on), today()) for a in assessments]
        return _show_supposed(supposed, as_json, output)
    explanations = [judging.explain(assessment, block=block, line=line, of=of) for assessment in assessments]

    def data() -> list[object]:
        return [explanation.data() for explanation in explanations]

    give(data, lambda: (explanation.text() for explanation in explanations), as_json, output)
    return ExitCode.COMPLETE if all(a.complete for a in assessments) else ExitCode.GAPS


def _show_supposed(differences: Sequence[Difference], as_json: bool, output: Path | None) -> int:
    from vsoko_rules.report.what_if_view import what_if_data, what_if_text

    data = [what_if_data(difference) for difference in differences]
    give(lambda: data, lambda: map(what_if_text, differences), as_json, output)
    return ExitCode.COMPLETE if all(d.after.complete for d in differences) else ExitCode.GAPS


def new(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="ФАЙЛ", help="Записать в файл; иначе — вывести на экран.")
    ] = None,
    school: Annotated[str, typer.Option("--school", metavar="КОД", help="Код школы латиницей или цифрами.")] = "school",
    levels: Annotated[
        str, typer.Option("--levels", metavar="УРОВНИ", help="Уровни образования через запятую.")
    ] = "НОО,ООО,СОО",
    ruleset: Annotated[
        str | None, typer.Option("--ruleset", "-r", metavar="МЕТОДИКА", help="Методика, для которой нужен файл.")
    ] = None,
    source: SourceOption = None,
    second_expert: SecondExpertOption = False,
    next_year: NextYearOption = False,
) -> int:
    """Создать файл школы, готовый к заполнению: пустой с пояснениями или составленный из заполненного.

    Примеры:

      vsoko new --school zar-005 --levels НОО,ООО -o zar-005.yml

      vsoko new --from эксперт-1/zar-005.yml --second-expert -o эксперт-2/zar-005.xlsx

      vsoko new --from zar-005-2022.yml --next-year -o zar-005-2023.yml
    """
    if source is not None or second_expert or next_year:
        return _new_from(source, output, ruleset, second_expert, next_year)
    from vsoko_rules.workspace.opening import open_ruleset
    from vsoko_rules.workspace.stored import create, empty

    taught = levels.replace(" ", "").split(",")
    if output is None:
        typer.echo(empty(open_ruleset(ruleset), taught, school), nl=False)
    else:
        show_written(create(output, open_ruleset(ruleset), taught, school))
    return ExitCode.COMPLETE


def _new_from(
    source: Path | None, output: Path | None, ruleset: str | None, second_expert: bool, next_year: bool
) -> int:
    """A case made from another: for a second expert, or for the next year."""
    from vsoko_rules.workspace.stored import Fresh, create_from

    if source is None:
        raise InputError([Problem(argument("source"), "не сказано, из какого файла составить новый")])
    if second_expert == next_year:
        expected = "--second-expert или --next-year"
        raise InputError([Problem(argument("source"), "не сказано, для кого составить файл", expected=expected)])
    if output is None:
        expected = "-o имя.yml или -o имя.xlsx"
        raise InputError([Problem(argument("source"), "не сказано, куда записать файл", expected=expected)])
    case, written = create_from(source, output, Fresh.SECOND_EXPERT if second_expert else Fresh.NEXT_YEAR, ruleset)
    show_written(written)
    tell_of_files(case, source, output)
    return ExitCode.COMPLETE


def samples(
    folder: Annotated[Path, typer.Argument(metavar="ПАПКА", help="Новая папка для примеров.", show_default=False)],
) -> int:
    """Скопировать примеры: файлы вымышленных школ и описание, как заполнять свой.

    Пример:

      vsoko samples примеры
    """
    from vsoko_rules.workspace import stored

    show_written(stored.samples(folder))
    return ExitCode.COMPLETE
