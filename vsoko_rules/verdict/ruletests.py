"""Rule tests: data beside the rules (`*.test.yml`) that show when a rule concludes and when it does not, and when a
requirement is met and when it is not.

A test is a small case and one expectation of what `rule` concludes, or whichever rule finds `requirement` met. `fires`
names columns of the conclusion that must be among what is concluded (`{}`: anything); `silent: true` says that nothing
is concluded. What a test leaves out takes the defaults of the classes below.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vsoko_rules.case.facts import facts
from vsoko_rules.case.lapses import lapses
from vsoko_rules.engine.inference import conclude
from vsoko_rules.engine.language import Term, Value, Variable
from vsoko_rules.engine.names import EngineName
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.errors import Place, Problem
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.trials import Topic, Trial, read_tests, topic_key, topics_of, trials

Conclusion = Mapping[str, Value]
"""a concluded fact: the value of each column"""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """How one test ended. `expected` is none for a test that expects silence."""

    topic: Topic
    name: str
    place: Place
    passed: bool
    expected: Conclusion | None
    got: tuple[Conclusion, ...]
    """everything that was concluded about it, sorted"""
    rules: frozenset[str]
    """rules that concluded it"""


@dataclass(frozen=True)
class TestReport:
    """How all tests of a ruleset ended."""

    __test__ = False

    results: tuple[TrialResult, ...]
    problems: tuple[Problem, ...]
    """tests that could not be run: unknown rules, unknown codes, impossible expectations"""
    without_firing: tuple[Topic, ...]
    """rules that no test shows to conclude anything, requirements that none shows to be met"""
    without_silent: tuple[Topic, ...]
    """rules that no test shows to keep silent, requirements that none shows not to be met"""

    @cached_property
    def failed(self) -> tuple[TrialResult, ...]:
        return tuple(result for result in self.results if not result.passed)

    @property
    def passed(self) -> bool:
        """Whether every test could be run and passed, and every rule has tests of both kinds."""
        return not (self.failed or self.problems or self.without_firing or self.without_silent)


def run_tests(ruleset: Ruleset, engine: EngineName = EngineName.AUTO) -> TestReport:
    """Run every test of `ruleset` and of its parents. Raises `RulesetError` when a test file cannot be read."""
    known, problems = trials(ruleset)
    results = tuple(run_trial(trial, ruleset, engine) for trial in known)
    written = [
        t for folder in ruleset.folders for _, _, t in read_tests(folder)
    ]  # also those a child's codes cannot run
    topics = topics_of(ruleset)
    firing = _covered({topic for t in written if t.fires is not None and (topic := topics.get(topic_key(t)))}, ruleset)
    silent = _covered({topic for t in written if t.silent and (topic := topics.get(topic_key(t)))}, ruleset)
    expected = _expected(ruleset)
    return TestReport(
        results=results,
        problems=problems,
        without_firing=tuple(s for s in expected if s not in firing),
        without_silent=tuple(s for s in expected if s not in silent),
    )


def _expected(ruleset: Ruleset) -> tuple[Topic, ...]:
    """What must be tested: every rule that can work at all, every requirement that is asked and can be met."""
    used = {r for kind in ruleset.kinds() for e in kind.elements.values() for r in e.requires}
    meeting = _meeting(ruleset).values()
    asked = [r for r in ruleset.requirements if r in used and any(_may_meet(term, r) for term in meeting)]
    rules = (Topic("rule", rule) for rule in ruleset.rules if rule not in ruleset.idle)
    return (*rules, *(Topic("requirement", r) for r in asked))


def _meeting(ruleset: Ruleset) -> dict[str, Term]:
    """The rules that find requirements met, each with the requirement or a variable for any."""
    return {rule.id: rule.head.terms[2] for rule in ruleset.program.rules if rule.head.relation == "meets"}


def _may_meet(term: Term, requirement: str) -> bool:
    return isinstance(term, Variable) or term == requirement


def _covered(topics: Set[Topic], ruleset: Ruleset) -> set[Topic]:
    """What tests of `topics` test as well: a requirement with the rules that may find it met, and the other way round
    where a rule knows but one requirement."""
    covered = set(topics)
    for rule, met in _meeting(ruleset).items():
        if Topic("rule", rule) in topics and not isinstance(met, Variable):
            covered.add(Topic("requirement", str(met)))
        if any(topic.part == "requirement" and _may_meet(met, topic.code) for topic in topics):
            covered.add(Topic("rule", rule))
    return covered


def run_trial(trial: Trial, ruleset: Ruleset, engine: EngineName = EngineName.AUTO) -> TrialResult:
    """Run one test."""
    program = ruleset.program
    case, files = trial.test.case(), trial.test.attached()
    derived = conclude(program, facts(case, ruleset, files, lapsed=lapses(case, files)), engine)
    concluded: dict[Any, set[str]] = {}
    for plain, firings in derived.supports.items():
        fact = SCHEMA[plain[0]].row(*plain)
        rules = {program.rules[firing.rule].id for firing in firings}
        if trial.topic.part == "requirement":
            rules = rules if fact.relation == "meets" and fact.requirement == trial.topic.code else set()
        else:
            rules &= {trial.topic.code}
        if rules:
            concluded[fact] = rules
    got = tuple({column: getattr(f, column) for column in SCHEMA[f.relation].columns} for f in sorted(concluded))
    expected = trial.test.fires
    passed = not got if expected is None else any(_matches(expected, conclusion) for conclusion in got)
    by = frozenset(rule for rules in concluded.values() for rule in rules)
    return TrialResult(trial.topic, trial.test.name, trial.place, passed, expected, got, by)


def _matches(expected: Mapping[str, str], conclusion: Conclusion) -> bool:
    return all(str(conclusion[column]) == value for column, value in expected.items())
