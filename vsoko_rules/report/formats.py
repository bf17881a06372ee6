"""Every format of a report from the same facts: what files an assessment becomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path
from typing import Any

from vsoko_rules.report.compose_paper import paper, settings
from vsoko_rules.report.paper import Paper, Reader
from vsoko_rules.verdict.assessment import Assessment


class Format(str, Enum):
    """Formats of a report. A letter is a Word document too, with a part for each addressee."""

    HTML = "html"
    DOCX = "docx"
    XLSX = "xlsx"
    PDF = "pdf"
    MD = "md"
    JSON = "json"
    CSV = "csv"
    LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class Wanted:
    """For whom a report is to be, and the user's own template, if any."""

    reader: Reader | None = None
    template: Path | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A file: what its name ends with, and what is in it."""

    suffix: str
    content: bytes


def report_files(assessments: Sequence[Assessment], format_: Format, wanted: Wanted) -> tuple[Made, ...]:
    """The files of one case in one format. Pages and JSON hold all its assessments, the others have a file for each."""
    together = _TOGETHER.get(format_)
    if together is not None:
        return (Made(f"{_for(wanted)}.{format_.value}", together(assessments, wanted)),)
    made: list[Made] = []
    for assessment in assessments:
        several = f"-{assessment.ruleset.id}" if len(assessments) > 1 else ""
        made += [Made(several + f.suffix, f.content) for f in _EACH[format_](assessment, wanted)]
    return tuple(made)


def context(found: Paper) -> dict[str, Any]:
    """What a Word template is given: the paper by its fields, and the colours of cells."""
    return {field.name: getattr(found, field.name) for field in fields(found)} | {"fills": settings()["fills"]}


def _for(wanted: Wanted) -> str:
    """What the name of a file says of its reader."""
    return str(settings()["readers"][wanted.reader.value]["suffix"]) if wanted.reader else ""


def _on(assessment: Assessment) -> datetime:
    """The date in the properties of documents: the end of the study, for reports never tell the time they were made."""
    end = assessment.case.content.study.end
    return datetime(end.year, end.month, end.day, tzinfo=timezone.utc)


def _html(assessments: Sequence[Assessment], wanted: Wanted) -> bytes:
    from vsoko_rules.report.html import page
    from vsoko_rules.report.readers import own_page, reader_page

    if wanted.template is None and wanted.reader is None:
        return page(assessments).encode()
    papers = [paper(assessment, wanted.reader) for assessment in assessments]
    if wanted.template is not None:
        return own_page(papers, wanted.template).encode()
    assert wanted.reader is not None
    return reader_page(papers, wanted.reader).encode()


def _json(assessments: Sequence[Assessment], _: Wanted) -> bytes:
    from vsoko_rules.verdict.result import result, to_json

    found = [result(assessment) for assessment in assessments]
    return to_json(found[0] if len(found) == 1 else found).encode()


def _docx(assessment: Assessment, wanted: Wanted) -> list[Made]:
    from vsoko_rules.report.docx import document

    shipped = {Reader.SCHOOL: "school", Reader.METHODIST: "methodist"}
    template = wanted.template or (shipped.get(wanted.reader, "report") if wanted.reader else "report")
    content = document(template, context(paper(assessment, wanted.reader)), _on(assessment))
    return [Made(f"{_for(wanted)}.docx", content)]


def _letters(assessment: Assessment, wanted: Wanted) -> list[Made]:
    from vsoko_rules.report.docx import document

    content = document(wanted.template or "letter", context(paper(assessment)), _on(assessment))
    return [Made(f"{settings()['letter']['suffix']}.docx", content)]


def _xlsx(assessment: Assessment, _: Wanted) -> list[Made]:
    from vsoko_rules.report.xlsx import workbook

    return [Made(".xlsx", workbook(paper(assessment), _on(assessment).replace(tzinfo=None)))]


def _pdf(assessment: Assessment, _: Wanted) -> list[Made]:
    from vsoko_rules.report.pdf import pdf

    return [Made(".pdf", pdf(paper(assessment), _on(assessment)))]


def _md(assessment: Assessment, _: Wanted) -> list[Made]:
    from vsoko_rules.report.markdown import page

    return [Made(".md", page(paper(assessment)).encode())]


def _csv(assessment: Assessment, _: Wanted) -> list[Made]:
    from vsoko_rules.report.csv import csv_files

    found = csv_files(paper(assessment))
    return [Made(f"-{title.lower().replace(' ', '-')}.csv", content) for title, content in found.items()]


_TOGETHER: dict[Format, Callable[[Sequence[Assessment], Wanted], bytes]] = {Format.HTML: _html, Format.JSON: _json}
_EACH: dict[Format, Callable[[Assessment, Wanted], list[Made]]] = {
    Format.DOCX: _docx,
    Format.XLSX: _xlsx,
    Format.PDF: _pdf,
    Format.MD: _md,
    Format.CSV: _csv,
    Format.LETTERS: _letters,
}
