"""Every fact of every relation can be said, whatever of it is open."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.language import ColumnType, Value
from vsoko_rules.engine.names import EngineName
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.report.explanation import Explanation
from vsoko_rules.report.sentences import Sentences
from vsoko_rules.ruleset.load import load
from vsoko_rules.verdict.assessment import assess

CASES = Path(__file__).parents[2] / "cases"
ASSESSMENT = assess(read_case(CASES / "pokazateli-tver.yml"), load("tver-2022"), EngineName.PLAIN)
SAID = Sentences(ASSESSMENT)

_CODES: dict[str, str] = {
    "element": "B1-M02",
    "before": "B1-G02",
    "block": "B1",
    "stage": "order",
    "requirement": "deadlines",
    "field": "holds",
    "content": "deadlines",
    "addressee": "teachers",
    "level": "НОО",
    "way": "value",
    "how": "any",
    "direction": "growth",
    "indicator": "B1-I01",
    "remark": "pupil_names",
    "topic": "pupil-names-published",
    "subject": "polozhenie",
    "document": "polozhenie",
    "ground": "komanda",
    "procedure": "p1",
    "grade": "breaks",
    "kind": "order",
    "order": "komanda",
    "whole": "komanda",
    "part": "komanda",
    "oddity": "twin",
    "other": "komanda",
}


def some(column: str, kind: ColumnType) -> Value:
    if kind is ColumnType.CODE:
        return _CODES[column]
    return 12 if kind is ColumnType.INT else True


@pytest.mark.parametrize("relation", SCHEMA)
def test_every_relation_has_a_sentence_for_open_and_given_columns(relation: str) -> None:
    columns = list(SCHEMA[relation].columns.items())
    choices = product(*([None, some(name, kind)] for name, kind in columns))
    for values in [next(choices), *choices][:: max(1, 2 ** len(columns) // 16)]:
        sentence = SAID.fact((relation, *values))
        assert sentence
        assert "None" not in sentence
        assert "  " not in sentence


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yml")), ids=lambda p: p.stem)
def test_every_shipped_case_can_be_explained_in_whole_and_code_by_code(path: Path) -> None:
    case = read_case(path)
    ruleset = load(case.content.ruleset or "bashkortostan-2022")
    assessment = assess(case, ruleset, EngineName.PLAIN)
    whole = Explanation(assessment)
    assert "None" not in whole.text()
    assert whole.data()["lines"]
    for line in whole.lines[:2]:
        assert Explanation(assessment, line=line.spec.id).text()
    for code in [*case.documents][:3] + [*ruleset.indicators][:3] + [*ruleset.elements][:3]:
        found = Explanation(assessment, of=code)
        assert all(bool(answer.proofs) is not bool(answer.attempts) for answer in found.answers)
        assert "None" not in found.text()
