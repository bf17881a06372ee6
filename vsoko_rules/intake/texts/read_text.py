"""What every reader of one kind of document hands back, and how it says that it cannot."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from vsoko_rules.intake.texts.file_text import TextLine, TextLink
from vsoko_rules.words import UNSEEN

JOINT: Final = " | "
"""between the cells of a row"""
_SPACES: Final = re.compile(r"\s+")
_LONGEST_LINE: Final = 20_000
"""characters; what is longer is cut into lines of this length: nothing that people write is"""


@dataclass(frozen=True, slots=True)
class ReadText:
    """What stands in one file. `fault` is a code of `reports/intake/reading.yml` where there is nothing to be read."""

    lines: tuple[TextLine, ...] = ()
    links: tuple[TextLink, ...] = ()
    fault: str | None = None
    recognised: bool = False
    pages: int = 0
    """in a file that has pages"""
    address: str | None = None
    """where the file says that it was published"""


class Unreadable(Exception):
    """A file that cannot be read, by a code of `reports/intake/reading.yml`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def tidy(text: str) -> str:
    """`text` on one line: letters whole, runs of white space as one space, without what is not seen."""
    return _SPACES.sub(" ", UNSEEN.sub("", unicodedata.normalize("NFC", text.replace("\x1f", "")))).strip()


def paragraph(text: str, page: int | None = None, aside: bool = False) -> Iterator[TextLine]:
    """The lines of a paragraph that may be broken by hand; none where nothing is to be seen."""
    for part in text.splitlines():
        line = tidy(part)
        for start in range(0, len(line), _LONGEST_LINE):
            yield TextLine(line[start : start + _LONGEST_LINE], page, aside=aside)


def table_row(
    cells: Iterable[str], page: int | None = None, sheet: str | None = None, aside: bool = False
) -> Iterator[TextLine]:
    """The line of a row of a table; none where all of its cells are empty."""
    texts = tuple(tidy(cell)[:_LONGEST_LINE] for cell in cells)
    if any(texts):
        yield TextLine(JOINT.join(texts), page, sheet, texts, aside)
