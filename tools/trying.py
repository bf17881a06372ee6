"""Tries faults: each is put into a program that is loaded, in a process of its own, and tests are run there."""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import _lru_cache_wrapper, partial
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from faults import Mutant

WAITED = 60
"""a process gets at least one second of the processor in so many, even on a busy machine"""
UNNOTICED, LOAD_ANEW = "no test fails", "to be loaded anew"
TOO_LONG, WAITS = "no test fails within the bound", "a test waits for something"
UNSETTLED = (TOO_LONG, WAITS)
"""answers that say neither that a fault is noticed nor that it is not"""
UNTOLD = (UNNOTICED, *UNSETTLED)
"""answers to a fault that is not noticed; any other names the test that fails, or how the process ends"""
ENDED = {
    signal.SIGXCPU: "a test does not end",
    signal.SIGALRM: WAITS,
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried: one fault, with tests in this order, for so many seconds of the processor. `tests`: each with the
    seconds of the processor after which it does not end. `loads`: the statement runs while modules are loaded."""

    mutant: Mutant
    tests: dict[str, float]
    bound: float
    loads: bool

    @property
    def modules(self) -> list[str]:
        """The modules of its tests."""
        return list(dict.fromkeys(test.split("::")[0] for test in self.tests))


class Tests:
    """A plugin of pytest that runs its tests for faults instead of once. `answers`: for each trial the test that
    noticed the fault, or one of the answers above."""

    def __init__(self, trials: Mapping[int, Trial], loaded: bool, say: Callable[[int, str], None]) -> None:
        self.trials, self.loaded, self.say = trials, loaded, say
        self.failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember who failed."""
        if report.failed:
            self.failed = report.nodeid

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try all, each in a process of its own that sees what is loaded."""
        for number, trial in self.trials.items():
            if self.loaded:
                with _damaged(trial.mutant) as sound:
                    self.say(number, in_child(partial(self._changed, session.items, trial, sound)))
            elif not session.testsfailed:
                self.say(number, self._run(session.items, trial))
        return True

    def _changed(self, items: Sequence[pytest.Item], trial: Trial, sound: bytes) -> str:
        return self._run(items, trial) if _put(trial, sound) else LOAD_ANEW

    def _run(self, items: Sequence[pytest.Item], trial: Trial) -> str:
        place = {test: n for n, test in enumerate(trial.tests)}
        ordered = sorted((i for i in items if i.nodeid in place), key=lambda i: place[i.nodeid])
        end = processor() + trial.bound
        for item, following in zip(ordered, [*ordered[1:], None], strict=True):
            if processor() > end:
                return TOO_LONG
            _end_after(trial.tests[item.nodeid])
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return self.failed
        return UNNOTICED


def processor() -> float:
    """Seconds of the processor that this process and those it started have taken."""
    return sum(os.times()[:4])


def _end_after(seconds: float) -> None:
    """End this process, and each that it starts, when it has taken so much of the processor from now on."""
    limit = int(sum(os.times()[:2]) + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.alarm(int(seconds * WAITED))  # who waits takes nothing of the processor


def in_child(work: Callable[[], str]) -> str:
    """What `work` answers in a process of its own; how that process ends, where it does not. What it starts ends with
    it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        answer = "an error"
        try:
            answer = work()
        finally:
            os.write(writing, answer.encode())
            os._exit(0)
    os.close(writing)
    try:
        status = os.waitpid(child, 0)[1]
    finally:
        with suppress(OSError):
            os.killpg(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as stream:
        if not os.WIFSIGNALED(status):
            return stream.read().decode()
    signalled = signal.Signals(os.WTERMSIG(status))
    return ENDED.get(signalled, f"ended by {signalled.name}")


@contextmanager
def _damaged(mutant: Mutant) -> Iterator[bytes]:
    """The module in the copy has the fault, for processes that are started. Gives its sound text."""
    path = Path(mutant.file)
    sound = path.read_bytes()
    path.write_bytes(mutant.put_into(sound))
    try:
        yield sound
    finally:
        path.write_bytes(sound)


def _put(trial: Trial, sound: bytes) -> bool:
    """Put the fault into functions that are loaded, and forget what they have concluded. False where it is in none."""
    mutant = trial.mutant
    sources = sound, mutant.put_into(sound)
    old, new = (dict(_codes(compile(source, mutant.file, "exec", dont_inherit=True))) for source in sources)
    changed = {code: new[path] for path, code in old.items() if new.get(path, code) != code}
    put = False
    gc.unfreeze()  # tests may have put what is loaded out of sight
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename.endswith(mutant.file):
            code = changed.get(each.__code__)
            if code is not None and code.co_freevars == each.__code__.co_freevars:
                each.__code__ = code
                put = True
        elif trial.loads and isinstance(each, _lru_cache_wrapper):
            each.cache_clear()
    return put


def _codes(code: CodeType, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], CodeType]]:
    """The functions of a module, each with the names that lead to it."""
    counts: dict[str, int] = {}
    for each in code.co_consts:
        if isinstance(each, CodeType):
            counts[each.co_name] = counts.get(each.co_name, 0) + 1
            here = (*path, f"{each.co_name} {counts[each.co_name]}")
            yield here, each
            yield from _codes(each, here)


def try_all(root: Path, trials: Mapping[int, Trial], answers: Path) -> None:
    """Try faults in the copy `root`; each answer is a line of `answers`, and one on the screen."""
    screen = os.dup(2)
    enter(root)

    def say(number: int, answer: str) -> None:
        with answers.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps([number, answer], ensure_ascii=False) + "\n")
        mutant = trials[number].mutant
        os.write(screen, f"{mutant.file}:{mutant.line}  {mutant.becomes}  <  {answer}\n".encode())

    def warm() -> str:
        modules = sorted({module for trial in trials.values() for module in trial.modules})
        pytest.main(pytest_options(root, modules), plugins=[Tests(trials, True, say)])
        return UNNOTICED

    in_child(warm)
    found = read_answers(answers)
    for number, trial in trials.items():
        answer = found.get(number, LOAD_ANEW)
        if answer == LOAD_ANEW or (answer in UNTOLD and trial.loads):
            with _damaged(trial.mutant):
                say(number, in_child(partial(_loaded_anew, root, trial)))


def _loaded_anew(root: Path, trial: Trial) -> str:
    answers = ["it cannot be loaded"]
    tests = Tests({0: trial}, False, lambda _, answer: answers.append(answer))
    pytest.main(pytest_options(root, trial.modules), plugins=[tests])
    return answers[-1]


def read_answers(answers: Path) -> dict[int, str]:
    """What was written down by the number of the trial; the last counts."""
    lines = answers.read_text(encoding="utf-8").splitlines() if answers.exists() else []
    return dict(json.loads(line) for line in lines)


def enter(root: Path) -> None:
    """Work in a copy of the project from now on, and let processes that are started do so; print nothing."""
    os.chdir(root)
    sys.path.insert(0, str(root))
    sys.dont_write_bytecode = True
    os.environ |= {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", "HYPOTHESIS_PROFILE": "faults"}
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def pytest_options(root: Path, tests: Sequence[str]) -> list[str]:
    """Arguments of pytest for a copy."""
    return ["-p", "no:cacheprovider", "--basetemp", str(root.parent / "tests"), *tests]
