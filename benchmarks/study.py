"""What a study costs beside the assessments in it: processor time of one run, one process each, in turn.

    python benchmarks/region.py --schools 1500 --seed 1 region
    python benchmarks/study.py region

«The loop» reads and assesses the same files and keeps nothing; its time is without the start of the program, that of
`vsoko study` with it. The loop is run twice: as any program would, and with the rulesets hidden from the garbage
collector, as a study has them.
"""

from __future__ import annotations

import argparse
import gc
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

from vsoko_rules.engine.names import EngineName
from vsoko_rules.intake.case_file import read_case_file
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.verdict.assessment import assess


def loop(region: Path, settled: bool) -> float:
    """Seconds of reading and assessing every file of a region."""
    paths = sorted(region.rglob("*.yml"))
    _assess(paths[0])
    if settled:
        gc.collect()
        gc.freeze()
    begun = process_time()
    for path in paths:
        _assess(path)
    return process_time() - begun


def _assess(path: Path) -> None:
    case = read_case_file(path, path.name)
    assess(case, load(case.content.ruleset or DEFAULT), EngineName.PLAIN)


def looped(region: Path, settled: bool) -> float:
    """As `loop`, in a process of its own."""
    command = [sys.executable, __file__, str(region), "--settled" if settled else "--loop"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def studied(region: Path) -> float:
    """Seconds of `vsoko study`, from its start to the last summary."""
    before = _spent()
    with tempfile.TemporaryDirectory() as out:
        asked = ["study", str(region), "-o", out, "--engine", "plain", "--jobs", "1", "--quiet"]
        subprocess.run([sys.executable, "-m", "vsoko_rules", *asked], check=False, stdout=subprocess.DEVNULL)
    return _spent() - before


def _spent() -> float:
    """Processor time of the processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Processor time of a study beside that of its assessments.")
    parser.add_argument("region", type=Path, help="a folder with files of schools")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--loop", action="store_true", help="the loop alone, in this process")
    parser.add_argument("--settled", action="store_true", help="the same without the rulesets for the collector")
    options = parser.parse_args()
    if options.loop or options.settled:
        print(loop(options.region, options.settled))
        return
    for _ in range(options.rounds):
        plain, study, settled = looped(options.region, False), studied(options.region), looped(options.region, True)
        print(f"loop {plain:.1f} s, study {study:.1f} s ({study / plain:.2f} ×)", end=", ")
        print(f"loop with settled rulesets {settled:.1f} s ({study / settled:.2f} ×)", flush=True)


if __name__ == "__main__":
    main()
