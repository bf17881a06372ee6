"""Names of cases and their files in an archive: a folder for each school, each file once, nothing leads elsewhere."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsoko_rules.region.packed_seats import PackedSeat, packed_school, packed_seat, seat_of
from vsoko_rules.study.archive_contents import CONTENTS, ArchiveContents
from vsoko_rules.workspace.received import is_safe, safe_name


def seat(who: str, **files: str) -> PackedSeat:
    return PackedSeat(who, who.encode(), {name.replace("_", "."): sha256 for name, sha256 in files.items()})


def test_a_file_is_there_once_and_the_order_of_seats_is_nothing() -> None:
    seats = [seat("B", a_docx="1"), seat("self", a_docx="1", b_docx="2"), seat("agreed", b_docx="2"), seat("A")]
    expected = [
        ("s/школа.yml", b"self"), ("s/эксперт-A.yml", b"A"), ("s/эксперт-B.yml", b"B"),
        ("s/согласовано.yml", b"agreed"), ("s/a.docx", "1"), ("s/b.docx", "2"),
    ]  # fmt: skip
    assert all(list(packed_school("s", order, ArchiveContents())) == expected for order in permutations(seats))


@pytest.mark.parametrize("name", ["a_docx", "A_docx"])
def test_another_file_under_the_name_lies_apart(name: str) -> None:
    seats = [seat("self", a_docx="1"), seat("A", **{name: "2"}), seat("B", a_docx="1")]
    names = dict(packed_school("s", seats, ArchiveContents()))
    assert names["s/a.docx"] == "1"
    assert names["s (эксперт-A)/" + name.replace("_", ".")] == "2"
    assert "s/эксперт-A.yml" not in names


def test_a_case_takes_the_place_of_no_file() -> None:
    assert [*packed_seat("s", seat("self", s_yml="1"))][:2] == [("s-2.yml", b"self"), ("s.yml", "1")]
    assert {"s/школа.yml", "s/школа-2.yml"} == set(
        dict(packed_school("s", [seat("self", школа_yml="1")], ArchiveContents()))
    )


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("s/школа.yml", "self"), ("s/школа-2.yml", "self"), ("s/эксперт-A-2.yml", "A"),
        ("согласованные/s.yml", "agreed"), ("s (эксперт-B)/эксперт-B.yml", "B"),
        ("s/эксперт-3.yml", "3"), ("s/эксперт-3-2.yml", "3"), ("эксперт-12/s.yml", "12"),
        ("s/эксперт-2.yml", None), ("s/эксперт-03.yml", None), ("s/эксперт-1234.yml", None), ("s/эксперт-٣.yml", None),
        ("школы-3/s.yml", None), ("s-3.yml", None),
    ],
)  # fmt: skip
def test_whose_a_case_is_its_name_tells(path: str, who: str | None) -> None:
    assert seat_of(path) == who


@given(st.dictionaries(st.text(st.sampled_from("аЙй./\\:Aa x"), min_size=1, max_size=9), st.just("1"), max_size=6))
def test_every_name_leads_into_the_folder(files: dict[str, str]) -> None:
    names = [name for name, _ in packed_school("s", [PackedSeat("self", b"", files)], ArchiveContents())]
    assert all(is_safe(name) for name in names)
    assert len({name.casefold() for name in names}) == len(files) + 1


@given(st.text())
def test_what_is_made_safe_is_safe(name: str) -> None:
    assert is_safe(safe_name(name))


def test_an_archive_tells_which_file_of_a_school_counts() -> None:
    """Where nothing else could be read as a school there is nothing to tell."""
    contents = ArchiveContents()
    seats = [seat("self", t_xlsx="1"), seat("A", t_xlsx="1"), PackedSeat("agreed", b"", {"a.docx": "2"}, counted=True)]
    list(packed_school("s", seats, contents))
    assert contents.counted == ["s/согласовано.yml"]
    assert contents.beside == ["s/школа.yml", "s/эксперт-A.yml", "s/t.xlsx"]
    assert CONTENTS in dict(packed_seat("s", seat("self", t_xlsx="1")))
    assert CONTENTS not in dict(packed_seat("s", seat("self", a_docx="1")))
