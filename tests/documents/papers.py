"""Every Word document and workbook that the commands can write, in one list: who adds one adds it here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest.mock import patch

from tests.builders import FIRST_DAY, LAST_DAY, as_yaml, assessed, chain_case, complete_case, document, school_case
from tests.documents.reading import made
from tests.intake.drafts.sent import Sent
from tests.report.pages import CASES, shipped
from vsoko_rules.advice.plan import RepairPlan, ToBlock, plan
from vsoko_rules.case.records import Case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.region.roster_book import roster_book
from vsoko_rules.report.draft import draft
from vsoko_rules.report.render import Format
from vsoko_rules.report.terms import Reader
from vsoko_rules.ruleset.load import load
from vsoko_rules.study.agreement import agree
from vsoko_rules.study.reconcile_form import form_book
from vsoko_rules.study.run import run
from vsoko_rules.study.summary_files import write_summaries
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.workspace import papers, taking_in
from vsoko_rules.workspace.taking_in import SchoolGiven

Named = Iterator[tuple[str, bytes]]

SCHOOL: Final = "gorodskaya-sosh"


@cache
def _school() -> Assessment:
    return shipped(SCHOOL)


def _reports() -> Named:
    for reader in (None, *Reader):
        yield from made(_school(), Format.DOCX, reader).items()
    yield from made(_school(), Format.LETTERS).items()


def _report_books() -> Named:
    for name in (SCHOOL, "pokazateli-tver"):
        for ending, content in made(shipped(name), Format.XLSX).items():
            yield f"{name}{ending}", content


def _protocol() -> Named:
    paths = [CASES / f"{name}.yml" for name in (SCHOOL, "selskaya-oosh")]
    yield "protocol.docx", papers.protocol(paths, engine=EngineName.PLAIN)


def _drafts() -> Named:
    """A draft of every template: documents to write, and one to be amended."""
    yield from _drafts_of("new", plan(assessed(school_case()), ToBlock("B2")))
    amended = chain_case("B2")
    next(d for d in amended["documents"] if d["serves"] == ["B2-M01"])["holds"].remove("deadlines")
    yield from _drafts_of("amended", plan(assessed(amended), ToBlock("B2")))


def _drafts_of(name: str, made: RepairPlan) -> Named:
    for step in made.steps:
        yield f"draft-{name}-{step.number}.docx", draft(made, step)


def _forms() -> Named:
    ruleset = load("tver-2022")
    yield "form.xlsx", write_form(ruleset)
    yield "filled-form.xlsx", write_form(ruleset, case=_case())


def _case() -> Case:
    return _school().case.content


def _summaries() -> Named:
    with TemporaryDirectory() as folder:
        out = Path(folder)
        run([CASES / f"{name}.yml" for name in (SCHOOL, "selskaya-oosh")], out, jobs=1, engine=EngineName.PLAIN)
        write_summaries(out, opened=True, smallest=1)
        for path in sorted(out.iterdir()):
            if path.suffix in (".docx", ".xlsx"):
                yield path.name, path.read_bytes()


def _agreement() -> Named:
    with TemporaryDirectory() as folder:
        for expert, remark in (("first", None), ("second", [])):
            case = complete_case()
            if remark is not None:
                document(case, "B1-A01")["holds"] = remark
            (Path(folder) / expert).mkdir()
            (Path(folder) / expert / "a.yml").write_text(as_yaml(case), encoding="utf-8")
        yield "agreement.xlsx", form_book(agree([Path(folder) / "first", Path(folder) / "second"]))


def _roster() -> Named:
    counts = {count.id: count.title for count in load("tver-2022").counts.values()}
    yield "roster.xlsx", roster_book(counts)


def _confirmation() -> Named:
    with TemporaryDirectory() as name:
        folder, truth = Path(name) / "школа", chain_case("B1")
        sent = Sent(folder, truth, missed={"d-b1-m02": ["deadlines"]}, unread=["d-b1-m04"])
        sent.write()
        given = SchoolGiven(start=FIRST_DAY, end=LAST_DAY, today=LAST_DAY)
        with patch.object(taking_in, "read_and_propose", sent.read):
            yield "confirmation.xlsx", taking_in.take_in(folder, given=given).book.read_bytes()


WRITERS: Final[Mapping[str, Callable[[], Named]]] = {
    "report.out.docx": _reports,
    "report.out.xlsx": _report_books,
    "report.protocol": _protocol,
    "report.draft": _drafts,
    "intake.form.write_form": _forms,
    "intake.drafts.confirmation_book": _confirmation,
    "region.roster_book": _roster,
    "study.summary_files": _summaries,
    "study.reconcile_form": _agreement,
}
"""what each module that writes such files writes, by the names of the modules"""


@cache
def all_papers() -> Mapping[str, bytes]:
    """The contents of all of them, by names of files."""
    return {f"{module}: {name}": content for module, write in WRITERS.items() for name, content in write()}
