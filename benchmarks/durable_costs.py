"""What durable-rules takes for a fact, a column, a rule and a match, in instructions, without anything of this project.

    python benchmarks/durable_costs.py

Needs valgrind (Linux) and the extra `durable`. The last three steps reach about as many conclusions as a school of 60
documents does, in the shape with the fewest facts: one for each document and element that it serves, with a column for
everything it holds, and a rule for each requirement of each element. There are no facts of the ruleset then, and what
is met goes in again, since a document is credited once every requirement is met.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, Final

from durable.engine import Host

from instructions import counted, run

MANY: Final = 500
ELEMENTS: Final = 97
Row = dict[str, Any]
Pattern = list[dict[str, Any]]
_SESSIONS = count(1)
_ALWAYS: Final = {"u": {"m_0": "u"}}


class Rules:
    """A ruleset of the library whose actions only look at the numbers of what matched."""

    def __init__(self, rules: Sequence[Sequence[Pattern]]) -> None:
        self.host = type("Host", (Host,), {"_run": lambda _: None})()
        service: list[list[Pattern]] = [[[{"k": "pulse"}]], [[{"u": 1}], [{"k": "never"}, _ALWAYS]]]
        named = {f"r{number}": _rule(patterns) for number, patterns in enumerate([*service, *rules])}
        self.host.register_rulesets({"costs": named})

    def session(self, *batches: list[Row]) -> None:
        """Send facts, batch by batch, and forget them."""
        session = str(next(_SESSIONS))
        self.host.assert_fact("costs", {"id": "1", "sid": session, "k": "pulse", "u": 1})
        for number, batch in enumerate(batches, 1):
            rows = [{"id": f"{number}{at:04}", "sid": session, "u": 1, **row} for at, row in enumerate(batch)]
            self.host.assert_facts("costs", rows)
        self.host.delete_state("costs", session)


def _rule(patterns: Sequence[Pattern]) -> Row:
    names = [f"m_{at}" for at in range(len(patterns))]

    def action(c: Any) -> None:
        for match in c.m:
            for name in names:
                assert match[name].id

    matches = [{name: {"$and": pattern}} for name, pattern in zip(names, patterns, strict=True)]
    return {"all": matches, "cap": 1000, "dist": 0, "run": action}


def facts(columns: int) -> list[Row]:
    """Many facts of one kind."""
    return [{"k": "a", **{f"c{n}": f"c{(at * 7 + n) % 97}" for n in range(columns)}} for at in range(MANY)]


def asked(element: int) -> list[str]:
    """What an element requires: 605 requirements of all elements together."""
    return [f"q{(element * 5 + n) % 40}" for n in range(7 if element < 23 else 6)]


def steps() -> dict[str, tuple[Callable[[], None], int]]:
    """What is measured, and by how many it is divided."""
    bare, other = Rules([]), Rules([[[{"k": f"q{n}"}], [{"k": "z"}, _ALWAYS]] for n in range(100)])
    alone = Rules([[[{"k": "a"}]]])
    elements: list[Pattern] = [[{"k": "s"}, {"g": f"g{n % 10}"}, {"e": f"e{n}"}] for n in range(ELEMENTS)]
    each: list[list[Pattern]] = [[[*elements[n], {q: 1}]] for n in range(ELEMENTS) for q in asked(n)]
    whole: list[list[Pattern]] = [
        [elements[n], *([{"k": "m"}, *elements[n][1:], {"q": q}, {"d": {"m_0": "d"}}, _ALWAYS] for q in asked(n)[:4])]
        for n in range(ELEMENTS)
    ]
    places = [{"g": f"g{n % 10}", "e": f"e{n}", "d": f"d{n % 57}"} for n in range(ELEMENTS)]
    stated = {f"x{n}": n % 2 for n in range(12)}
    serving = [{"k": "s", **places[n], **dict.fromkeys(asked(n), 1), **stated} for n in range(ELEMENTS)]
    met = [{"k": "m", **places[n], "q": q} for n in range(ELEMENTS) for q in asked(n)]
    meeting, crediting = Rules(each), Rules([*each, *whole])
    return {
        "a fact of two columns": (lambda: bare.session(facts(2)), MANY),
        "a fact of 13 columns": (lambda: bare.session(facts(13)), MANY),
        "the same of two, with 100 rules about other kinds": (lambda: other.session(facts(2)), MANY),
        "the same of two, matched by one rule": (lambda: alone.session(facts(2)), MANY),
        "97 wide facts": (lambda: bare.session(serving), 1),
        "97 wide facts that meet 605 requirements": (lambda: meeting.session(serving), 1),
        "the same, what is met sent again, 97 credited": (lambda: crediting.session(serving, met), 1),
    }


def main() -> None:
    """Measure and print."""
    if sys.argv[1:] == ["--marked"]:
        run([step for step, _ in steps().values()])
        return
    for (name, (_, number)), total in zip(steps().items(), counted(__file__), strict=True):
        print(f"{name:52} {total / number / 1000:12,.1f} k")


if __name__ == "__main__":
    main()
