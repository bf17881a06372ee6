"""Every format of a report from the same facts: what an assessed case becomes, as bytes and as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Final, TypeVar
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from vsoko_rules.errors import InputError, Problem, argument, did_you_mean
from vsoko_rules.report.composition import Composer, settings
from vsoko_rules.report.terms import Reader
from vsoko_rules.verdict.assessment import Assessment

_E = TypeVar("_E", bound=Enum)


class Format(str, Enum):
    """Formats of a report. A letter is a Word document too, with a part for each addressee."""

    HTML = "html"
    DOCX = "docx"
    XLSX = "xlsx"
    PDF = "pdf"
    MD = "md"
    JSON = "json"
    CSV = "csv"
    TXT = "txt"
    LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """How a format is made: by which module of `report/out/`, whether one file holds several assessments of a case,
    whether it differs by reader and may have the proofs as an appendix, and what a user's own template for it is."""

    module: str
    together: bool = False
    by_reader: bool = False
    appendix: bool = False
    template: str | None = None
    """the end of the template's name; empty for a folder or a file of text"""


FORMATS: Final = {
    Format.HTML: OutputFormat("html", together=True, by_reader=True, appendix=True, template=""),
    Format.DOCX: OutputFormat("docx", by_reader=True, appendix=True, template=".docx"),
    Format.XLSX: OutputFormat("xlsx"),
    Format.PDF: OutputFormat("pdf", by_reader=True, appendix=True),
    Format.MD: OutputFormat("markdown"),
    Format.JSON: OutputFormat("json", together=True),
    Format.CSV: OutputFormat("csv"),
    Format.TXT: OutputFormat("text"),
    Format.LETTERS: OutputFormat("letters", template=".docx"),
}


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file: what its name ends with, and what is in it."""

    suffix: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """One format, with the reader and the user's template where they apply to it."""

    format: Format
    reader: Reader | None = None
    template: Path | None = None
    appendix: bool = False


def render(
    assessments: Sequence[Assessment],
    format_: str,
    reader: str | None = None,
    template: Path | None = None,
    appendix: bool = False,
) -> bytes:
    """One case in one format: `html`, `docx`, `xlsx`, `pdf`, `md`, `json`, `csv`, `txt` or `letters`.

    `reader` is `expert`, `school`, `methodist` or none for the full report; `appendix` adds the full proofs.
    Several files, one for each table or ruleset, are given in a ZIP archive. Raises `InputError` for what cannot be
    made.
    """
    files = render_files(assessments, requests([format_], reader, template, appendix))
    if len(files) == 1:
        return files[0].content
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(ZipInfo(file.suffix.lstrip("-")), file.content, ZIP_DEFLATED)
    return stream.getvalue()


def requests(
    formats: Sequence[str], reader: str | None = None, template: Path | None = None, appendix: bool = False
) -> list[Request]:
    """What is asked for, each format once. A reader, a template and an appendix go to the formats that they fit.

    Raises `InputError` for an unknown format or reader, and where one of them fits none of the formats.
    """
    formats = formats or [""]
    chosen = list(dict.fromkeys(_known(Format, "format", "нет такого вида отчёта", name) for name in formats))
    reading = _known(Reader, "reader", "нет такого читателя", reader) if reader is not None else None
    by_reader = [f for f in chosen if FORMATS[f].by_reader]
    if reading is not None and not by_reader:
        raise _unfit("reader", "этот вид отчёта один для всех", ", ".join(f.value for f in chosen), _names("by_reader"))
    if appendix and reading in (Reader.SCHOOL, Reader.METHODIST):
        message, expected = "приложения с доказательствами у этого отчёта нет", "отчёт для expert или полный"
        raise InputError([Problem(argument("appendix"), message, reader, expected)])
    proving = [f for f in chosen if appendix and FORMATS[f].appendix]
    if appendix and not proving:
        message, named = "у этого вида отчёта нет приложения с доказательствами", ", ".join(f.value for f in chosen)
        raise _unfit("appendix", message, named, _names("appendix"))
    using = _using(template, chosen) if template is not None else None
    return [
        Request(f, reading if f in by_reader else None, template if f is using else None, f in proving) for f in chosen
    ]


def render_files(assessments: Sequence[Assessment], asked: Sequence[Request]) -> list[ReportFile]:
    """The files of one case in every format asked for; formats that do not hold several assessments have files for
    each. Raises `InputError` for a template that cannot be used."""
    composers = [Composer(assessment, any(request.appendix for request in asked)) for assessment in assessments]
    return [file for request in asked for file in composed_files(composers, request)]


def composed_files(composers: Sequence[Composer], request: Request) -> Iterator[ReportFile]:
    """The files of one format. What is composed for one format serves the next."""
    output = FORMATS[request.format]
    module = import_module(f"vsoko_rules.report.out.{output.module}")
    ending = settings()["readers"][request.reader.value]["suffix"] if request.reader else ""
    parts = [("", list(composers))]
    if not output.together:
        parts = [(f"-{c.assessment.ruleset.id}" if len(composers) > 1 else "", [c]) for c in composers]
    for several, part in parts:
        for suffix, content in module.files(part, request.reader, request.template).items():
            yield ReportFile(f"{several}{ending}{suffix}", content)


def _using(template: Path, formats: Sequence[Format]) -> Format:
    """The format that a user's template makes."""
    ending = ".docx" if template.suffix.lower() == ".docx" else ""
    fitting = [f for f, output in FORMATS.items() if output.template == ending]
    using = next((f for f in fitting if f in formats), None)
    if using is None:
        expected = " или ".join(f.value for f in fitting)
        raise _unfit("template", "шаблон не подходит к виду отчёта", str(template), expected)
    return using


def _names(quality: str) -> str:
    """The formats that have a quality, to be named in a message."""
    return " или ".join(f.value for f, output in FORMATS.items() if getattr(output, quality))


def _unfit(name: str, message: str, given: str, expected: str) -> InputError:
    return InputError([Problem(argument(name), message, given, f"вид отчёта {expected}")])


def _known(kind: type[_E], name: str, message: str, code: str) -> _E:
    """The member with this code. Raises `InputError`."""
    try:
        return kind(code.strip().lower())
    except ValueError:
        codes = [member.value for member in kind]
        hint = did_you_mean(code, codes)
        raise InputError([Problem(argument(name), message, code, "из списка: " + ", ".join(codes), hint)]) from None
