"""The draft of a document that a plan asks for: a Word file with what is known in its place and blanks for the rest.

Words and layout stand in `reports/docx/draft/`. Only what the case and the ruleset say is filled in: titles, numbers
and dates of the school's own documents, whom to address, what must be there. Results, names and decisions stay blanks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time
from functools import cache
from typing import Any, Final

from vsoko_rules.advice.plan import PlanStep, RepairKind, RepairPlan
from vsoko_rules.reading.yaml import read
from vsoko_rules.report.out.docx import document
from vsoko_rules.report.plan_view import GroundView, StepView, plan_shown
from vsoko_rules.report.wording import inner_quotes
from vsoko_rules.resources import shipped
from vsoko_rules.templates import clean
from vsoko_rules.verdict.assessment import Assessment

_BLANK: Final = re.compile(r"(_{3,})")
_MARKER: Final = "#FFF200"
"""behind a blank: yellow, as a marker pen"""


def draft(plan: RepairPlan, step: PlanStep) -> bytes:
    """The draft of the document of one step of a plan, a Word file. The same bytes for the same plan."""
    view = plan_shown(plan).steps[step.number - 1]
    writer = _DraftWriter(plan.before, step, view)
    case = plan.before.case.content
    return document(f"draft/{writer.template}", writer.context(), datetime.combine(case.study.end, time()))


@cache
def _words() -> Any:
    return read(shipped("reports") / "docx" / "draft" / "words.yml").data


class _DraftWriter:
    def __init__(self, assessment: Assessment, step: PlanStep, view: StepView) -> None:
        self.assessment = assessment
        self.ruleset = assessment.ruleset
        self.view = view
        self.step = step

    @property
    def template(self) -> str:
        """The name of the Word template."""
        words = _words()
        return str(words["templates"].get(self.step.stage, words["other"]) if self.step.new else words["amendment"])

    def context(self) -> dict[str, Any]:
        """Everything that a template may print."""
        school = self.assessment.case.content.school
        titles = [e.title for e in self.view.elements]
        return {
            "school": school.name,
            "municipality": school.municipality,
            "label": self.view.subject,
            "kind": (self.view.document_kind or self.view.stage.title).upper(),
            "heading": self._of_stage("headings").format(block=self._blocks(), element=titles[0]),
            "opening": self._of_stage("openings"),
            "first_value": self._of_stage("values").get("first"),
            "second_value": self._of_stage("values").get("second"),
            "elements": titles,
            "subjects": self._subjects(titles),
            "purpose": "; ".join(titles),
            "addressees": _marked(self._addressees()),
            "preamble": _marked(self._preamble()),
            "points": [_marked(point) for point in self._points()],
            "samples": self._samples(),
            "checks": [r.ask for r in self.view.lacks],
        }

    def _of_stage(self, key: str) -> Any:
        words = _words()[key]
        return words.get(self.step.stage, words["other"])

    def _subjects(self, titles: Sequence[str]) -> list[str]:
        """What the points of an order are about. A quoted title has quotes of the second level inside."""
        blocks = [self.ruleset.blocks[block].name for block in self.step.blocks]
        subjects = blocks if self._of_stage("subjects") == "blocks" else titles
        return [inner_quotes(text) for text in subjects]

    def _blocks(self) -> str:
        return "; ".join(self.ruleset.blocks[block].name for block in self.step.blocks)

    def _addressees(self) -> str:
        return ", ".join(self.view.addressees) or str(_words()["any_addressee"])

    def _preamble(self) -> str:
        grounds = "; ".join(self._ground(cited) for cited in self.view.cites)
        return str(self._of_stage("preamble").format(grounds=grounds or _words()["no_grounds"]))

    @staticmethod
    def _ground(ground: GroundView) -> str:
        if ground.step is None:
            return ground.label
        return str(_words()["new_ground"].format(title=ground.label, step=ground.step))

    def _points(self) -> list[str]:
        if not self.step.new:
            return self._amendments()
        points = _words()["points"]
        texts = []
        for requirement in self.view.lacks:
            common = points["common"].get(requirement.id, f"{requirement.ask}: {_words()['blank']}")
            text = points.get(self.step.stage, {}).get(requirement.id, common)
            if text:
                texts.append(str(text))
        return texts

    def _amendments(self) -> list[str]:
        """What is to be added to a document that there is."""
        words, common = _words()["amendments"], _words()["points"]["common"]
        texts = []
        for requirement in self.view.lacks:
            text = words.get(requirement.id) or common.get(requirement.id) or f"{requirement.ask}: {_words()['blank']}"
            texts.append(str(text).replace("{addressees}", self._addressees()))
        kinds = {part.kind for part in self.step.parts}
        if RepairKind.REISSUE in kinds:
            texts.append(str(words["reissue"]))
        return texts + [str(words["cite"]).replace("{ground}", self._ground(cited)) for cited in self.view.cites]

    def _samples(self) -> list[str]:
        """A phrase to take over for each block of the step."""
        advice = (self.ruleset.advice.get((block, self.step.stage)) for block in self.step.blocks)
        return [known.sample for known in advice if known is not None]


def _marked(text: str) -> Any:
    """`text` for Word with its blanks highlighted."""
    from docxtpl import RichText

    rich = RichText()
    for part in _BLANK.split(clean(text)):
        if part:
            rich.add(part, highlight=_MARKER if _BLANK.fullmatch(part) else None)
    return rich
