"""Papers about many schools: what is taken away of a study, the same to the byte as commands write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from vsoko_rules.case.blank import SCHEMA
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.case.write import as_yaml
from vsoko_rules.engine.names import EngineName
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.region.counted_cases import case_of_school
from vsoko_rules.region.packed_seats import seat_folder
from vsoko_rules.region.region_records import RegionSchool
from vsoko_rules.region.region_words import region_words
from vsoko_rules.region.standing import overview, titles_of
from vsoko_rules.report.render import render_files, requests
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.archive_contents import ArchiveContents
from vsoko_rules.study.parameters import parameters
from vsoko_rules.study.results import OPEN_SUMMARY, SUMMARY, Record
from vsoko_rules.study.summary_files import summary_files
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.opening import open_case
from vsoko_rules.workspace.papers import protocol_of
from vsoko_rules.workspace.seat_cases import Uses, with_uses
from vsoko_rules.workspace.stored import schema_text
from vsoko_rules.workspace.studies import shared
from vsoko_rules.writing.files import output_name
from vsoko_rules.writing.packed import packing

EXCHANGE: Final = "обмен.html"

Files = Mapping[str, bytes]
"""contents by names"""


@dataclass(frozen=True, slots=True)
class CountedFile:
    """A file of a case: whose it is, the code of its school, and whether figures are made of it."""

    who: str
    school: str
    content: bytes
    counted: bool


def packed_files(files: Files) -> bytes:
    """Files as a ZIP archive, in the order of their names; the same files give the same bytes."""
    stream = BytesIO()
    with packing(stream) as add:
        for name in sorted(files):
            add(name, files[name])
    return stream.getvalue()


def cases_in_folders(cases: Iterable[CountedFile], ending: str, beside: Files) -> Files:
    """Cases in folders by whose they are, each called as its school; `beside`: what lies in every folder. Of a school
    that has several it is said which of them counts."""
    folders: dict[str, dict[str, bytes]] = {}
    contents = ArchiveContents()
    for case in cases:
        files = folders.setdefault(folder := seat_folder(case.who), {})
        name = output_name(case.school, ending, files)
        files[name] = case.content
        contents.add(f"{folder}/{name}", case.counted)
    each = {f"{folder}/{name}": text for folder, files in folders.items() for name, text in {**files, **beside}.items()}
    return {**each, **contents.files()}


def case_yaml(text: str, school: RegionSchool, schema: str = SCHEMA) -> bytes:
    """The file of a case that a seat holds as JSON; `schema`: where its schema lies, as seen from it. Raises
    `InputError`."""
    content = case_of_school(text, school).content
    words = {"school": content.school.name, "year": content.study.year, "schema": schema}
    return as_yaml(content, [line.format(**words) for line in region_words()["case_header"]]).encode()


def case_form(text: str, school: RegionSchool, ruleset: Ruleset) -> bytes:
    """The form of a case that a seat holds as JSON. Raises `InputError`."""
    return write_form(ruleset, case=case_of_school(text, school).content)


def schema_file(ruleset: Ruleset) -> Files:
    """What editors of cases look for beside them."""
    return {SCHEMA: schema_text([ruleset]).encode()}


def summary_papers(records: Iterable[Record], ruleset: Ruleset, *, opened: bool = False) -> Files:
    """The summary of a study in every format; `opened`: the version that names no school."""
    summaries = overview(records, titles_of([ruleset]), parameters().open if opened else None)
    return summary_files(OPEN_SUMMARY if opened else SUMMARY, summaries)


def exchange_papers(records: Iterable[Record], ruleset: Ruleset) -> Files:
    """Which school shares practice with which, as a page."""
    return {EXCHANGE: shared(records, titles_of([ruleset])[ruleset.sha256]).page().encode()}


def assessed_schools(cases: Iterable[tuple[str, RegionSchool, Uses]], ruleset: Ruleset) -> Iterator[Assessment]:
    """The verdict on each case that a seat holds, read from the file that it is taken away as, with the files that were
    handed over for it. Raises `InputError`."""
    for text, school, uses in cases:
        case: CaseFile = open_case(case_yaml(text, school), output_name(school.code, ".yml", ()))
        yield assess(with_uses(case, uses), ruleset, EngineName.PLAIN)


def letter_papers(assessments: Iterable[Assessment]) -> Files:
    """A letter to each school."""
    asked = requests(["letters"])
    files: dict[str, bytes] = {}
    for assessment in assessments:
        for file in render_files([assessment], asked):
            files[output_name(assessment.case.content.school.id, file.suffix, files)] = file.content
    return files


def protocol_paper(assessments: Iterable[Assessment], ruleset: Ruleset) -> bytes:
    """The extract of a meeting as a Word file. Raises `InputError` where there is no school."""
    return protocol_of(assessments, ruleset)
