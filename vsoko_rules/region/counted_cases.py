"""What is kept of a seat that counts, and its case under the name that it has where it is taken away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import Place, Problem, VsokoError
from vsoko_rules.region.pair_agreement import OpinionRecord, opinion_record
from vsoko_rules.region.region_records import RegionSchool
from vsoko_rules.region.standing import standing
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.pages import words
from vsoko_rules.study.pool import WorkerDied, dask_calls
from vsoko_rules.study.results import Record
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.words import counted
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.seat_cases import NO_USES, Uses, kept_case
from vsoko_rules.writing.files import output_name


def case_of_school(text: str, school: RegionSchool, uses: Uses = NO_USES) -> CaseFile:
    """The case that a seat holds as JSON, under the name of its file where it is taken away. What the school is called
    and where it belongs is as the study has it, whatever the school wrote of itself. `uses`: the files that were handed
    over for it. Raises `InputError`."""
    data = json.loads(text)
    data["school"] |= {"id": school.code, "name": school.name, "municipality": school.municipality}
    return kept_case(data, output_name(school.code, ".yml", ()), hashlib.sha256(text.encode()).hexdigest(), uses)


def school_standing(text: str, school: RegionSchool, ruleset: Ruleset, uses: Uses = NO_USES) -> Record:
    """What is kept of a case that counts. Raises `InputError`."""
    return standing(_assessed(text, school, ruleset, uses))


def expert_opinion(
    text: str, beside: Sequence[str], school: RegionSchool, ruleset: Ruleset, uses: Uses = NO_USES
) -> OpinionRecord:
    """What is kept of the case of an expert; `beside`: those of the others of the school. Raises `InputError`."""
    return opinion_record(_assessed(text, school, ruleset, uses), [case_of_school(other, school) for other in beside])


@dataclass(frozen=True, slots=True)
class CountedSeat:
    """A seat that counts, as it can be sent to another process. `beside`: what the others of the school hold, where it
    is an expert's."""

    text: str
    school: RegionSchool
    uses: Uses = field(default_factory=dict)
    beside: tuple[str, ...] | None = None


def counted_record(ruleset: Ruleset, seat: CountedSeat) -> tuple[Any, str]:
    """What is kept of a seat; none, and why, where it cannot be assessed."""
    try:
        if seat.beside is None:
            return school_standing(seat.text, seat.school, ruleset, seat.uses), ""
        return expert_opinion(seat.text, seat.beside, seat.school, ruleset, seat.uses), ""
    except VsokoError as error:
        return None, str(error.problems[0])


def records_on_dask(scheduler: str | None, ruleset: Ruleset, seats: Iterable[CountedSeat]) -> Iterator[tuple[Any, str]]:
    """The same of many seats, in their order, on a Dask cluster: the one at `scheduler`, or processes of this machine.
    Raises `InputError` where there is none."""
    with dask_calls(scheduler) as results:
        for result in results(counted_record, ruleset, seats):
            died = isinstance(result, WorkerDied)
            yield (None, str(Problem(Place("Dask"), "оценка аварийно завершилась"))) if died else result


def figure_words() -> dict[str, Any]:
    """What templates need to speak of figures: the words of studies, and numbers with their nouns."""
    return {"said": words(), "n": counted}


def _assessed(text: str, school: RegionSchool, ruleset: Ruleset, uses: Uses) -> Assessment:
    return assess(case_of_school(text, school, uses), ruleset, EngineName.PLAIN)
