"""The summary of a study as files: JSON, a page, a workbook, a Word document; the open version beside the full one.

The same results always give the same bytes. Headings of tables stand in `reports/study/words.yml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vsoko_rules.study.pages import page, words
from vsoko_rules.study.parameters import parameters
from vsoko_rules.study.summary import summarize
from vsoko_rules.templates import clean
from vsoko_rules.writing.files import write
from vsoko_rules.writing.json_text import json_text
from vsoko_rules.writing.sheet_text import tab_name
from vsoko_rules.writing.spreadsheet import MOMENT, Spreadsheet, TableColumn
from vsoko_rules.writing.word import WordWriter

_FIRST_COLUMN, _COLUMN, _NOTES = 40, 18, 100
"""widths in characters"""

Summaries = Sequence[Mapping[str, Any]]
CellValue = str | int | float | None


def write_summaries(out: Path, opened: bool = False, smallest: int | None = None) -> list[dict[str, Any]]:
    """Write the summary of the study in `out` in every format, and with `opened` also the version that names no school.

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
    write(out / f"{name}.json", json_text(summaries).encode())
    if summaries:
        write(out / f"{name}.html", page("summary", summaries=summaries).encode())
        write(out / f"{name}.xlsx", summary_xlsx(summaries))
        write(out / f"{name}.docx", summary_docx(summaries))


def summary_xlsx(summaries: Summaries) -> bytes:
    """A sheet of notes, then a sheet for each table."""
    title = words()["tables"]["title"]
    book = Spreadsheet(title, cut=True)
    taken = [tab_name(title, ())]
    about = book.sheet(taken[0])
    about.widths((_NOTES,))
    for row, line in enumerate(line for summary in summaries for line in notes(summary)):
        about.put(row, 0, line)
    for summary in summaries:
        for table in tables(summary):
            name = f"{table.name} {summary['year']}" if len(summaries) > 1 else table.name
            taken.append(tab_name(name, taken))
            widths = (_FIRST_COLUMN, *[_COLUMN] * (len(table.head) - 1))
            columns = [TableColumn(clean(head), width) for head, width in zip(table.head, widths, strict=True)]
            rows = [[clean(value) if isinstance(value, str) else value for value in row] for row in table.rows]
            book.sheet(taken[-1]).table(columns, rows, frozen=1)
    return book.content()


def summary_docx(summaries: Summaries) -> bytes:
    """Headings and tables. Tables too long for Word are left to the workbook."""
    writer = WordWriter(words()["tables"]["title"], MOMENT, landscape=True)
    writer.heading(words()["tables"]["title"], 0)
    for summary in summaries:
        writer.heading(f"{summary['ruleset']['title']}, {summary['year']}", 1)
        for table in tables(summary):
            if len(table.rows) <= parameters().summary.most_rows_in_word:
                _docx_table(writer, table)
        for line in notes(summary):
            writer.text(clean(line))
    return writer.content()


def _docx_table(writer: WordWriter, table: SummaryTable) -> None:
    writer.heading(table.name, 2)
    if table.note:
        writer.text(table.note)
    widths = (_FIRST_COLUMN, *[_COLUMN] * (len(table.head) - 1))
    writer.table(table.head, [[_shown(value) for value in row] for row in table.rows], widths)


def _shown(value: CellValue) -> str:
    if value is None:
        return "—"
    return clean(value) if isinstance(value, str) else str(value).replace(".", ",")


def notes(summary: Mapping[str, Any]) -> list[str]:
    """What must be said beside the tables: the version, the ruleset, its label."""
    texts, rules, opened = words()["tables"], summary["ruleset"], summary["open"]
    named = {key: rules[key] for key in ("title", "id", "version", "sha256")}
    lines = [texts["source"].format(**named, tool=summary["version"])]
    if rules["label"]:
        lines.append(rules["label"])
    if opened is not None:
        lines.append(texts["open"].format(smallest=opened["smallest_group"]))
    if not summary["shown"]:
        lines.append(texts["hidden"])
    return lines


@dataclass(frozen=True, slots=True)
class SummaryTable:
    """One table of a summary. `name` fits the tab of a workbook."""

    name: str
    head: list[str]
    rows: list[list[CellValue]]
    note: str | None = None


def tables(summary: Mapping[str, Any]) -> list[SummaryTable]:
    """Every table of one summary; none of an open version of too few schools."""
    if not summary["shown"]:
        return []
    texts, titles, region = words()["tables"], summary["titles"], summary["region"]
    parts = [
        _table(texts["levels"], [[_level(x["id"], titles), x["n"], x["percent"]] for x in region["levels"]]),
        _breaks(texts["breaks"], region, titles),
        *(_table(texts[part], list(_requirements(region[part], titles))) for part in ("lacking", "remarks")),
        _table(texts["scores"], list(_scores(region))),
        _districts(summary),
    ]
    schools = list(_schools(summary))
    return [*parts, _table(texts["schools"], schools)] if schools else parts


def _table(texts: Mapping[str, Any], rows: list[list[CellValue]]) -> SummaryTable:
    return SummaryTable(texts["name"], list(texts["head"]), rows, texts.get("note"))


def _requirements(listed: Sequence[Mapping[str, Any]], titles: Mapping[str, Any]) -> Iterator[list[CellValue]]:
    for x in listed:
        yield [titles["requirements"].get(x["requirement"], x["requirement"]), x["n"], x["percent"]]


def _level(level: str | None, titles: Mapping[str, Any]) -> str:
    return str(next((x["title"] for x in titles["levels"] if x["id"] == level), words()["tables"]["unscored"]))


def _breaks(texts: Mapping[str, Any], region: Mapping[str, Any], titles: Mapping[str, Any]) -> SummaryTable:
    stages = titles["components"]
    first, lines, held, remarked = texts["head"]
    head = [first, *(titles["stages"][s]["short"] for s in stages), held, remarked, lines]
    rows: list[list[CellValue]] = [
        [titles["blocks"][b["id"]], *(b["breaks"][s] for s in stages), b["held"], b["remarked"], b["lines"]]
        for b in region["blocks"]
    ]
    return SummaryTable(texts["name"], head, rows, texts["note"])


def _scores(region: Mapping[str, Any]) -> Iterator[list[CellValue]]:
    for score, name in words()["tables"]["score"].items():
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
    return SummaryTable(own["name"], head, rows)


def _schools(summary: Mapping[str, Any]) -> Iterator[list[CellValue]]:
    for district in summary["districts"]:
        for row in district["rows"]:
            level = _level(row["level"], summary["titles"])
            scores = [row["lines_held"], row["lines"], row["cycle"], row["indicators"]]
            yield [district["name"], row["id"], row["name"], level, *scores]
