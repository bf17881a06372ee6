"""The summary of a study as files: JSON, a page, a workbook, a Word document; the open version beside the full one.

The same results always give the same bytes. Headings of tables stand in `reports/study/words.yml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vsoko_rules.study.pages import page, words
from vsoko_rules.study.parameters import parameters
from vsoko_rules.study.results import OPEN_SUMMARY, SUMMARY
from vsoko_rules.study.summary import summarize
from vsoko_rules.templates import clean
from vsoko_rules.words import words as shared_words
from vsoko_rules.writing.cells import TableColumn, row_height
from vsoko_rules.writing.files import write
from vsoko_rules.writing.json_text import json_text
from vsoko_rules.writing.sheet_text import tab_name
from vsoko_rules.writing.spreadsheet import MOMENT, SheetWriter, Spreadsheet
from vsoko_rules.writing.word import NOTE, WordWriter

Summaries = Sequence[Mapping[str, Any]]
CellValue = str | int | float | None


def write_summaries(out: Path, opened: bool = False, smallest: int | None = None) -> list[dict[str, Any]]:
    """Write the summary of the study in `out` in every format, and with `opened` also the version that names no school.

    `smallest`: the fewest schools of a group shown by name in the open version; the parameter where none.
    Returns the full summaries.
    """
    full = summarize(out)
    _write(out, SUMMARY, full)
    if opened:
        settings = parameters().open
        if smallest is not None:
            settings = settings.model_copy(update={"smallest_group": smallest})
        _write(out, OPEN_SUMMARY, summarize(out, settings))
    return full


def _write(out: Path, name: str, summaries: Summaries) -> None:
    for file, content in summary_files(name, summaries).items():
        write(out / file, content)


def summary_files(name: str, summaries: Summaries) -> dict[str, bytes]:
    """The summary in every format, by names of files; of a study without schools JSON alone."""
    files = {f"{name}.json": json_text(summaries).encode()}
    if summaries:
        files[f"{name}.html"] = page("summary", summaries=summaries).encode()
        files[f"{name}.xlsx"] = summary_xlsx(summaries)
        files[f"{name}.docx"] = summary_docx(summaries)
    return files


def summary_xlsx(summaries: Summaries) -> bytes:
    """A sheet of notes with the schools by level, then a sheet for each other table."""
    title = words()["tables"]["title"]
    book = Spreadsheet(title, cut=True)
    taken = [tab_name(title, ())]
    shown = [(summary, tables(summary)) for summary in summaries]
    _first_sheet(book.sheet(taken[0]), title, shown)
    for summary, listed in shown:
        for table in listed[1:]:
            name = f"{table.name} {summary['year']}" if len(summaries) > 1 else table.name
            taken.append(tab_name(name, taken))
            columns = [
                TableColumn(clean(head), width, _style(head))
                for head, width in zip(table.head, table.widths, strict=True)
            ]
            rows = [[clean(value) if isinstance(value, str) else value for value in row] for row in table.rows]
            book.sheet(taken[-1]).table(columns, rows, frozen=1)
    return book.content()


def _first_sheet(sheet: SheetWriter, title: str, shown: Sequence[tuple[Mapping[str, Any], list[SummaryTable]]]) -> None:
    widths = [int(width) for width in words()["tables"]["levels"]["widths"]]
    last = len(widths) - 1
    sheet.widths(widths)
    sheet.merge(0, 0, last, title, "title")
    at = 1
    for summary, listed in shown:
        for line in notes(summary):
            sheet.merge(at, 0, last, clean(line), "about")
            sheet.height(at, row_height([(line, sum(widths))]))
            at += 1
        for table in listed[:1]:
            sheet.merge(at + 1, 0, last, f"{table.name}, {summary['year']} год", "subtitle")
            lines: list[Sequence[CellValue]] = [table.head, *table.rows]
            for row, values in enumerate(lines, at + 2):
                for column, (value, head) in enumerate(zip(values, table.head, strict=True)):
                    sheet.put(row, column, value, "heading" if row == at + 2 else _style(head))
            at += len(table.rows) + 4


def _style(head: str) -> str:
    """How the cells under a heading look: shares have one decimal each, so that they stand under each other."""
    return "share" if "%" in head else "cell"


def summary_docx(summaries: Summaries) -> bytes:
    """Headings and tables. Tables too long for Word are left to the workbook."""
    writer = WordWriter(words()["tables"]["title"], MOMENT, landscape=True)
    writer.heading(words()["tables"]["title"], 0)
    for summary in summaries:
        writer.heading(f"{summary['ruleset']['title']}, {summary['year']} год", 1)
        for table in tables(summary):
            if len(table.rows) <= parameters().summary.most_rows_in_word:
                _docx_table(writer, table)
        for line in notes(summary):
            writer.text(clean(line), NOTE)
    return writer.content()


def _docx_table(writer: WordWriter, table: SummaryTable) -> None:
    writer.heading(table.name, 2)
    if table.note:
        writer.text(table.note, NOTE)
    writer.table(table.head, [[_shown(value) for value in row] for row in table.rows], table.widths)


def _shown(value: CellValue) -> str:
    if value is None:
        return "—"
    return clean(value) if isinstance(value, str) else str(value).replace(".", ",")


def notes(summary: Mapping[str, Any]) -> list[str]:
    """What must be said beside the tables: the version, the ruleset, its label."""
    texts, rules, opened = words()["tables"], summary["ruleset"], summary["open"]
    named = {key: rules[key] for key in ("title", "id", "version", "sha256")}
    lines = [f"{rules['label']}."] if rules["label"] else []
    if opened is not None:
        lines.append(texts["open"].format(smallest=opened["smallest_group"]))
    if not summary["shown"]:
        lines.append(texts["hidden"])
    return [*lines, texts["source"].format(**named, tool=summary["version"])]


@dataclass(frozen=True, slots=True)
class SummaryTable:
    """One table of a summary. `name` fits the tab of a workbook; `widths` of the columns are in characters."""

    name: str
    head: list[str]
    rows: list[list[CellValue]]
    widths: list[int]
    note: str | None = None


def tables(summary: Mapping[str, Any]) -> list[SummaryTable]:
    """Every table of one summary, the schools by level first; none of an open version of too few schools."""
    if not summary["shown"]:
        return []
    region = summary["region"]
    rows: list[list[CellValue]] = [[_level(x["id"], summary), x["n"], x["percent"]] for x in region["levels"]]
    parts = [
        _table(words()["tables"]["levels"], rows),
        _breaks(summary),
        *(_requirements(part, summary) for part in ("lacking", "remarks")),
        _table(words()["tables"]["scores"], list(_scores(region))),
        _districts(summary),
    ]
    return [*parts, _schools(summary)] if any(d["rows"] for d in summary["districts"]) else parts


def _table(
    texts: Mapping[str, Any], rows: list[list[CellValue]], head: list[str] | None = None, widths: Sequence[str] = ()
) -> SummaryTable:
    return SummaryTable(texts["name"], head or list(texts["head"]), rows, [int(w) for w in widths or texts["widths"]])


def _level(level: str | None, summary: Mapping[str, Any]) -> str:
    levels = summary["titles"]["levels"]
    return str(next((x["title"] for x in levels if x["id"] == level), shared_words()["number"]["unscored"]))


def _requirements(part: str, summary: Mapping[str, Any]) -> SummaryTable:
    head, titles = words()["requirements"], summary["titles"]["requirements"]
    rows: list[list[CellValue]] = [
        [titles.get(x["requirement"], x["requirement"]), x["n"], x["percent"]] for x in summary["region"][part]
    ]
    texts = {**words()["tables"]["requirements"], "name": words()[part]["title"], "head": head.values()}
    return replace(_table(texts, rows), note=words()[part]["about"])


def _breaks(summary: Mapping[str, Any]) -> SummaryTable:
    texts, titles, blocks = words()["tables"]["breaks"], summary["titles"], summary["region"]["blocks"]
    stages, unseen = titles["components"], any(block["unchecked"] for block in blocks)
    (first, unchecked, *last), (wide, narrow, *rest) = texts["head"], texts["widths"]
    head = [first, *(titles["stages"][s]["short"] for s in stages), *([unchecked] if unseen else []), *last]
    widths = [wide, *[texts["stage"]] * len(stages), *([narrow] if unseen else []), *rest]
    rows: list[list[CellValue]] = [
        [
            titles["blocks"][b["id"]], *(b["breaks"][s] for s in stages), *([b["unchecked"]] if unseen else []),
            b["held"], b["remarked"], b["lines"],
        ]
        for b in blocks
    ]  # fmt: skip
    return replace(_table(texts, rows, head, widths), note=words()["breaks"]["lines"])


def _scores(region: Mapping[str, Any]) -> Iterator[list[CellValue]]:
    for score, name in words()["spread"].items():
        spread = region[score]
        if spread:
            yield [name, *(spread[key] for key in ("n", "least", "first", "median", "third", "most"))]


def _districts(summary: Mapping[str, Any]) -> SummaryTable:
    texts, titles, score = words()["tables"], summary["titles"], summary["score"]
    levels = [level["id"] for level in titles["levels"]]
    groups = [(d["name"], d) for d in summary["districts"]]
    if summary["merged"]:
        groups.append((texts["merged"].format(count=summary["merged"]["count"]), summary["merged"]))
    rows: list[list[CellValue]] = []
    for name, group in groups:
        counts = {x["id"]: x["n"] for x in group["levels"]}
        weak = titles["stages"][group["weakest"]]["title"] if group["weakest"] else None
        median = group[score]["median"] if group[score] else None
        lines = [group["held"], group["lines"]]
        rows.append([name, group["schools"], *lines, *(counts[level] for level in levels), median, weak])
    own = texts["districts"]
    head = [*own["head"], *(level["title"] for level in titles["levels"]), words()["median"][score], *own["tail"]]
    return _table(own, rows, head, [*own["widths"], *[own["level"]] * len(levels), own["median"], own["weak"]])


def _schools(summary: Mapping[str, Any]) -> SummaryTable:
    """Schools in the order of their districts; indicators only where the ruleset has any."""
    texts, has_indicators = words()["tables"]["schools"], summary["region"]["indicators"] is not None
    head = [*texts["head"], texts["indicators"]] if has_indicators else list(texts["head"])
    rows: list[list[CellValue]] = [
        [
            district["name"], row["id"], row["name"], _level(row["level"], summary), row["lines_held"], row["lines"],
            row["cycle"], *([row["indicators"]] if has_indicators else []),
        ]
        for district in summary["districts"]
        for row in district["rows"]
    ]  # fmt: skip
    return _table(texts, rows, head, texts["widths"][: len(head)])
