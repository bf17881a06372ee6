"""Where the processor time of the tests goes: `pytest --costs costs.json …`, with or without `-n`.

Seconds are of the processor, not of the clock, so that a busy machine changes little: of the process itself, of the
processes it started that have ended, and, on Linux, of those that still run (a browser of the session). A fixture is
counted by its name, once, and not again within the test that asked for it first.
"""

from __future__ import annotations

import json
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

TICKS = 100.0
"""of a second, in which Linux counts the time of another process"""
Seconds = defaultdict[str, float]
"""by name"""
SHOWN = 25
"""lines of each list on the screen; the file has all"""


def seconds() -> float:
    """Of the processor so far: this process and all that it started."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime + sum(map(_of_process, _below("self")))


def _below(process: str) -> Iterator[str]:
    """Processes that this one started and that still run, and theirs."""
    for children in Path("/proc", process, "task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:  # it has ended meanwhile
            continue
        for child in found:
            yield child
            yield from _below(child)


def _of_process(process: str) -> float:
    """What a process that still runs has used, with those it started that have ended."""
    try:
        told = Path("/proc", process, "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, told[11:15])) / TICKS


@dataclass(eq=False)
class Costs:
    """Plugin of pytest. In a worker of xdist it measures, in the one that started it, it adds up."""

    file: Path
    tests: Seconds = field(default_factory=lambda: defaultdict(float))
    """by the name of a test, with what it sets up for itself"""
    fixtures: Seconds = field(default_factory=lambda: defaultdict(float))
    """by name and scope, of those that more than one test uses"""
    begin: Seconds = field(default_factory=lambda: defaultdict(float))
    """until the first test: imports and collection"""
    _within: float = 0.0
    """of fixtures within the phase of a test that is measured"""

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, Any]:
        """A file of tests is imported and its tests are listed."""
        before = seconds()
        result = yield
        if isinstance(collector, pytest.File):
            self.begin[collector.nodeid] += seconds() - before
        return result

    def pytest_collection_finish(self) -> None:
        """What has been used so far and is of no file: pytest, its plugins, Django."""
        self.begin["all"] = seconds()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        """Those of a function count as the test itself."""
        before, within = seconds(), self._within
        result = yield
        if fixturedef.scope != "function":
            cost = seconds() - before
            self.fixtures[f"{fixturedef.baseid}::{fixturedef.argname} ({fixturedef.scope})"] += cost - (
                self._within - within
            )
            self._within = within + cost
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """One test, from its fixtures to their end."""
        before, self._within = seconds(), 0.0
        result = yield
        self.tests[item.nodeid] += max(0.0, seconds() - before - self._within)  # less, where a lost child has ended
        return result

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker hands on what it measured; the one that started it writes the file."""
        told = {"tests": self.tests, "fixtures": self.fixtures, "begin": self.begin, "sum": seconds()}
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["costs"] = {n: dict(each) for n, each in told.items() if isinstance(each, dict)}
            return
        self.file.write_text(json.dumps(told, ensure_ascii=False, indent=0), encoding="utf-8")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of xdist has ended."""
        told = getattr(node, "workeroutput", {}).get("costs", {})
        for mine, name in ((self.tests, "tests"), (self.fixtures, "fixtures"), (self.begin, "begin")):
            for each, cost in told.get(name, {}).items():
                mine[each] += cost

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The largest, by folder, fixture and test."""
        write = terminalreporter.write_line
        terminalreporter.section(f"processor time: {seconds():.0f} s in all, {self.begin['all']:.0f} s before tests")
        folders = _by(self.tests, lambda name: "/".join(name.split("/")[:2]))
        files = _by(self.tests, lambda name: name.split("::")[0])
        listed = {"folders": folders, "files": files, "fixtures": self.fixtures, "tests": self.tests}
        for title, costs in listed.items():
            write(f"{title}: {sum(costs.values()):.1f} s")
            for name, cost in sorted(costs.items(), key=lambda each: -each[1])[:SHOWN]:
                write(f"{cost:9.2f}  {name}")


def _by(costs: Seconds, part: Callable[[str], str]) -> Seconds:
    """Added up over a part of the name."""
    summed: Seconds = defaultdict(float)
    for name, cost in costs.items():
        summed[part(name)] += cost
    return summed
