"""The second judge: the same rules on durable-rules 2.0.28, which joins facts in a network of its own, written in C.

That library is right on a narrow path and silently wrong beside it, so it is used only inside a fence:

- Facts hold nothing but short codes («c17»), whole numbers and truth values. Every code of a ruleset or a case is mapped
  to a short one before it enters and the fact is found again by its number: no text of a user reaches the C core.
- Rules are joins of positive patterns (see `lowering`). «For every row» is a chain of positive steps: the row that is
  owed next is itself a fact, a demand, which the library joins with the fact that settles it.
- A case is one session with a number of its own, deleted on every path. It begins with a heartbeat, since deleting a
  session in which nothing ran crashes, and ends with another, which must come through: when an action takes over ten
  seconds or the clock is set, the library drops the rest of its work without a word.
- Errors in actions are kept and raised after the call; the library would swallow them.
- The stock host runs timers in threads, which crash with deleted sessions; ours has none, and one case runs at a time.
"""

from __future__ import annotations

import importlib
import itertools
import threading
import warnings
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from vsoko_rules.engine.facts import Facts, Given, key_of
from vsoko_rules.engine.language import Every, Fact, Filled, Firing, Program, Value, Variable, rows
from vsoko_rules.engine.lowering import PULSE, Codes, Conditions, Lowered, Plan, lower

Row = dict[str, Any]
"""a fact as the library takes it"""

_NAME: Final = "vsoko"
_ONE_AT_A_TIME: Final = threading.Lock()
_SESSIONS: Final = itertools.count(1)


class Stopped(Exception):
    """The library left work undone, so its answer cannot be used."""


def available() -> bool:
    """Whether durable-rules can be imported. (On Python 3.13 it installs and then fails to import.)"""
    try:
        _library("durable.engine")
    except ImportError:
        return False
    return True


class Durable:
    """Evaluates one program on any number of cases. Raises `Refused` for a program beyond the library's limits and
    `ImportError` where the library is missing."""

    name = "durable"

    def __init__(self, program: Program) -> None:
        self._program = program
        self._lowered = lower(program)
        self._everys = tuple(tuple(_Owing(every, rule.bound) for every in rule.every) for rule in program.rules)
        self._given: weakref.WeakKeyDictionary[Given, _Batch] = weakref.WeakKeyDictionary()
        self._case: _Case | None = None
        self._host = self._compile()

    def infer(self, facts: Facts) -> frozenset[Firing]:
        """Everything the rules conclude from `facts`, to the fixed point."""
        with _ONE_AT_A_TIME, _quiet():
            case = _Case(self._program, self._lowered, self._everys, facts, self._static(facts.given))
            self._running.append(case)
            try:
                self._run(case)
            finally:
                self._running.clear()
        return frozenset(case.firings)
