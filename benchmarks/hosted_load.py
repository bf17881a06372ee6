"""Many people editing at once: the real `vsoko serve` on this machine over a PostgreSQL of its own.

    python benchmarks/hosted_load.py --schools 1500 --people 60 --seconds 120 --processes 2

A person is an expert with a school of their own in a browser. Every `--think` seconds, a half to one and a half of it,
by chance, they change the title of a document as the page does it; each fifth time they open a page instead. At the end
every change that was acknowledged is looked for in the database. Times depend on the machine and what else it does,
which is printed, too; the processor time of the server does not.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from hosted_region import fill, server_folder, session_of
from own_postgres import OwnPostgres

_ETAG = re.compile(rb'name="etag"[^>]*? value="([^"]*)"')
_FIELD = re.compile(r"<(?:input|select|textarea|option)\b[^>]*>(?:[^<]*)")


@dataclass
class Expert:
    """One browser. `saved`: titles that were acknowledged, in their order."""

    number: int
    port: int
    session: str
    code: str
    row: str
    think: float
    saved: list[str] = field(default_factory=list)
    edits: list[float] = field(default_factory=list)
    reads: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def open(self) -> None:
        """Open the row that is edited and learn what its form sends."""
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self._cookies = f"vsoko={self.session}"
        status, headers, body = self._ask("GET", f"/s/{self.code}/documents?row={self.row}")
        assert status == 200, (status, body[:300])
        csrf = next(v for k, v in headers if k == "Set-Cookie" and v.startswith("vsoko_csrf=")).split(";")[0]
        self._cookies += f"; {csrf}"
        page = body.decode()
        form = page[page.index(f'data-row="{self.row}"') :]
        form = form[: form.index("</form>")]
        self._form = [(name, value) for name, value in _fields(form) if name not in ("etag", "title")]
        found = _ETAG.search(form.encode())
        assert found
        self._etag = found[1].decode()
        self._token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[-1]

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, list[tuple[str, str]], bytes]:
        headers = {"Cookie": self._cookies, "Origin": f"http://127.0.0.1:{self.port}"}
        if body is not None:
            headers |= {"HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def run(self, until: float) -> None:
        """Edit and read until the time is over."""
        chance = random.Random(self.number)
        time.sleep(chance.random() * self.think)
        step = 0
        while time.monotonic() < until:
            step += 1
            try:
                self._read(chance) if step % 5 == 0 else self._edit(f"Приказ {self.number}-{step}")
            except OSError as error:
                self.answers[type(error).__name__] += 1
                self._connection.close()
            time.sleep(self.think * (0.5 + chance.random()))

    def _edit(self, title: str) -> None:
        form = [*self._form, ("csrfmiddlewaretoken", self._token), ("etag", self._etag), ("title", title)]
        body = urlencode(form)
        start = time.perf_counter()
        status, _, text = self._ask("POST", f"/s/{self.code}/documents/{self.row}", body)
        self.edits.append(time.perf_counter() - start)
        self.answers[f"edit {status}"] += 1
        found = _ETAG.search(text)
        if status == 200 and found:
            self.saved.append(title)
            self._etag = found[1].decode()

    def _read(self, chance: random.Random) -> None:
        path = chance.choice(["", "documents", "why", "history"])
        start = time.perf_counter()
        status, _, _ = self._ask("GET", f"/s/{self.code}/{path}")
        self.reads.append(time.perf_counter() - start)
        self.answers[f"read {status}"] += 1


def _fields(form: str) -> list[tuple[str, str]]:
    """What a form sends as it stands: its boxes that are ticked, its texts, its choices."""
    sent, select = [], ""
    for tag in _FIELD.findall(form):
        attributes = {k: unescape(v) for k, v in re.findall(r'([\w-]+)="([^"]*)"', tag.split(">")[0])}
        name = attributes.get("name", "")
        if tag.startswith("<select"):
            select = name
        elif tag.startswith("<option"):
            if " selected" in tag and select:
                sent.append((select, attributes.get("value", "")))
        elif tag.startswith("<textarea"):
            sent.append((name, unescape(tag.partition(">")[2])))
        elif name and (attributes.get("type") not in ("checkbox", "radio") or " checked" in tag):
            sent.append((name, attributes.get("value", "")))
    return [(name, value) for name, value in sent if name]


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


def lost(people: list[Expert]) -> tuple[int, int]:
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
    for name, usual in (("schools", 1500), ("people", 60), ("seconds", 120), ("processes", 2), ("documents", 60)):
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

    hosted.prepared(folder, migrated=False)
    hosted.migrate()
    from vsoko_rules.web.hosted.event_chain import verify
    from vsoko_rules.web.hosted.models import Seat

    _, users = fill(wanted.schools, wanted.people, wanted.documents)
    row = json.loads(Seat.objects.values_list("data", flat=True)[0])["documents"][3]["id"]
    people = []
    for number, user in enumerate(users):
        code = Seat.objects.filter(expert=user, who="A").values_list("code", flat=True)[0]
        people.append(Expert(number, wanted.port, session_of(user), code, row, wanted.think))
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
    missing, wrong = lost(people)
    state = verify()
    requests = sum(answers.values())
    print(f"{wanted.schools} schools, {wanted.people} people, {wanted.seconds} s, {wanted.processes} processes")
    print(f"load of the machine over the last minutes: {told[0]:.1f} {told[1]:.1f}; {os.cpu_count()} cores")
    print("answers:", ", ".join(f"{name}: {count}" for name, count in sorted(answers.items())))
    print(f"lost: {missing} of {sum(len(e.saved) for e in people)}, seats without their last change: {wrong}")
    print(f"chain: {state.count} events, {'whole' if state.fault is None else state.fault}")
    shown("edits", [t for each in people for t in each.edits])
    shown("pages", [t for each in people for t in each.reads])
    print(f"processor time of the server: {spent:.1f} s, {spent / requests * 1000:.0f} ms a request")


def _until_answered(person: Expert) -> None:
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
