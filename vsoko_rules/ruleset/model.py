"""What a complete ВСОКО looks like: the words of a ruleset.

Every class here is one kind of entry in the YAML files of a ruleset. The classes validate shape and types;
`vsoko_rules.ruleset.check` validates what the entries say of one another.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

from pydantic import Field

from vsoko_rules.reading.scalars import Code, Flag, Number, Text
from vsoko_rules.reading.validation import Model


class Origin(str, Enum):
    """Where a statement comes from (domain guide, «Four kinds of statement»)."""

    SEED = "seed"
    PUBLIC = "public"
    DERIVED = "derived"
    PROPOSED = "proposed"


class Severity(str, Enum):
    """How grave a finding is, gravest first."""

    BLOCKING = "blocking"
    MAJOR = "major"
    MINOR = "minor"
    NOTICE = "notice"


class EducationLevel(str, Enum):
    """Levels of general education that a school teaches."""

    NOO = "НОО"
    OOO = "ООО"
    SOO = "СОО"


class Provenance(Model):
    """Mixed into every entry that states something: who says so."""

    origin: Origin
    sources: tuple[Code, ...] = ()
    note: Text | None = None


class Source(Model):
    """A text that entries cite by `id`."""

    id: Code
    title: Text
    address: Text | None = None
    gives: Text | None = None
    seen: Text | None = None


class Condition(Model):
    """When an entry applies to a school. Every part that is given must hold; nothing given means always.

    `levels`: the school has at least one of these. `without_levels`: it has none of these.
    `counts`: each of these counts of the school is above zero, or is not stated (unknown never excludes).
    `without_counts`: each of these counts is stated as zero.
    """

    levels: tuple[EducationLevel, ...] = ()
    without_levels: tuple[EducationLevel, ...] = ()
    counts: tuple[Code, ...] = ()
    without_counts: tuple[Code, ...] = ()


class Stage(Provenance):
    """A link of the management cycle. The six with `component: true` make the chain, in the order of the file."""

    id: Code
    title: Text
    """«мониторинг»"""
    plural: Text
    """«мониторинги»"""
    short: Text
    """a heading that fits a narrow column, «Мониторинг»"""
    component: Flag = False
    absence: Severity | None = None
    """how grave it is that an applicable element of this stage outside the chain is not served; none: not reported"""
    requires: dict[Code, Origin] = Field(default_factory=dict)
    """requirements that every element of the stage has, each with its origin"""
    effort: Number | None = None
    """days of work to write a document of the stage"""
    across_blocks: Flag = False
    """true: one document of the stage may serve several blocks, as one order does; else a block has its own"""


class Requirement(Provenance):
    """What a document must hold to be credited."""

    id: Code
    title: Text
    """nominative, reads after «не хватает:» — «сроки»"""
    ask: Text
    """what the document must say — «названы сроки проведения мониторинга»"""
    given_by: Literal["holds", "field"]
    """`holds`: listed in a document's `holds`; `field`: seen from another field of the document"""


class Addressee(Model):
    """Whom recommendations address."""

    id: Code
    title: Text
    """nominative plural — «учителя»"""
    dative: Text
    """«учителям»"""


class Count(Model):
    """A number a school states of itself, on which applicability may depend."""

    id: Code
    title: Text


class Remark(Model):
    """Something an expert notices in a document and marks in its `remarks`; rules turn remarks into warnings."""

    id: Code
    title: Text


class Variant(Provenance):
    """What an element becomes in a school that meets `when`; what is left out stays as in the element."""

    when: Condition
    title: Text | None = None
    kind: Text | None = None
    example: Text | None = None
    addressees: tuple[Code, ...] | None = None
    requires: dict[Code, Origin] | None = None


class Element(Provenance):
    """One expected item of a block."""

    id: Code
    aliases: tuple[Code, ...] = ()
    block: Code
    stage: Code
    title: Text
    kind: Text | None = None
    """the document in which the element usually stands — «приказ», «аналитическая справка»"""
    follows: tuple[Code, ...] = ()
    """elements of the stage before, on one of which a document of this element must be based"""
    may_rest_on: tuple[Code, ...] = ()
    """earlier elements of the same line that serve as ground as well, when the stage between them stands on the same
    ground: an order may cite the analysis that its plan comes from"""
    requires: dict[Code, Origin] = Field(default_factory=dict)
    stage_requirements: Flag = True
    """false: what the stage asks of its elements is not asked of this one, only its own `requires`"""
    addressees: tuple[Code, ...] = ()
    """whom the document must address, at least one of them; empty: any addressee will do where one is required"""
    covers: tuple[EducationLevel, ...] = ()
    """levels the element must speak of, as far as the school has them"""
    data_sources: tuple[Text, ...] = ()
    applies: Condition = Condition()
    variants: tuple[Variant, ...] = ()
    example: Text | None = None
    """an example target or wording; always shown with the label «Пример», never enforced"""


class Block(Provenance):
    """One of the six blocks, or the frame (`frame: true`) that holds what is common to them."""

    id: Code
    name: Text
    frame: Flag = False
    weight: Number = Decimal(1)


class Mend(Model):
    """How to mend what a rule finds lacking: steps in order, and the days of work they take (origin: proposed)."""

    steps: Annotated[tuple[Text, ...], Field(min_length=1)]
    effort: Number


class Rule(Provenance):
    """A positive rule: what is concluded (`then`) from what is there (`when`, `where`).

    `when` and `then` keep the rule language as data; `vsoko_rules.engine.language` gives them meaning.
    """

    id: Code
    aliases: tuple[Code, ...] = ()
    name: Text
    """states the fact that the rule concludes, or for a warning the fault"""
    fault: Text | None = None
    """for a crediting rule: the fault when it does not conclude — «Не названы сроки»"""
    when: tuple[dict[str, Any], ...]
    where: tuple[Text, ...] = ()
    then: dict[str, dict[str, Any]]
    severity: Severity
    why: Text
    mend: Mend
    example: Text


class Advice(Provenance):
    """What to do when a line breaks at a stage of a block, by kind of break."""

    block: Code
    stage: Code
    signs: Text
    cites: Text
    sample: Text
    """a phrase that a school can take over"""
    no_document: Text
    requirements: Text
    not_based: Text | None = None
    """none only for the first stage of the chain, which has nothing to be based on"""
    dated_before: Text | None = None
