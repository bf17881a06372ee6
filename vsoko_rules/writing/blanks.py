"""Blanks of a Word document made visible: each is highlighted, whoever wrote it, so that all look the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from typing import Any, Final

from vsoko_rules.writing.office import packed

_BLANK: Final = re.compile(r"(_{3,}(?:[ \u00a0]\([^()]*\))?)")
"""three or more underlines, with a hint in brackets behind them"""


def highlighted(content: bytes, spared: str) -> bytes:
    """A Word document with its blanks highlighted, but in paragraphs of the style `spared` (its id)."""
    from docx import Document
    from docx.oxml.ns import qn

    word = Document(BytesIO(content))
    for paragraph in word.element.body.iter(qn("w:p")):
        if paragraph.style != spared:
            for run in paragraph.r_lst:
                if _BLANK.search(run.text):
                    for part in _parts(run):
                        run.addprevious(part)
                    paragraph.remove(run)
    stream = BytesIO()
    word.save(stream)
    return packed(stream.getvalue())


def _parts(run: Any) -> Iterator[Any]:
    """The run cut at its blanks; tabs and line breaks stay in their places."""
    from docx.enum.text import WD_COLOR_INDEX
    from docx.text.run import Run

    for number, piece in enumerate(_BLANK.split(run.text)):
        if piece:
            part = deepcopy(run)
            part.text = piece
            if number % 2:
                Run(part, None).font.highlight_color = WD_COLOR_INDEX.YELLOW  # type: ignore[arg-type]
            yield part
