"""`vsoko rules`: commands that look at rulesets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vsoko_rules.accepted_files import BOOKS, either
from vsoko_rules.cli.choices import listed, one_of
from vsoko_rules.cli.options import AnswerFileOption, EngineOption, JsonOption, NamedOption, meant
from vsoko_rules.cli.russian import App
from vsoko_rules.cli.screen import give, hand_over, in_words_of_options, show_written, tell
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import ExitCode
from vsoko_rules.workspace import ChainLanguage, SchemaOf

app = App(help="Методики: посмотреть, проверить, нарисовать, описать.")

SCHEMAS = {
    SchemaOf.CASE: "файл школы",
    SchemaOf.RESULT: "результат проверки",
    SchemaOf.RULESET: "методика",
    SchemaOf.CUES: "признаки методики",
}
LANGUAGES = {ChainLanguage.MERMAID: "для Markdown", ChainLanguage.DOT: "для Graphviz"}
RulesetArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="МЕТОДИКА",
        help="Название поставляемой методики или папка своей; по умолчанию bashkortostan-2022.",
        show_default=False,
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="ФАЙЛ", help="Записать в файл; иначе — вывести на экран."),
]


@app.command("list")
def list_(as_json: JsonOption = False, output: AnswerFileOption = None) -> int:
    """Показать поставляемые методики.

    Пример: vsoko rules list
    """
    from vsoko_rules.templates import render, rich
    from vsoko_rules.workspace import rulesets

    listed = rulesets.listed()
    data = [rulesets.ruleset_data(each) for each in listed]
    give(lambda: data, lambda: [render("text/rules_list.j2", rich, rulesets=listed)], as_json, output)
    return ExitCode.COMPLETE


@app.command("show")
def show_(
    code: Annotated[str, typer.Argument(metavar="КОД", help="Код блока, элемента, требования, правила, показателя.")],
    ruleset: RulesetArgument = None,
    named: NamedOption = None,
    as_json: JsonOption = False,
    output: AnswerFileOption = None,
) -> int:
    """Показать, что методика говорит о блоке, элементе, требовании, правиле или показателе.

    Пример: vsoko rules show B1-M02
    """
    from vsoko_rules.templates import rich
    from vsoko_rules.workspace import rulesets

    ruleset = meant(ruleset, named)
    give(lambda: rulesets.entry_data(ruleset, code), lambda: [rich(rulesets.describe(ruleset, code))], as_json, output)
    return ExitCode.COMPLETE


@app.command("check")
def check(
    ruleset: RulesetArgument = None,
    named: NamedOption = None,
    as_json: JsonOption = False,
    output: AnswerFileOption = None,
) -> int:
    """Проверить методику: ссылки, повторы, круги, недостижимое, пропавшие источники и советы.

    Пример: vsoko rules check моя-методика
    """
    from vsoko_rules.templates import render, rich
    from vsoko_rules.verdict.answer import problem_data
    from vsoko_rules.workspace import rulesets

    checked, problems = rulesets.check(meant(ruleset, named))
    remarks = [in_words_of_options(problem) for problem in problems]
    data = {"ruleset": rulesets.named(checked), "remarks": [problem_data(remark) for remark in remarks]}
    give(
        lambda: [data], lambda: [render("text/rules_check.j2", rich, ruleset=checked, remarks=remarks)], as_json, output
    )
    return ExitCode.BAD_RULESET if remarks else ExitCode.COMPLETE


@app.command("test")
def test(
    ruleset: RulesetArgument = None,
    named: NamedOption = None,
    engine: EngineOption = EngineName.AUTO,
    as_json: JsonOption = False,
    output: AnswerFileOption = None,
) -> int:
    """Прогнать испытания правил, которые лежат рядом с ними (*.test.yml), и примеры признаков.

    Пример: vsoko rules test
    """
    from vsoko_rules.templates import render, rich
    from vsoko_rules.workspace import rulesets

    tested, report, sentences = rulesets.try_rules(meant(ruleset, named), engine)
    data = [rulesets.test_data(tested, report, sentences)]
    told = {"ruleset": tested, "report": report, "sentences": sentences}
    give(lambda: data, lambda: [render("text/rules_test.j2", rich, **told)], as_json, output)
    passed = report.passed and all(trial.passed for trial in sentences)
    return ExitCode.COMPLETE if passed else ExitCode.BAD_RULESET


@app.command("schema")
def schema(
    of: Annotated[
        SchemaOf,
        typer.Argument(
            metavar="ЧТО",
            help=f"Что описать: {listed(SCHEMAS)}. По умолчанию case.",
            show_default=False,
            **one_of(SCHEMAS),
        ),
    ] = SchemaOf.CASE,
    ruleset: Annotated[
        list[str] | None, typer.Option("--ruleset", "-r", metavar="МЕТОДИКА", help="Подставить коды этой методики.")
    ] = None,
    output: OutputOption = None,
) -> int:
    """Выдать JSON Schema файла школы, методики, её признаков или результата check --json: по ней редактор подсказывает
    ключи и коды.

    Пример: vsoko rules schema case -r bashkortostan-2022 -o case.json
    """
    from vsoko_rules.workspace import rulesets

    hand_over(rulesets.schema(of, ruleset or ()), output)
    return ExitCode.COMPLETE


@app.command("graph")
def graph(
    block: Annotated[str, typer.Argument(metavar="БЛОК", help="Код блока, например B1.")],
    ruleset: RulesetArgument = None,
    named: NamedOption = None,
    language: Annotated[
        ChainLanguage,
        typer.Option(
            "--format",
            "-f",
            metavar="ЯЗЫК",
            help=f"На каком языке: {listed(LANGUAGES)}. По умолчанию mermaid.",
            show_default=False,
            **one_of(LANGUAGES),
        ),
    ] = ChainLanguage.MERMAID,
    output: OutputOption = None,
) -> int:
    """Нарисовать ожидаемую цепочку блока на языке Mermaid или DOT.

    Пример: vsoko rules graph B4 --format dot -o b4.dot
    """
    from vsoko_rules.workspace import rulesets

    hand_over(rulesets.graph(meant(ruleset, named), block, language), output)
    return ExitCode.COMPLETE


@app.command("docs")
def docs(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="ПАПКА", help="Куда записать страницы.")],
    ruleset: RulesetArgument = None,
    named: NamedOption = None,
) -> int:
    """Записать справочник методики: страницы Markdown по блокам, правилам и советам.

    Пример: vsoko rules docs -o справочник
    """
    from vsoko_rules.workspace.rulesets import write_pages

    first, *rest = write_pages(meant(ruleset, named), output)
    tell(f"Записано страниц: {1 + len(rest)}. Начните с {first}")
    return ExitCode.COMPLETE


@app.command("diff")
def diff(
    old: Annotated[str, typer.Argument(metavar="БЫЛО", help="Прежняя методика: название или папка.")],
    new: Annotated[str, typer.Argument(metavar="СТАЛО", help="Новая методика: название или папка.")],
    as_json: JsonOption = False,
    output: AnswerFileOption = None,
) -> int:
    """Сказать словами, чем одна методика отличается от другой.

    Пример: vsoko rules diff методика-2022 методика-2023
    """
    from vsoko_rules.workspace import rulesets

    before, after, changes = rulesets.differences(old, new)
    data = [rulesets.diff_data(before, after, changes)]
    give(lambda: data, lambda: [rulesets.diff_text(before, after, changes)], as_json, output)
    return ExitCode.COMPLETE


@app.command("init")
def init(
    folder: Annotated[Path, typer.Argument(metavar="ПАПКА", help="Новая папка; её имя станет кодом методики.")],
    parent: Annotated[
        str, typer.Option("--from", metavar="МЕТОДИКА", help="На какую методику опереться.")
    ] = "tver-2022",
) -> int:
    """Начать свою методику: маленькая папка, которая опирается на поставляемую и ничего не копирует.

    Пример: vsoko rules init моя-область --from tver-2022
    """
    from vsoko_rules.workspace.rulesets import begin

    begin(folder, parent)
    tell(f"Методика создана: {folder / 'ruleset.yml'}. Что можно менять — в {folder / 'ПРОЧТИ.md'}")
    return ExitCode.COMPLETE


@app.command("import")
def import_(
    table: Annotated[Path, typer.Argument(metavar="ТАБЛИЦА", help=f"Таблица показателей: {either(BOOKS)}.")],
    into: Annotated[Path, typer.Option("--into", metavar="ПАПКА", help="Папка своей методики.")],
) -> int:
    """Взять список показателей из таблицы: он заменит список родительской методики.

    Пример: vsoko rules import показатели.xlsx --into моя-область
    """
    from vsoko_rules.workspace.rulesets import import_indicators

    path = import_indicators(table, into)
    tell(f"Показатели записаны: {path}. Проверьте методику: vsoko rules check {into}")
    return ExitCode.COMPLETE


@app.command("freeze")
def freeze(ruleset: RulesetArgument = None, named: NamedOption = None) -> int:
    """Записать, что значат коды опубликованной версии: check заметит, если смысл кода сменится без смены версии.

    Пример: vsoko rules freeze моя-область
    """
    from vsoko_rules.workspace import rulesets

    show_written([rulesets.freeze(meant(ruleset, named))])
    return ExitCode.COMPLETE
