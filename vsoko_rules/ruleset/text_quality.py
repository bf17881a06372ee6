"""From which numbers on the text of a file is not what a reader of the document sees."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from vsoko_rules.reading.scalars import Share, Text, Whole
from vsoko_rules.ruleset.model import Provenance

Count = Annotated[Whole, Field(ge=0)]


class TextQuality(Provenance):
    """The gate before anything is proposed from a text. Shares are percents; a text that fails one is unreliable."""

    least_letters: Count
    """a file with fewer letters has no text"""
    page_letters: Count
    """a page of a PDF with fewer letters is a picture"""
    judged_letters: Count
    """a text with fewer letters is judged by its signs alone: shares of so few say nothing"""
    judged_words: Count
    """a text with fewer words is not asked for common words"""
    most_odd: Share
    """of all signs: those that no document shows, such as a code of a font without a map"""
    most_accented: Share
    """of letters: Latin ones with marks and Cyrillic ones of other languages, which is how Russian ones look in a wrong
    encoding"""
    least_cyrillic: Share
    """of letters"""
    least_vowels: Share
    """of Cyrillic letters"""
    most_vowels: Share
    least_spaces: Share
    """of all signs"""
    most_spaces: Share
    most_word: Count
    """letters of a word on average; more where spaces were lost"""
    most_mixed: Share
    """of words: those of letters of two alphabets, or with a capital after a small letter"""
    least_common: Share
    """of words: those of `common`"""
    common: Annotated[tuple[Text, ...], Field(min_length=1)]
    """words that stand in any Russian text, in small letters and without «ё»"""
