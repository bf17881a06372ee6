"""What a ruleset expects of one kind of school."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from vsoko_rules.engine.language import Fact, Given
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.ruleset.content import Indicator
from vsoko_rules.ruleset.model import Advice, Condition, EducationLevel, Element, Grade, Origin
from vsoko_rules.ruleset.requirements import Requirement

if TYPE_CHECKING:
    from vsoko_rules.ruleset.ruleset import Ruleset

KindOfSchool = tuple[frozenset[EducationLevel], frozenset[tuple[str, bool]]]
"""levels taught, and for each stated count whether it is above zero"""


def grade_of(requirement: Requirement, origin: Origin) -> Grade:
    """What the lack of a requirement does to a line: its own grade, or else that of who says it of the element."""
    return requirement.grade or (Grade.BREAKS if origin is Origin.SEED else Grade.REMARK)


class Expectation:
    """A ruleset resolved for one kind of school: what applies, with its variants chosen."""

    def __init__(self, ruleset: Ruleset, kind: KindOfSchool) -> None:
        levels, counts = kind
        self.levels = levels
        self._counts = dict.fromkeys(ruleset.counts.keys() - {c.id for c in ruleset.counts_of(levels)}, False)
        self._counts |= dict(counts)
        resolved = {e.id: self._resolve(e, ruleset) for e in ruleset.elements.values() if self._applies(e.applies)}
        self.elements: Mapping[str, Element] = resolved
        """applicable elements; `requires` includes what the stage asks"""
        self.stages: Mapping[str, str] = {e.id: e.stage for e in resolved.values()}
        """the stage of each applicable element"""
        order = {stage: number for number, stage in enumerate(ruleset.components)}
        self.rank = {e: order[stage] for e, stage in self.stages.items() if stage in order}
        """the number of the stage of each element on a line, from 0"""
        self.inapplicable = tuple(e for e in ruleset.elements if e not in resolved)
        excluded = frozenset(self.inapplicable)
        self.lines = tuple(line for line in ruleset.lines if all(e in resolved for e in line.elements))
        self.line_ids = frozenset(line.id for line in self.lines)
        self.indicators: Mapping[str, Indicator] = {
            i.id: self._indicator(i)
            for i in ruleset.indicators.values()
            if self._applies(i.applies) and i.earned.element not in excluded
        }
        """applicable indicators: an indicator earned by an element applies only where the element does"""
        self.advice: Mapping[tuple[str, str], Advice] = {k: self._advice(a) for k, a in ruleset.advice.items()}
        """by block and stage, with what fits the school"""
        self._requirements = ruleset.requirements
        self.breaking = {e.id: self._of_grade(e, Grade.BREAKS) for e in resolved.values()}
        """for each element the requirements without which a document is not credited"""
        self.remarked = {e.id: self._of_grade(e, Grade.REMARK) for e in resolved.values()}
        """for each element the requirements without which there is a remark"""
        of_presence = frozenset(r.id for r in ruleset.requirements.values() if r.of_presence)
        self.presence = {e: required & of_presence for e, required in self.breaking.items()}
        """for each element the requirements without which there is no document at all"""
        self._stages = ruleset.stages
        self.given = Given(self._facts())

    def grade(self, element: Element, requirement: str) -> Grade:
        """What the lack of a requirement does to a line: the requirement's own grade, or else its origin's."""
        return grade_of(self._requirements[requirement], element.requires[requirement])

    def _of_grade(self, element: Element, grade: Grade) -> frozenset[str]:
        return frozenset(r for r in element.requires if self.grade(element, r) == grade)

    def _applies(self, condition: Condition) -> bool:
        return (
            (not condition.levels or any(level in self.levels for level in condition.levels))
            and not any(level in self.levels for level in condition.without_levels)
            and all(self._counts.get(name, True) for name in condition.counts)
            and (not condition.any_counts or any(self._counts.get(name, True) for name in condition.any_counts))
            and all(not self._counts.get(name, True) for name in condition.without_counts)
        )

    def _resolve(self, element: Element, ruleset: Ruleset) -> Element:
        of_stage = ruleset.stages[element.stage].requires if element.stage_requirements else {}
        requires: dict[str, Origin] = {**of_stage, **element.requires}
        changes: dict[str, object] = {}
        for variant in element.variants:
            if self._applies(variant.when):
                if variant.requires is not None:
                    requires = {**of_stage, **variant.requires}
                if variant.title is not None:
                    changes |= {"subject": None, "point": None}  # those of the element were made of its own title
                for field in ("title", "subject", "point", "kind", "addressees", "example", "note"):
                    if getattr(variant, field) is not None:
                        changes[field] = getattr(variant, field)
        return element.model_copy(update={**changes, "requires": requires})

    def _indicator(self, indicator: Indicator) -> Indicator:
        examples = [v.example for v in indicator.variants if self._applies(v.when)]
        return indicator.model_copy(update={"example": examples[-1]}) if examples else indicator

    def _advice(self, advice: Advice) -> Advice:
        fitting = (v for v in advice.variants if self._applies(v.when))
        changes = {f: text for v in fitting for f, text in v if f != "when" and text is not None}
        return advice.model_copy(update=changes) if changes else advice

    def _facts(self) -> list[Fact]:
        of = {name: relation.fact for name, relation in SCHEMA.items()}
        facts: list[Fact] = [of["school_level"](level.value) for level in self.levels]
        facts += [of["inapplicable"](e) for e in self.inapplicable]
        for e in self.elements.values():
            facts.append(of["element"](e.id, e.block, e.stage))
            facts += [
                of["requires"](e.id, code, self._requirements[code].given_by, self.grade(e, code).value)
                for code in e.requires
            ]
            facts += [of["takes"](e.id, kind) for kind in e.kinds or self._stages[e.stage].kinds]
            facts += [of["follows"](e.id, before) for before in (*e.follows, *e.may_rest_on) if before in self.elements]
            facts += [of["expects"](e.id, addressee) for addressee in e.addressees]
            if not e.addressees:
                facts.append(of["open_addressee"](e.id))
        for i in self.indicators.values():
            facts.append(of["needs"](i.id, i.earned.needs))
            facts += [of["way"](i.id, way) for way in i.earned.names]
            if i.earned.element is not None:
                facts.append(of["indicator_element"](i.id, i.earned.element))
            if i.earned.value is not None:
                facts.append(of["direction"](i.id, i.earned.value.direction.value))
        return facts
