"""`python -m tests.fuzz cases --count 10000 --seed 7 --keep FOLDER`: exit code 1 where something did not hold."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.fuzz.once import once
from tests.fuzz.targets import TARGETS
from tests.fuzz.watch import fault, most_memory, run
from vsoko_rules.resources import shipped


def fuzz(kind: str, count: int, seed: int, keep: Path | None = None) -> tuple[list[str], Counter[int | None]]:
    """Try `count` damaged inputs of a kind; returns what did not hold, and how often commands ended how. A damaged
    input is known by kind, seed and number, and is kept in the folder `keep` where it did harm."""
    faults: list[str] = []
    codes: Counter[int | None] = Counter()
    with tempfile.TemporaryDirectory() as base, once():
        home = Path(base) / "home"
        home.mkdir()
        target = TARGETS[kind](home)
        seconds = max(target.seconds, 4 * _usual())
        for number in range(count):
            into = Path(base) / f"{number}"
            into.mkdir()
            for arguments in target.commands(Random(f"{kind} {seed} {number}"), into):
                held = most_memory()
                code, said = target.run(arguments, seconds)
                codes[code] += 1
                if wrong := fault(code, said, held, into):
                    faults.append(f"{kind} --seed {seed}, number {number}: vsoko {' '.join(arguments)}\n{wrong}")
                    if keep is not None:
                        shutil.copytree(into, keep / f"{kind}-{seed}-{number}", dirs_exist_ok=True)
            shutil.rmtree(into)
    return faults, codes


def _usual() -> float:
    """Processor time that a sound case takes here, seconds: on a slow machine nothing hangs that is merely slow."""
    arguments = ["explain", str(shipped("cases") / "gorodskaya-sosh.yml"), "--engine", "plain"]
    run(arguments, 600)
    start = time.process_time()
    run(arguments, 600)
    return time.process_time() - start


def main() -> int:
    """Returns 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("kinds", nargs="*", default=list(TARGETS), choices=list(TARGETS), help="all, if none is named")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that did harm")
    asked = parser.parse_args()
    any_fault = False
    for kind in asked.kinds:
        faults, codes = fuzz(kind, asked.count, asked.seed, asked.keep)
        any_fault |= bool(faults)
        ended = ", ".join(f"{count} × exit {code}" for code, count in sorted(codes.items(), key=str))
        print(
            f"{kind}: {asked.count} inputs, {len(faults)} faults; {ended}; {most_memory() // 1_000_000} MB", flush=True
        )
        for each in faults[:20]:
            print(each, file=sys.stderr, flush=True)
    return int(any_fault)


if __name__ == "__main__":
    sys.exit(main())
