"""The progress bar of a study: how many are done, how fast, how long it will take. Shown on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from vsoko_rules.study.batch import Progress
from vsoko_rules.study.pages import words


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """A function to be called with how many are done and of how many; none where nobody would see the bar."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    said = words()["progress"]

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(said["rate"].format(rate=f"{speed:.1f}".replace(".", ",")) if speed else said["unknown"])

    columns = (TextColumn(said["title"]), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
