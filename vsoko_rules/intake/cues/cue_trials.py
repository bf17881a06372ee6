"""The examples of cues, tried: each sentence that a cue must find, and each that only looks like it."""

from __future__ import annotations

from dataclasses import dataclass

from vsoko_rules.errors import Place
from vsoko_rules.intake.cues.recognition import Recogniser, recogniser
from vsoko_rules.intake.cues.tokens import tokens
from vsoko_rules.ruleset.cue_files import cue_source
from vsoko_rules.ruleset.cues import Cue
from vsoko_rules.ruleset.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class CueTrial:
    """How one sentence of a cue ended."""

    cue: str
    text: str
    place: Place
    expected: bool
    """true: it must be found"""
    found: str | None
    """the words that were found; none where nothing was"""

    @property
    def passed(self) -> bool:
        """Whether it ended as it should."""
        return self.expected is (self.found is not None)


def try_cues(ruleset: Ruleset) -> tuple[CueTrial, ...]:
    """Every sentence of every cue, those of parents as well. Raises `RulesetError` when the cues cannot be used."""
    known, source, every = recogniser(ruleset), cue_source(ruleset.source), ruleset.all_cues
    kept = {cue.id: cue for cue in known.cues.all}
    results: list[CueTrial] = []
    for part in ("kinds", "requisites", "claims", "serves"):
        for number, cue in enumerate(getattr(every, part)):
            if cue.id not in kept:
                continue
            for key, expected in (("examples", True), ("counter_examples", False)):
                for at, text in enumerate(getattr(cue, key)):
                    place = source.place((part, number, key, at))
                    results.append(CueTrial(cue.id, text, place, expected, _found(known, kept[cue.id], text)))
    return tuple(results)


def _found(known: Recogniser, cue: Cue, text: str) -> str | None:
    """The words that a cue finds in a text, whose lines that begin with «|» are rows of a table."""
    lines = text.splitlines()
    rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|")) if line.startswith("|") else () for line in lines
    ]
    given = [(n, " | ".join(row) if row else line, row) for n, (line, row) in enumerate(zip(lines, rows, strict=True))]
    words = tokens(given)
    for hit in known.find(words):
        if hit.cue is cue:
            first, last = words[hit.first], words[hit.last]
            shown = given[first.line][1]
            return shown[first.start : last.end if last.line == first.line else len(shown)]
    return None
