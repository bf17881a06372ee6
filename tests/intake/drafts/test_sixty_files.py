"""Sixty invented files of a school become a confirmed case that comes out as the truth, in few decisions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from intake_decisions import confirmed, outcomes
from knowing_person import Person, truth_of
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.workspace.judging import assess_file
from vsoko_rules.workspace.taken_in import TakenIn

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
MOST_DECISIONS = 150

Walk = tuple[list[TakenIn], Person, list[Assessment], Path]


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """What came of each round, the person who answered, the checks of the first and the last draft, the true case."""
    at = tmp_path_factory.mktemp("sixty")
    command = [
        sys.executable,
        str(ROOT / "tools" / "school_folder.py"),
        str(at / "школа"),
        "--truth",
        str(at / "t.yml"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    walked, checks = [], []
    for each in confirmed(at / "школа", truth_of(at / "t.yml")):
        walked.append(each)
        checks += assess_file(each[0].target)
    return [taken for taken, _, _ in walked], walked[-1][1], checks, at / "t.yml"


def test_the_confirmed_case_comes_out_as_the_truth(walk: Walk) -> None:
    rounds, person, checks, truth = walk
    assert not person.unknown
    assert not rounds[-1].draft.case.open_claims
    assert outcomes(checks[-1]) == outcomes(assess_file(truth)[0])


def test_few_decisions_and_most_of_them_a_yes(walk: Walk) -> None:
    _, person, _, _ = walk
    decisions = sum(person.answers.values())
    assert decisions <= MOST_DECISIONS
    assert sum(n for (_, manner), n in person.answers.items() if manner == "да") > decisions / 2


def test_the_truth_lies_within_the_bounds_of_every_draft(walk: Walk) -> None:
    _, _, checks, truth = walk
    true = assess_file(truth)[0]
    for draft in checks:
        assert draft.cycle.low <= true.cycle.points <= draft.cycle.high
        assert draft.tally.complete <= true.tally.complete <= draft.tally.most
    assert not checks[0].verdict.certain


def test_every_claim_has_a_quote_and_a_place(walk: Walk) -> None:
    """But an address, which stands on a page of the site and not in the document."""
    rounds, _, _, _ = walk
    proposed = [c for d in rounds[0].draft.case.documents for c in d.evidence if c.state == "proposed"]
    assert len(proposed) > 300
    assert all(c.place is not None and c.place.file for c in proposed)
    assert not [c.claim for c in proposed if c.quote is None and c.field != "url"]


def test_no_name_of_a_person_is_taken_into_the_draft(walk: Walk) -> None:
    rounds, _, _, _ = walk
    text = rounds[0].target.read_text(encoding="utf-8")
    for name in ("Мелехова", "Дубинина", "Аникеева", "Сомов"):
        assert name not in text
