"""How right the intake is about documents that somebody labelled by hand, and what it costs.

    python benchmarks/intake.py                                   the half that cues are written on, texts as they are
    python benchmarks/intake.py --half held                       the half set aside: totals alone
    python benchmarks/intake.py --half shared:documents.yml       labels of the same form from elsewhere
    python benchmarks/intake.py --formats docx,pdf,odt,rtf,html   written out by LibreOffice and read back
    python benchmarks/intake.py --half held --strict              exit code 1 where a goal is missed

Cues are written on `dev` alone. `held` is for measuring: whoever changes cues does not read it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from intake_corpus import HERE, Paper, as_text, read_papers
from intake_counts import Measured, Tally, Wrong
from intake_measure import IDLE, TAKEN, TOP, UNREAD, UNRELATED, measure, shares
from vsoko_rules.intake.proposals.proposal import ProposedDocument
from vsoko_rules.intake.texts.file_text import FileText
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.ruleset.ruleset import Ruleset

Propose = Callable[[Sequence[FileText], Ruleset], Sequence[ProposedDocument]]


@dataclass(frozen=True)
class Goal:
    """The least that a field must reach."""

    field: str
    precision: float | None = None
    recall: float | None = None


GOALS: Final = (
    Goal("kind", recall=0.95),
    Goal("number", precision=0.98, recall=0.85),
    Goal("date", precision=0.98, recall=0.85),
    Goal("contents", precision=0.95, recall=0.75),
    Goal(TOP, recall=0.95),
    Goal(UNRELATED, recall=0.8),
)
NEVER: Final = (UNREAD, TAKEN)
FILES, SECONDS, MEGABYTES = 60, 20.0, 300.0
"""so many files may take so long on one core, and so much memory in all processes together"""


def missed_goals(result: Measured) -> list[str]:
    """Each goal that was not reached, in words."""
    found = []
    for goal in GOALS:
        tally = result.fields[goal.field]
        for name, least, got in (
            ("precision", goal.precision, tally.precision),
            ("recall", goal.recall, tally.recall),
        ):
            if least is not None and (got is None or got < least):
                found.append(f"{goal.field}: {name} {_share(got)} where {_share(least)} is wanted")
    return found + [f"{name}: {result.bad[name]}" for name in NEVER if result.bad[name]]


def proposer() -> Propose:
    """What is measured."""
    from vsoko_rules.intake.proposals.propose import propose

    return propose


def propose_of(papers: Sequence[Paper], texts: dict[str, FileText], ruleset: Ruleset) -> list[ProposedDocument]:
    """What is proposed of the files of each school together; keys are made unlike between schools."""
    by_school = defaultdict[str, list[FileText]](list)
    for paper in papers:
        if paper.id in texts:
            by_school[paper.school].append(texts[paper.id])
    propose, found = proposer(), list[ProposedDocument]()
    for some in by_school.values():
        found += _renumbered(propose(some, ruleset), len(found))
    return found


def _renumbered(found: Sequence[ProposedDocument], start: int) -> list[ProposedDocument]:
    from dataclasses import replace

    from vsoko_rules.case.document_records import RELATIONS, Claim

    made = []
    for document in found:
        claims = []
        for claim in document.claims:
            read = Claim(claim=claim.claim)
            if read.field in RELATIONS and read.value is not None and read.value.isdigit():
                claims.append(replace(claim, claim=f"{read.field} {int(read.value) + start}"))
            else:
                claims.append(claim)
        made.append(replace(document, key=str(int(document.key) + start), claims=tuple(claims)))
    return made


def chosen(half: str) -> list[Paper]:
    """The documents of `dev`, `held` or `shared:PATH`."""
    if half.startswith("shared:"):
        return read_papers(Path(half.removeprefix("shared:")))
    return read_papers(HERE / half)


def as_written(papers: Sequence[Paper], ruleset: Ruleset) -> tuple[Measured, float]:
    """The texts as they are, and the processor time of proposing, seconds."""
    texts = {paper.id: as_text(paper) for paper in papers}
    begun = process_time()
    found = propose_of(papers, texts, ruleset)
    spent = process_time() - begun
    return measure(papers, texts, found, ruleset), spent


def as_files(
    papers: Sequence[Paper], formats: Sequence[str], ruleset: Ruleset
) -> Iterator[tuple[str, Measured, float]]:
    """Each format by its name, and the processor time of reading and proposing; then the cost of sixty files."""
    from intake_files import mixed, read_back, write_files

    with tempfile.TemporaryDirectory() as folder:
        write_files(papers, formats, Path(folder))
        for name in formats:
            begun = _spent()
            texts = dict(read_back(Path(folder) / name, ruleset))
            found = propose_of(papers, texts, ruleset)
            yield name, measure(papers, texts, found, ruleset), _spent() - begun
        sixty = mixed(papers, formats, Path(folder), FILES)
        command = [sys.executable, __file__, "--cost", str(sixty)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        seconds, megabytes = json.loads(done.stdout)
        told = f"{seconds:.1f} s of the processor, {megabytes:.0f} MB at most"
        print(f"{len(papers[:FILES])} files of mixed formats: {told}", file=sys.stderr)
        if seconds > SECONDS or megabytes > MEGABYTES:
            yield f"cost {seconds:.1f} s, {megabytes:.0f} MB", Measured(), 0.0


def cost(folder: Path) -> None:
    """Processor time of reading and proposing all of a folder, seconds, and the memory of the process tree at most, MB:
    the peak of this process and that of the largest one it started, together."""
    from intake_files import read_back

    ruleset = load(DEFAULT)
    proposer()(list(read_back(folder, ruleset).values()), ruleset)
    peaks = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps([_spent(), sum(peaks) / 1024]))


def _spent() -> float:
    times = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(t.ru_utime + t.ru_stime for t in times)


def table(result: Measured) -> str:
    """Precision and recall of each field."""
    rows = [f"{'field':<18} {'precision':>9} {'recall':>7}   {'right':>5} {'proposed':>8} {'labelled':>8}"]
    for name, tally in shares(result.fields):
        counts = f"{tally.right:>5} {tally.proposed:>8} {tally.wanted:>8}"
        rows.append(f"{name:<18} {_share(tally.precision):>9} {_share(tally.recall):>7}   {counts}")
    return "\n".join(rows + [f"{name}: {result.bad[name]}" for name in (UNREAD, TAKEN, IDLE)])


def details(result: Measured) -> str:
    """What helps to mend cues: never printed of the half that is set aside."""
    rows = ["", "contents, one by one"]
    for code, tally in sorted(result.contents.items()):
        counts = f"{tally.right:>5} {tally.proposed:>8} {tally.wanted:>8}"
        rows.append(f"{code:<18} {_share(tally.precision):>9} {_share(tally.recall):>7}   {counts}")
    rows += ["", "cues: right, wrong"]
    rows += [f"{cue:<40} {right:>4} {wrong:>4}" for cue, (right, wrong) in sorted(result.cues.items())]
    rows += ["", "false", *map(_line, result.wrong), "", "not found", *map(_line, result.missed)]
    return "\n".join(rows)


def _line(wrong: Wrong) -> str:
    quote = f"  «{wrong.quote}»" if wrong.quote else ""
    wanted = f"  wanted: {wrong.wanted}" if wrong.wanted else ""
    return f"{wrong.paper:<6} {wrong.field:<12} {wrong.said}{quote}{wanted}"


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def as_data(result: Measured) -> dict[str, Any]:
    """Totals alone."""

    def told(tally: Tally) -> dict[str, Any]:
        counts = {"right": tally.right, "proposed": tally.proposed, "labelled": tally.wanted}
        return {"precision": tally.precision, "recall": tally.recall, **counts}

    return {"fields": {name: told(tally) for name, tally in shares(result.fields)}, "never": dict(result.bad)}


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", default="dev", help="dev, held or shared:PATH")
    parser.add_argument("--formats", default="txt", help="txt, or some of docx,pdf,odt,rtf,html")
    parser.add_argument("--strict", action="store_true", help="exit code 1 where a goal is missed")
    parser.add_argument("--json", action="store_true", help="totals as JSON")
    parser.add_argument("--cost", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.cost is not None:
        cost(args.cost)
        return 0
    papers, ruleset, lost = chosen(args.half), load(DEFAULT), list[str]()
    formats = args.formats.split(",")
    runs = iter([("txt", *as_written(papers, ruleset))]) if formats == ["txt"] else as_files(papers, formats, ruleset)
    for name, result, spent in runs:
        if not result.fields:
            lost.append(name)
            continue
        if args.json:
            print(json.dumps({"format": name, "seconds": spent, **as_data(result)}, ensure_ascii=False))
        else:
            print(f"{args.half}, {name}: {len(papers)} files, {spent:.2f} s of the processor\n{table(result)}")
            if args.half != "held":
                print(details(result))
        lost += [f"{name}: {goal}" for goal in missed_goals(result)]
    for goal in lost:
        print(goal, file=sys.stderr)
    return int(args.strict and bool(lost))


if __name__ == "__main__":
    sys.exit(main())
