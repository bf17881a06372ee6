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
    """Schools that may be given the same experts. At each of them two are needed, or one where `present` says who sits
    there already (by the code of the school). `shares`: how many of the schools each expert takes."""

    schools: tuple[str, ...]
    present: Mapping[str, str]
    experts: tuple[str, ...]
    shares: Mapping[str, int] = {}

    @property
    def needed(self) -> int:
        """How many seats are free."""
        return len(self.schools) * (1 if self.present else 2)

    def room(self) -> Iterator[tuple[str, int]]:
        """How many of the schools each expert can take: those where they do not sit already."""
        taken = Counter(self.present.values())
        return ((login, len(self.schools) - taken[login]) for login in self.experts)


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
    places = [_Placed(code, group, list(pair)) for group in groups for code, pair in _pairs(group, meetings)]
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
        self.free = (1,) if group.present else (0, 1)
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


def _pairs(group: Group, meetings: Meetings) -> Iterator[tuple[str, tuple[str, str]]]:
    """A pair for each school of a group: whoever still has most schools, with whom they met least.

    `left` are the schools in which each still has a seat, those where they sit already among them: two a school in all,
    and nobody's more than there are schools. Taking whoever has most keeps that so, and shares come out.
    """
    waiting: dict[str, list[str]] = {}
    for code in reversed(group.schools):
        waiting.setdefault(group.present.get(code, ""), []).append(code)
    shares = dict(group.shares)
    left = Counter(shares) + Counter(group.present.values())
    for _ in group.schools:
        sitting: Mapping[str, object] = waiting if group.present else shares
        one = max((login for login, some in sitting.items() if some), key=lambda login: (left[login], login))
        others = [login for login, share in shares.items() if share and login != one]
        other = min(others, key=lambda login: (meetings.counts[pair_of(one, login)], -left[login], login))
        code = waiting[one if group.present else ""].pop()
        for login in (one, other):
            left[login] -= 1
        shares[other] -= 1
        shares[one] = shares.get(one, 0) - (not group.present)
        yield code, meetings.add(one, other)
