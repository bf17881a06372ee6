"""What schools fill in, beside the files that were handed over for it: the names under which both lie in an archive.

Everything of a school lies in one folder, each file once however many cases name it, so that a case that is unpacked
finds its files. A case that means another file by the same name has a folder of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from vsoko_rules.region.handed_files import free_name
from vsoko_rules.region.region_records import AGREED, PAIR, SELF, is_control_seat
from vsoko_rules.region.region_words import region_words
from vsoko_rules.study.archive_contents import CONTENTS, ArchiveContents
from vsoko_rules.workspace.received import is_safe, safe_name
from vsoko_rules.writing.files import output_name

_YAML = ".yml"
_NUMBER = re.compile(r"[1-9][0-9]{0,2}\Z")
"""that of an expert; of more nobody has heard"""


@dataclass(frozen=True, slots=True)
class PackedSeat:
    """A case that goes into an archive: whose it is, its file, and the hashes of the files that it uses, by name.
    `counted`: it is the one of its school that figures are made of."""

    who: str
    content: bytes
    files: Mapping[str, str]
    counted: bool = False


def seat_label(who: str) -> str:
    """What the file of a case is called in an archive, by whose it is."""
    return _named("packed", who)


def seat_folder(who: str) -> str:
    """The folder of the cases of many schools, by whose they are."""
    return _named("packed_folders", who)


def seat_of(path: str) -> str | None:
    """Whose a case is, by the name of its file or of a folder in which it lies; none where neither tells."""
    *folders, last = path.split("/")
    stem = PurePosixPath(last).stem
    named = (stem, re.sub(r"-[0-9]+\Z", "", stem), *reversed(folders))
    return next(filter(None, map(_seat_named, named)), None)


def _seat_named(name: str) -> str | None:
    seats = [SELF, *PAIR, AGREED]
    if (number := _NUMBER.search(name)) is not None and is_control_seat(number[0]):
        seats.append(number[0])
    return next((who for who in seats if name in (seat_label(who), seat_folder(who))), None)


def _named(kind: str, who: str) -> str:
    words = region_words()[kind]
    return str(words.get(who) or words["expert"].format(who=who))


def packed_school(
    folder: str, seats: Iterable[PackedSeat], contents: ArchiveContents
) -> Iterator[tuple[str, bytes | str]]:
    """What an archive holds of a school: names, and what is in each file or the hash of it; `contents` takes note. The
    same seats, in whatever order, give the same names."""
    shared: dict[str, tuple[str, str]] = {}
    together, apart = [], []
    for seat in sorted(seats, key=_place):
        own = {name.casefold(): (name, sha256) for name, sha256 in _safe(seat.files).items()}
        if any(shared.get(key, use) != use for key, use in own.items()):
            apart.append(seat)
        else:
            shared |= own
            together.append(seat)
    yield from _folder(folder, together, dict(shared.values()), contents)
    for seat in apart:
        yield from _folder(f"{folder} ({seat_label(seat.who)})", [seat], _safe(seat.files), contents)


def packed_schools(
    schools: Iterable[tuple[str, Iterable[PackedSeat]]], beside: Iterable[str]
) -> Iterator[tuple[str, bytes | str]]:
    """What an archive holds of many schools, given with their codes: a folder for each, `beside` what stands there
    already; and at the end, where more lies there, which file of each school counts."""
    taken, contents = {CONTENTS, *beside}, ArchiveContents()
    for code, seats in schools:
        folder = output_name(code, "", taken)
        taken.add(folder)
        yield from packed_school(folder, seats, contents)
    yield from contents.files().items()


def packed_seat(stem: str, seat: PackedSeat) -> Iterator[tuple[str, bytes | str]]:
    """The same of one case, which lies at the top of its archive under the name `stem`."""
    files, contents = _safe(seat.files), ArchiveContents()
    name = output_name(stem, _YAML, _tops(files))
    contents.add(name, counted=True)
    yield name, seat.content
    for each, sha256 in sorted(files.items()):
        contents.add(each)
        yield each, sha256
    yield from contents.files().items()


def _place(seat: PackedSeat) -> tuple[int, str]:
    return {SELF: 0, AGREED: 2}.get(seat.who, 1), seat.who


def _folder(
    folder: str, seats: Sequence[PackedSeat], files: Mapping[str, str], contents: ArchiveContents
) -> Iterator[tuple[str, bytes | str]]:
    taken = _tops(files)
    for seat in seats:
        name = output_name(seat_label(seat.who), _YAML, taken)
        taken.add(name)
        contents.add(f"{folder}/{name}", seat.counted)
        yield f"{folder}/{name}", seat.content
    for name, sha256 in sorted(files.items()):
        contents.add(f"{folder}/{name}")
        yield f"{folder}/{name}", sha256


def _tops(files: Iterable[str]) -> set[str]:
    """What stands beside a case whose files these are."""
    return {name.partition("/")[0] for name in files}


def _safe(files: Mapping[str, str]) -> dict[str, str]:
    """Files under names that lead nowhere else and that every system takes: those under which they were handed over,
    unless one got in by another way."""
    safe: dict[str, str] = {}
    for name, sha256 in sorted(files.items()):
        plain = name if is_safe(name) else "/".join(safe_name(step) for step in name.split("/"))
        safe[free_name(plain, safe)] = sha256
    return safe
