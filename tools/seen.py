"""Which tests run which statement of the core, and how long each takes."""

from __future__ import annotations

import ast
import builtins
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

LOADING = "while modules are loaded"
"""stands among tests for what runs before them"""
Statement = tuple[str, str]
"""a file, and the line with which a statement begins, without the space around it"""


@dataclass
class Seen:
    """`seconds` of the processor by test, with what it sets up; `by` statement: tests that run it, and `LOADING`.
    `broken`: tests that fail without any fault. `modules`: those of the tests, `files`: those of the core, each with a
    digest of its text when it was learnt."""

    seconds: dict[str, float] = field(default_factory=dict)
    by: dict[Statement, set[str]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    modules: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def forget(self, modules: Iterable[str]) -> None:
        """Forget what is known of the tests of some modules."""
        gone = set(modules)
        self.modules = {module: digest for module, digest in self.modules.items() if module not in gone}
        self.seconds = {test: taken for test, taken in self.seconds.items() if test.split("::")[0] not in gone}
        self.broken &= self.seconds.keys()
        self.by = {statement: tests & {*self.seconds, LOADING} for statement, tests in self.by.items()}

    def learn(self, root: Path, files: Sequence[str], arguments: Sequence[str], learnt: Callable[[str], None]) -> None:
        """Run tests in the folder `root`, whose modules `files` this rewrites: each statement says that it is run.
        `learnt` is told each module of tests that has been run."""
        watch = Watch(self, learnt)
        for file in files:
            path = root / file
            path.write_text(_telling(path.read_text(encoding="utf-8"), file), encoding="utf-8")
        vars(builtins)["_seen"] = watch.now.add
        pytest.main(list(arguments), plugins=[watch])

    def save(self, path: Path) -> None:
        """Write it down; `read` gives it back."""
        tests = list(self.seconds)
        number = {test: n for n, test in enumerate([*tests, LOADING])}
        by = [(*statement, sorted(number[t] for t in found)) for statement, found in sorted(self.by.items())]
        data = {
            "seconds": self.seconds,
            "broken": sorted(self.broken),
            "by": by,
            "modules": self.modules,
            "files": self.files,
        }
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def read(path: Path) -> Seen:
    """What `Seen.save` wrote."""
    data = json.loads(path.read_text(encoding="utf-8"))
    tests = [*data["seconds"], LOADING]
    by = {(file, line): {tests[n] for n in found} for file, line, found in data["by"]}
    return Seen(data["seconds"], by, set(data["broken"]), data["modules"], data.get("files", {}))


class Watch:
    """A plugin of pytest: whose statements are those run now."""

    def __init__(self, seen: Seen, learnt: Callable[[str], None]) -> None:
        self.now: set[Statement] = set()
        self.seen = seen
        self.learnt = learnt
        self._prepared = defaultdict[int, set[Statement]](set)
        """by fixture that several tests share: what setting it up runs"""

    def _put_down(self, test: str, statements: set[Statement]) -> None:
        for statement in statements:
            self.seen.by.setdefault(statement, set()).add(test)

    def pytest_collection_finish(self) -> None:
        self._put_down(LOADING, self.now)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        before = set(self.now)
        self.now.clear()
        try:
            return (yield)
        finally:
            if fixturedef.scope != "function":
                self._prepared[id(fixturedef)] |= self.now
            self.now |= before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> Iterator[None]:
        self.now.clear()
        before = sum(os.times()[:4])
        try:
            return (yield)
        finally:
            self.seen.seconds[item.nodeid] = round(sum(os.times()[:4]) - before, 3)
            shared = (d for found in item._fixtureinfo.name2fixturedefs.values() for d in found)
            self._put_down(item.nodeid, self.now.union(*(self._prepared[id(d)] for d in shared)))
            module = item.nodeid.split("::")[0]
            if nextitem is None or nextitem.nodeid.split("::")[0] != module:
                self.learnt(module)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.seen.broken.add(report.nodeid)


def _telling(source: str, file: str) -> str:
    """A module whose statements say that they are run. Outside its tests a program finds nobody to tell."""
    tree, lines = ast.parse(source), source.splitlines()
    for node in list(ast.walk(tree)):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                setattr(node, name, [new for each in block for new in _told(each, file, lines)])
    start = sum(isinstance(s, ast.ImportFrom) and s.module == "__future__" for s in tree.body)
    start += ast.get_docstring(tree) is not None
    tree.body[start:start] = ast.parse("import builtins\n_seen = getattr(builtins, '_seen', lambda _: None)").body
    return ast.unparse(ast.fix_missing_locations(tree))


def _told(statement: ast.stmt, file: str, lines: Sequence[str]) -> Iterator[ast.stmt]:
    text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    if not text and not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
        key = (file, lines[statement.lineno - 1].strip())
        yield ast.parse(f"_seen({key!r})").body[0]
    yield statement
