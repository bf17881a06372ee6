"""Who sits beside whom: the shares of experts in groups of schools made into pairs in which each meets many others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import comb
from typing import Final, NamedTuple

_MOST_ROUNDS: Final = 5
"""in which exchanges are tried; the later ones change next to nothing"""

Pair = tuple[str, str]
"""two logins in their order"""


class Group(NamedTuple):
    """Schools between which experts see no difference. `present` sits at each of them already, else two are needed;
    `experts` may be given them, and `shares` says how many each takes."""

    schools: tuple[str, ...]
    present: str | None
    experts: tuple[str, ...]
    shares: Mapping[str, int] = {}

    @property
    def needed(self) -> int:
        """How many seats are free."""
        return len(self.schools) * (1 if self.present is not None else 2)


def pair_of(one: str, other: str) -> Pair:
    """A pair by its logins, whatever their order."""
    return (one, other) if one < other else (other, one)


class Meetings:
    """How often each two experts sit at one school."""

    def __init__(self, pairs: Iterable[Sequence[str]] = ()) -> None:
        self.counts: Counter[Pair] = Counter(pair_of(*pair) for pair in pairs if len(pair) == 2)
        self._chosen: Counter[str] = Counter()

    def add(self, one: str, other: str) -> tuple[str, str]:
        """Seat two experts at one school."""
        self.counts[pair_of(one, other)] += 1
        return one, other

    def choose(self, present: Sequence[str], allowed: Sequence[str], begun: Collection[str]) -> tuple[str, ...]:
        """The pair of a control school, which all experts assess: those who met least and were chosen least, who have
        not `begun` on another seat of it, if there are such."""
        if len(present) == 2:
            return tuple(present)

        def rank(pair: Pair) -> tuple[int, int, int, Pair]:
            moved = sum(login in begun and login not in present for login in pair)
            return moved, self.counts[pair], sum(self._chosen[login] for login in pair), pair

        best = min((pair for pair in combinations(sorted(allowed), 2) if set(present) <= set(pair)), key=rank)
        self._chosen.update(best)
        return self.add(*best)


def paired(groups: Sequence[Group], meetings: Meetings) -> dict[str, tuple[str, ...]]:
    """Two experts by the code of the school, as the shares of its group say."""
    places = [
        _Placed(code, group, list(pair))
        for group in groups
        for code, pair in zip(group.schools, _pairs(group, meetings), strict=True)
    ]
    experts = {login for group in groups for login in group.experts}
    even = -(-sum(meetings.counts.values()) // max(comb(len(experts), 2), 1))
    for _ in range(_MOST_ROUNDS):
        if not _vary(places, meetings, even):
            break
    return {placed.school: tuple(placed.experts) for placed in places}


class _Placed:
    """A school with the pair that it has for now."""

    __slots__ = ("experts", "free", "group", "school", "trusted")

    def __init__(self, school: str, group: Group, experts: list[str]) -> None:
        self.school = school
        self.group = group
        self.experts = experts
        self.free = (0, 1) if group.present is None else (1,)
        """which of the two may be exchanged"""
        self.trusted = frozenset(group.experts)


def _vary(places: Sequence[_Placed], meetings: Meetings, even: int) -> bool:
    """Exchange experts of two schools where a pair meets more than `even` times and pairs become more even by it. Loads
    stay as they are."""
    changed = False
    for placed in places:
        if meetings.counts[pair_of(*placed.experts)] > even:
            changed |= any(
                _exchanged(placed, at, other, there, meetings)
                for other in places
                if other is not placed
                for at in placed.free
                for there in other.free
            )
    return changed


def _exchanged(placed: _Placed, at: int, other: _Placed, there: int, meetings: Meetings) -> bool:
    """Whether two schools gave each other an expert, because the squares of meetings add up to less then."""
    mine, theirs = placed.experts[at], other.experts[there]
    stays, stays_there = placed.experts[1 - at], other.experts[1 - there]
    if theirs == stays or mine in (stays_there, theirs):
        return False
    if theirs not in placed.trusted or mine not in other.trusted:
        return False
    counts = meetings.counts
    before = pair_of(mine, stays), pair_of(theirs, stays_there)
    after = pair_of(theirs, stays), pair_of(mine, stays_there)
    if counts[after[0]] + counts[after[1]] + 2 >= counts[before[0]] + counts[before[1]]:
        return False
    counts.subtract(before)
    counts.update(after)
    placed.experts[at], other.experts[there] = theirs, mine
    return True


def _pairs(group: Group, meetings: Meetings) -> Iterator[tuple[str, str]]:
    """Pairs of one group, one a school: who has most schools left, with whom they met least. No pair is chosen after
    which one expert would have more schools left than there are."""
    left = dict(group.shares)
    for schools in range(len(group.schools), 0, -1):
        one = group.present if group.present is not None else max(left, key=lambda login: (left[login], login))
        others = [login for login in left if login != one and left[login]]
        must = [login for login in others if left[login] == schools] if group.present is None else []
        other = min(must or others, key=lambda login: (meetings.counts[pair_of(one, login)], -left[login], login))
        for login in (one, other):
            if login in left:
                left[login] -= 1
        yield meetings.add(one, other)
