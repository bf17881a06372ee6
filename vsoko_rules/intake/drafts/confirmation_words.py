"""The words of the workbook for confirmation and of the answers to it, from `reports/intake/confirmation.yml`."""

from __future__ import annotations

from functools import cache

from vsoko_rules.errors import RulesetError
from vsoko_rules.reading.scalars import Code, Text
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped


class WrongWords(Model):
    """Why an answer cannot be taken."""

    answer: Text
    whole: Text
    element: Text
    which: Text
    empty: Text
    document: Text
    content: Text
    date: Text


class ExpectedWords(Model):
    """What an answer should be."""

    document: Text
    whole: Text
    element: Text
    grounds: Text
    field: Text
    flag: Text
    content: Text
    addressee: Text
    url: Text


class PlaceWords(Model):
    """Where a quote stands."""

    page: Text
    sheet: Text


class GuideLines(Model):
    """A part of the first sheet."""

    heading: Text
    lines: tuple[Text, ...] = ()


class BookGuide(Model):
    """The first sheet."""

    title: Text
    lines: tuple[Text, ...]
    steps: GuideLines
    first: GuideLines


class ConfirmationWords(Model):
    """Everything in `confirmation.yml`."""

    title: Text
    lapsed: Text
    not_sure: Text
    unread_title: Text
    no_title: Text
    no_reason: Text
    as_last_year: Text
    school: dict[Code, Text]
    header: tuple[Text, ...]
    unsure: tuple[Text, ...]
    nowhere: tuple[Text, ...]
    everything: tuple[Text, ...]
    names: dict[Code, Text]
    about: dict[Code, Text]
    columns: dict[Code, Text]
    field: dict[Code, Text]
    what: dict[Code, Text]
    relation: dict[Code, Text]
    offer: dict[Code, str]
    place: PlaceWords
    all_documents: Text
    star: Text
    around: Text
    document_label: Text
    answers: tuple[Text, ...]
    wrong: WrongWords
    expected: ExpectedWords
    hint: Text
    no_sheet: Text
    no_columns: Text
    no_key: Text
    guide: BookGuide
    progress: dict[Code, Text]
    summary: dict[Code, Text]


@cache
def wording() -> ConfirmationWords:
    """The words, read once."""
    return validated(
        ConfirmationWords, read(shipped("reports") / "intake" / "confirmation.yml", RulesetError), RulesetError
    )
