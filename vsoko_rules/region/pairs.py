"""The experts of one school: on what they differ, what was decided of it, what is open, and the case they agree on.

What they differ on is what `vsoko agree` says of the same cases (`study.disputes`); nothing is compared here again. A
decision may bring a dispute to light that another one covered: it is listed then, and open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.given import given_data
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.case.records import Case
from vsoko_rules.case.write import plain_data
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.region.agreed_case import agreed_case, decided
from vsoko_rules.region.pair_decisions import (
    LONGEST_COMMENT,
    PairDecision,
    SettledDispute,
    latest,
    settlement,
    stamp_of,
)
from vsoko_rules.region.pair_documents import linked_within, most_of, on_one_list
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.agreement import apart, expert_name, joint_decisions
from vsoko_rules.study.disputes import Aspect, Dispute, disputes
from vsoko_rules.study.opinions import ExpertView
from vsoko_rules.verdict.assessment import Assessment, reassess
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.judging import assess
from vsoko_rules.writing.yaml_edit import as_read


@dataclass(frozen=True, slots=True)
class PairDispute:
    """One code on which the experts differ. `proposals` are the last words of each expert that still hold, by the place
    of the expert; `settled` is none as long as it is open."""

    dispute: Dispute
    stamp: str
    proposals: dict[int, PairDecision]
    settled: SettledDispute | None

    @property
    def code(self) -> str:
        """The element or indicator."""
        return self.dispute.of


class SchoolPair:
    """The locked cases of the experts of one school under one ruleset, in their order, and what was decided since.

    `decisions` in the order in which they were made. Raises `InputError` for cases that are not of one school and year
    or that the ruleset cannot read.
    """

    def __init__(self, cases: Sequence[CaseFile], ruleset: Ruleset, decisions: Iterable[PairDecision] = ()) -> None:
        schools = {(case.content.school.id, case.content.study.year) for case in cases}
        if len(cases) < 2 or len(schools) > 1:
            said = ", ".join(f"{school} {year}" for school, year in sorted(schools))
            raise InputError([Problem(Place(cases[0].name if cases else ""), "нужны карточки одной школы", said)])
        self.cases = tuple(cases)
        self.ruleset = ruleset
        self.decisions = tuple(decisions)
        self.names = [expert_name(case, number) for number, case in enumerate(cases, 1)]
        self._together = joint_decisions(cases)
        self.assessments = tuple(apart(assess(case, ruleset, EngineName.PLAIN), self._together) for case in cases)
        """the verdicts on what each expert found alone"""

    @cached_property
    def disputes(self) -> tuple[PairDispute, ...]:
        """Everything on which they differ, in the order of the ruleset, what came to light later at the end."""
        unsettled: set[str] = set()
        while True:
            found, left = self._found(unsettled)
            again = {code for code, each in found.items() if each.settled and each.settled.mark is not None} & left
            if not again:
                return tuple(each for code, each in found.items() if each.settled or code in left)
            unsettled |= again

    def _found(self, unsettled: Collection[str]) -> tuple[dict[str, PairDispute], set[str]]:
        """The disputes as decisions bring them to light, and the codes on which the experts differ with all decisions
        taken: a mark may leave an outcome in dispute (those in `unsettled`), a link may need no decision any more."""
        found: dict[str, PairDispute] = {}
        views = [ExpertView(assessment) for assessment in self.assessments]
        while True:
            differing = {dispute.of: dispute for dispute in disputes(views)}
            new = {code: dispute for code, dispute in differing.items() if code not in found}
            looked_up = {code: self._looked_up(dispute) for code, dispute in new.items()}
            found |= {c: replace(each, settled=None) if c in unsettled else each for c, each in looked_up.items()}
            if not any(found[code].settled for code in new):
                return found, differing.keys() & found.keys()
            views = [ExpertView(self._decided(assessment, found.values())) for assessment in self.assessments]

    @property
    def open(self) -> tuple[PairDispute, ...]:
        """What is still to be decided."""
        return tuple(dispute for dispute in self.disputes if dispute.settled is None)

    @property
    def done(self) -> bool:
        """Whether nothing is open."""
        return not self.open

    @property
    def lapsed(self) -> tuple[PairDecision, ...]:
        """Decisions that count no more: the experts do not differ there now, or on something else than then."""
        stamps = {dispute.code: dispute.stamp for dispute in self.disputes}
        return tuple(d for d in self.decisions if stamps.get(self._present(d.code)) != d.about)

    @cached_property
    def agreed(self) -> CaseFile:
        """The agreed case; what is open in it is not checked. A document that the first expert does not have is in it,
        unless something that was agreed would come out otherwise by it."""
        cases, further = on_one_list([assessment.case.content for assessment in self.assessments])
        made = self._agreed(cases, [])
        if not further:
            return made
        present = {document.id for document in cases[0].documents}
        agreed = _what_counts(reassess(self.assessments[0], made))

        def fits(more: list[Document]) -> bool:
            tried = self._agreed(cases, linked_within(more, present))
            return _what_counts(reassess(self.assessments[0], tried)) == agreed

        return self._agreed(cases, linked_within(most_of(further, fits), present))

    def _agreed(self, cases: Sequence[Case], further: Sequence[Document]) -> CaseFile:
        settled = [dispute.settled for dispute in self.disputes if dispute.settled is not None]
        open_codes, marked = [dispute.code for dispute in self.open], _marked(self.disputes)
        content = agreed_case(cases, self.names, settled, open_codes, marked, self.ruleset, self._reviewed, further)
        return _changed(self.cases[0], content)

    @property
    def agreed_data(self) -> Data:
        """The agreed case in the shape of a case file, scalars as texts."""
        told: Data = as_read(plain_data(self.agreed.content))
        return told

    def decide(
        self,
        code: str,
        *,
        comment: str,
        by: str,
        at: date,
        outcome: str | None = None,
        mark: Decimal | int | str | None = None,
        expert: int | None = None,
    ) -> PairDecision:
        """A decision about a code on which they differ: an outcome, or a mark where marks differ; of an `expert` by the
        place from 0, else of a third person. To be kept with those before it.

        Raises `InputError` where they do not differ there, or where something of it cannot be.
        """
        dispute = next((each for each in self.disputes if each.code == self._present(code)), None)
        if dispute is None:
            raise InputError([Problem(Place(code), "эксперты здесь не разошлись, решать нечего")])
        if expert is not None and not 0 <= expert < len(self.cases):
            raise InputError([Problem(Place(code), "такого эксперта у школы нет", str(expert))])
        if (outcome is None) == (mark is None):
            raise InputError([Problem(Place(code), "решение не ясно", expected="итог или отметка, что-то одно")])
        said = {"outcome": outcome, "mark": None if mark is None else str(mark).replace(",", ".")}
        made = {"code": dispute.code, "comment": comment, "by": by, "at": at, "expert": expert, "about": dispute.stamp}
        try:
            decision = PairDecision.model_validate(made | said)
        except ValidationError as wrong:
            raise InputError([_wrong(code, str(error["loc"][0]), error["input"]) for error in wrong.errors()]) from None
        self._check_mark(dispute, decision)
        return decision

    def _check_mark(self, dispute: PairDispute, decision: PairDecision) -> None:
        if decision.mark is None:
            return
        if Aspect.MARK not in dispute.dispute.over:
            message = "отметки здесь не расходятся, нужен итог"
            raise InputError([Problem(Place(dispute.code), message, str(decision.mark))])
        known = self.ruleset.indicators.get(dispute.code)
        if known is not None and decision.mark > known.max:
            message = "отметка вне шкалы показателя"
            raise InputError([Problem(Place(dispute.code), message, str(decision.mark), f"от 0 до {known.max}")])

    def _looked_up(self, dispute: Dispute) -> PairDispute:
        """A dispute with what was decided of it: in the cases themselves, or since."""
        stamp = stamp_of(dispute)
        for override in self._together:
            if self._present(override.of) == dispute.of:
                settled = SettledDispute(
                    dispute.of, override.outcome, None, override.by, override.date, override.comment
                )
                return PairDispute(dispute, stamp, {}, settled)
        own = [d for d in self.decisions if self._present(d.code) == dispute.of and d.about == stamp]
        proposals = {number: decision for number, decision in latest(own).items() if number is not None}
        return PairDispute(dispute, stamp, proposals, settlement(own, self.names))

    def _decided(self, alone: Assessment, found: Iterable[PairDispute]) -> Assessment:
        """The verdict on the case of one expert with what was decided in it."""
        known = list(found)
        settled = [dispute.settled for dispute in known if dispute.settled is not None]
        content = decided(alone.case.content, settled, _marked(known), self.ruleset)
        return reassess(alone, _changed(alone.case, content))

    @cached_property
    def _reviewed(self) -> set[str]:
        """Blocks that the first expert went through, and those that another did where that settles nothing on which
        they agree: what both have left unchecked stays so."""
        alike = self.ruleset.elements.keys() - {dispute.code for dispute in self.disputes}
        first, *others = self.assessments
        unchecked = {code for code in alike if first.outcome_of(code) is Outcome.NOT_CHECKED}
        gone = {b for each in others for b in self.ruleset.blocks if _went_through(each.case.content, b)}
        own = {b for b in self.ruleset.blocks if _went_through(first.case.content, b)}
        return own | {b for b in gone if unchecked.isdisjoint(self.ruleset.elements_of[b])}

    def _present(self, code: str) -> str:
        return {**self.ruleset.indicator_aliases, **self.ruleset.aliases}.get(code, code)


def _went_through(content: Case, block: str) -> bool:
    return content.reviewed is None or block in content.reviewed


def _what_counts(assessment: Assessment) -> list[Any]:
    """What was agreed: what came of every element, line and indicator, and the level."""
    outcomes = [assessment.outcome_of(code) for code in assessment.ruleset.elements]
    lines = [(line.outcome, line.points) for block in assessment.blocks for line in block.lines]
    rows = [(row.indicator, row.outcome, row.points) for block in assessment.blocks for row in block.rows]
    return [outcomes, lines, rows, assessment.scores]


def _changed(case: CaseFile, content: Case) -> CaseFile:
    """The case with another content, in which the place of each part is known by its name."""
    return case.changed(content, given_data(plain_data(content), case.name))


def _marked(found: Iterable[PairDispute]) -> list[str]:
    """Codes whose marks differ."""
    return [dispute.code for dispute in found if Aspect.MARK in dispute.dispute.over]


def _wrong(code: str, field: str, stated: Any) -> Problem:
    expected = {
        "outcome": "один из итогов, которые может поставить эксперт",
        "mark": "число от 0",
        "comment": f"объяснение решения, до {LONGEST_COMMENT} знаков",
        "by": "имя того, кто решил",
    }
    return Problem(Place(code), "решение не подходит", str(stated), expected.get(field))
