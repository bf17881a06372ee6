"""What the makers of Word templates share: a body is described, walked from top to bottom, and made into a file.

A description is a list of texts by their kinds (with Jinja fields, `**bold**`), `{if: condition, do: […], else: […]}`,
`{for: loop, do: […]}`, `page: break`, `table: {…}`, and `part: name` for a list that several descriptions share: what
stands beside the name is said of each of its texts.
`[[name :: value=field]]` stands for a sentence of `reports/sentences.yml` with the field put in, as Word will have it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from vsoko_rules.words import sentences
from vsoko_rules.writing.office import packed

SENTENCE = re.compile(r"\[\[(\w+)((?: :: \w+=.+?)*)\]\]")
PROPERTIES = ("title", "subject", "author", "keywords")


def filled(text: str) -> str:
    """A text of a description with the sentences that it names."""

    def sentence(match: re.Match[str]) -> str:
        values = dict(part.split("=", 1) for part in match[2].split(" :: ")[1:])
        return sentences()[match[1]].format(**{name: f"{{{{ {field} }}}}" for name, field in values.items()})

    return SENTENCE.sub(sentence, text)


def put_runs(paragraph: Any, text: str) -> None:
    """Add a text of a description to a paragraph, its parts between `**` in bold."""
    for number, piece in enumerate(filled(text).split("**")):
        if piece:
            paragraph.add_run(piece).bold = True if number % 2 else None


def keep_row(row: Any, is_head: bool) -> None:
    """Let a row of a table stay on one page; a head is said again on each."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))


def put_caption(table: Any, about: str) -> None:
    """Say what a table is about, for those who do not see it."""
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), filled(about))
    table._tbl.tblPr.append(caption)


class Builder(ABC):
    """One template. `said`: its description."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.said = said
        self.word: Word = Document()
        self.dress()
        self._properties()
        self.body(said["body"])

    @abstractmethod
    def dress(self) -> None:
        """Give the empty document its page and its styles."""

    @abstractmethod
    def text(self, kind: str, text: str, more: Mapping[str, Any]) -> None:
        """Add a paragraph of a kind; `more`: what else is said of it."""

    @abstractmethod
    def table(self, said: Mapping[str, Any]) -> None:
        """Add a table."""

    def bytes(self) -> bytes:
        """The finished file, the same bytes each time."""
        stream = BytesIO()
        self.word.save(stream)
        return packed(stream.getvalue())

    def body(self, parts: Sequence[Mapping[str, Any]]) -> None:
        """Add what a list describes."""
        for part in parts:
            ((kind, said), *rest) = part.items()
            if kind in ("if", "for"):
                self._command(f"{kind} {said}")
                self.body(part["do"])
                if "else" in part:
                    self._command("else")
                    self.body(part["else"])
                self._command(f"end{kind}")
            elif kind == "table":
                self.table(said)
            elif kind == "page":
                self.word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            elif kind == "part":
                self.body([{**each, **dict(rest)} for each in self.said["parts"][said]])
            else:
                self.text(kind, said, dict(rest))

    def _command(self, command: str) -> None:
        put_runs(self.word.add_paragraph(style="Normal"), f"{{%p {command} %}}")

    def _properties(self) -> None:
        properties = self.word.core_properties
        for name in PROPERTIES:
            setattr(properties, name, filled(self.said[name]))
        properties.comments, properties.language = "", "ru-RU"
        properties.created = properties.modified = datetime(2022, 1, 1, tzinfo=timezone.utc)
