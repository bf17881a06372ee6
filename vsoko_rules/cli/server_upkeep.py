"""Commands beside a region's server: audit, import, worker."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from vsoko_rules.cli.options import AnswerFileOption, JsonOption
from vsoko_rules.cli.progress import ending_in_order, progress_bar
from vsoko_rules.cli.screen import give, tell
from vsoko_rules.cli.server_commands import Folder, check_installed, stopped_by_the_system
from vsoko_rules.cli.study import BackendOption, SchedulerOption
from vsoko_rules.errors import ExitCode
from vsoko_rules.study import Backend


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command("audit")(audit)
    app.command("import")(import_)
    app.command("worker")(worker)


def audit(
    folder: Folder,
    expect: Annotated[
        str | None,
        typer.Option("--expect", metavar="ХЭШ", help="Хэш, который журнал имел раньше: он должен в нём остаться."),
    ] = None,
    as_json: JsonOption = False,
    output: AnswerFileOption = None,
) -> int:
    """Проверить журнал сервера: ни одна запись не изменена, не убрана и не вставлена.

    Печатает, сколько записей и хэш последней. Сохраните хэш вне сервера и назовите при следующей проверке (--expect):
    тогда видно и то, что записи убраны с конца. Код 1 — журнал нарушен.

    Примеры:

      vsoko audit сервер

      vsoko audit сервер --expect 5f1c…
    """
    check_installed()
    from vsoko_rules.templates import render, rich
    from vsoko_rules.web.hosted import region_server as hosted

    hosted.prepared(folder)
    from vsoko_rules.web.hosted.event_chain import verify

    state = verify(expect)
    fault = state.fault
    data = {
        "whole": fault is None,
        "events": state.count,
        "last": state.digest,
        "fault": None if fault is None else {"number": fault.number, "why": fault.why},
    }
    give(lambda: [data], lambda: [render("text/audit.j2", rich, state=state, expected=expect)], as_json, output)
    return ExitCode.COMPLETE if fault is None else ExitCode.GAPS


def import_(
    folder: Folder,
    archive: Annotated[
        Path, typer.Argument(metavar="АРХИВ", help="Архив ZIP: у каждой школы в нём своя папка.", show_default=False)
    ],
    study: Annotated[
        str | None,
        typer.Option("--study", metavar="КОД", help="Код исследования, если незакрытых несколько."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="ИМЯ", help="От чьего имени писать в журнал: имя для входа человека центра."),
    ] = None,
    keep: Annotated[bool, typer.Option("--yes", help="Перенести; без этого — только показать, что будет.")] = False,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Работа над файлами не закончена: её можно будет продолжить.")
    ] = False,
    as_json: JsonOption = False,
    output: AnswerFileOption = None,
) -> int:
    """Перенести в исследование сервера архив школ с документами, сколько бы он ни занимал.

    Так переносится «Все файлы школ с документами» другого сервера: архив лежит на диске, и пределов страницы «Файлы
    школ» здесь нет. Всё верное в папке школы переносится сразу, неверное названо и остаётся. Что школа уже заполнила
    и не отправила, файл заменит; прежнее останется в её истории. Если команду оборвали, запустите её ещё раз:
    закрытое место второй раз не переносится. Код 1 — что-то не перенесено.

    Примеры:

      vsoko import сервер школы-с-документами.zip

      vsoko import сервер школы-с-документами.zip --yes
    """
    check_installed()
    from vsoko_rules.templates import render, rich
    from vsoko_rules.web.hosted import region_server as hosted

    hosted.prepared(folder)
    from vsoko_rules.web.hosted.archive_import import import_words, person_of_the_centre, study_to_fill, take_archive

    chosen = study_to_fill(study)
    user = person_of_the_centre(by, chosen)
    with progress_bar(import_words) as bar, ending_in_order():
        taken = take_archive(archive, chosen, user if keep else None, close=not unfinished, told=bar)
    left = [str(problem) for problem in taken.left]
    numbers = {"cases": taken.cases, "documents": taken.documents, "controls": taken.controls}
    data = {"kept": keep, **numbers, "left": left, "strangers": taken.strangers}
    give(lambda: [data], lambda: [render("text/taken_in.j2", rich, study=chosen.title, **data)], as_json, output)
    return ExitCode.GAPS if taken.left else ExitCode.COMPLETE


def worker(
    folder: Folder,
    once: Annotated[bool, typer.Option("--once", help="Сделать всё, что ждёт, и закончить.")] = False,
    backend: BackendOption = Backend.LOCAL,
    scheduler: SchedulerOption = None,
) -> int:
    """Делать долгие работы сервера: сводки, письма, выгрузки.

    Сервер и сам запускает один такой процесс. Сколько угодно ещё можно запустить на этой или других машинах, если база
    — PostgreSQL: каждую работу делает кто-то один. Если процесс оборвался, работу через минуту возьмёт другой.

    Примеры:

      vsoko worker сервер

      vsoko worker сервер --backend dask --scheduler tcp://10.0.0.5:8786
    """
    check_installed()
    from vsoko_rules.web.hosted import region_server as hosted

    hosted.prepared(folder)
    from vsoko_rules.web.hosted.work import Spread, spread_over
    from vsoko_rules.web.hosted.working import work_off, work_on, worker_name

    spread_over(Spread(backend.value, scheduler))
    name = worker_name()
    if once:
        tell(f"Сделано: {work_off(name)}.")
        return ExitCode.COMPLETE
    tell(f"Работы берёт {name}. Закончить: Ctrl + C.")
    with suppress(KeyboardInterrupt):
        work_on(name, stopped_by_the_system())
    return ExitCode.COMPLETE
