"""The journal of changes: events in their order, each with the hash of the one before; a damaged one is one message."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from vsoko_rules.errors import OutputError
from vsoko_rules.workspace.case_parts import PartChange
from vsoko_rules.workspace.journal import EventKind, Journal

PART = PartChange("documents", "d01", None, {"id": "d01", "title": "Приказ"})


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A journal with two events of one school."""
    path = tmp_path / "journal.sqlite"
    journal = Journal(path)
    for minute in (1, 2):
        journal.append("school", EventKind.EDIT, [PART], f"2022-03-01T10:0{minute}")
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def test_events_are_kept_in_their_order_and_never_altered(kept: Path) -> None:
    journal = Journal(kept)
    assert [event.at for event in journal.events("school")] == ["2022-03-01T10:01", "2022-03-01T10:02"]
    assert journal.is_whole()
    with closing(sqlite3.connect(kept)) as base:
        for change in ("UPDATE event SET at = 'x'", "DELETE FROM event"):
            with pytest.raises(sqlite3.IntegrityError, match="append only"):
                base.execute(change)
        base.executescript("DROP TRIGGER event_stays; UPDATE event SET at = 'x' WHERE number = 1")
    assert not journal.is_whole()


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "garbage": lambda _: b"\x00garbage" * 2000,
    "half": lambda content: content[: len(content) // 2],
    "a page of zeros": lambda content: content[:4096] + bytes(4096) + content[8192:],
    "no text": lambda content: content.replace(b"CREATE TABLE event", b"CREATE T\xb8BLE event"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_journal_is_one_clear_message(kept: Path, damage: Callable[[bytes], bytes]) -> None:
    content = damage(kept.read_bytes())
    kept.write_bytes(content)
    with pytest.raises(OutputError, match="журнал изменений не открывается") as caught:
        Journal(kept).events("school")
    assert [problem.place.file for problem in caught.value.problems] == [str(kept)]
    assert kept.read_bytes() == content
