"""What users read has ё: no word stands once with it and once without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vsoko_rules.resources import shipped

ALSO_WORDS: Final = {"все", "всем", "чем", "нем", "том", "узнает"}
"""words of their own, whatever the one with ё"""

RECOGNISED: Final = {"kinds.yml", "cues.yml"}
"""lists of how people write: without ё as well"""

_WORD: Final = re.compile(r"[А-Яа-яЁё]+")
_QUOTED: Final = re.compile(r"^\s*(#|quote:)")
"""comments of the files, and words of a founding text"""


def _texts() -> Iterator[tuple[Path, str]]:
    for place in ("rulesets", "reports"):
        for path in sorted(shipped(place).rglob("*")):
            if path.suffix in (".yml", ".j2", ".typ") and path.name not in RECOGNISED:
                lines = path.read_text(encoding="utf-8").splitlines()
                yield path, "\n".join(line for line in lines if not _QUOTED.match(line))


def test_no_word_is_written_both_ways() -> None:
    words = [(path, word.lower()) for path, text in _texts() for word in _WORD.findall(text)]
    with_yo = {word.replace("ё", "е"): word for _, word in words if "ё" in word}
    both = {(path.name, word, with_yo[word]) for path, word in words if word in with_yo and word not in ALSO_WORDS}
    assert "одарёнными" in with_yo.values()
    assert not both
