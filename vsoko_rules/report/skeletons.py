"""The words of drafts, `reports/docx/draft/words.yml`: what a document of each stage and kind is made of."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field

from vsoko_rules.errors import RulesetError
from vsoko_rules.reading.scalars import Code, Flag, Text
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.model import CaseForms

AmendedBy = Literal["order", "addendum"]


class Skeleton(Model):
    """A sort of document: its Word template and what it says. It fits `stages` and `kinds`; empty: any."""

    stages: tuple[Code, ...] = ()
    kinds: tuple[Code, ...] = ()
    template: Code
    kind: Text | None = None
    """how the document calls itself; none: as the ruleset calls it"""
    forms: CaseForms | None = None
    """how others cite it, where the ruleset knows no kind"""
    several: Text
    """what it is about when it serves several elements"""
    by_block: Flag = False
    """it is so called even when it serves only one"""
    preamble: Text
    each: Text | None = None
    """a point for each element, with `details` by requirement"""
    details: dict[Code, str] = Field(default_factory=dict)
    points: dict[Code, Text | None] = Field(default_factory=dict)
    """a point by requirement; none: the layout has a place for what it asks"""
    first_value: Text | None = None
    second_value: Text | None = None
    """headings of the two columns of values in a report"""
    amended_by: AmendedBy


class Amendment(Model):
    """How a document that there is gets completed. Fields: `{accusative}`, `{dative}`, `{text}`, `{preamble}`."""

    template: Code
    kind: Text
    heading: Text
    preamble: Text
    opening: Text
    point: Text
    grounds: Text


class Unnamed(Model):
    """What is said where a ruleset gives no phrase in the right case: the name in quotes."""

    subject: Text
    point: Text
    block: Text
    forms: CaseForms
    ask: Text


class Cited(Model):
    """How documents are cited: with the title in quotes, as orders are, or as a part of the sentence."""

    titled: Text
    plain: Text
    date: Text
    number: Text
    no_date: Text
    no_number: Text


class AuthorGuide(Model):
    """The page for whoever writes the document."""

    title: Text
    remove: Text
    blanks: Text
    serves: Text
    waits: Text
    waits_step: tuple[Text, Text]
    addressee: Text
    reissue: Text
    anew: Text
    sample: Text
    notes: dict[Code, tuple[Text, ...]]
    """by template"""
    requirements: dict[Code, Text]
    """what to do where a document that there is lacks what no text can give"""


class DraftWords(Model):
    """The whole file."""

    unnamed: Unnamed
    alternative: str
    about: tuple[Text, ...]
    cited: Cited
    no_grounds: Text
    any_addressee: Text
    skeletons: tuple[Skeleton, ...]
    points: dict[Code, Text | None]
    amendments: dict[AmendedBy, Amendment]
    repeal: Text
    guide: AuthorGuide

    def skeleton(self, stage: str, kind: str | None) -> Skeleton:
        """The first skeleton that fits. The last one fits everything."""
        return next(
            s for s in self.skeletons if (not s.stages or stage in s.stages) and (not s.kinds or kind in s.kinds)
        )


@cache
def draft_words() -> DraftWords:
    """The words of drafts, read once."""
    return validated(DraftWords, read(shipped("reports") / "docx" / "draft" / "words.yml", RulesetError), RulesetError)
