"""Commands that take the file of a school: check, explain, new."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsoko_rules.cli.options import CaseArgument, CasesArgument, EngineOption, JsonOption, RulesetOption, assessments
from vsoko_rules.cli.screen import complain, show
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import ExitCode, InputError

if TYPE_CHECKING:
    from vsoko_rules.verdict.assessment import Assessment


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command("check")(check)
    app.command("explain")(explain)
    app.command("new")(new)


def check(
    cases: CasesArgument,
    ruleset: RulesetOption = None,
    engine: EngineOption = EngineName.AUTO,
    as_json: JsonOption = False,
) -> int:
    """Проверить школу: какие звенья цепочки держатся, где первый разрыв и с чего начать.

    Примеры:

      vsoko check cases/gorodskaya-sosh.yml

      vsoko check школы/*.yml --json > итоги.json
    """
    from vsoko_rules.verdict.result import result, to_json

    codes = {ExitCode.COMPLETE}
    results = []
    for path in cases:
        try:
            found = assessments(path, ruleset, engine)
        except InputError as exc:
            complain(exc)
            codes.add(exc.exit_code)
            continue
        codes.update(ExitCode.COMPLETE if a.complete else ExitCode.GAPS for a in found)
        if as_json:
            results += [result(a) for a in found]
            continue
        from vsoko_rules.report.out.text import summary

        for assessment in found:
            show(summary(assessment))
    if as_json and results:
        typer.echo(to_json(results[0] if len(results) == 1 else results), nl=False)
    return max(codes)


def explain(
    case: CaseArgument,
    block: Annotated[
        str | None, typer.Option("--block", "-b", metavar="БЛОК", help="Только этот блок, например B1.")
    ] = None,
    line: Annotated[
        str | None, typer.Option("--line", "-l", metavar="ЛИНИЯ", help="Только эта линия, например B1-G02-M02.")
    ] = None,
    of: Annotated[
        str | None,
        typer.Option(
            "--of", metavar="КОД", help="Только документ, элемент или показатель с этим кодом, например B1-A01."
        ),
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--if",
            metavar="ИЗМЕНЕНИЕ",
            help="Что изменится, если: +B1-A01 — появится документ, -d03 — исчезнет, d03+deadlines — дополнен, "
            "d12>d07 — сошлётся, d12=2022-05-10 — передатирован, B1-I02=1 — отмечен. Файл не меняется.",
        ),
    ] = None,
    ruleset: RulesetOption = None,
    engine: EngineOption = EngineName.AUTO,
    as_json: JsonOption = False,
) -> int:
    """Объяснить вывод: чем подтверждено каждое звено и чего именно не хватает, до строки файла школы.

    Примеры:

      vsoko explain cases/gorodskaya-sosh.yml --block B1

      vsoko explain cases/gorodskaya-sosh.yml --line B1-G02-M02

      vsoko explain cases/pokazateli-tver.yml --of B2-I03

      vsoko explain cases/gorodskaya-sosh.yml --if "+B4-A01" --if "zanyatiya+responsible"
    """
    from vsoko_rules.report.explanation import Explanation
    from vsoko_rules.verdict.result import to_json

    found = assessments(case, ruleset, engine)
    if what_if:
        return _suppose(found, what_if, as_json)
    explained = [Explanation(assessment, block, line, of) for assessment in found]
    if as_json:
        data = [e.data() for e in explained]
        typer.echo(to_json(data[0] if len(data) == 1 else data), nl=False)
    else:
        for each in explained:
            show(each.text())
    return ExitCode.COMPLETE if all(a.complete for a in found) else ExitCode.GAPS


def _suppose(found: Sequence[Assessment], changes: Sequence[str], as_json: bool) -> int:
    from vsoko_rules.advice.what_if import parse, what_if
    from vsoko_rules.report.what_if_view import what_if_data, what_if_text
    from vsoko_rules.verdict.result import to_json

    differences = [what_if(assessment, parse(changes, assessment)) for assessment in found]
    if as_json:
        data = [what_if_data(difference) for difference in differences]
        typer.echo(to_json(data[0] if len(data) == 1 else data), nl=False)
    else:
        for difference in differences:
            show(what_if_text(difference))
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
) -> int:
    """Создать пустой файл школы с пояснениями, готовый к заполнению.

    Пример:

      vsoko new --school zar-005 --levels НОО,ООО -o zar-005.yml
    """
    from vsoko_rules.case.blank import blank
    from vsoko_rules.ruleset.load import DEFAULT, load
    from vsoko_rules.writing.files import write_new

    text = blank(load(ruleset or DEFAULT), levels.replace(" ", "").split(","), school)
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_new(output, text.encode())
        typer.echo(f"Файл записан: {output}")
    return ExitCode.COMPLETE
