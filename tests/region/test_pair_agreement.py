"""Agreement from what is kept of each opinion is the agreement of the cases themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.case.records import Override
from vsoko_rules.engine.names import EngineName
from vsoko_rules.intake.case_file import read_case_file
from vsoko_rules.region.pair_agreement import (
    ExpertOpinion,
    control_agreement,
    opinion_record,
    pair_agreement,
    study_agreement,
)
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.study.agreement import agreement_of
from vsoko_rules.study.collect import collect
from vsoko_rules.study.parameters import parameters
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.reconciling import agree

RULES = load(DEFAULT)
BESIDE = ("experts", "disputes", "open", "unmatched")
"""what agreement of files says besides the figures"""


def cases(folder: Path) -> list[CaseFile]:
    return [read_case_file(Path(file.path), file.name) for file in collect([folder])]


def kept(expert: str, own: Sequence[CaseFile], control: bool = False) -> Iterator[ExpertOpinion]:
    """What is kept of each case, as it comes back from where it was stored."""
    for case in own:
        record = json.loads(json.dumps(opinion_record(assess(case, RULES, EngineName.PLAIN))))
        yield ExpertOpinion(expert, record, control)


def figures(data: dict[str, Any]) -> Any:
    return {key: value for key, value in json.loads(json.dumps(data)).items() if key not in BESIDE}


def test_of_two_experts_as_the_command_says(opinions: tuple[Path, ...]) -> None:
    first, second, third = opinions
    held = [*kept("a", cases(first)), *kept("b", cases(second)), *kept("c", cases(third)[:2])]
    by_pair = {found.experts: found for found in pair_agreement(held, RULES)}
    assert {pair: found.schools for pair, found in by_pair.items()} == {("a", "b"): 5, ("a", "c"): 2, ("b", "c"): 2}
    expected = agree([first, second]).results[0]
    assert figures(by_pair["a", "b"].data) == figures(expected)
    blocks = [row["id"] for row in by_pair["a", "b"].data["outcomes"]["elements"]]
    assert blocks[-1] is None
    assert {"B1", "B2"} <= set(blocks)


def test_of_all_experts_over_control_schools(opinions: tuple[Path, ...]) -> None:
    held = [o for number, folder in enumerate(opinions) for o in kept(str(number), cases(folder), control=True)]
    data = control_agreement([*held, *kept("other", cases(opinions[0]))], RULES)
    assert data is not None
    assert figures(data) == figures(agree(opinions).results[0])
    assert "kappa" not in data["outcomes"]["elements"][0]


def test_of_a_study_in_which_other_pairs_look_at_other_schools(opinions: tuple[Path, ...]) -> None:
    one, two, three = (cases(folder) for folder in opinions)
    held = [*kept("a", one[:3]), *kept("b", two[:3]), *kept("b", two[3:]), *kept("c", three[3:])]
    rows = [{(c.content.school.id, 2022): c for c in own} for own in ([*one[:3], *two[3:]], [*two[:3], *three[3:]])]
    data = study_agreement(held, RULES)
    assert data is not None
    assert figures(data) == figures(agreement_of(rows).data(parameters().agreement.confidence))


def test_nothing_is_said_where_nobody_can_be_compared(opinions: tuple[Path, ...]) -> None:
    alone = list(kept("a", cases(opinions[0])[:2]))
    assert pair_agreement(alone, RULES) == []
    assert control_agreement(alone, RULES) is None
    assert study_agreement(alone, RULES) is None
    assert study_agreement([*alone, *kept("b", cases(opinions[1])[:2])], load("tver-2022")) is None


def test_what_experts_decided_together_is_no_opinion_of_theirs(opinions: tuple[Path, ...]) -> None:
    pair = [cases(folder)[0] for folder in opinions[:2]]
    names = [str(c.content.filled_by and c.content.filled_by.name) for c in pair]
    joint = Override.model_validate(
        {"of": "B1-A01", "outcome": "not_applicable", "by": ", ".join(names), "date": "2022-10-25", "comment": "Решили"}
    )
    decided = [c.changed(c.content.model_copy(update={"overrides": (*c.content.overrides, joint)})) for c in pair]
    for before, after, other in zip(pair, decided, reversed(decided), strict=True):
        alone = opinion_record(assess(before, RULES, EngineName.PLAIN))
        assert opinion_record(assess(after, RULES, EngineName.PLAIN), [other]) == alone
        assert opinion_record(assess(after, RULES, EngineName.PLAIN)) != alone
