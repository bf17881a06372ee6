"""What a row asks for: only the boxes that its elements want, and the names that can be chosen in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.model import EducationLevel, Grade
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.assessment import Assessment


@dataclass(frozen=True, slots=True)
class Box:
    """Something to tick in a row. `asked`: the chosen elements want it, else it is shown because it is ticked."""

    value: str
    """the field and the code: «holds:goals»"""
    title: str
    about: str
    needed: bool
    """whether the document does not count without it"""
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of a row by what they are about."""

    contents: tuple[Box, ...]
    addressees: tuple[Box, ...]
    levels: tuple[Box, ...]

    @property
    def values(self) -> frozenset[str]:
        """The boxes themselves."""
        return frozenset(box.value for box in (*self.contents, *self.addressees, *self.levels))


@dataclass(frozen=True, slots=True)
class NamedChoice:
    """Something that can be chosen by its name."""

    code: str
    name: str


def boxes(assessment: Assessment, serves: Sequence[str], ticked: Iterable[str]) -> Boxes:
    """The boxes of a document that serves these elements, where `ticked` («holds:goals») are ticked already."""
    ruleset, expected = assessment.ruleset, assessment.expectation
    present = dict.fromkeys(ruleset.aliases.get(code, code) for code in serves)
    elements = [expected.elements[code] for code in present if code in expected.elements]
    grades: dict[str, set[Grade]] = {}
    for element in elements:
        for code in element.requires:
            grades.setdefault(code, set()).add(expected.grade(element, code))
    already = tuple(dict.fromkeys(ticked))
    addressed = any(ruleset.requirements[code].given_by == "addressees" for code in grades)
    persons = [a for e in elements for a in e.addressees] or (list(ruleset.addressees) if addressed else [])
    taught = [level.value for level in assessment.case.content.school.levels]
    return Boxes(
        contents=tuple(_contents(ruleset, grades, already)),
        addressees=tuple(_addressees(ruleset, persons if addressed else [], already)),
        levels=tuple(Box(f"covers:{level}", level, level, False) for level in taught),
    )


def _contents(ruleset: Ruleset, grades: dict[str, set[Grade]], ticked: Sequence[str]) -> Iterator[Box]:
    for code, asked in ruleset.requirements.items():
        value = f"holds:{code}"
        if asked.given_by == "holds" and (code in grades or value in ticked):
            needed = Grade.BREAKS in grades.get(code, ())
            yield Box(value, asked.title, asked.ask, needed, code in grades)


def _addressees(ruleset: Ruleset, persons: Iterable[str], ticked: Sequence[str]) -> Iterator[Box]:
    wanted = list(dict.fromkeys(persons))
    others = [a for a in ruleset.addressees if a not in wanted and f"addressees:{a}" in ticked]
    for code in (*wanted, *others):
        person = ruleset.addressees[code]
        yield Box(f"addressees:{code}", person.dative, person.title, code in wanted, code in wanted)


def element_choices(expected: Expectation) -> tuple[NamedChoice, ...]:
    """The elements that are asked of this school, by name, in the order of the ruleset."""
    return tuple(NamedChoice(code, f"{code} {element.title}") for code, element in expected.elements.items())


def kind_choices(ruleset: Ruleset) -> tuple[str, ...]:
    """How kinds of documents are called."""
    return tuple(kind.title for kind in ruleset.document_kinds.values())


def element_titles(ruleset: Ruleset) -> dict[str, str]:
    """How every element is called, by its code."""
    return {code: f"{code} {element.title}" for code, element in ruleset.elements.items()}


def box_titles(ruleset: Ruleset) -> dict[str, str]:
    """How every box is called."""
    contents = {f"holds:{code}": asked.title for code, asked in ruleset.requirements.items()}
    persons = {f"addressees:{code}": person.dative for code, person in ruleset.addressees.items()}
    return {**contents, **persons, **{f"covers:{level.value}": level.value for level in EducationLevel}}
