"""Puts small faults into the core, one at a time, and shows which the tests notice.

    python tools/mutants.py                              60 faults of each room, from seed 1
    python tools/mutants.py verdict case --sample 100 --seed 2 --jobs 2
    python tools/mutants.py verdict case --sample 100 --seed 2 --again     those of them that no test noticed before
    python tools/mutants.py verdict --only chain.py:236 --only scoring.py  all of a line, or of a module
    python tools/mutants.py --sample 0                   none: whether all that is explained is still there

It works in copies of the project. First it learns which tests run which statement and how long they take, keeps that in
`.mutants/` module by module, so that it may be interrupted, and learns it anew for test modules that changed; for a
module of the core that has changed since, all tests of its room are tried (delete the folder to learn it anew). Then a
process that has loaded everything once forks for each fault, changes the functions that are loaded, runs the tests that
run the statement, those of the cheapest modules first, and stops at the first that fails. A fault in what runs while
modules are loaded is tried once more in a process that loads them with it. What nobody can notice stands in
`equivalent_mutants.yml` with the reason.

Time is that of the processor: a busy machine changes nothing. A test that takes twenty times as much as it is known to
take does not end, and so notices the fault; where tests take more than the bound and none fails, or one waits for
something, the fault is unsettled. Answers are kept in `.mutants/` too.

Why not a library: mutmut 3 leaves out decorated functions (properties, cached ones) and what stands outside functions,
tries no sample from a seed, and brings six more packages; cosmic-ray starts pytest anew for each fault, and to collect
these tests takes seven seconds. Needs `os.fork`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random

import yaml

from faults import Mutant, mutants_of
from seen import LOADING, Seen, read
from trying import UNNOTICED, UNTOLD, Trial, enter, in_child, pytest_options, read_answers, try_all

LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv*", ".mutants", ".hypothesis", ".*_cache", "__pycache__")
OWN_TESTS = {
    "engine": ("engine", "ruleset"),
    "verdict": ("verdict", "assessment", "chain", "scoring", "indicators"),
    "advice": ("explain", "plan"),
    "case": ("case", "workspace"),
    "study": ("study",),
}
"""by room: folders of tests that are written for it. With `report` they are all that is tried: papers take too long"""
ENDLESS = 20
"""a test that takes so many times its processor time does not end"""
FEW = 5
"""tests: what is read once and kept (a ruleset) is seen in the first of them only, so all of the room follow these"""


def copied(project: Path, folder: Path) -> Path:
    """A copy of the project in a new folder."""
    shutil.copytree(project, folder / "project", ignore=LEFT_BEHIND)
    return folder / "project"


def digest(path: Path) -> str:
    """Tells whether a file has changed."""
    return sha256(path.read_bytes()).hexdigest()[:16]


def what_runs(project: Path, files: Sequence[str]) -> Seen:
    """Which tests run which statements of `files`: kept in the project, learnt anew for test modules that changed."""
    kept = project / ".mutants" / "seen.json"
    seen = read(kept) if kept.exists() else Seen()
    folders = dict.fromkeys(name for own in OWN_TESTS.values() for name in (*own, "report"))
    modules = sorted(path for name in folders for path in (project / "tests" / name).rglob("test_*.py"))
    now = {module.relative_to(project).as_posix(): digest(module) for module in modules}
    if now != seen.modules:
        if not seen.modules:
            seen.files = {file: digest(project / file) for file in files}
        with tempfile.TemporaryDirectory() as folder:
            root = copied(project, Path(folder))
            seen.forget(module for module, known in seen.modules.items() if now.get(module) != known)
            learning = pytest_options(root, [module for module in now if module not in seen.modules])

            def learnt(module: str) -> None:
                seen.modules[module] = now[module]
                seen.save(kept)

            def work() -> str:
                enter(root)
                seen.learn(root, files, learning, learnt)
                seen.modules = now
                seen.save(kept)
                return ""

            in_child(work)
    seen = read(kept)
    return seen if seen.seconds else sys.exit("No test runs here: see what `pytest` says.")


def trial_of(mutant: Mutant, room: str, seen: Seen, options: argparse.Namespace) -> Trial:
    """Tests that run the statement, those of the cheapest modules first; then all of the room, where few do or the file
    has changed since that was learnt."""
    hits = seen.by.get((mutant.file, mutant.statement), set())
    own = {t for t in seen.seconds if t.split("/")[1] in OWN_TESTS[room]}
    changed = seen.files.get(mutant.file) != digest(options.project / mutant.file)
    wanted = hits | own if changed or len(hits) < FEW or LOADING in hits else hits
    modules: dict[tuple[bool, str], list[str]] = {}
    for test in seen.seconds:
        if test in wanted and test not in seen.broken:
            modules.setdefault((test not in hits, test.split("::")[0]), []).append(test)
    cost = {module: sum(seen.seconds[t] for t in tests) for module, tests in modules.items()}
    ordered = sorted(modules, key=lambda module: (module[0], cost[module]))
    ends = {t: max(options.endless, ENDLESS * seen.seconds[t]) for module in ordered for t in modules[module]}
    return Trial(mutant, ends, options.bound, LOADING in hits)


def explained(path: Path, mutants: Collection[Mutant]) -> set[Mutant]:
    """Faults that nobody can notice, each with a reason; all of a line where only that is named. What can no longer be
    put in ends the program."""
    listed = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else []
    keys = {(each["in"], each["code"], each.get("becomes")) for each in listed or () if each["why"]}
    there = {key for m in mutants for key in (m.key, (m.file, m.code, None))}
    if stale := keys - there:
        sys.exit("\n".join([f"{path.name} explains what is not there any more:", *sorted(map(str, stale))]))
    return {m for m in mutants if m.key in keys or (m.file, m.code, None) in keys}


class Kept:
    """Answers of earlier runs, by fault. Two faults of a module that read alike are told apart by their order."""

    def __init__(self, path: Path, rooms: Mapping[str, Sequence[Mutant]]) -> None:
        self.path = path
        self.names: dict[Mutant, str] = {}
        alike: dict[tuple[str, ...], int] = {}
        for mutant in (m for each in rooms.values() for m in each):
            key = (*mutant.key, mutant.statement)
            alike[key] = alike.get(key, 0) + 1
            self.names[mutant] = "\n".join([*key, str(alike[key])])

    def of(self, chosen: Sequence[tuple[str, Mutant]]) -> dict[int, str]:
        """What is known of these, by number."""
        known = self._read()
        return {n: known[self.names[m]] for n, (_, m) in enumerate(chosen) if self.names[m] in known}

    def add(self, answers: Mapping[Mutant, str]) -> None:
        """Keep what was found now."""
        known = self._read() | {self.names[mutant]: answer for mutant, answer in answers.items()}
        self.path.write_text(json.dumps(known, ensure_ascii=False, indent=0), encoding="utf-8")

    def _read(self) -> dict[str, str]:
        return json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else {}


def tried(project: Path, trials: Mapping[int, Trial], jobs: int) -> dict[int, str]:
    """The answer to each trial. Every job works in a copy of its own."""
    children = []
    with tempfile.TemporaryDirectory() as folder:
        for job in range(jobs):
            home = Path(folder) / str(job)
            part = {number: trial for place, (number, trial) in enumerate(trials.items()) if place % jobs == job}
            root = copied(project, home)
            child = os.fork()
            if child == 0:
                try:
                    try_all(root, part, home / "answers")
                finally:
                    os._exit(0)
            children.append(child)
        for child in children:
            os.waitpid(child, 0)
        return {
            n: answer for job in range(jobs) for n, answer in read_answers(Path(folder) / str(job) / "answers").items()
        }


def table(rooms: Sequence[str], chosen: Sequence[tuple[str, Mutant]], answers: Mapping[int, str]) -> str:
    """What came of it: a line for each room, then every fault that no test noticed."""
    lines = [f"{'room':10}{'tried':>8}{'noticed':>9}{'unnoticed':>11}{'unsettled':>11}{'explained':>11}{'share':>9}"]
    for room in rooms:
        faults = [n for n, (of, _) in enumerate(chosen) if of == room]
        judged = [answers[n] for n in faults if n in answers]
        noticed, unnoticed = sum(a not in UNTOLD for a in judged), judged.count(UNNOTICED)
        unsettled, others = len(judged) - noticed - unnoticed, len(faults) - len(judged)
        share = f"{100 * noticed / len(judged):.1f} %" if judged else "—"
        lines.append(f"{room:10}{len(judged):8}{noticed:9}{unnoticed:11}{unsettled:11}{others:11}{share:>9}")
    for n in sorted(n for n, answer in answers.items() if answer in UNTOLD):
        fault = chosen[n][1]
        lines += ["", f"{fault.file}:{fault.line}  {answers[n]}", f"  - {fault.code}", f"  + {fault.becomes}"]
    return "\n".join(lines)


def drawn(rooms: Mapping[str, Sequence[Mutant]], options: argparse.Namespace) -> list[tuple[str, Mutant]]:
    """The faults to try, each with its room: all where lines or modules are named, else a sample of each room."""
    chosen = []
    for room in options.rooms:
        there = [m for m in rooms[room] if not options.only or any(_stands(m, place) for place in options.only)]
        number = len(there) if options.only else min(options.sample, len(there))
        chosen += [(room, m) for m in Random(options.seed).sample(there, number)]
    return chosen


def _stands(mutant: Mutant, place: str) -> bool:
    name, _, line = place.partition(":")
    return Path(mutant.file).match(name) and line in ("", str(mutant.line))


def main() -> int:
    """Returns 1 where a fault is not noticed."""
    options = _arguments()
    project = options.project.resolve()
    rooms = {room: sorted((project / "vsoko_rules" / room).rglob("*.py")) for room in OWN_TESTS}
    files = {room: [path.relative_to(project) for path in paths] for room, paths in rooms.items()}
    every = {
        room: [m for file in each for m in mutants_of(file.as_posix(), (project / file).read_bytes())]
        for room, each in files.items()
    }
    known = explained(project / "tools" / "equivalent_mutants.yml", [m for each in every.values() for m in each])
    chosen = drawn(every, options)
    kept = Kept(project / ".mutants" / "answers.json", every)
    earlier = kept.of(chosen) if options.again else {}
    answers = {n: answer for n, answer in earlier.items() if answer not in UNTOLD and chosen[n][1] not in known}
    wanted = {n: of for n, of in enumerate(chosen) if of[1] not in known and n not in answers}
    if wanted:
        seen = what_runs(project, [file.as_posix() for each in files.values() for file in each])
        trials = {n: trial_of(mutant, room, seen, options) for n, (room, mutant) in wanted.items()}
        found = tried(project, trials, options.jobs)
        kept.add({chosen[n][1]: answer for n, answer in found.items()})
        answers |= found
    print(table(options.rooms, chosen, answers))
    return int(any(answer in UNTOLD for answer in answers.values()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Small faults in the core, and whether tests notice them.")
    parser.add_argument("rooms", nargs="*", default=list(OWN_TESTS), help=f"of {', '.join(OWN_TESTS)}")
    parser.add_argument("--sample", type=int, default=60, help="faults of each room (60)")
    parser.add_argument("--seed", type=int, default=1, help="which faults are drawn (1)")
    parser.add_argument("--only", action="append", metavar="FILE[:LINE]", help="all faults of a module, or of its line")
    parser.add_argument("--again", action="store_true", help="only those that no test noticed the last time")
    parser.add_argument("--bound", type=float, default=60, help="seconds of the processor for one fault (60)")
    parser.add_argument("--endless", type=float, default=20, help="such seconds of one test, at least, are no end (20)")
    parser.add_argument("--jobs", type=int, choices=(1, 2), default=1, help="faults at once (1)")
    parser.add_argument("--project", type=Path, default=Path(__file__).resolve().parents[1], help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = set(options.rooms) - set(OWN_TESTS)
    if unknown:
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    sys.exit(main())
