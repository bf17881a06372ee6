"""All phrases sought in a text at once, in time that grows with the text alone.

Every phrase that has begun waits at one of its places. A token moves it on, or is passed over by its «..», or ends it.
Of two that wait at one place, the one that began later can do all that the other can, so only it is kept: a token
never costs more than there are places in the phrases, whatever the text is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vsoko_rules.intake.cues.phrases import GAP, Phrase, Step
from vsoko_rules.intake.cues.shapes import Shape
from vsoko_rules.intake.cues.tokens import Token

_ENDS: Final = frozenset(".;!?|")
"""what «..» does not pass over"""
_FREE: Final = frozenset(":№%")
"""what «..» passes over without counting it as a word"""
MOST_BREAKS: Final = 3
"""how many ends of lines a phrase may pass over that is allowed to pass over any"""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase that was found: its number, and its first and last token."""

    phrase: int
    first: int
    last: int


@dataclass(slots=True)
class Scan:
    """What was found in a text, in the order in which it ends, and how many comparisons it took."""

    matches: list[Match]
    comparisons: int


_State = tuple[int, int, int]
"""the first token, the words that «..» may still pass over, the ends of lines that may still be passed over"""


class Matcher:
    """Phrases ready to be sought. `across` tells for each whether it may pass over ends of lines."""

    def __init__(self, phrases: Sequence[Phrase], across: Sequence[bool] = ()) -> None:
        self._phrases = tuple(phrases)
        self._breaks = [MOST_BREAKS if each else 0 for each in (across or (False,) * len(phrases))]
        self._words: dict[str, list[int]] = defaultdict(list)
        self._prefixes: dict[str, list[int]] = defaultdict(list)
        self._shapes: dict[Shape, list[int]] = defaultdict(list)
        for number, phrase in enumerate(self._phrases):
            first = phrase.steps[0]
            for index, keys in ((self._words, first.words), (self._prefixes, first.prefixes)):
                for key in keys:
                    index[key].append(number)
            for shape in first.shapes:
                self._shapes[shape].append(number)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})

    def scan(self, tokens: Sequence[Token]) -> Scan:
        """Everything that stands in a text."""
        result = Scan([], 0)
        waiting: dict[tuple[int, int], _State] = {}
        for at, token in enumerate(tokens):
            waiting = self._moved(waiting, at, token, result)
            for number in self._beginning(token):
                result.comparisons += 1
                phrase = self._phrases[number]
                if not phrase.opens or token.opens:
                    self._advance(waiting, number, 1, (at, 0, self._breaks[number]), at, token, result)
        return result

    def _beginning(self, token: Token) -> list[int]:
        """The phrases whose first place the token fits."""
        if token.shape is not None:
            return self._shapes.get(token.shape, [])
        numbers = list(self._words.get(token.text, ()))
        for length in self._lengths:
            numbers += self._prefixes.get(token.text[:length], ()) if length <= len(token.text) else ()
        return list(dict.fromkeys(numbers))

    def _moved(
        self, waiting: dict[tuple[int, int], _State], at: int, token: Token, result: Scan
    ) -> dict[tuple[int, int], _State]:
        still: dict[tuple[int, int], _State] = {}
        divided = token.opens and not token.follows
        for (number, place), (first, gap, breaks) in waiting.items():
            result.comparisons += 1
            if divided and not breaks:
                continue
            left = breaks - 1 if divided else breaks
            step = self._phrases[number].steps[place]
            if _fits(step, token):
                self._advance(still, number, place + 1, (first, 0, left), at, token, result)
            if token.text in _FREE and gap:
                _keep(still, (number, place), (first, gap, left))
            elif gap > 0 and token.text not in _ENDS:
                _keep(still, (number, place), (first, gap - 1, left))
        return still

    def _advance(
        self,
        waiting: dict[tuple[int, int], _State],
        number: int,
        place: int,
        state: _State,
        at: int,
        token: Token,
        result: Scan,
    ) -> None:
        """Let a phrase wait at its next place, or note that it was found."""
        phrase = self._phrases[number]
        if place == len(phrase.steps):
            if not phrase.closes or token.closes:
                result.matches.append(Match(number, state[0], at))
            return
        _keep(waiting, (number, place), (state[0], GAP if phrase.steps[place].gap else 0, state[2]))


def _keep(waiting: dict[tuple[int, int], _State], place: tuple[int, int], state: _State) -> None:
    """Of two that wait at one place the one that can pass over more is kept."""
    other = waiting.get(place)
    if other is None or state[1:] >= other[1:]:
        waiting[place] = state


def _fits(step: Step, token: Token) -> bool:
    if token.shape is not None:
        return token.shape in step.shapes
    return token.text in step.words or token.text.startswith(step.prefixes)
