"""What a document for some elements is: its sort, its kind, and what it is about, in the right case.

The sorts and their words stand in `reports/docx/draft/words.yml`, the phrases in the ruleset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import Field

from vsoko_rules.errors import RulesetError
from vsoko_rules.reading.scalars import Code, Flag, Text
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.model import CaseForms, Element, Kind
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.words import inner_quotes

AmendedBy = Literal["order", "order_on", "addendum"]
"""an order that changes an order, one that changes what an order approved, or an addendum by the author"""


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


@dataclass(frozen=True, slots=True)
class Designation:
    """A document that is to be written: «приказ» «о проведении мониторинга результатов ВПР»."""

    skeleton: Skeleton
    kind: str
    subject: str
    """read after the kind"""
    forms: CaseForms
    """the kind inside a sentence"""


def designation(ruleset: Ruleset, elements: Sequence[Element]) -> Designation:
    """The document that serves `elements`: all of one stage and one kind."""
    words, first = draft_words(), elements[0]
    known = kind_of(ruleset, first.kind)
    skeleton = words.skeleton(first.stage, known.id if known is not None else None)
    subject = first.subject or unnamed(words.unnamed.subject, first.title)
    stated = first.kind or ruleset.stages[first.stage].title
    kind = skeleton.kind or stated.split(words.alternative)[0].removesuffix(subject).strip()
    if len(elements) > 1 or skeleton.by_block:
        blocks = [ruleset.blocks[code] for code in dict.fromkeys(e.block for e in elements)]
        named = [block.subject or unnamed(words.unnamed.block, block.name) for block in blocks]
        subject = skeleton.several.format(blocks=", ".join(named))
    forms = skeleton.forms or (known.forms if known is not None else None) or words.unnamed.forms
    return Designation(skeleton, kind, subject, forms)


def kind_of(ruleset: Ruleset, stated: str | None) -> Kind | None:
    """The kind of a document that calls itself `stated`."""
    return ruleset.document_kinds.get(ruleset.kind_of(stated) or "") if stated else None


def unnamed(phrase: str, title: str) -> str:
    """What stands for a phrase that the ruleset does not give: the title in quotes."""
    return phrase.format(title=inner_quotes(title))
