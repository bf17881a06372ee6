"""What the program proposes of the documents it read: nothing here counts before a person has confirmed it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A verbatim piece of the text of a file, with the words around it."""

    quote: str
    before: str = ""
    after: str = ""
    line: int = 0
    """the number of the line in the text of the file, from 0"""
    page: int | None = None
    sheet: str | None = None
    shortened: bool = False
    """true: cut to the words needed, because the name of a person stands in it"""


@dataclass(frozen=True, slots=True)
class ProposedClaim:
    """One claim in the words of `Claim` of a case: «goals», «number 38-од», «date 2022-02-24», «serves B1-M02»,
    «addressees teachers». Relations name documents by their keys: «based_on 2»."""

    claim: str
    span: Span | None = None
    cue: str | None = None
    """the id of the cue by which it was found"""
    waits: bool = False
    """true: a person answers it by itself, never together with the rest of the document"""
    possible: bool = False
    """true: nothing in the text names it, it only may be — a document of the same block and an earlier date"""


@dataclass(frozen=True, slots=True)
class ProposedDocument:
    """One document found in a file: a file may hold an order and its annexes, or several orders."""

    key: str
    """the place among all documents proposed together, from 0, as text; relations use it"""
    file: str
    sha256: str
    lines: tuple[int, int]
    """the first line of the file that belongs to it, and the one after its last"""
    title: str
    title_span: Span | None = None
    claims: tuple[ProposedClaim, ...] = ()
    """in the order in which a person is asked; those of one field, such as up to three `serves`, best first"""
    highlights: tuple[ProposedClaim, ...] = ()
    """what a cue below its threshold found: shown, never proposed"""
    unrelated: bool = False
    """true: proposed as belonging to no element («не относится»); has no claims but its requisites"""
    blank: bool = False
    """true: a form with blanks left open"""
