"""What holds for every case: the same verdict in any order, nothing sound ever costs points, bounds that keep."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import (
    LAST_DAY,
    Data,
    add_copy,
    as_yaml,
    assessed,
    block_of,
    complete_case,
    document,
    expectation,
    only_blocks,
    sound_document,
    without_document,
)
from tests.damaged import BLOCKS, small_cases
from vsoko_rules.resources import shipped
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.scoring import Bounds

SMALL = only_blocks(*BLOCKS)


def verdict_of(assessment: Assessment) -> tuple[object, ...]:
    """All of a verdict that does not point into the file."""
    scores = assessment.scores, assessment.automatic_scores, assessment.unlimited_scores
    return scores, assessment.blocks, assessment.findings, assessment.left_out


def shuffled(case: Data, seed: int) -> Data:
    """The same case with documents, procedures, decisions and every list of a document in another order."""
    order = random.Random(seed)
    case = copy.deepcopy(case)
    for key in ("documents", "procedures", "overrides", "reviewed"):
        order.shuffle(case.get(key, []))
    for each in case["documents"]:
        for field in ("serves", "holds", "based_on", "addressees", "covers", "remarks"):
            order.shuffle(each.get(field, []))
    order.shuffle(case["school"]["levels"])
    return {key: case[key] for key in sorted(case, key=lambda _: order.random())}


def troubled() -> Data:
    """A school with something of everything."""
    case = without_document(complete_case(["B1", "B4", "B6", "C"]), "d-b4-p01")
    document(case, "B1-A01").update(remarks=["proven_cause", "firm_conclusion", "small_group"], sample=12)
    document(case, "B1-RC01").update(scan=True, holds=[])
    document(case, "B6-RC01")["date"] = "2021-09-03"
    document(case, "B4-G01")["covers"] = ["НОО"]
    document(case, "B4-A01")["based_on"].append("d-b6-a01")
    document(case, "B6-A01")["based_on"].append("d-b4-a01")
    add_copy(case, "B1-A01", "d-another", serves=["B1-A01", "B6-A01", "B4-A01"], based_on=["d-b1-m01", "d-b6-m01"])
    add_copy(case, "B4-M05", "d-bad", holds=["goals", "tasks"], date="2020-01-01")
    procedures = [{"id": f"p{n}", "subject": "Физика", "grade": 7, "per_day": n, "share": 9 + n} for n in range(4)]
    decided = [
        {"of": of, "outcome": outcome, "by": "Эксперт 1", "date": "2022-10-20", "comment": "Видел"}
        for of, outcome in [("B6-P01", "met"), ("B4-M04", "not_checked"), ("C-02", "partial")]
    ]
    return {**case, "procedures": procedures, "overrides": decided, "reviewed": ["B1", "B4", "B6", "C"]}


@pytest.mark.parametrize("seed", range(8))
def test_any_order_of_documents_and_of_their_lists_gives_the_same_verdict(seed: int) -> None:
    assert verdict_of(assessed(shuffled(troubled(), seed))) == verdict_of(assessed(troubled()))


@given(small_cases(), st.integers(0, 1000))
def test_any_order_of_a_random_case_gives_the_same_verdict(case: Data, seed: int) -> None:
    assert verdict_of(assessed(shuffled(case, seed), SMALL)) == verdict_of(assessed(case, SMALL))


SCRIPT = """
import hashlib, sys
from pathlib import Path
from vsoko_rules.verdict.assessment import assess
from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError
from vsoko_rules.ruleset.load import DEFAULT, load
found = []
for path in sys.argv[1:]:
    try:
        a = assess(read_case(Path(path), "case.yml"), load(DEFAULT), EngineName.PLAIN)
        found.append(repr((a.scores, a.automatic_scores, a.blocks, a.findings, a.notices)))
    except InputError as error:
        found.append(str(error))
print(hashlib.sha256("".join(found).encode()).hexdigest())
"""


def test_any_hash_seed_gives_the_same_verdict_and_the_same_messages(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yml", tmp_path / "bad.yml"
    good.write_text(as_yaml(troubled()), encoding="utf-8")
    wrong = troubled()
    document(wrong, "B1-A01").update(serves=["B1-A0"], based_on=["d-b1-m0"], holds=["goal"])
    bad.write_text(as_yaml(wrong), encoding="utf-8")
    root = str(Path(__file__).parents[2])
    answers = set()
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root}
        command = [sys.executable, "-c", SCRIPT, str(good), str(bad)]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        answers.add(ran.stdout)
    assert len(answers) == 1


def test_assessing_twice_gives_the_same() -> None:
    one, two = assessed(troubled()), assessed(troubled())
    assert verdict_of(one) == verdict_of(two)
    assert one.case.sha256 == two.case.sha256 == hashlib.sha256(as_yaml(troubled()).encode()).hexdigest()
    assert json.loads(as_yaml(troubled())) == troubled()


# Nothing sound ever costs points


def parts(assessment: Assessment) -> dict[str, Bounds]:
    """What each line is worth, and on how many lines each stage of a block holds."""
    found = {line.spec.id: line.points for block in assessment.blocks for line in block.lines}
    return found | {f"{b.id} {c.stage}": c.lines for b in assessment.blocks for c in b.components}


def assert_no_less(before: Assessment, after: Assessment) -> None:
    assert after.cycle.points >= before.cycle.points
    less, more = parts(before), parts(after)
    assert list(less) == list(more)
    for name, bounds in less.items():
        assert more[name].points >= bounds.points, name
        assert more[name].high >= bounds.high, name


@given(small_cases(), st.data())
def test_one_more_sound_document_never_lowers_points(case: Data, data: st.DataObject) -> None:
    block = data.draw(st.sampled_from(BLOCKS))
    elements = [e for e in expectation().elements.values() if e.block == block]
    element = data.draw(st.sampled_from(elements))
    grounds = data.draw(st.lists(st.sampled_from([d["id"] for d in case["documents"]]), unique=True))
    more = copy.deepcopy(case)
    more["documents"].append(sound_document(element, LAST_DAY, grounds, id="new"))
    assert_no_less(assessed(case, SMALL), assessed(more, SMALL))


@given(small_cases(), st.data())
def test_one_more_reference_or_content_never_lowers_points(case: Data, data: st.DataObject) -> None:
    more = copy.deepcopy(case)
    changed = data.draw(st.sampled_from(more["documents"]))
    changed["based_on"] = sorted({*changed["based_on"], data.draw(st.sampled_from(more["documents"]))["id"]})
    changed["holds"] = sorted(
        {*changed["holds"], data.draw(st.sampled_from(["goals", "results", "decision", "action"]))}
    )
    assert_no_less(assessed(case, SMALL), assessed(more, SMALL))


# Bounds


@given(small_cases(), st.data())
def test_bounds_are_in_order_and_reading_scans_stays_within_them(case: Data, data: st.DataObject) -> None:
    """What documents that nobody read yet turn out to be lies between low and high."""
    unread = copy.deepcopy(case)
    for each in unread["documents"]:
        if not each.get("blank") and data.draw(st.booleans()):
            each.update(scan=True, holds=[], based_on=[], addressees=[])
    waiting, read = assessed(unread, SMALL), assessed(case, SMALL)
    for block in BLOCKS:
        bounds, actual = block_of(waiting, block).cycle, block_of(read, block).cycle
        assert 0 <= bounds.low <= bounds.points <= bounds.high <= bounds.max
        assert bounds.low <= actual.points <= bounds.high
        for part in parts(waiting).values():
            assert 0 <= part.low <= part.points <= part.high <= part.max


@given(small_cases(), st.sets(st.sampled_from(BLOCKS)))
def test_going_through_a_block_only_narrows_its_bounds(case: Data, reviewed: set[str]) -> None:
    whole, part = assessed(case, SMALL), assessed({**case, "reviewed": sorted(reviewed)}, SMALL)
    for block in BLOCKS:
        wide, narrow = block_of(part, block).cycle, block_of(whole, block).cycle
        assert wide.points == narrow.points
        assert wide.low <= narrow.low <= narrow.high <= wide.high


@pytest.mark.parametrize("path", sorted(shipped("cases").glob("*.yml")), ids=lambda p: p.stem)
def test_shipped_cases_say_first_what_they_show(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# Показывает: ")
