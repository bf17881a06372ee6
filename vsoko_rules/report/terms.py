"""What a view names, each thing by its words: school, documents, elements, rules, requirements, advice, who says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from vsoko_rules.ruleset.model import Origin, Severity
from vsoko_rules.verdict.evidence import Outcome


class Reader(str, Enum):
    """Whom a report is for."""

    EXPERT = "expert"
    SCHOOL = "school"
    METHODIST = "methodist"


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
class EvidenceView:
    """One thing said of a document: what, whether a person confirmed it, and the words it stands on."""

    claim: str
    state: str
    quote: str | None
    place: str | None
    """file and page of the quote"""
    comment: str | None
    open: bool = False
    """whether it waits for a person"""


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
    period: str | None = None
    relations: tuple[str, ...] = ()
    """to what time and to which documents it belongs, in words: «действует с …», «утверждён документом …»"""
    evidence: tuple[EvidenceView, ...] = ()


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
    disputed: str | None = None
    """what is said where sources contradict one another about it"""


@dataclass(frozen=True, slots=True)
class RuleView:
    """The text of a rule: what is wrong, why it matters, how to mend it."""

    id: str
    name: str
    fault: str
    severity: Severity
    why: str
    steps: tuple[str, ...]
    expert: tuple[str, ...]
    """what an expert has to do beside the school"""
    effort: str
    example: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class RequirementView:
    """A requirement that a document misses. `basis`: who asks for it in this element."""

    id: str
    title: str
    ask: str
    fault: str
    """«Не названы сроки»"""
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
class LineName:
    """A line by its id, the number within its block, and the title of its goal."""

    id: str
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class BlockName:
    """A block by its id and name."""

    id: str
    name: str


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
    filled_by: str | None
    """who filled in the case and when"""


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


@dataclass(frozen=True, slots=True)
class ExactScore:
    """Points as exact numbers, for tables; `percent` is none where nothing applies."""

    points: Fraction
    low: Fraction
    high: Fraction
    max: Fraction
    percent: Fraction | None


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A score and its level; `percent` and levels are none where nothing applies. `points` of the cycle count complete
    lines: «9 из 19».

    `settled` tells whether nothing unchecked could change the points, `certain` the same of the level.
    """

    points: str
    percent: str | None
    summary: str
    """points with their percent; for the cycle «полных линий 9 из 19, 69,3 %»"""
    settled: bool
    level: str | None
    low: str | None
    high: str | None
    certain: bool
    verdict: str
    """the level as a sentence has it, with what is still open"""
    brief: str
    """the level in a word or two, for a table"""
    exact: ExactScore


@dataclass(frozen=True, slots=True)
class LevelView:
    """A level of the verdict with its thresholds, percent as text; none for a threshold of zero. `asks`: all that it
    asks, in words."""

    title: str
    plural: str
    at_least: str | None
    each_block: str | None
    asks: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class FormulaView:
    """How points are counted, in words."""

    text: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One line of a proof, the conclusion first; `holds` tells what is there from what is lacking."""

    depth: int
    sentence: str
    rule: str | None
    """the name of the rule that concludes it"""
    place: str | None
    holds: bool


@dataclass(frozen=True, slots=True)
class StageProof:
    """One stage of a line with its proof."""

    stage: StageView
    outcome: Outcome
    rows: tuple[ProofRow, ...]
    facts: tuple[ProofRow, ...]
    """of the rows only the conclusions, what stands in the case and what is lacking, each once"""
