"""Whom a letter and a methodist's report tell what: what is to be mended goes to who can mend it, recommendations to
those whom they address, and nobody is told what is not theirs."""

from __future__ import annotations

import re

import pytest

from tests.builders import Data, assessed, chain_case, document
from tests.documents.reading import one, word_text
from tests.report.pages import SHIPPED, shipped
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.render import Format
from vsoko_rules.ruleset.load import available, load
from vsoko_rules.verdict.assessment import Assessment

NOT_FOR_A_SCHOOL = re.compile(
    r"[Ии]сходный документ|таблиц[аеу] структуры|протокол требует|по протоколу|методика ждёт|предложено то же"
    r"|в сведениях о школе|Эксперту:|: нет[ .(]"
)
"""notes of a ruleset's makers, what is another's to do, and «Доля …: нет», which reads as a share of nought"""


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_wrong_goes_to_who_acts_on_it(name: str) -> None:
    assessment = shipped(name)
    ruleset = assessment.ruleset
    view = Composer(assessment).view(with_plan=False)
    told = [(to.id, task) for to in view.addressed for task in to.tasks]
    for to, task in told:
        assert to == ruleset.mended_by(task.stage.id if task.stage else None), task.fingerprint
    mendable = {finding.fingerprint for finding in assessment.to_do() if finding.rule is None}
    assert mendable <= {task.fingerprint for _, task in told}
    assert all(part.tasks or part.given for part in view.addressed)


@pytest.mark.parametrize("name", available())
def test_every_stage_names_who_acts(name: str) -> None:
    ruleset = load(name)
    assert {ruleset.mended_by(stage) for stage in (*ruleset.stages, None)} == {"administration"}


def _recommended() -> Data:
    """Recommendations to parents that hold, and none to anybody else."""
    case = chain_case("B2")
    document(case, "B2-RC01")["addressees"] = ["parents"]
    return case


def test_an_addressee_is_told_what_is_recommended_to_them() -> None:
    assessment = assessed(_recommended())
    told = {to.id: to for to in Composer(assessment).view(with_plan=False).addressed}
    (given,) = told["parents"].given
    assert (given.document.id, [block.id for block in given.blocks]) == ("d-b2-rc01", ["B2"])
    assert not told["parents"].tasks
    assert "students" not in told


def test_no_recommendations_no_part() -> None:
    case = _recommended()
    document(case, "B2-RC01")["blank"] = True
    assert "parents" not in {to.id for to in Composer(assessed(case)).view(with_plan=False).addressed}


@pytest.mark.parametrize("name", ["gorodskaya-sosh", "preduprezhdeniya", "selskaya-oosh"])
def test_a_letter_says_nothing_that_is_not_for_a_school(name: str) -> None:
    text = word_text(one(shipped(name), Format.LETTERS))
    assert not NOT_FOR_A_SCHOOL.findall(text)


@pytest.mark.parametrize("name", SHIPPED)
def test_nor_does_a_task(name: str) -> None:
    for task in _tasks(shipped(name)):
        assert not NOT_FOR_A_SCHOOL.findall(task)


def _tasks(assessment: Assessment) -> list[str]:
    view = Composer(assessment).view(with_plan=False)
    told = ((f"{t.fault}: {t.subject}.", t.reason, t.todo, *t.steps, t.signs, t.cites, t.sample) for t in view.tasks)
    return [text for texts in told for text in texts if text]
