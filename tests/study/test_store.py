"""The file of results: whatever happened to it is one message, and a record counts only when it is what was written."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import as_yaml, school_case
from tests.study.test_batch import study, written
from vsoko_rules.errors import InputError, VsokoError
from vsoko_rules.study import results
from vsoko_rules.study.rounds import open_round
from vsoko_rules.study.summary import summarize


@pytest.fixture
def out(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "out"))


def sql(out: Path, *statements: str) -> None:
    with closing(sqlite3.connect(out / "study.sqlite")) as base:
        for statement in statements:
            base.execute(statement)
        base.commit()


def truncated(part: float) -> Callable[[Path], None]:
    def damage(out: Path) -> None:
        content = (out / "study.sqlite").read_bytes()
        (out / "study.sqlite").write_bytes(content[: int(len(content) * part)])

    return damage


def overwritten(content: bytes) -> Callable[[Path], None]:
    def damage(out: Path) -> None:
        (out / "study.sqlite").write_bytes(content)

    return damage


def foreign(out: Path) -> None:
    (out / "study.sqlite").unlink()
    sql(out, "CREATE TABLE photos (id INTEGER PRIMARY KEY)")


def garbled(out: Path) -> None:
    content = bytearray((out / "study.sqlite").read_bytes())
    content[4096:-4096] = b"\xa5" * (len(content) - 8192)
    (out / "study.sqlite").write_bytes(content)


def no_text(out: Path) -> None:
    """The name of a table is no UTF-8, and SQLite says so in words that are none either."""
    content = (out / "study.sqlite").read_bytes()
    (out / "study.sqlite").write_bytes(content.replace(b"CREATE TABLE record", b"CREATE T\xb8BLE record"))


def a_folder(out: Path) -> None:
    (out / "study.sqlite").unlink()
    (out / "study.sqlite").mkdir()


DAMAGES: dict[str, Callable[[Path], None]] = {
    "empty": overwritten(b""),
    "a page short": truncated(0.95),
    "half": truncated(0.5),
    "a beginning": truncated(0.001),
    "garbage": overwritten(b"\x00garbage" * 2000),
    "text": overwritten("школа".encode()),
    "garbled": garbled,
    "no text": no_text,
    "another program's": foreign,
    "a table more": lambda out: sql(out, "CREATE TABLE photos (id INTEGER PRIMARY KEY)"),
    "a trigger": lambda out: sql(out, "CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM record; END"),
    "a table less": lambda out: sql(out, "DROP TABLE finished"),
    "another number": lambda out: sql(out, "PRAGMA application_id = 7"),
    "another format": lambda out: sql(out, "PRAGMA user_version = 99"),
    "a folder": a_folder,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_store_is_one_clear_message_and_is_not_taken_over(
    region: Path, out: Path, damage: Callable[[Path], None]
) -> None:
    damage(out)
    store = out / "study.sqlite"
    before = store.read_bytes() if store.is_file() else None
    for attempt in (lambda: study(region, out), lambda: summarize(out), lambda: open_round(out)):
        if damage is a_folder and attempt.__code__.co_names[0] == "open_round":
            continue  # a folder without results is a folder of schools
        with pytest.raises(VsokoError) as caught:
            attempt()
        assert caught.value.exit_code == 2
        assert len(caught.value.problems) == 1
        assert str(out) in str(caught.value)
    assert store.is_dir() or store.read_bytes() == before


def test_a_store_that_is_busy_is_one_clear_message(region: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "_PATIENCE", 0.0)
    with closing(sqlite3.connect(out / "study.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for attempt in (lambda: study(region, out), lambda: summarize(out)):
            with pytest.raises(VsokoError, match="файл занят другой программой") as caught:
                attempt()
            assert caught.value.exit_code == 2
    assert study(region, out).reused == 20


def test_a_store_that_may_not_be_written_is_one_clear_message(
    region: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite opens a file that may not be written for reading only; so does this, whoever runs the tests."""
    connect = sqlite3.connect

    def read_only(path: Path, **more: object) -> sqlite3.Connection:
        return connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)

    monkeypatch.setattr(sqlite3, "connect", read_only)
    with pytest.raises(VsokoError, match="результат не записывается; найдено: «нет прав на запись»"):
        study(region, out)
    assert summarize(out)


@pytest.mark.parametrize("column", ["head", "bodies", "input", "digest"])
def test_a_changed_record_does_not_count(region: Path, finished: Path, out: Path, column: str) -> None:
    sql(out, f"UPDATE record SET {column} = (SELECT {column} FROM record WHERE id = 2) WHERE id = 1")
    with pytest.raises(InputError, match="файл повреждён"):
        summarize(out)
    report = study(region, out)
    assert (report.assessed, report.reused) == (1, 19)
    assert written(out) == written(finished)
    assert summarize(out)


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"schema": "\xff"}'])
def test_a_record_that_is_no_result_is_told_whatever_its_digest(finished: Path, out: Path, body: bytes) -> None:
    with closing(sqlite3.connect(out / "study.sqlite")) as base:
        _, *columns = base.execute("SELECT file, head, bodies, input, digest FROM record WHERE id = 1").fetchone()
        found = results.from_row(*columns)
        assert found is not None
        row = results.as_row(found[0], [body])
        base.execute("UPDATE record SET file = ?, head = ?, bodies = ?, input = ?, digest = ? WHERE id = 1", row)
        base.commit()
    with pytest.raises(InputError, match="файл повреждён"):
        summarize(out)


def test_results_of_one_file_are_never_taken_for_another(tmp_path: Path) -> None:
    """Not even of a file that says the same, whose results would differ in the name alone."""
    schools = tmp_path / "schools"
    schools.mkdir()
    (schools / "one.yml").write_text(as_yaml(school_case()), encoding="utf-8")
    study(schools, tmp_path / "out")
    sql(tmp_path / "out", "UPDATE record SET file = 'other.yml'")
    (schools / "one.yml").rename(schools / "other.yml")
    report = study(schools, tmp_path / "out")
    assert (report.assessed, report.reused) == (1, 0)
    study(schools, tmp_path / "clean")
    assert written(tmp_path / "out") == written(tmp_path / "clean")


@pytest.mark.parametrize(
    ("name", "value"),
    [("file_sha256", "0" * 64), ("version", "0.0.1"), ("schema", 1), ("refs", [["bashkortostan-2022", "0" * 64]])],
)
def test_results_made_from_anything_else_are_made_again(
    region: Path, finished: Path, out: Path, name: str, value: object
) -> None:
    """One record, whole and sound, of which a single source is not what it would be made from now."""
    with closing(sqlite3.connect(out / "study.sqlite")) as base:
        _, *columns = base.execute("SELECT file, head, bodies, input, digest FROM record WHERE id = 1").fetchone()
        found = results.from_row(*columns)
        assert found is not None
        old = {each: getattr(found[0], each) for each in results.RecordHead.__slots__}
        head = results.RecordHead(**{**old, name: tuple(map(tuple, value)) if isinstance(value, list) else value})
        row = results.as_row(head, found[1])
        base.execute("UPDATE record SET file = ?, head = ?, bodies = ?, input = ?, digest = ? WHERE id = 1", row)
        base.commit()
    report = study(region, out)
    assert (report.assessed, report.reused) == (1, 19)
    assert written(out) == written(finished)


def test_an_unfinished_study_shows_nothing(region: Path, tmp_path: Path) -> None:
    def stop(done: int, of: int) -> None:
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study(region, tmp_path / "out", progress=stop)
    with pytest.raises(InputError, match="исследование не закончено"):
        summarize(tmp_path / "out")
    assert study(region, tmp_path / "out").reused == 10


def test_what_was_replaced_does_not_stay(region: Path, out: Path) -> None:
    study(region, out, rulesets=["tver-2022"])
    with closing(sqlite3.connect(out / "study.sqlite")) as base:
        assert base.execute("SELECT COUNT(*) FROM record").fetchone() == (20,)


@pytest.mark.parametrize("damage", ["substr(data, 1, 200)", "replace(data, 'paged', 'pagan')", "substr(data, 66)"])
def test_what_is_said_of_the_whole_study_counts_only_with_its_digest(region: Path, out: Path, damage: str) -> None:
    sql(out, f"UPDATE about SET data = {damage}")
    with pytest.raises(InputError, match="файл повреждён"):
        summarize(out)
    assert study(region, out).reused == 20
    assert summarize(out)
