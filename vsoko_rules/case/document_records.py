"""A document that a school published, and what is said of it: claims with their quotes and states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from vsoko_rules.reading.scalars import Code, Day, Flag, Period, Sha256, Text, Whole
from vsoko_rules.reading.typed import document_number
from vsoko_rules.reading.validation import Model
from vsoko_rules.ruleset.model import EducationLevel

Natural = Annotated[Whole, Field(ge=0)]


class Validity(Model):
    """From when to when a document is in force, both days included; an open end is not stated."""

    start: Day | None = Field(default=None, alias="from")
    end: Day | None = Field(default=None, alias="to")


class ClaimPlace(Model):
    """Where a quote stands."""

    file: Text | None = None
    page: Natural | None = None
    sha256: Sha256 | None = None
    """of the file when the quote was confirmed: when the file changes, the confirmation lapses"""


class Seen(Model):
    """What a ground was when a link to it was confirmed: when any of it changes, the confirmation lapses."""

    sha256: Sha256 | None = None
    number: Text | None = None
    date: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _number_as_it_is_written(cls, data: Any) -> Any:
        """As the number of a document is understood."""
        number = data.get("number") if isinstance(data, Mapping) else None
        return {**data, "number": document_number(number)[0]} if isinstance(number, str) else data


class Claim(Model):
    """One thing said of a document, with its quote, its place and its state.

    `claim` is the code of a requirement («deadlines»), or the name of a field and what stands there («based_on d01»,
    «serves B1-M02», «number 12-од»); a field alone («based_on») speaks of all that may stand there. Only what a person
    confirmed counts; what is proposed or was not looked at opens the bounds and is never counted as absent.
    """

    claim: Text
    quote: Text | None = None
    place: ClaimPlace | None = Field(default=None, alias="in")
    seen: Seen | None = None
    """for a link, what was confirmed of its ground"""
    state: Literal["confirmed", "proposed", "rejected", "not_checked"] = "confirmed"
    comment: Text | None = None

    @property
    def open(self) -> bool:
        """Whether a person has still to say yes or no."""
        return self.state in ("proposed", "not_checked")

    @property
    def field(self) -> str | None:
        """The field of a document of which it speaks; none where it speaks of a requirement."""
        first = next(iter(self.claim.split(maxsplit=1)), "")
        return first if first in CLAIMED_FIELDS else None

    @property
    def value(self) -> str | None:
        """What stands in that field, or the code of the requirement; none for all that may stand there."""
        if self.field is None:
            return self.claim
        parts = self.claim.split(maxsplit=1)
        return parts[1] if len(parts) > 1 else None


REQUISITES: Final = ("kind", "number", "date", "period", "addressees")
"""fields in which the rules see whether a document meets a requirement"""

FLAGS: Final = ("unrelated", "blank")
"""fields that hold or do not: a claim names the field alone"""

CLAIMED_FIELDS: Final = (
    *("title", "url", "serves", *REQUISITES, *FLAGS),
    *("based_on", "approved_by", "annex_of", "amends"),
)
"""fields of a document of which a claim may speak"""

RELATIONS: Final = ("based_on", "approved_by", "annex_of", "amends")
"""fields that name other documents"""

_BLANKS: Final = re.compile(
    r"(?:№|\bN|\bот)\s*[«\"]?_{2,}|[«\"]_+[»\"]\s*_{2,}|_{2,}\s*20_{1,2}|\b20_{2}", re.IGNORECASE
)
"""blanks of a form: «№ ___ от ___», «__» ______ 20__; a line to sign on is none"""

_GAP: Final = "__"
"""no blank is without it"""


class Document(Model):
    """A document that the school published."""

    id: Code
    title: Text
    kind: Text | None = None
    serves: tuple[Code, ...] = ()
    number: Text | None = None
    date: Day | None = None
    period: Period | None = None
    """what time it speaks of, where it has no date: «2021/22», «июнь 2022», «2022»"""
    valid: Validity | None = None
    """from when to when it is in force, whenever it was issued"""
    url: Text | None = None
    file: Text | None = None
    holds: tuple[Code, ...] = ()
    """requirements (those `given_by: holds`) that the document meets"""
    holds_for: dict[Code, tuple[Code, ...]] = Field(default_factory=dict)
    """for elements of which one list does not fit, what the document holds for them instead of `holds`"""
    addressees: tuple[Code, ...] = ()
    covers: tuple[EducationLevel, ...] = ()
    """levels of education the document speaks of; not given: not stated, so nothing is said of what it leaves out"""
    based_on: tuple[Code, ...] = ()
    approved_by: Code | None = None
    """the order that approves the document"""
    annex_of: Code | None = None
    """the document of which it is an annex or a part: their contents, number and date add up"""
    amends: Code | None = None
    """the document that it changes: their contents add up"""
    unrelated: Flag = False
    """true: somebody looked and it belongs to no element"""
    evidence: tuple[Claim, ...] = ()
    blank: Flag = False
    """true: a template with blanks left open, « № ___ от ___ »"""
    scan: Flag = False
    """true: a picture without text, its contents could not be read yet"""
    sample: Natural | None = None
    """how many pupils the conclusions of the document rest on"""
    remarks: tuple[Code, ...] = ()
    quote: Text | None = None
    page: Natural | None = None
    comment: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _number_as_it_is_written(cls, data: Any) -> Any:
        """«№ 112-од от 14.02.2022» is the number 112-од and, where none is stated, the date; another date is left for
        a person to see."""
        if not isinstance(data, dict):
            return data
        fields = {**data}  # a plain one is validated faster than one that knows where its keys stand
        if isinstance(number := fields.get("number"), str):
            plain, day = document_number(number)
            stated = fields.get("date")
            if day is None or stated is None or str(stated) == day:
                fields |= {"number": plain} if day is None else {"number": plain, "date": day}
        return fields

    @property
    def template(self) -> bool:
        """Whether it is a form with blanks, whether or not somebody said so."""
        if self.blank or _GAP in self.title:
            return True
        quote = self.quote
        return quote is not None and _GAP in quote and bool(_BLANKS.search(quote))

    @property
    def numbered(self) -> bool:
        """Whether it has a number; «б/н» says that it has none."""
        number = self.number
        return number is not None and any(map(str.isdigit, number))

    @property
    def open_claims(self) -> tuple[Claim, ...]:
        """What a person has still to confirm or reject."""
        return tuple(c for c in self.evidence if c.open)

    @property
    def undetermined(self) -> bool:
        """Whether a requisite of it may still turn out to be anything: a claim that names the field alone is open."""
        return any(c.value is None and c.field in REQUISITES for c in self.open_claims)

    @property
    def kind_open(self) -> bool:
        """Whether it has no kind and somebody has still to say which one it is."""
        return self.kind is None and any(c.field == "kind" for c in self.open_claims)

    @property
    def unsorted(self) -> bool:
        """Whether nobody has said yet to which elements it belongs."""
        return any(c.value is None and c.field == "serves" for c in self.open_claims)
