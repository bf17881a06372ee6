"""The draft of a document that a plan asks for: a Word file with what is known in its place and blanks for the rest.

Words and layout stand in `reports/docx/draft/`, phrases in the right case in the ruleset. Only what the case and the
ruleset say is filled in: titles, numbers and dates of the school's own documents, whom to address, what must be there.
Results, names and decisions stay blanks. What is said to the author stands on a page before the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from functools import cached_property
from typing import Any, Final

from vsoko_rules.advice.plan import PlanStep, RepairKind, RepairPlan
from vsoko_rules.report.out.docx import document
from vsoko_rules.report.plan_view import StepView, plan_shown
from vsoko_rules.report.skeletons import Amendment, designation, draft_words, kind_of, unnamed
from vsoko_rules.report.wording import Titles
from vsoko_rules.ruleset.model import CaseForms, Element
from vsoko_rules.templates import capital
from vsoko_rules.words import inner_quotes, quoted
from vsoko_rules.writing.blanks import highlighted

_GUIDE: Final = "Памятка"
"""the style of what is said to the author"""
_COMPLETED: Final = {RepairKind.HOLD, RepairKind.ADDRESS, RepairKind.CITE}
"""repairs that complete a document without another taking its place"""


def draft(plan: RepairPlan, step: PlanStep) -> bytes:
    """The draft of the document of one step of a plan, a Word file. The same bytes for the same plan."""
    writer = _DraftWriter(plan, step)
    day = datetime.combine(plan.before.case.content.study.end, time())
    return highlighted(document(f"draft/{writer.template}", writer.context(), day), spared=_GUIDE)


class _DraftWriter:
    def __init__(self, plan: RepairPlan, step: PlanStep) -> None:
        self.plan = plan
        self.step = step
        self.words = draft_words()
        self.titles = Titles(plan.before)
        self.ruleset = plan.before.ruleset
        self.view: StepView = plan_shown(plan, self.titles).steps[step.number - 1]
        self.elements = self._elements(step)
        self.named = designation(self.ruleset, self.elements)
        self.skeleton = self.named.skeleton

    def _elements(self, step: PlanStep) -> tuple[Element, ...]:
        return tuple(self.titles.resolved(e) for e in step.elements)

    @property
    def template(self) -> str:
        """The name of the Word template."""
        return self.amendment.template if self.amendment else self.skeleton.template

    @cached_property
    def amendment(self) -> Amendment | None:
        """How the document of the step is completed; none where it is written, or written anew."""
        if self.step.new or not {part.kind for part in self.step.parts} <= _COMPLETED:
            return None
        amends = self.words.amendments[self.skeleton.amended_by]
        return amends if self.step.cites or self._texts(self.step.requirements) else None

    def context(self) -> dict[str, Any]:
        """Everything that a template may print."""
        content, view = self.plan.before.case.content, self.view
        amended = self.amendment
        forms = self._forms_of(self.step.document) if not self.step.new else None
        return {
            "school": content.school.name,
            "municipality": content.school.municipality,
            "kind": (amended.kind if amended else self.named.kind).upper(),
            "heading": amended.heading.format(**_cases(forms)) if amended else self.named.subject,
            "opening": amended.opening.format(**_cases(forms)) if amended else None,
            "preamble": amended.preamble if amended else self._preamble(),
            "points": self._amendments(amended) if amended else self._points(forms),
            "control": self._text("control"),
            "elements": [e.title for e in self.elements],
            "addressees": self._addressees(),
            "first_value": self.skeleton.first_value,
            "second_value": self.skeleton.second_value,
            "guide": self._guide(),
            "must_hold": [r.ask for r in view.lacks],
        }

    # --- What it says

    def _addressees(self) -> str:
        known = self.plan.before.case.documents.get(self.step.document)
        of_elements = dict.fromkeys(code for e in self.elements for code in e.addressees)
        codes = self.step.addressees or (known.addressees if known else ()) or of_elements
        named = [self.ruleset.addressees[code].dative for code in codes if code in self.ruleset.addressees]
        return ", ".join(named) or self.words.any_addressee

    def _preamble(self) -> str:
        return self.skeleton.preamble.format(grounds=", ".join(self._grounds()) or self.words.no_grounds)

    def _text(self, requirement: str) -> str | None:
        """What a document says to meet a requirement; none where no text can."""
        if requirement not in self.words.points and requirement not in self.skeleton.points:
            return self.words.unnamed.ask.format(ask=capital(self.ruleset.requirements[requirement].title))
        text = self.skeleton.points.get(requirement) or self.words.points.get(requirement)
        blocks = "; ".join(f"«{inner_quotes(b.name)}»" for b in self.ruleset.blocks.values() if not b.frame)
        stages = " — ".join(self.ruleset.stages[s].title for s in self.ruleset.components)
        return text and text.format(addressees=self._addressees(), blocks=blocks, stages=stages)

    def _texts(self, requirements: Sequence[str]) -> list[str]:
        return [text for code in requirements if (text := self._text(code))]

    def _points(self, forms: CaseForms | None) -> list[str]:
        """The points of a whole document: one for each element, then what else is asked of it."""
        asked = [r for r in self.ruleset.requirements if any(r in e.requires for e in self.elements)]
        placed = {code for code, text in self.skeleton.points.items() if text is None}
        points = [self._point(e) for e in self.elements] if self.skeleton.each else []
        points += self._texts([code for code in asked if code not in placed])
        if forms and self.skeleton.each and _reissues(self.step):
            points.append(self.words.repeal.format(**_cases(forms)))
        return points

    def _point(self, element: Element) -> str:
        point = element.point or unnamed(self.words.unnamed.point, element.title)
        details = "".join(text for code, text in self.skeleton.details.items() if code in element.requires)
        return str(self.skeleton.each).format(point=capital(point), details=details)

    def _amendments(self, amended: Amendment) -> list[str]:
        """What is to be added to a document that there is."""
        texts = [inner_quotes(text).removesuffix(".") for text in self._texts(self.step.requirements)]
        points = [amended.point.format(text=text) for text in texts]
        if self.step.cites:
            points.append(amended.grounds.format(preamble=inner_quotes(self._preamble()).removesuffix(".")))
        return points

    # --- What it cites

    def _grounds(self) -> list[str]:
        """The documents that it rests on, each in the genitive: those that it names already, and those it has to."""
        known = self.plan.before.case.documents.get(self.step.document)
        codes = dict.fromkeys((*(known.based_on if known else ()), *self.step.cites))
        return [self._cited(code).genitive for code in codes]

    def _cited(self, code: str) -> CaseForms:
        written = next((s for s in self.plan.steps if s.document == code and s.new), None)
        return self._forms_of_new(written) if written else self._forms_of(code)

    def _forms_of(self, code: str) -> CaseForms:
        """A document of the school: «приказа от 14.02.2022 № 12-од «О мониторинге»»."""
        known, words = self.titles.documents[code], self.words
        kind = kind_of(self.ruleset, known.kind)
        first, _, rest = known.title.partition(" ")
        layout, title = words.cited.titled, inner_quotes(known.title)
        if rest and kind is not None and first.casefold() == kind.title:
            if rest.split(" ")[0] in words.about:
                title = capital(inner_quotes(rest))
            else:
                layout, title = words.cited.plain, rest
        parts = [words.cited.date.format(date=known.date)] if known.date else []
        parts += [words.cited.number.format(number=known.number)] if known.number else []
        if any(s.document == code and s.number < self.step.number and _reissues(s) for s in self.plan.steps):
            parts = [words.cited.no_date, words.cited.no_number]
        forms = kind.forms if kind is not None and kind.forms is not None else words.unnamed.forms
        return _each(forms, layout, title, " ".join(parts))

    def _forms_of_new(self, step: PlanStep) -> CaseForms:
        """A document that is still to be written: its date and number are blanks."""
        words, named = self.words, designation(self.ruleset, self._elements(step))
        is_about = named.skeleton.each is not None
        layout, title = (words.cited.titled, capital(named.subject)) if is_about else (words.cited.plain, named.subject)
        return _each(named.forms, layout, title, f"{words.cited.no_date} {words.cited.no_number}")

    # --- What is said to the author

    def _guide(self) -> dict[str, Any]:
        guide, view = self.words.guide, self.view
        waits = [str(number) for number in self.step.after]
        texts = [guide.blanks, guide.serves.format(elements="; ".join(quoted(e.title) for e in self.elements))]
        if waits:
            steps = f"{guide.waits_step[len(waits) > 1]} {', '.join(waits)}"
            texts.append(guide.waits.format(steps=steps))
        if view.any_addressee:
            texts.append(guide.addressee)
        if _reissues(self.step):
            texts.append(guide.reissue)
        elif not self.step.new:
            texts += [guide.requirements[r] for r in self.step.requirements if r in guide.requirements]
            texts += [] if self.amendment else [guide.anew]
        texts += guide.notes.get(self.template, ())
        advice = (self.plan.before.expectation.advice.get((block, self.step.stage)) for block in self.step.blocks)
        samples = [guide.sample.format(text=known.sample) for known in advice if known is not None]
        return {"title": guide.title, "remove": guide.remove, "texts": texts, "samples": samples}


def _reissues(step: PlanStep) -> bool:
    return any(part.kind is RepairKind.REISSUE for part in step.parts)


def _each(forms: CaseForms, layout: str, title: str, requisites: str) -> CaseForms:
    """A citation in every grammatical case."""

    def cited(form: str) -> str:
        text = layout.format(form=form, title=title, requisites=requisites)
        return " ".join(filter(None, text.split(" ")))

    return CaseForms(genitive=cited(forms.genitive), dative=cited(forms.dative), accusative=cited(forms.accusative))


def _cases(forms: CaseForms | None) -> dict[str, str]:
    return forms.model_dump() if forms is not None else {}
