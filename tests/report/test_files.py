"""Names of files that reports are written to, and writing whole files only."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsoko_rules.errors import OutputError
from vsoko_rules.writing.files import LONGEST_NAME, output_name, replacing, write, write_new

IDS = st.from_regex(r"[^\W_][\w.\-]{0,79}", fullmatch=True)


@given(st.lists(IDS, max_size=12), st.sampled_from([".html", ".docx", "-plan.md"]))
def test_names_are_short_and_differ_on_every_system(ids: list[str], suffix: str) -> None:
    """`limits.md`, «Paths»: two schools with one slug never overwrite each other; names of at most 120 bytes."""
    taken: list[str] = []
    for each in ids:
        name = output_name(each, suffix, taken)
        assert len(name.encode()) <= LONGEST_NAME
        assert name.endswith(suffix)
        assert name == Path(name).name
        assert not name.startswith(".")
        taken.append(name)
    assert len({unicodedata.normalize("NFC", name).casefold() for name in taken}) == len(taken)


@given(st.text(max_size=400))
def test_no_id_leads_out_of_the_folder(any_text: str) -> None:
    name = output_name(any_text, ".html", ())
    assert name == Path(name).name
    assert not set('<>:"/\\|?*') & set(name)
    assert len(name.encode()) <= LONGEST_NAME


@pytest.mark.parametrize("reserved", ["con", "CON", "nul", "Aux", "com1", "LPT9", "con.case", "prn.2022"])
def test_names_of_devices_are_never_used(reserved: str) -> None:
    assert output_name(reserved, ".html", ()) == f"_{reserved}.html"


def test_names() -> None:
    assert output_name("bel-007", ".html", ()) == "bel-007.html"
    assert output_name("Bel-007", ".html", {"bel-007.html"}) == "Bel-007-2.html"
    assert output_name("a", ".html", {"a.html", "A-2.HTML"}) == "a-3.html"
    long = output_name("школа" * 60, ".html", ())
    assert long != output_name("школа" * 60 + "2", ".html", ())


def test_write_makes_folders_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "отчёты" / "2022" / "a.html"
    write(path, b"one")
    write(path, b"two")
    assert path.read_bytes() == b"two"
    assert [each.name for each in path.parent.iterdir()] == ["a.html"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.html"
    write(path, b"old")

    def interrupted(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.html"]


def test_write_new_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    write_new(path, b"one")
    with pytest.raises(OutputError, match="такой файл уже есть"):
        write_new(path, b"two")
    assert path.read_bytes() == b"one"


def test_reasons_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for path, reason in (
        (tmp_path / "folder", "на этом месте папка"),
        (tmp_path / "file" / "a.html", "не папка, а файл"),
        (tmp_path / "file" / "b" / "a.html", "не папка, а файл"),
        (tmp_path / ("я" * 200), "файл не записывается"),
        (tmp_path / "a\0b", "файл не записывается"),
    ):
        with pytest.raises(OutputError, match=reason):
            write(path, b"x")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_closed_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="нет прав"):
        write(tmp_path / "a.html", b"x")


def test_a_link_planted_at_the_temporary_name_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vsoko_rules.writing.files.secrets.token_hex", lambda _: "known")
    (tmp_path / "precious").write_bytes(b"kept")
    write(tmp_path / "out" / "a.html", b"one")
    with replacing(tmp_path / "out" / "a.html") as temporary:
        name = temporary.name
        temporary.write_bytes(b"one")
    (tmp_path / "out" / name).symlink_to(tmp_path / "precious")
    with pytest.raises(OutputError):
        write(tmp_path / "out" / "a.html", b"two")
    assert (tmp_path / "precious").read_bytes() == b"kept"
    assert (tmp_path / "out" / "a.html").read_bytes() == b"one"
