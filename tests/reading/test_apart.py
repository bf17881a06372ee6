"""Work done in another process: one for many calls, started anew after it died, never one within another."""

from __future__ import annotations

import os
import sys
from threading import Thread

import pytest

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.reading.apart import Apart, Overrun, call_apart, shared

SECONDS, MEMORY = 60, 2_000_000_000


def within() -> tuple[int, int]:
    """The process that answers, and the one that it would ask."""
    return os.getpid(), call_apart(os.getpid, seconds=SECONDS, memory=MEMORY)


def never_ends() -> None:
    """As a reader does that hangs."""
    while True:
        pass


def refuses() -> None:
    """What was sent."""
    raise InputError([Problem(Place("файл"), "не годится")])


def twice(text: str) -> str:
    """Says it as well, on the stream of answers where only answers may stand."""
    print(text, flush=True)  # noqa: T201
    return text * 2


def test_one_process_answers_many_times_whatever_it_says() -> None:
    with Apart(SECONDS, MEMORY) as apart:
        assert apart.call(twice, "а") == "аа"
        numbers = {apart.call(os.getpid) for _ in range(3)}
    assert len(numbers) == 1
    assert os.getpid() not in numbers


def test_all_who_ask_share_one_process() -> None:
    first = shared(SECONDS, MEMORY - 1)
    assert first.call(os.getpid) == shared(SECONDS, MEMORY - 1).call(os.getpid)
    first.close()


def test_a_process_apart_starts_no_other() -> None:
    outer, inner = call_apart(within, seconds=SECONDS, memory=MEMORY)
    assert outer == inner


def test_it_is_started_anew_after_it_died() -> None:
    with Apart(SECONDS, MEMORY) as apart:
        before = apart.call(os.getpid)
        with pytest.raises(Overrun):
            apart.call(os._exit, 3)
        assert apart.call(os.getpid) != before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps such bounds")
def test_a_call_ends_at_its_bounds_and_the_next_one_has_its_own() -> None:
    with Apart(5, 300_000_000) as apart:  # in which Python starts on a busy machine, too
        with pytest.raises(Overrun):
            apart.call(never_ends)
        with pytest.raises(Overrun):
            apart.call(bytearray, 400_000_000)
        assert apart.call(twice, "а") == "аа"


def test_what_it_refuses_is_refused_here_and_it_goes_on() -> None:
    with Apart(SECONDS, MEMORY) as apart:
        before = apart.call(os.getpid)
        with pytest.raises(InputError, match="не годится"):
            apart.call(refuses)
        assert apart.call(os.getpid) == before


def test_threads_get_their_own_answers() -> None:
    found: dict[int, str] = {}
    with Apart(SECONDS, MEMORY) as apart:
        threads = [Thread(target=lambda n=n: found.update({n: apart.call(str, n)})) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {n: str(n) for n in range(20)}
