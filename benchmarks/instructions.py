"""How many instructions the assessment of a school takes: the measure that other work on the machine does not disturb.

    python benchmarks/instructions.py cases/gorodskaya-sosh.yml cases/nichego-ne-opublikovano.yml

Needs valgrind (Linux). The script starts itself under callgrind, which counts only between two marks (calls of
`getppid`), so that what is loaded before is not in the numbers. A step is done once to warm up and then `ROUNDS` times.
Given are millions of instructions and the ratio to an empty loop over the events that libyaml finds in the file.
"""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

from vsoko_rules.case.facts import expectation, facts
from vsoko_rules.case.reader import check_case, read_case
from vsoko_rules.engine.durable import Durable, available
from vsoko_rules.engine.inference import Derivations
from vsoko_rules.engine.names import EngineName
from vsoko_rules.engine.plain import Plain
from vsoko_rules.reading.yaml import read
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.verdict.assessment import assess
from vsoko_rules.verdict.evidence import Evidence

ROUNDS = 5
MARK = "getppid"
EVENTS = "libyaml: events"


def steps(path: Path) -> dict[str, Callable[[], object]]:
    """What is measured of one case."""
    text = path.read_text(encoding="utf-8")
    case = read_case(path)
    ruleset = load(case.content.ruleset or DEFAULT)
    stated = facts(case.content, ruleset)
    plain = Plain(ruleset.program)

    def events() -> None:
        loader = yaml.CSafeLoader(text)
        while loader.check_event():
            loader.get_event()

    fired = plain.infer(stated)

    def graph() -> Evidence:
        derived = Derivations(ruleset.program, stated, fired, "plain")
        return Evidence(case.content, ruleset, expectation(case.content, ruleset), derived)

    measured: dict[str, Callable[[], object]] = {
        EVENTS: events,
        "libyaml: yaml.load": lambda: yaml.load(text, Loader=yaml.CSafeLoader),
        "read YAML with places": lambda: read(path),
        "read and validate": lambda: read_case(path),
        "check codes": lambda: check_case(case, ruleset),
        "facts": lambda: facts(case.content, ruleset),
        "infer: plain": lambda: plain.infer(stated),
        "reasons and graph": graph,
        "whole assessment, plain": lambda: assess(read_case(path), ruleset, EngineName.PLAIN),
    }
    if available():
        durable = Durable(ruleset.program)
        measured["infer: durable-rules"] = lambda: durable.infer(stated)
    return measured


def run(ready: Sequence[Callable[[], object]]) -> None:
    """Under callgrind: every step between two marks."""
    for step in ready:
        step()
    gc.collect()
    gc.freeze()
    gc.disable()  # when a collection comes is a matter of what was done before
    subprocess.run(["callgrind_control", "--instr=on", str(os.getpid())], check=True, stdout=subprocess.DEVNULL)
    for step in ready:
        os.getppid()
        for _ in range(ROUNDS):
            step()
    os.getppid()


def counted(script: str, arguments: Sequence[str] = ()) -> list[int]:
    """Instructions of each step, once, that a script hands to `run` when it is started with `--marked`."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind.out"
        options = ["--tool=callgrind", "--instr-atstart=no", f"--dump-before={MARK}", f"--callgrind-out-file={out}"]
        command = ["valgrind", *options, sys.executable, script, "--marked", *arguments]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "0"}, stderr=subprocess.DEVNULL)
        dumps = sorted(Path(folder).glob("callgrind.out.*"), key=lambda p: int(p.suffix[1:]))
        totals = [re.search(r"^(?:summary|totals): (\d+)", p.read_text(), re.MULTILINE) for p in dumps]
    return [int(found[1]) // ROUNDS for found in totals[1:] if found]


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["--marked"]:
        run([step for path in sys.argv[2:] for step in steps(Path(path)).values()])
        return
    paths = [Path(p) for p in sys.argv[1:]]
    numbers = iter(counted(__file__, sys.argv[1:]))
    for path in paths:
        found = dict(zip(steps(path), numbers, strict=False))
        print(path.stem)
        for step, number in found.items():
            print(f"  {step:26} {number / 10**6:9.2f} M {number / found[EVENTS]:7.2f} × events")


if __name__ == "__main__":
    main()
