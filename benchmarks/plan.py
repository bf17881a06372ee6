"""How much processor time plans take: of large schools with gaps everywhere, and of shipped cases with a few faults.

    PYTHONPATH=. python benchmarks/plan.py --large 12 --spoiled 150

Each of the large schools is given (`tests/plan/large.py`, by seed). Documents of the spoiled cases get other dates, or
lose theirs, their references or what they hold: given are the sum, the slowest ones, and the days of work of all plans
together, which stay the same whenever the program that is solved is written in another way.
"""

from __future__ import annotations

import argparse
import copy
import time
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any, Final

import yaml

from tests.builders import FIRST_DAY, assessed
from tests.plan.large import large_case
from vsoko_rules.advice.plan import RepairPlan, plan
from vsoko_rules.errors import InputError
from vsoko_rules.resources import shipped

CASES: Final = ("gorodskaya-sosh", "selskaya-oosh", "shablony", "polnaya-struktura", "bez-ssylok")


@cache
def _shipped(name: str) -> Any:
    return yaml.load((shipped("cases") / f"{name}.yml").read_text(encoding="utf-8"), yaml.BaseLoader)


def spoiled(number: int) -> tuple[str, dict[str, Any]]:
    """A shipped case with one to four faults, the same for the same number; and its name."""
    random = Random(number)
    name = random.choice(CASES)
    case = copy.deepcopy(_shipped(name))
    for _ in range(random.randrange(1, 5)):
        document = random.choice(case["documents"])
        fault = random.choice(("dated", "dated", "dated", "undated", "unbased", "empty"))
        if fault == "dated":
            document["date"] = (FIRST_DAY + timedelta(random.randrange(420))).isoformat()
        else:
            document.pop({"undated": "date", "unbased": "based_on", "empty": "holds"}[fault], None)
    if random.random() < 0.5:  # while the school can still mend what there is
        case["filled_by"] = {"role": "school", "name": "Проба", "date": "2022-08-29"}
    return name, case


def timed(case: dict[str, Any]) -> tuple[float, RepairPlan]:
    """Processor time of the plan of a case, seconds, and the plan."""
    assessment = assessed(case)
    start = time.process_time()
    made = plan(assessment)
    return time.process_time() - start, made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", type=int, default=12, help="large schools, seeds 1 to this")
    parser.add_argument("--spoiled", type=int, default=150, help="spoiled cases")
    asked = parser.parse_args()
    for seed in range(1, asked.large + 1):
        print(f"large, seed {seed}: {timed(large_case(seed))[0]:.2f} s", flush=True)
    taken: list[tuple[float, int, str]] = []
    days = []
    for number in range(asked.spoiled):
        name, case = spoiled(number)
        try:
            seconds, made = timed(case)
        except InputError:
            continue
        taken.append((seconds, number, name))
        days.append(made.effort)
    print(f"{len(taken)} spoiled cases: {sum(each[0] for each in taken):.1f} s; {sum(days)} days of work in all")
    for seconds, number, name in sorted(taken, reverse=True)[:5]:
        print(f"  {name}, number {number}: {seconds:.2f} s")


if __name__ == "__main__":
    main()
