"""How single indicators are earned: each way alone, its edges, and what stays open."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.builders import assessed, school_case
from vsoko_rules.errors import InputError
from vsoko_rules.ruleset.load import load, load_folder
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.indicators import IndicatorRow, Reason

MET, MISSING, OPEN = Outcome.MET, Outcome.MISSING, Outcome.NOT_CHECKED


def row(indicator: str, entry: dict[str, Any] | None, **more: Any) -> IndicatorRow:
    case = school_case((), indicators={indicator: entry} if entry is not None else {}, **more)
    assessment = assessed(case, load("tver-2022"))
    return next(r for b in assessment.blocks for r in b.rows if r.indicator == indicator)


@pytest.mark.parametrize(
    ("indicator", "entry", "outcome"),
    [
        ("B1-I01", {"value": 80, "target": 80}, MET),
        ("B1-I01", {"value": "79.999", "target": 80}, MISSING),
        ("B2-I01", {"value": 2, "target": 2}, MET),
        ("B2-I01", {"value": "2.001", "target": 2}, MISSING),
        ("B3-I02", {"value": 4, "previous": 3}, MET),
        ("B3-I02", {"value": 3, "previous": 3}, MISSING),
        ("B2-U06", {"value": 6, "previous": "6.1"}, MET),
        ("B2-U06", {"value": "6.1", "previous": "6.1"}, MISSING),
        ("B2-U01", {"mark": 1, "comment": "стр. 3"}, MET),
        ("B2-U01", {"mark": 0, "comment": "нет"}, MISSING),
        ("B2-U01", None, OPEN),
        ("B1-I01", None, OPEN),
        ("B1-I01", {"value": 80}, OPEN),
        ("B3-I02", {"value": 80, "target": 1}, OPEN),
        ("B1-M02", None, MISSING),
    ],
)
def test_each_way_at_its_edge(indicator: str, entry: dict[str, Any] | None, outcome: Outcome) -> None:
    assert row(indicator, entry).outcome is outcome


@pytest.mark.parametrize(("sample", "outcome"), [(19, OPEN), (20, MISSING), (49, MISSING), (50, MISSING)])
def test_a_small_sample_restrains_and_does_not_punish(sample: int, outcome: Outcome) -> None:
    found = row("B2-I01", {"value": 9, "target": 2, "sample": sample})
    assert found.outcome is outcome
    assert (Reason.SMALL_SAMPLE in found.reasons) is (sample < 20)
    assert (Reason.APPROXIMATE in found.reasons) is (20 <= sample < 50)


@pytest.mark.parametrize(
    ("sample", "reasons"),
    [(7, (Reason.SMALL_SAMPLE,)), (20, (Reason.APPROXIMATE,)), (49, (Reason.APPROXIMATE,)), (50, ()), (None, ())],
)
def test_a_value_that_reaches_its_target_counts_whatever_the_sample(
    sample: int | None, reasons: tuple[Reason, ...]
) -> None:
    """The sample is told of beside it, where it is the value that counts."""
    found = row("B2-I01", {"value": 1, "target": 2, "sample": sample})
    assert (found.outcome, found.reasons) == (MET, reasons)
    by_mark = row("B2-U01", {"mark": 1, "comment": "стр. 3", "sample": sample})
    assert (by_mark.outcome, by_mark.reasons) == (MET, ())


def test_in_a_block_that_was_not_reviewed_nothing_is_missing() -> None:
    found = row("B1-M02", None, reviewed=["B2"])
    assert (found.outcome, found.reasons) == (OPEN, (Reason.NOT_REVIEWED,))


def test_an_expert_decides_and_the_automatic_outcome_stays() -> None:
    decision = {"of": "B2-U01", "outcome": "met", "by": "Эксперт 1", "date": "2022-10-20", "comment": "Видел"}
    found = row("B2-U01", {"mark": 0, "comment": "нет"}, overrides=[decision])
    assert (found.outcome, found.automatic, found.reasons) == (MET, MISSING, (Reason.DECIDED,))
    assert found.points.points == 1


def test_a_mark_off_the_scale_and_an_unknown_indicator_are_errors_with_their_places() -> None:
    with pytest.raises(InputError, match="отметка вне шкалы показателя"):
        row("B2-U01", {"mark": 2})
    with pytest.raises(InputError, match="показателя с таким кодом нет; найдено: «B2-U99»"):
        row("B2-U99", {"mark": 1})


def test_the_regions_target_stands_before_the_schools_own() -> None:
    own = load("tver-2022").indicators["B1-I01"]
    assert own.earned.value is not None
    assert own.earned.value.target is None
    assert row("B1-I01", {"value": 80, "target": 80}).target == Decimal(80)


WARNS = """\
id: own
version: '1'
title: Проба
extends: tver-2022
rules:
  - id: marked-at-all
    name: Показатель отмечен
    when: [{mark: {indicator: $i}}]
    then: {warning: {topic: marked-at-all, subject: $i}}
    severity: minor
    why: Отметки перечитываются
    mend: {steps: [Перечитайте], effort: 1}
    example: Показатель отмечен с пояснением
    origin: proposed
"""


def test_what_a_region_warns_of_an_indicator_stands_with_its_block(tmp_path: Path) -> None:
    (tmp_path / "ruleset.yml").write_text(WARNS, encoding="utf-8")
    case = school_case((), indicators={"B2-U01": {"mark": 1, "comment": "стр. 3"}})
    found = [f for f in assessed(case, load_folder(tmp_path)).all_findings() if f.rule == "marked-at-all"]
    assert [(f.block, f.indicator, f.element, f.documents) for f in found] == [("B2", "B2-U01", None, ())]
