"""What is kept of a seat that counts, and its case under the name that it has where it is taken away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.engine.names import EngineName
from vsoko_rules.region.pair_agreement import OpinionRecord, opinion_record
from vsoko_rules.region.region_records import RegionSchool
from vsoko_rules.region.standing import standing
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.pages import words
from vsoko_rules.study.results import Record
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.words import counted
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.seat_cases import kept_case
from vsoko_rules.writing.files import output_name


def case_of_school(text: str, school: RegionSchool) -> CaseFile:
    """The case that a seat holds as JSON, under the name of its file where it is taken away. What the school is called
    and where it belongs is as the study has it, whatever the school wrote of itself. Raises `InputError`."""
    data = json.loads(text)
    data["school"] |= {"id": school.code, "name": school.name, "municipality": school.municipality}
    return kept_case(data, output_name(school.code, ".yml", ()), hashlib.sha256(text.encode()).hexdigest(), {})


def school_standing(text: str, school: RegionSchool, ruleset: Ruleset) -> Record:
    """What is kept of a case that counts. Raises `InputError`."""
    return standing(_assessed(text, school, ruleset))


def expert_opinion(text: str, beside: Sequence[str], school: RegionSchool, ruleset: Ruleset) -> OpinionRecord:
    """What is kept of the case of an expert; `beside`: those of the others of the school. Raises `InputError`."""
    return opinion_record(_assessed(text, school, ruleset), [case_of_school(other, school) for other in beside])


def figure_words() -> dict[str, Any]:
    """What templates need to speak of figures: the words of studies, and numbers with their nouns."""
    return {"said": words(), "n": counted}


def _assessed(text: str, school: RegionSchool, ruleset: Ruleset) -> Assessment:
    return assess(case_of_school(text, school), ruleset, EngineName.PLAIN)
