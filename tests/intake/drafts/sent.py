"""An invented folder of files with what a careful or a careless program proposes of them, and a person who knows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from tests.builders import Data, ruleset
from vsoko_rules.intake.drafts.confirmation_book import ALL, UNREAD
from vsoko_rules.intake.drafts.wording import wording
from vsoko_rules.intake.proposals.proposal import ProposedClaim, ProposedDocument, Span
from vsoko_rules.intake.texts.file_text import FileText, Quality, TextLine
from vsoko_rules.reading.workbook import parse_workbook

Change = Callable[[dict[str, str]], None]


@dataclass
class Sent:
    """A folder with a file for each document of a case. `missed`: contents that the program does not find, by document;
    `guessed`: elements that it offers before the right one; `unread`: documents that are scans."""

    folder: Path
    truth: Data
    missed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    guessed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unread: Sequence[str] = ()

    def write(self) -> None:
        """Put the files of all documents into the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for document in self.truth["documents"]:
            self.file(document["id"]).write_text("\n".join(self.lines(document)), encoding="utf-8")

    def file(self, document: str) -> Path:
        return self.folder / f"{document}.txt"

    @staticmethod
    def lines(document: Data) -> list[str]:
        """The text of a document: its title, its requisites, its contents, its grounds."""
        lines = [document["title"], f"№ {document.get('number')} от {document.get('date')}"]
        lines += [f"Содержание: {code}." for code in document.get("holds", ())]
        return lines + [f"На основании: {ground}." for ground in document.get("based_on", ())]

    def read(self, source: Path, *_: object) -> tuple[list[FileText], list[ProposedDocument]]:
        """As `taking_in.read_and_propose`."""
        texts: list[FileText] = []
        proposals: list[ProposedDocument] = []
        known = {self.file(d["id"]).name: d for d in self.truth["documents"]}
        paths = sorted(path for path in source.rglob("*.txt"))
        keys = {known[p.name]["id"]: str(n) for n, p in enumerate(paths)}
        for number, path in enumerate(paths):
            document, content = known[path.name], path.read_bytes()
            name = path.relative_to(source).as_posix()
            sha256, scan = hashlib.sha256(content).hexdigest(), document["id"] in self.unread
            lines = tuple(TextLine(line) for line in content.decode().splitlines())
            quality = Quality.NONE if scan else Quality.GOOD
            texts.append(FileText(name, sha256, "txt", () if scan else lines, quality))
            if not scan:
                proposals.append(self.proposed(document, str(number), texts[-1], keys))
        return texts, proposals

    def proposed(self, document: Data, key: str, text: FileText, keys: Mapping[str, str]) -> ProposedDocument:
        """What the program proposes of one document."""
        spans = {line.text: Span(line.text, line=n) for n, line in enumerate(text.lines)}
        title = text.lines[0].text
        requisites = spans[text.lines[1].text]
        number, _, day = text.lines[1].text.removeprefix("№ ").partition(" от ")
        claims = [ProposedClaim(f"kind {document['kind']}", spans[title])]
        claims += [ProposedClaim(f"number {number}", requisites), ProposedClaim(f"date {day}", requisites)]
        elements = dict.fromkeys((*self.guessed.get(document["id"], ()), *document["serves"]))
        claims += [ProposedClaim(f"serves {element}", spans[title]) for element in elements]
        missed = (*self.missed.get(document["id"], ()), "signature")
        held = [code for code in document.get("holds", ()) if code not in missed]
        claims += [ProposedClaim(code, spans[f"Содержание: {code}."]) for code in held]
        claims += [ProposedClaim(f"addressees {code}", spans[title]) for code in document.get("addressees", ())]
        claims.append(ProposedClaim("signature", waits=True))
        for ground in document.get("based_on", ()):
            if ground in keys:
                cited = spans[f"На основании: {ground}."]
                claims.append(ProposedClaim(f"based_on {keys[ground]}", cited, waits=True))
        return ProposedDocument(key, text.file, text.sha256, (0, len(text.lines)), title, spans[title], tuple(claims))


class Person:
    """Somebody who knows the documents and answers in the workbook as few cells as will do."""

    def __init__(self, sent: Sent, ids: Mapping[str, str]) -> None:
        """`ids`: the documents of the draft by their files."""
        self.truth = {
            ids[sent.file(d["id"]).name]: d for d in sent.truth["documents"] if sent.file(d["id"]).name in ids
        }
        self.ids = {d["id"]: own for own, d in self.truth.items()}
        self.titles = {q.id: q.title for q in ruleset().requirements.values()}

    def answer(self, key: str, column: str) -> str | None:
        """The answer to one row; none where it may stay empty."""
        document, _, rest = key.partition("@")
        about = rest.split()[1]
        if document == ALL:
            return "да"
        known = self.truth[document]
        claim = " ".join(rest.split()[2:])
        if about == "unread":
            return self.unread(known, column)
        if about == "document":
            return "да"
        if about == "element":
            return self.element(known, key)
        if about == "grounds":
            return "; ".join(self.ids[g] for g in known.get("based_on", ()) if g in self.ids) or "нет"
        if about == "lacking":
            return self.lacking(known)
        return None if about in ("content", "field", "unseen") else f"? {claim}"

    def element(self, known: Data, key: str) -> str | None:
        """None where the element offered first is right."""
        return (
            None
            if key.endswith(f" serves {known['serves'][0]}") and len(known["serves"]) == 1
            else "; ".join(known["serves"])
        )

    def lacking(self, known: Data) -> str:
        held = [self.titles[code] for code in known.get("holds", ())]
        return "; ".join(held) or "нет"

    def unread(self, known: Data, column: str) -> str | None:
        grounds = "; ".join(self.ids[g] for g in known.get("based_on", ()) if g in self.ids)
        answers = {"element": "; ".join(known["serves"]), "lacking": self.lacking(known), "grounds": grounds or "нет"}
        return answers.get(column) or str(known[column])

    def fill(self, book: Path) -> int:
        """Answer everything that has to be; returns how many cells were filled."""
        filled = 0
        workbook = openpyxl.load_workbook(book)
        for sheet in workbook.worksheets:
            heads = {cell.value: n for n, cell in enumerate(sheet[1], 1)}
            titles = wording().columns
            columns = {key: heads[titles[key]] for key in ("answer", *UNREAD) if titles[key] in heads}
            for number, row in enumerate(sheet.iter_rows(min_row=2), 2):
                key = row[0].value
                for column, at in columns.items():
                    text = self.answer(str(key), column) if key and "@" in str(key) else None
                    if text is not None:
                        sheet.cell(number, at).value = text
                        filled += 1
        workbook.save(book)
        return filled


def rows(book: Path) -> list[str]:
    """The keys of all questions in a workbook."""
    sheets = parse_workbook(book.read_bytes(), str(book))
    return [str(row[0]) for sheet in sheets for row in sheet.rows if row and row[0] and "@" in str(row[0])]


def saved(book: Any) -> bytes:
    """The bytes of a workbook of openpyxl."""
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
