"""What a complete ВСОКО looks like: the words of a ruleset.

Every class here is one kind of entry in the YAML files of a ruleset. The classes validate shape and types;
`vsoko_rules.ruleset.check` validates what the entries say of one another.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal

from pydantic import Field

from vsoko_rules.reading.scalars import Code, Flag, NotNegative, Text
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


class Grade(str, Enum):
    """What follows where a requirement is not met (domain guide, §3)."""

    BREAKS = "breaks"
    """the line breaks"""
    REMARK = "remark"
    """the line holds, with a remark"""


class Concerned(str, Enum):
    """Who can mend a fault."""

    SCHOOL = "school"
    EXPERT = "expert"


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


class Citation(Model):
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
    `any_counts`: at least one of these counts is above zero or not stated.
    `without_counts`: each of these counts is stated as zero.
    """

    levels: tuple[EducationLevel, ...] = ()
    without_levels: tuple[EducationLevel, ...] = ()
    counts: tuple[Code, ...] = ()
    any_counts: tuple[Code, ...] = ()
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
    effort: NotNegative | None = None
    """days of work to write a document of the stage"""
    across_blocks: Flag = False
    """true: one document of the stage may serve several blocks, as one order does; else a block has its own"""
    kinds: tuple[Code, ...] = ()
    """kinds of documents that its elements take; none given: any"""
    carried_out: Flag = False
    """true: once the time has passed for which a document of the stage was given, it is carried out and not changed"""
    mended_by: Code | None = None
    """who acts where its documents are missing or defective; none: as the ruleset says of everything"""
    absent: Text | None = None
    """what is said where an element of the stage outside the chain is missing — «не описан показатель»"""
    left_out: Literal["line", "stage"] = "stage"
    """what an expert's «not applicable» on an element of the stage takes away: the lines through it, or only the stage,
    which the lines then step over"""


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
    levels: tuple[EducationLevel, ...] = ()
    """levels to which the number belongs: a school that teaches none of them has zero"""


class CaseForms(Model):
    """How a thing is called inside a sentence, by grammatical case: «приказа», «приказу», «приказ»."""

    genitive: Text
    dative: Text
    accusative: Text


class Kind(Model):
    """A kind of document, recognised by the beginnings of words in what a case states."""

    id: Code
    title: Text
    forms: CaseForms | None = None
    """how a draft cites a document of the kind; none: as a document"""
    words: Annotated[tuple[Text, ...], Field(min_length=1)]


class RemarkKind(Model):
    """Something an expert notices in a document and marks in its `remarks`; rules turn remarks into warnings."""

    id: Code
    title: Text


class Variant(Provenance):
    """What an element becomes in a school that meets `when`; what is left out stays as in the element."""

    when: Condition
    title: Text | None = None
    subject: Text | None = None
    """with another title: what goes with it; those of the element do not"""
    point: Text | None = None
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
    subject: Text | None = None
    """what a document written for it is about, read after the kind — «о проведении мониторинга результатов ВПР»; none:
    drafts quote the title"""
    point: Text | None = None
    """what an order about it begins with — «провести мониторинг результатов ВПР»"""
    kind: Text | None = None
    """the document in which the element usually stands — «приказ», «аналитическая справка»"""
    kinds: tuple[Code, ...] = ()
    """kinds of documents that it takes, where they differ from those of its stage"""
    disputed: Text | None = None
    """where the sources contradict one another about the element: what is said wherever it decides"""
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
    subject: Text | None = None
    """what a document for the whole block is about — «по работе с отстающими обучающимися»; none: drafts quote the
    name"""
    frame: Flag = False
    weight: NotNegative = Decimal(1)


class FindingGrade(Provenance):
    """How grave a kind of finding is that no rule and no stage grades, and who can mend it."""

    id: Literal["break", "circle", "contradiction", "remark"]
    severity: Severity
    concerns: Concerned = Concerned.SCHOOL


class AdviceVariant(Model):
    """What an advice becomes in a school that meets `when`; what is left out stays as in the advice."""

    when: Condition
    signs: Text | None = None
    cites: Text | None = None
    sample: Text | None = None
    no_document: Text | None = None
    requirements: Text | None = None
    not_based: Text | None = None
    dated_before: Text | None = None


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
    variants: tuple[AdviceVariant, ...] = ()
