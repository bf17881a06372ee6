"""Writing the summaries of a study: JSON, HTML, XLSX and DOCX; the open version beside the full one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vsoko_rules.study.pages import summary_page
from vsoko_rules.study.parameters import parameters
from vsoko_rules.study.summary import summarize
from vsoko_rules.verdict.result import to_json
from vsoko_rules.writing.files import write

Summaries = Sequence[Mapping[str, Any]]


def write_summaries(out: Path, opened: bool = False, smallest: int | None = None) -> list[dict[str, Any]]:
    """Write the summary of the study in `out`, and with `opened` also the version that names no school.

    `smallest`: the fewest schools of a group shown by name in the open version; the parameter where none.
    Returns the full summaries.
    """
    full = summarize(out)
    _write(out, "summary", full)
    if opened:
        settings = parameters().open
        if smallest is not None:
            settings = settings.model_copy(update={"smallest_group": smallest})
        _write(out, "summary-open", summarize(out, settings))
    return full


def _write(out: Path, name: str, summaries: Summaries) -> None:
    from vsoko_rules.study.office import summary_docx, summary_xlsx

    write(out / f"{name}.json", to_json(summaries).encode())
    if summaries:
        write(out / f"{name}.html", summary_page(summaries).encode())
        write(out / f"{name}.xlsx", summary_xlsx(summaries))
        write(out / f"{name}.docx", summary_docx(summaries))
