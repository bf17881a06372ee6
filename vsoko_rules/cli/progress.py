"""Long work on the command line: how it is shown, and how it ends when it is asked to."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from vsoko_rules.cli.screen import is_quiet


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Asked to end (a signal, a closed terminal), leave whole files behind and no process, as after Ctrl-C."""

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    asked = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    before = {number: signal.signal(number, end) for number in asked if signal.getsignal(number) != signal.SIG_IGN}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def progress_bar(
    words: Callable[[], Mapping[str, str]] | None = None,
) -> Iterator[Callable[[int, int], None] | None]:
    """A function to be called with how many are done and of how many; none where nobody would see the bar. `words`:
    what is said beside it, those of a study if nothing else."""
    if is_quiet() or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining
    from rich.text import Text

    from vsoko_rules.workspace.studies import progress_words

    texts = words() if words is not None else progress_words()

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(texts["rate"].format(rate=f"{speed:.1f}".replace(".", ",")) if speed else texts["unknown"])

    columns = (TextColumn(texts["title"]), BarColumn(), MofNCompleteColumn(), Rate(), Remaining())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
