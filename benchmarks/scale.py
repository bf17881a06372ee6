"""How time and memory grow: with schools, with documents, with rules; and against a spreadsheet of the same check-list.

    python benchmarks/scale.py                               tables
    python benchmarks/scale.py --quick                       the same in a minute, for a look
    python benchmarks/scale.py --schools 1500 40000 --json   other sizes of a region, as JSON

Ratios are between things measured in one run, in turn; times are medians over the rounds.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import yaml

from large import large_case, many_rules
from region import write_region
from spreadsheet import LibreOffice, soffice, write_checklist
from vsoko_rules.case.reader import read_case
from vsoko_rules.engine import durable
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import RulesetError
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.study.exchange import as_data, exchange
from vsoko_rules.study.parameters import parameters
from vsoko_rules.study.results import records
from vsoko_rules.verdict.assessment import assess

SEED = 1
NO_SPREADSHEET = "skipped: LibreOffice (soffice) is not installed"

_LAUNCHER = """
import os, sys, time
begun = time.perf_counter()
child = os.fork()
if not child:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execv(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), time.perf_counter() - begun, usage.ru_maxrss)
"""
"""a small process between: a process counts what its parent held when it began as its own"""


@dataclass(frozen=True)
class Study:
    """A whole `vsoko study` of a generated region. Memory is that of its largest process."""

    schools: int
    engine: str
    jobs: int
    seconds: float
    per_school_ms: float
    peak_mb: float


@dataclass(frozen=True)
class Growth:
    """One assessment, reading the file included: processor time as the median over the rounds."""

    of: str
    ms: float
    ratio: float
    """to the first of its group"""
    to_yaml: float
    """to `yaml.load` of the same file in the same rounds"""


@dataclass(frozen=True)
class Spreadsheet:
    """Milliseconds for one school: this program, and LibreOffice over a batch."""

    schools: int
    plain_ms: float
    batch_ms: float
    """LibreOffice started once for all of them"""
    batch_ratio: float
    one_ms: float
    """LibreOffice started for one of them"""
    one_ratio: float


def study(folder: Path, out: Path, schools: int, engine: str, jobs: int) -> Study:
    """Run the command in a process of its own."""
    paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    command = [sys.executable, "-m", "vsoko_rules", "study", str(folder), "-o", str(out)]
    arguments = [*command, "--engine", engine, "--jobs", str(jobs)]
    launched = [sys.executable, "-S", "-c", _LAUNCHER, *arguments]
    answer = subprocess.run(launched, env=environment, capture_output=True, text=True, check=True).stdout
    code, seconds, peak = (float(value) for value in answer.split())
    if code not in (0, 1):
        raise SystemExit(f"the study of {schools} schools ended with {code:.0f}")
    peak /= 1024 if sys.platform != "darwin" else 1024**2
    return Study(schools, engine, jobs, round(seconds, 1), round(seconds * 1000 / schools, 1), round(peak, 1))


def studies(sizes: Sequence[int], both_to: int, jobs: int, folder: Path) -> list[Study]:
    """Every size with `plain`, those up to `both_to` with both engines too."""
    found = []
    for schools in sizes:
        region = folder / f"region-{schools}"
        write_region(region, schools, SEED)
        engines = ["plain", *(["both"] if durable.available() and schools <= both_to else [])]
        found += [study(region, folder / f"out-{schools}-{e}", schools, e, jobs) for e in engines]
    return found


def pairing(results: Path) -> dict[str, float]:
    """Pairs for the exchange of practice from the results of a study; processor time without reading them."""
    read, settings = list(records(results)), parameters().exchange
    begun = process_time()
    found = as_data(exchange(read, settings), settings)
    spent = process_time() - begun
    return {"schools": len(read), "needs": found["needs"], "served": found["served"], "seconds": round(spent, 2)}


def timed(steps: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median processor time of each step, in milliseconds, the steps in turn."""
    spent: dict[str, list[float]] = {name: [] for name in steps}
    for step in steps.values():
        step()
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        for name, step in steps.items():
            begun = process_time()
            step()
            spent[name].append(process_time() - begun)
    gc.unfreeze()
    return {name: median(times) * 1000 for name, times in spent.items()}


def grown(files: dict[str, tuple[Path, str]], engine: EngineName, rounds: int) -> list[Growth]:
    """Each file under its ruleset."""
    steps: dict[str, Callable[[], object]] = {}
    for name, (path, ruleset) in files.items():
        steps[name] = _assessing(path, ruleset, engine)
        steps["yaml " + name] = _loading(path.read_text(encoding="utf-8"))
    times = timed(steps, rounds)
    first = times[next(iter(files))]
    return [
        Growth(
            name, round(times[name], 2), round(times[name] / first, 2), round(times[name] / times["yaml " + name], 2)
        )
        for name in files
    ]


def _assessing(path: Path, ruleset: str, engine: EngineName) -> Callable[[], object]:
    rules = load(ruleset)
    return lambda: assess(read_case(path), rules, engine)


def _loading(text: str) -> Callable[[], object]:
    return lambda: yaml.load(text, Loader=yaml.CSafeLoader)


def by_documents(folder: Path, numbers: Sequence[int], engine: EngineName, rounds: int) -> list[Growth]:
    """The same school with more and more documents."""
    files = {}
    for number in numbers:
        path = folder / f"documents-{number}.yml"
        path.write_text(large_case(load(DEFAULT), number), encoding="utf-8")
        files[f"{number} documents"] = (path, DEFAULT)
    return grown(files, engine, rounds)


def by_rules(folder: Path, engine: EngineName, rounds: int) -> list[Growth] | str:
    """The same school of 100 documents under ten times the rules; a message where an engine refuses so many."""
    path = folder / "documents-100.yml"
    path.write_text(large_case(load(DEFAULT), 100), encoding="utf-8")
    home = folder / f"for-{engine.value}"
    home.mkdir()
    names = [DEFAULT, many_rules(home, 10)]
    try:
        return grown({f"{len(load(name).rules)} rules": (path, name) for name in names}, engine, rounds)
    except RulesetError as exc:
        return str(exc)


def spreadsheet(folder: Path, schools: int, rounds: int) -> Spreadsheet | str:
    """The same schools by this program and as workbooks recalculated by LibreOffice."""
    program = soffice()
    if program is None:
        return NO_SPREADSHEET
    region, books = folder / "for-books", folder / "books"
    books.mkdir()
    write_region(region, schools, SEED)
    paths, rules = sorted(region.rglob("*.yml")), load(DEFAULT)
    files = [books / f"{path.stem}.xlsx" for path in paths]
    for path, file in zip(paths, files, strict=True):
        write_checklist(assess(read_case(path), rules, EngineName.PLAIN), file)
    office = LibreOffice(program, folder)
    office.convert(files[:1])
    office.check(files[0])
    plain, batch, one = [], [], []
    for _ in range(rounds):
        begun = perf_counter()
        for path in paths:
            assess(read_case(path), rules, EngineName.PLAIN)
        plain.append((perf_counter() - begun) * 1000 / schools)
        batch.append(office.convert(files) * 1000 / schools)
        one.append(office.convert(files[:1]) * 1000)
    for file in files:
        office.check(file)
    a, b, c = median(plain), median(batch), median(one)
    return Spreadsheet(schools, round(a, 2), round(b, 1), round(b / a, 1), round(c, 1), round(c / a, 1))


def tables(found: dict[str, Any]) -> str:
    """Everything as Markdown."""
    lines = ["| schools | engine | jobs | seconds | ms per school | largest process, MB | × memory |"]
    lines.append("|---:|---|---:|---:|---:|---:|---:|")
    least: dict[str, float] = {}
    for s in found["studies"]:
        ratio = s["peak_mb"] / least.setdefault(s["engine"], s["peak_mb"])
        cells = (s["schools"], s["engine"], s["jobs"], s["seconds"], s["per_school_ms"], s["peak_mb"], f"{ratio:.2f}")
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    lines += [
        "",
        "Exchange: {needs} needs of {schools} schools, {served} served, {seconds} s".format(**found["exchange"]),
    ]
    for name in ("documents", "rules"):
        for engine, rows in found[name].items():
            lines += ["", f"By {name}, {engine}:", ""]
            if isinstance(rows, str):
                lines.append(rows)
                continue
            lines += ["| case | ms | × first | × yaml.load |", "|---|---:|---:|---:|"]
            lines += [f"| {r['of']} | {r['ms']:.2f} | {r['ratio']:.2f} | {r['to_yaml']:.2f} |" for r in rows]
    lines += ["", "Against LibreOffice, a school:", ""]
    sheet = found["spreadsheet"]
    if isinstance(sheet, str):
        return "\n".join([*lines, sheet])
    lines += ["| | ms | × |", "|---|---:|---:|", f"| this program, `plain` | {sheet['plain_ms']} | 1.0 |"]
    lines.append(f"| LibreOffice, started once for {sheet['schools']} | {sheet['batch_ms']} | {sheet['batch_ratio']} |")
    lines.append(f"| LibreOffice, started for one | {sheet['one_ms']} | {sheet['one_ratio']} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How time and memory grow.")
    parser.add_argument("--schools", type=int, nargs="+", help="sizes of the region (default: 200 1500)")
    parser.add_argument("--both-to", type=int, default=1500, help="largest region for both engines (default: 1500)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, help="how often each step is timed (default: 9)")
    parser.add_argument("--quick", action="store_true", help="small sizes, few rounds")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    sizes = asked.schools or ([20, 60] if asked.quick else [200, 1500])
    rounds = asked.rounds or (3 if asked.quick else 9)
    numbers = (10, 100) if asked.quick else (10, 100, 1000)
    engines = [EngineName.PLAIN, *([EngineName.BOTH] if durable.available() else [])]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found: dict[str, Any] = {
            "documents": {e.value: _plain(by_documents(folder, numbers, e, rounds)) for e in engines},
            "rules": {e.value: _plain(by_rules(folder, e, rounds)) for e in engines},
            "spreadsheet": _plain(spreadsheet(folder, 5 if asked.quick else 20, 1 if asked.quick else 3)),
            "studies": _plain(studies(sizes, asked.both_to, asked.jobs, folder)),
            "exchange": pairing(folder / f"out-{min(sizes, key=lambda n: abs(n - 1500))}-plain"),
        }
    print(json.dumps(found, ensure_ascii=False, indent=2) if asked.json else tables(found))


def _plain(found: Any) -> Any:
    if isinstance(found, list):
        return [asdict(each) for each in found]
    return found if isinstance(found, str) else asdict(found)


if __name__ == "__main__":
    main()
