"""How long the assessment of one school takes, step by step, and what that is against libyaml and against CLIPS.

    python benchmarks/assess.py                      a table
    python benchmarks/assess.py --json               the same as JSON
    python benchmarks/assess.py cases/my-school.yml  other files

Every step is timed in turn in each round, as processor time, so that other work on the machine disturbs little. The
median over the rounds is given and the fastest round; ratios are those of the fastest. There are two yardsticks: an
empty loop over libyaml's events, and `yaml.load`, which builds plain data and forgets where it stood.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import yaml

from clips_engine import Clips
from large import large_case
from vsoko_rules.case.facts import expectation, facts
from vsoko_rules.case.reader import check_case, read_case
from vsoko_rules.engine import durable
from vsoko_rules.engine.inference import Derivations
from vsoko_rules.engine.language import Fact
from vsoko_rules.engine.names import EngineName
from vsoko_rules.engine.plain import Plain
from vsoko_rules.report.out.html import page
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.assessment import assess
from vsoko_rules.verdict.chain import Trace
from vsoko_rules.verdict.evidence import Evidence
from vsoko_rules.verdict.layers import Reading
from vsoko_rules.verdict.scoring import NOTHING, Bounds, Standing, line_bounds, mean, verdict
from vsoko_rules.verdict.tracing import trace

EVENTS, DATA = "libyaml: events", "libyaml: yaml.load"
WHOLE, WHOLE_BOTH = "whole assessment, plain", "whole assessment, both engines"
READ, INFER, CLIPS = "read and validate", "infer: plain", "infer: CLIPS, facts in and out"


@dataclass(frozen=True)
class Measured:
    """How long the steps of one case take, in milliseconds."""

    case: str
    documents: int
    facts: int
    firings: int
    kilobytes: float
    median: dict[str, float]
    fastest: dict[str, float]

    def ratio(self, step: str, yardstick: str) -> float:
        return self.fastest[step] / self.fastest[yardstick]


class Bench:
    """The steps of the assessment of one case, each ready to be run by itself."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.case = read_case(path)
        name = self.case.content.ruleset or DEFAULT
        ruleset = self.ruleset = load(name)
        engines = self.engines = engines_for(name)
        self.expected = expectation(self.case.content, ruleset)
        self.facts = facts(self.case.content, ruleset)
        self.plain = engines.plain
        self.firings = self.plain.infer(self.facts)
        self.derived = self.derivations()
        self.evidence = self.lay_out()
        self.traces = self.follow()
        self.assessment = assess(self.case, ruleset, EngineName.PLAIN)
        self.clips = Clips(ruleset.program, self.facts.given, folder)
        if self.in_clips() != (set(self.derived.supports), sum(map(len, self.firings.values()))):
            raise SystemExit(f"{path}: CLIPS concludes something else")

    def steps(self) -> dict[str, Callable[[], object]]:
        steps: dict[str, Callable[[], object]] = {
            EVENTS: self.events,
            DATA: lambda: yaml.load(self.text, Loader=yaml.CSafeLoader),
            READ: lambda: read_case(self.path),
            "check codes": lambda: check_case(self.case, self.ruleset),
            "facts": lambda: facts(self.case.content, self.ruleset),
            INFER: lambda: self.plain.infer(self.facts),
            CLIPS: self.in_clips,
            "reasons": self.derivations,
            "graph": self.lay_out,
            "chain": self.follow,
            "score": self.score,
            "report (HTML)": lambda: page([self.assessment]),
            WHOLE: lambda: assess(read_case(self.path), self.ruleset, EngineName.PLAIN),
        }
        if self.engines.durable is not None:
            second = self.engines.durable
            steps["infer: durable-rules"] = lambda: second.infer(self.facts)
            steps[WHOLE_BOTH] = lambda: assess(read_case(self.path), self.ruleset, EngineName.BOTH)
        return steps

    def in_clips(self) -> tuple[set[Fact], int]:
        """What CLIPS concludes, and how often a rule fired."""
        self.clips.load(self.facts)
        fired = self.clips.run()
        return self.clips.concluded(), fired

    def events(self) -> None:
        loader = yaml.CSafeLoader(self.text)
        while loader.check_event():
            loader.get_event()

    def derivations(self) -> Derivations:
        derived = Derivations(self.ruleset.program, self.facts, self.firings, "plain")
        assert derived.by_relation is not None
        return derived

    def lay_out(self) -> Evidence:
        return Evidence(self.case.content, self.ruleset, self.expected, self.derived)

    def follow(self) -> list[Trace]:
        return [trace(spec, Reading(self.evidence, {})) for spec in self.expected.lines]

    def score(self) -> object:
        scoring = self.ruleset.content.cycle
        if scoring is None:
            return None
        blocks: dict[str, Bounds] = {}
        for block in self.ruleset.blocks:
            lines = [t for t in self.traces if t.spec.block == block]
            blocks[block] = sum((line_bounds(t, t, scoring, True) for t in lines), NOTHING)
        whole = mean([(bounds, Fraction(1)) for bounds in blocks.values()])
        return verdict(self.ruleset.levels, Standing(whole, blocks))


class Engines:
    """The engines for one ruleset, made once for all its cases, as the program does."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.plain = Plain(ruleset.program)
        self.durable = durable.Durable(ruleset.program) if durable.available() else None


@cache
def engines_for(ruleset: str) -> Engines:
    """The engines for the ruleset of that name."""
    return Engines(load(ruleset))


def measure(path: Path, rounds: int) -> Measured:
    """Medians for the case in `path` over so many rounds."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(path, Path(folder))
        steps = bench.steps()
        spent: dict[str, list[float]] = {name: [] for name in steps}
        gc.collect()
        gc.freeze()  # the ruleset stays; without this each collection walks over it again
        for _ in range(rounds):
            for name, step in steps.items():
                begun = process_time()
                step()
                spent[name].append(process_time() - begun)
        gc.unfreeze()
    return Measured(
        case=path.stem,
        documents=len(bench.case.documents),
        facts=len(bench.facts.stated),
        firings=sum(map(len, bench.firings.values())),
        kilobytes=round(len(bench.text.encode()) / 1000, 1),
        median={name: round(median(times) * 1000, 3) for name, times in spent.items()},
        fastest={name: round(min(times) * 1000, 3) for name, times in spent.items()},
    )


def start_up(runs: int) -> float:
    """Median seconds from the shell's call to the end of `vsoko --help`."""
    times = []
    for _ in range(runs):
        begun = perf_counter()
        subprocess.run([sys.executable, "-m", "vsoko_rules", "--help"], check=True, stdout=subprocess.DEVNULL)
        times.append(perf_counter() - begun)
    return round(median(times), 3)


def table(measured: list[Measured], help_seconds: float) -> str:
    """The results as a table in Markdown: the largest case step by step, then all cases."""
    largest = max(measured, key=lambda m: m.documents)
    size = f"{largest.documents} documents, {largest.kilobytes} KB, {largest.facts} facts, {largest.firings} firings"
    lines = [
        f"{largest.case}: {size}",
        "",
        "| step | median, ms | fastest, ms | × events | × yaml.load |",
        "|---|---:|---:|---:|---:|",
    ]
    for step, ms in largest.fastest.items():
        ratios = f"{largest.ratio(step, EVENTS):.2f} | {largest.ratio(step, DATA):.2f}"
        lines.append(f"| {step} | {largest.median[step]:.2f} | {ms:.2f} | {ratios} |")
    lines += [
        "",
        "Fastest, ms:",
        "",
        "| case | documents | events | yaml.load | whole | × events | × yaml.load | plain | CLIPS |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for m in measured:
        times = " | ".join(f"{m.fastest[step]:.2f}" for step in (EVENTS, DATA, WHOLE))
        engines = " | ".join(f"{m.fastest[step]:.2f}" for step in (INFER, CLIPS))
        ratios = f"{m.ratio(WHOLE, EVENTS):.2f} | {m.ratio(WHOLE, DATA):.2f}"
        lines.append(f"| {m.case} | {m.documents} | {times} | {ratios} | {engines} |")
    lines += ["", f"`vsoko --help`: {help_seconds:.2f} s"]
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time of the assessment of one school, step by step.")
    parser.add_argument("cases", nargs="*", type=Path, help="case files (default: the shipped ones)")
    parser.add_argument("--documents", type=int, default=120, help="documents of the generated case (default: 120)")
    parser.add_argument("--rounds", type=int, default=25, help="how often each step is timed (default: 25)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    shipped = sorted((Path(__file__).parents[1] / "cases").glob("*.yml"))
    with tempfile.TemporaryDirectory() as folder:
        generated = Path(folder) / f"generated-{options.documents}.yml"
        generated.write_text(large_case(load(DEFAULT), options.documents), encoding="utf-8")
        paths = [*(options.cases or shipped), generated]
        measured = [measure(path, options.rounds) for path in paths]
    help_seconds = start_up(7)
    if options.json:
        data = {"vsoko_help_seconds": help_seconds, "cases": [asdict(m) for m in measured]}
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        print(table(measured, help_seconds))


if __name__ == "__main__":
    main()
