"""Rule tests: data beside the rules (`*.test.yml`) that show for each rule when it concludes and when it does not.

A test is a small case and one expectation. `fires` names columns of the rule's conclusion that must be among what the
rule concludes (`{}`: anything); `silent: true` says that the rule concludes nothing. What a test leaves out takes the
defaults of the classes below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from pydantic import Field

from vsoko_rules.case.facts import facts
from vsoko_rules.case.reader import CaseFile, check_case
from vsoko_rules.case.records import Case, Document, FilledBy, IndicatorEntry, Procedure, School, Study
from vsoko_rules.engine.inference import conclude
from vsoko_rules.engine.language import Value
from vsoko_rules.engine.names import EngineName
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.errors import InputError, Place, Problem, RulesetError, did_you_mean
from vsoko_rules.reading.scalars import Code, Day, Flag, Text
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.validation import Path as Keys
from vsoko_rules.reading.yaml import Source, read
from vsoko_rules.ruleset.load import load_folder
from vsoko_rules.ruleset.merge import TEST_SUFFIX, shown
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.ruleset.ruleset import Ruleset


class SampleSchool(School):
    """A school that teaches every level, unless the test says otherwise."""

    id: Code = "sample"
    name: Text = "sample"
    municipality: Text = "sample"
    levels: tuple[EducationLevel, ...] = tuple(EducationLevel)


class SampleStudy(Study):
    """A study whose window is 2021-09-01…2022-10-31, unless the test says otherwise."""

    year: int = 2022
    start: Day = Field(default=date(2021, 9, 1), alias="from")
    end: Day = Field(default=date(2022, 10, 31), alias="to")


class SampleDocument(Document):
    """A document that needs no title."""

    title: Text = "sample"


class RuleTest(Model):
    """One small case and what one rule must conclude from it."""

    rule: Code
    name: Text
    school: SampleSchool = SampleSchool()
    study: SampleStudy = SampleStudy()
    filled_by: FilledBy | None = None
    documents: tuple[SampleDocument, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    indicators: dict[Code, IndicatorEntry] = Field(default_factory=dict)
    fires: dict[Code, Text] | None = None
    """columns of the conclusion with their values; empty: any conclusion"""
    silent: Flag = False

    def case(self) -> Case:
        """The case that the test describes."""
        return Case(
            school=self.school,
            study=self.study,
            filled_by=self.filled_by,
            documents=self.documents,
            procedures=self.procedures,
            indicators=self.indicators,
        )


class RuleTestFile(Model):
    """One `*.test.yml`."""

    tests: tuple[RuleTest, ...]


Conclusion = Mapping[str, Value]
"""a concluded fact: the value of each column"""


@dataclass(frozen=True, slots=True)
class Trial:
    """A test that can be run: its rule is known and its codes are those of the ruleset."""

    rule: str
    """the rule's present id"""
    test: RuleTest
    place: Place

    @property
    def id(self) -> str:
        """The rule and the name of the test, for lists of tests."""
        return f"{self.rule}: {self.test.name}"


@dataclass(frozen=True, slots=True)
class TrialResult:
    """How one test ended. `expected` is none for a test that expects silence."""

    rule: str
    name: str
    place: Place
    passed: bool
    expected: Conclusion | None
    got: tuple[Conclusion, ...]
    """everything that the rule concluded, sorted"""


@dataclass(frozen=True)
class TestReport:
    """How all tests of a ruleset ended."""

    __test__ = False

    results: tuple[TrialResult, ...]
    problems: tuple[Problem, ...]
    """tests that could not be run: unknown rules, unknown codes, impossible expectations"""
    without_firing: tuple[str, ...]
    """rules that no test shows to conclude anything"""
    without_silent: tuple[str, ...]
    """rules that no test shows to keep silent"""

    @cached_property
    def failed(self) -> tuple[TrialResult, ...]:
        return tuple(result for result in self.results if not result.passed)

    @property
    def passed(self) -> bool:
        """Whether every test could be run and passed, and every rule has tests of both kinds."""
        return not (self.failed or self.problems or self.without_firing or self.without_silent)


def run_tests(ruleset: Ruleset, engine: EngineName = EngineName.AUTO) -> TestReport:
    """Run every test of `ruleset` and of its parents. Raises `RulesetError` when a test file cannot be read."""
    found, problems = trials(ruleset)
    present = _present_ids(ruleset)
    written = [t for folder in ruleset.folders for _, _, t in _read(folder)]  # also those a child's codes cannot run
    firing = {present.get(t.rule) for t in written if t.fires is not None}
    silent = {present.get(t.rule) for t in written if t.silent}
    return TestReport(
        results=tuple(run_trial(trial, ruleset, engine) for trial in found),
        problems=problems,
        without_firing=tuple(rule for rule in ruleset.rules if rule not in firing | ruleset.idle),
        without_silent=tuple(rule for rule in ruleset.rules if rule not in silent | ruleset.idle),
    )


def run_trial(trial: Trial, ruleset: Ruleset, engine: EngineName = EngineName.AUTO) -> TrialResult:
    """Run one test."""
    program = ruleset.program
    number = next(n for n, rule in enumerate(program.rules) if rule.id == trial.rule)
    derived = conclude(program, facts(trial.test.case(), ruleset), engine)
    columns = tuple(SCHEMA[program.rules[number].head.relation].columns)
    concluded = sorted(fact for fact, firings in derived.supports.items() if any(f.rule == number for f in firings))
    got = tuple(dict(zip(columns, fact[1:], strict=True)) for fact in concluded)
    expected = trial.test.fires
    passed = not got if expected is None else any(_matches(expected, conclusion) for conclusion in got)
    return TrialResult(trial.rule, trial.test.name, trial.place, passed, expected, got)


def _matches(expected: Mapping[str, str], conclusion: Conclusion) -> bool:
    return all(str(conclusion[column]) == value for column, value in expected.items())


def trials(ruleset: Ruleset) -> tuple[tuple[Trial, ...], tuple[Problem, ...]]:
    """The tests of `ruleset` and of its parents, parents first, and the problems of those that cannot be run.

    A parent's test of a rule or code that the ruleset leaves out is passed over. Raises `RulesetError` when a file is
    no test file.
    """
    present = _present_ids(ruleset)
    found: list[Trial] = []
    problems: list[Problem] = []
    for folder in reversed(ruleset.folders):
        here = present if folder == ruleset.folders[0] else None
        for source, n, test in _read(folder):
            if test.rule not in present:
                here = _present_ids(load_folder(folder)) if here is None else here
                problems += [] if test.rule in here else [_unknown_rule(source, n, test, present)]
                continue
            trial = Trial(present[test.rule], test, source.place(("tests", n, "name")))
            wrong = list(_faults(trial, _Part(source, ("tests", n)), ruleset))
            problems += wrong if folder == ruleset.folders[0] else []
            found += [] if wrong else [trial]
    return tuple(found), tuple(problems)


def _present_ids(ruleset: Ruleset) -> dict[str, str]:
    """The present id for each id and former id of a rule."""
    present = {alias: rule.id for rule in ruleset.rules.values() for alias in rule.aliases}
    return present | {rule: rule for rule in ruleset.rules}


def _read(folder: Path) -> Iterator[tuple[Source, int, RuleTest]]:
    problems: list[Problem] = []
    for path in sorted(folder.rglob(f"*{TEST_SUFFIX}")):
        try:
            source = read(path, RulesetError, shown(path))
            content = validated(RuleTestFile, source, RulesetError)
        except RulesetError as error:
            problems.extend(error.problems)
            continue
        yield from ((source, n, test) for n, test in enumerate(content.tests))
    if problems:
        raise RulesetError(problems)


class _Part:
    """One test of a file, as if it were a file of its own."""

    def __init__(self, source: Source, at: tuple[str | int, ...]) -> None:
        self._source = source
        self._at = at
        self.data = None

    def place(self, path: Keys, /) -> Place:
        return self._source.place((*self._at, *path))

    def key_place(self, path: Keys, /) -> Place:
        return self._source.key_place((*self._at, *path))


def _unknown_rule(source: Source, n: int, test: RuleTest, known: Mapping[str, str]) -> Problem:
    hint = did_you_mean(test.rule, list(known))
    return Problem(
        source.place(("tests", n, "rule")), "проверка правила, которого нет в методике", test.rule, None, hint
    )


def _faults(trial: Trial, part: _Part, ruleset: Ruleset) -> Iterator[Problem]:
    """What keeps a test from being run, or would let it pass by mistake."""
    if (trial.test.fires is None) is not trial.test.silent:
        expected = "или fires, или silent: true"
        yield Problem(trial.place, "не сказано, чего ждать от правила", trial.test.name, expected)
    relation = SCHEMA[next(iter(ruleset.rules[trial.rule].then))]
    codes = {"element": ruleset.elements, "indicator": ruleset.indicators, "requirement": ruleset.requirements}
    for column, value in (trial.test.fires or {}).items():
        if column in codes and value not in codes[column]:
            yield Problem(part.place(("fires", column)), "неизвестный код", value, "код из методики")
        if column not in relation.columns:
            expected = "один из: " + ", ".join(relation.columns)
            yield Problem(part.key_place(("fires", column)), "в выводе правила нет такого столбца", column, expected)
    try:
        check_case(CaseFile(trial.test.case(), part, trial.place.file, ""), ruleset)
    except InputError as error:
        yield from error.problems
