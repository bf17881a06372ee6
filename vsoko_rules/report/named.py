"""What a view names, each by its words: school, documents, elements, rules, requirements, advice, and who says so."""

from __future__ import annotations

from dataclasses import dataclass

from vsoko_rules.ruleset.model import Origin, Severity


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A text that the ruleset cites. `link` only for an http or https address."""

    id: str
    title: str
    link: str | None
    address: str | None
    seen: str | None


@dataclass(frozen=True, slots=True)
class Basis:
    """Who says so: the origin of a statement with its sources."""

    origin: Origin
    sources: tuple[CitedSource, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document of the case. `place` is file:line of the case."""

    id: str
    title: str
    kind: str | None
    label: str
    """title with number and date"""
    mark: str
    """the shortest thing that tells it from others: number, else date, else id"""
    number: str | None
    date: str | None
    place: str
    link: str | None
    address: str | None
    """address that must not become a link"""
    file: str | None
    blank: bool
    scan: bool
    serves: tuple[str, ...]
    based_on: tuple[str, ...]
    quote: str | None
    page: str | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class StageView:
    """A link of the cycle."""

    id: str
    title: str
    plural: str
    short: str


@dataclass(frozen=True, slots=True)
class ElementView:
    """An element as it is for this school, its variant chosen. `code` is the id without the block."""

    id: str
    code: str
    title: str
    kind: str | None
    example: str | None
    addressees: tuple[str, ...]
    stage: StageView
    basis: Basis


@dataclass(frozen=True, slots=True)
class RuleView:
    """The text of a rule: what is wrong, why it matters, how to mend it."""

    id: str
    name: str
    fault: str
    severity: Severity
    why: str
    steps: tuple[str, ...]
    effort: str
    example: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class RequirementView:
    """A requirement that a document misses. `basis`: who asks for it in this element."""

    id: str
    title: str
    ask: str
    effort: str
    basis: Basis
    why: str
    steps: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class AdviceView:
    """What to do where a line breaks. `todo` is the text for this kind of break."""

    todo: str | None
    signs: str
    cites: str
    sample: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class SchoolView:
    """The school and the study."""

    id: str
    name: str
    municipality: str
    levels: tuple[str, ...]
    counts: tuple[tuple[str, str], ...]
    year: str
    start: str
    end: str
    role: str | None
    filler: str | None
    filled_on: str | None


@dataclass(frozen=True, slots=True)
class Marked:
    """What made the report: ruleset, case file, program."""

    ruleset: str
    version: str
    title: str
    label: str | None
    sha256: str
    case: str
    case_sha256: str
    tool: str
