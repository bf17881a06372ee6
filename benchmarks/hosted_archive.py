"""How much memory and time the archive of a study with its files takes, over a PostgreSQL of its own.

    python benchmarks/hosted_archive.py --schools 100 --files 20 --kilobytes 500

Each school has so many files that no program packs any smaller; both experts use them, too. The archive is made as a
worker makes it, read as a browser gets it, and taken into another study as `vsoko import` does. Memory is that of this
process, Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from hosted_region import fill, server_folder
from own_postgres import OwnPostgres

_KILOBYTE = 1_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    for name, usual in (("schools", 100), ("files", 20), ("kilobytes", 500), ("documents", 60)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    wanted = parser.parse_args()
    postgres = OwnPostgres()
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(wanted, server_folder(Path(folder) / "server", postgres.create("archive"), 18081))
    finally:
        postgres.close()


def measure(wanted: Any, folder: Path) -> None:
    """Fill the database, have the archive made, and read it."""
    from vsoko_rules.web.hosted import region_server as hosted

    hosted.prepared(folder, migrated=False, new=True)
    hosted.migrate()
    from vsoko_rules.web.hosted.kept_pieces import download
    from vsoko_rules.web.hosted.models import User, Work
    from vsoko_rules.web.hosted.work import ask_for
    from vsoko_rules.web.hosted.working import work_off

    study, _ = fill(wanted.schools, 60, wanted.documents)
    _put_files(wanted)
    before, start = _most_anew(), time.monotonic()
    work = ask_for("study_files", User.objects.get(login="centre"), study=study)
    work_off("benchmark")
    made = time.monotonic() - start
    done: Work = Work.objects.get(pk=work.pk)
    assert done.state == "done", done.told
    start = time.monotonic()
    answer = download(done)
    assert answer is not None
    path = folder / "archive.zip"
    with path.open("wb") as stream:
        taken = sum(stream.write(piece) for piece in answer)
    answer.close()
    print(f"{wanted.schools} schools with {wanted.files} files of {wanted.kilobytes} kB: {taken / 1e9:.2f} GB")
    print(f"load of the machine over the last minutes: {os.getloadavg()[0]:.1f}; {os.cpu_count()} cores")
    print(f"made in {made:.0f} s, read in {time.monotonic() - start:.0f} s")
    print(f"memory at most: {before} MB before, {_most()} MB after")
    _take_in(study, path, wanted)


def _take_in(study: Any, path: Path, wanted: Any) -> None:
    from vsoko_rules.web.hosted.archive_import import take_archive
    from vsoko_rules.web.hosted.models import StudyRound, User

    fields = {name: getattr(study, name) for name in ("year", "starts", "ends", "ruleset")}
    other = StudyRound.objects.create(title="Another", **fields)
    before, start = _most_anew(), time.monotonic()
    taken = take_archive(path, other, User.objects.get(login="centre"), close=False)
    took = time.monotonic() - start
    assert not taken.left, taken.left[:3]
    assert taken.documents == wanted.schools * wanted.files * 3
    print(f"taken into another study in {took:.0f} s: {taken.cases} cases; {before} MB before, {_most()} MB at most")


def _put_files(wanted: Any) -> None:
    """Files of every school, used by all its seats."""
    from vsoko_rules.web.hosted.models import FileUse, SchoolEntry, Seat
    from vsoko_rules.web.hosted.stored_content import keep_content

    chance = random.Random(1)
    for school in SchoolEntry.objects.all():
        seats = list(Seat.objects.filter(school=school))
        for seat in seats:
            data = json.loads(seat.data)
            for number, document in zip(range(wanted.files), data["documents"], strict=False):
                document["file"] = f"Скан {number}.jpg"
            Seat.objects.filter(pk=seat.pk).update(data=json.dumps(data))
        for number in range(wanted.files):
            kept = keep_content(b"\xff\xd8\xff" + chance.randbytes(wanted.kilobytes * _KILOBYTE))
            FileUse.objects.bulk_create(
                FileUse(seat=seat, name=f"Скан {number}.jpg", type="jpeg", file=kept) for seat in seats
            )


def _most_anew() -> int:
    """The same, and what was at most is forgotten."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return _most()


def _most() -> int:
    """Megabytes that this process has had at most since that was forgotten."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


if __name__ == "__main__":
    main()
