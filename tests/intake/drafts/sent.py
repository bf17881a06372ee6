"""An invented folder of files, with what a careful or a careless program proposes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import openpyxl

from knowing_person import Person
from tests.builders import Data, as_yaml, ruleset
from vsoko_rules.case.reader import parse_case
from vsoko_rules.case.records import Case
from vsoko_rules.intake.drafts.confirmation_book import UNREAD
from vsoko_rules.intake.drafts.confirmation_words import wording
from vsoko_rules.intake.proposals.proposal import ProposedClaim, ProposedDocument, Span
from vsoko_rules.intake.texts.file_text import FileText, Quality, TextLine
from vsoko_rules.reading.workbook import parse_workbook
from vsoko_rules.workspace.taken_in import TakenIn


@dataclass
class Sent:
    """A folder with a file for each document of a case. `missed`: contents that the program does not find, by document;
    `guessed`: elements that it offers before the right one; `unread`: documents that are scans."""

    folder: Path
    truth: Data
    missed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    guessed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unread: Sequence[str] = ()
    people: str = ""
    """a name in the name of every file"""

    def write(self) -> None:
        """Put the files of all documents into the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for document in self.truth["documents"]:
            document["file"] = self.file(document["id"]).name
            self.file(document["id"]).write_text("\n".join(self.lines(document)), encoding="utf-8")

    def file(self, document: str) -> Path:
        return self.folder / f"{document}{self.people}.txt"

    def true_case(self) -> Case:
        """The truth with the files, as a person knows it."""
        return parse_case(as_yaml(self.truth).encode(), "truth").content

    @staticmethod
    def lines(document: Data) -> list[str]:
        """The text of a document: its title, its requisites, its contents, its grounds."""
        lines = [document["title"], f"№ {document.get('number')} от {_russian(document['date'])}"]
        lines += [f"Содержание: {code}." for code in document.get("holds", ())]
        return lines + [f"На основании: {ground}." for ground in document.get("based_on", ())]

    def read(self, source: Path, *_: object) -> tuple[list[FileText], list[ProposedDocument]]:
        """As `taking_in.read_and_propose`."""
        texts: list[FileText] = []
        proposals: list[ProposedDocument] = []
        known = {self.file(d["id"]).name: d for d in self.truth["documents"]}
        paths = sorted(path for path in source.rglob("*.txt") if path.name in known)
        keys = {known[p.name]["id"]: str(n) for n, p in enumerate(paths)}
        for number, path in enumerate(paths):
            document, content = known[path.name], path.read_bytes()
            sha256, scan = hashlib.sha256(content).hexdigest(), document["id"] in self.unread
            lines = tuple(TextLine(line) for line in content.decode().splitlines())
            quality = Quality.NONE if scan else Quality.GOOD
            name = path.relative_to(source).as_posix()
            texts.append(FileText(name, sha256, "txt", () if scan else lines, quality, "scan" if scan else None))
            if not scan:
                proposals.append(self.proposed(document, str(number), texts[-1], keys))
        return texts, proposals

    def proposed(self, document: Data, key: str, text: FileText, keys: Mapping[str, str]) -> ProposedDocument:
        """What the program proposes of one document, whose text may have changed since it was written."""
        spans = {line.text: Span(line.text, line=n) for n, line in enumerate(text.lines)}
        title, requisites = text.lines[0].text, text.lines[1].text
        number, _, day = requisites.removeprefix("№ ").partition(" от ")
        day = "-".join(reversed(day.split(".")))
        claims = [ProposedClaim(f"kind {document['kind']}", spans[title])]
        claims += [
            ProposedClaim(f"number {number}", spans[requisites]),
            ProposedClaim(f"date {day}", spans[requisites]),
        ]
        elements = dict.fromkeys((*self.guessed.get(document["id"], ()), *document["serves"]))
        claims += [ProposedClaim(f"serves {element}", spans[title]) for element in elements]
        missed = (*self.missed.get(document["id"], ()), "signature")
        found = {line.removeprefix("Содержание: ")[:-1]: line for line in spans if line.startswith("Содержание: ")}
        claims += [ProposedClaim(code, spans[line]) for code, line in found.items() if code not in missed]
        claims += [ProposedClaim(f"addressees {code}", spans[title]) for code in document.get("addressees", ())]
        claims.append(ProposedClaim("signature", waits=True))
        cited = {line.removeprefix("На основании: ")[:-1]: line for line in spans if line.startswith("На основании: ")}
        for ground, line in cited.items():
            if ground in keys:
                claims.append(ProposedClaim(f"based_on {keys[ground]}", spans[line], waits=True))
        return ProposedDocument(key, text.file, text.sha256, (0, len(text.lines)), title, spans[title], tuple(claims))


def _russian(day: str) -> str:
    return ".".join(reversed(day.split("-")))


def person(sent: Sent, taken: TakenIn) -> Person:
    """Somebody who knows the documents of what was sent."""
    return Person(sent.true_case(), taken.draft.case, ruleset(), f"{sent.folder.name}/")


def keys(book: Path) -> list[str]:
    """The keys of all questions in a workbook."""
    sheets = parse_workbook(book.read_bytes(), str(book))
    return [str(row[0]) for sheet in sheets for row in sheet.rows if row and row[0] and "@" in str(row[0])]


def answer(book: Path, given: Mapping[str, str]) -> None:
    """Answer some questions of a workbook, each by the end or the beginning of its key."""
    workbook = openpyxl.load_workbook(book)
    left = dict(given)
    for sheet in workbook.worksheets:
        titles = {str(cell.value): n for n, cell in enumerate(sheet[1], 1)}
        at = titles.get(wording().columns["answer"])
        for number, row in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
            key = str(row[0])
            own = next((k for k in left if key == k or _named(key, k)), None)
            if at is not None and own is not None:
                sheet.cell(number, at).value = left.pop(own)
    assert not left, f"nothing asks {left}"
    workbook.save(book)


def forget(book: Path, chance: Random, share: float) -> None:
    """Take back a share of the answers in a workbook, but none that excepts something from the «да» to a document."""
    workbook = openpyxl.load_workbook(book)
    titles = wording().columns
    answers = {titles[key] for key in ("answer", *UNREAD)}
    for sheet in workbook.worksheets:
        columns = [n for n, cell in enumerate(sheet[1], 1) if cell.value in answers]
        for number in range(2, sheet.max_row + 1):
            about = str(sheet.cell(number, 1).value).partition("@")[2].split(" ")[1:2]
            for column in columns if about and about[0] not in ("element", "field", "content") else ():
                if chance.random() < share:
                    sheet.cell(number, column).value = None
    workbook.save(book)


def _named(key: str, wanted: str) -> bool:
    """Whether a key is the one of «d01 document»: the document and what is asked of it, without the hash."""
    document, _, rest = key.partition("@")
    return f"{document} {rest.partition(' ')[2]}".startswith(wanted)
