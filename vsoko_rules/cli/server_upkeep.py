"""Commands beside a region's server: audit."""

from __future__ import annotations

from typing import Annotated

import typer

from vsoko_rules.cli.options import AnswerFileOption, JsonOption
from vsoko_rules.cli.screen import give
from vsoko_rules.cli.server_commands import Folder, check_installed
from vsoko_rules.errors import ExitCode


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command("audit")(audit)


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
