"""How many decisions a person makes from a folder of a school to its confirmed case, and whether it comes out true.

python benchmarks/intake_decisions.py                     the folder of sixty invented files
python benchmarks/intake_decisions.py FOLDER TRUTH.yml    another one, and the true case of it
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from knowing_person import Person, truth_of
from vsoko_rules import assess
from vsoko_rules.case.records import Case
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.workspace.opening import open_case, open_ruleset
from vsoko_rules.workspace.taken_in import TakenIn
from vsoko_rules.workspace.taking_in import SchoolGiven, take_in

TOOL: Final = Path(__file__).resolve().parents[1] / "tools" / "school_folder.py"
MOST_ROUNDS: Final = 4


def confirmed(folder: Path, truth: Case, ruleset: str | None = None) -> Iterator[tuple[TakenIn, Person, int]]:
    """The rounds of taking in and answering until nothing is asked: after each what came of it, and how many cells the
    person filled for it. The draft and its workbook lie beside the folder."""
    told = SchoolGiven(
        school=truth.school.id,
        levels=",".join(level.value for level in truth.school.levels),
        start=truth.study.start,
        end=truth.study.end,
        today=date(truth.study.year, 12, 1),
    )
    taken, filled = take_in(folder, given=told, ruleset=ruleset), 0
    person = Person(truth, taken.draft.case, taken.asked.ruleset, f"{folder.name}/")
    yield taken, person, filled
    for _ in range(MOST_ROUNDS):
        if not taken.questions:
            return
        filled = person.fill(taken.book)
        taken = take_in(folder, ruleset=ruleset)
        yield taken, person, filled


def outcomes(assessment: Assessment) -> dict[str, str]:
    """What came of every line, and of every element."""
    lines = {line.spec.id: line.outcome.value for block in assessment.blocks for line in block.lines}
    return lines | {e: assessment.outcome_of(e).value for e in assessment.ruleset.elements}


def _report(folder: Path, truth_file: Path) -> None:
    truth = truth_of(truth_file)
    rounds = list(confirmed(folder, truth))
    for number, (taken, _, filled) in enumerate(rounds):
        documents, asked = len(taken.draft.pieces), len(taken.needed)
        print(f"round {number}: answered {filled}, documents {documents}, asked {asked}, rows {len(taken.questions)}")
    taken, person, _ = rounds[-1]
    for (about, manner), count in sorted(person.answers.items(), key=lambda pair: -pair[1]):
        print(f"  {count:4} {about:10} {manner}")
    print(f"  {sum(person.answers.values()):4} decisions; documents of the truth not found: {len(person.unknown)}")
    judge = open_ruleset(truth.ruleset)
    ours, true = outcomes(assess(open_case(taken.target), judge)), outcomes(assess(open_case(truth_file), judge))
    different = {code: (true[code], ours[code]) for code in true if true[code] != ours[code]}
    print(f"outcomes of lines and elements: {len(true)}, different from the truth: {len(different)}")
    for code, (was, now) in different.items():
        print(f"  {code}: {was} -> {now}")


def main(arguments: Sequence[str]) -> None:
    """Count, and print."""
    if arguments:
        _report(Path(arguments[0]), Path(arguments[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        folder, truth = Path(name) / "school", Path(name) / "truth.yml"
        subprocess.run([sys.executable, str(TOOL), str(folder), "--truth", str(truth)], check=True)
        _report(folder, truth)


if __name__ == "__main__":
    main(sys.argv[1:])
