"""Many people editing at once: the real `vsoko serve` on this machine over a PostgreSQL of its own.

    python benchmarks/hosted_load.py --schools 1500 --people 60 --seconds 120 --processes 2 --files 10

A person is an expert with a school of their own in a browser. Every `--think` seconds, a half to one and a half of it,
by chance, they change the title of a document as the page does it; each fifth time they open a page instead. `--files`
of the people are schools of another study that hand files over and read them, while a worker reads them, too. At the
end every change and every file that was acknowledged is looked for in the database. Times depend on the machine and
what else it does, which is printed, too; the processor time of the server does not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import Any

from hosted_people import Expert, Person, SchoolPerson
from hosted_region import fill, fill_handing, server_folder, session_of
from own_postgres import OwnPostgres


def processor_time(pid: int) -> float:
    """Seconds of processor time of a process and those it began, Linux."""
    told = subprocess.run(["ps", "-eo", "pid=,ppid="], check=True, capture_output=True, text=True).stdout
    pairs = [tuple(map(int, line.split())) for line in told.splitlines()]
    family = {pid}
    for _ in range(3):
        family |= {child for child, parent in pairs if parent in family}
    ticks = os.sysconf("SC_CLK_TCK")
    stats = [Path(f"/proc/{each}/stat") for each in family]
    fields = [path.read_text(encoding="utf-8").rpartition(")")[2].split() for path in stats if path.exists()]
    return sum(int(each[11]) + int(each[12]) for each in fields) / ticks


def lost(people: Sequence[Expert]) -> tuple[int, int]:
    """How many acknowledged changes are no event, and how many seats do not hold the last one."""
    from vsoko_rules.web.hosted.models import ChainEvent, Seat

    missing = wrong = 0
    for each in people:
        told = [json.loads(text) for text in ChainEvent.objects.filter(seat=each.code).values_list("told", flat=True)]
        written = Counter(change[3]["title"] for changes in told for change in changes)
        missing += sum(written[title] != 1 for title in each.saved)
        rows = json.loads(Seat.objects.values_list("data", flat=True).get(code=each.code))["documents"]
        title = next(row["title"] for row in rows if row["id"] == each.row)
        wrong += bool(each.saved) and title != each.saved[-1]
    return missing, wrong


def lost_files(people: Sequence[SchoolPerson]) -> int:
    """How many acknowledged files are not those of the school, or not whole."""
    from vsoko_rules.web.hosted.models import FileUse

    missing = 0
    for each in people:
        uses = FileUse.objects.filter(seat__code=each.code, file__sha256__in=each.saved).select_related("file")
        whole = {hashlib.sha256(bytes(use.file.content)).hexdigest() for use in uses.iterator(chunk_size=1)}
        missing += len({*each.saved} - whole)
    return missing


def shown(name: str, times: list[float]) -> None:
    """The middle and the slow ones of a kind of request, in milliseconds."""
    if len(times) < 2:
        return
    cuts = statistics.quantiles(times, n=100)
    middle, slow, longest = (round(each * 1000) for each in (cuts[49], cuts[94], max(times)))
    print(f"{name}: {len(times)}; p50 {middle} ms, p95 {slow}, longest {longest}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    numbers = {"schools": 1500, "people": 60, "files": 0, "seconds": 120, "processes": 2, "documents": 60}
    for name, usual in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--think", type=float, default=5.0)
    parser.add_argument("--port", type=int, default=18080)
    wanted = parser.parse_args()
    postgres = OwnPostgres(durable=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(wanted, server_folder(Path(folder) / "server", postgres.create("load"), wanted.port))
    finally:
        postgres.close()


def measure(wanted: Any, folder: Path) -> None:
    """Fill the database, serve it, let people work, and look what came of it."""
    from vsoko_rules.web.hosted import region_server as hosted

    hosted.prepared(folder, migrated=False, new=True)
    hosted.migrate()
    from vsoko_rules.web.hosted.event_chain import verify
    from vsoko_rules.web.hosted.models import Seat, Work

    _, users = fill(wanted.schools, wanted.people - wanted.files, wanted.documents)
    row = json.loads(Seat.objects.values_list("data", flat=True)[0])["documents"][3]["id"]
    experts = []
    for number, user in enumerate(users):
        code = Seat.objects.filter(expert=user, who="A").values_list("code", flat=True)[0]
        experts.append(Expert(number, wanted.port, session_of(user), code, wanted.think, row=row))
    schools = [
        SchoolPerson(number, wanted.port, session_of(user), seat.code, wanted.think)
        for number, (user, seat) in enumerate(fill_handing(wanted.files, wanted.documents))
    ]
    people: list[Person] = [*experts, *schools]
    command = [sys.executable, "-m", "vsoko_rules", "serve", str(folder), "--processes", str(wanted.processes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            process.stdout.readline()
            _until_answered(people[0])
            for each in people:
                each.open()
            before, start = processor_time(process.pid), time.monotonic()
            threads = [Thread(target=each.run, args=(start + wanted.seconds,)) for each in people]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            spent = processor_time(process.pid) - before
            told = os.getloadavg()
        finally:
            process.terminate()
    answers = sum((each.answers for each in people), Counter[str]())
    missing, wrong = lost(experts)
    state = verify()
    requests = sum(answers.values())
    print(f"{wanted.schools} schools, {wanted.people} people, {wanted.seconds} s, {wanted.processes} processes")
    print(f"load of the machine over the last minutes: {told[0]:.1f} {told[1]:.1f}; {os.cpu_count()} cores")
    print("answers:", ", ".join(f"{name}: {count}" for name, count in sorted(answers.items())))
    print(f"lost: {missing} of {sum(len(e.saved) for e in experts)}, seats without their last change: {wrong}")
    if schools:
        read = Work.objects.filter(kind="read_files", state="done").count()
        kept = sum(len(each.saved) for each in schools)
        print(f"files lost: {lost_files(schools)} of {kept}; read by the worker: {read} times")
    print(f"chain: {state.count} events, {'whole' if state.fault is None else state.fault}")
    for what in dict.fromkeys(what for each in people for what in each.times):
        shown(what, [seconds for each in people for seconds in each.times.get(what, ())])
    print(f"processor time of the server: {spent:.1f} s, {spent / requests * 1000:.0f} ms a request")


def _until_answered(person: Person) -> None:
    """Of several processes the first ones read their program for a while."""
    for _ in range(600):
        try:
            person.open()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server does not answer")


if __name__ == "__main__":
    main()
