"""Rule tests as data: small cases beside the rules (`*.test.yml`), each with one expectation, and which can be run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.reader import CaseFile, check_case
from vsoko_rules.case.records import Case, FilledBy, IndicatorEntry, Procedure, School, Study
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.errors import InputError, Place, Problem, RulesetError, did_you_mean
from vsoko_rules.reading.attached import AttachedFile, FileState
from vsoko_rules.reading.scalars import Code, Day, Flag, Text
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.validation import Path as Keys
from vsoko_rules.reading.yaml import Source, read
from vsoko_rules.ruleset.check import codes_of
from vsoko_rules.ruleset.load import load_folder
from vsoko_rules.ruleset.merge import TEST_SUFFIX
from vsoko_rules.ruleset.merged_source import shown
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
    """A document that needs no title and no address: `url: null` says that it has none."""

    title: Text = "sample"
    url: Text | None = Field(default_factory=lambda: "https://sample.example/vsoko")


class RuleTest(Model):
    """One small case and what one rule must conclude from it, or whether it meets a requirement."""

    rule: Code | None = None
    requirement: Code | None = None
    name: Text
    school: SampleSchool = SampleSchool()
    study: SampleStudy = SampleStudy()
    filled_by: FilledBy | None = None
    documents: tuple[SampleDocument, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    indicators: dict[Code, IndicatorEntry] = Field(default_factory=dict)
    files: dict[Code, FileState] = Field(default_factory=dict)
    """what is found where documents name a file"""
    fires: dict[Code, Text] | None = None
    """columns of the conclusion with their values; empty: any conclusion"""
    silent: Flag = False

    def attached(self) -> dict[str, AttachedFile]:
        """The files of the test as they are found."""
        return {name: AttachedFile(state) for name, state in self.files.items()}

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


@dataclass(frozen=True, slots=True)
class Topic:
    """What a test is about, by its present code."""

    part: Literal["rule", "requirement"]
    code: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A test that can be run: its rule or requirement is known and its codes are those of the ruleset."""

    topic: Topic
    test: RuleTest
    place: Place

    @property
    def id(self) -> str:
        """The rule or requirement and the name of the test, for lists of tests."""
        return f"{self.topic.code}: {self.test.name}"


def trials(ruleset: Ruleset) -> tuple[tuple[Trial, ...], tuple[Problem, ...]]:
    """The tests of `ruleset` and of its parents, parents first, and the problems of those that cannot be run.

    A parent's test is passed over only where the parent itself can run it: the ruleset leaves out something that the
    test names. Raises `RulesetError` when a file is no test file.
    """
    ready: list[Trial] = []
    problems: list[Problem] = []
    for folder in reversed(ruleset.folders):
        home = ruleset if folder == ruleset.folders[0] else None
        for source, n, test in read_tests(folder):
            trial = _trial(source, n, test, ruleset)
            if isinstance(trial, Trial):
                ready.append(trial)
                continue
            home = home or load_folder(folder)
            if home is ruleset or not isinstance(_trial(source, n, test, home), Trial):
                problems += trial
    return tuple(ready), tuple(problems)


def _trial(source: Source, n: int, test: RuleTest, ruleset: Ruleset) -> Trial | list[Problem]:
    """A test that `ruleset` can run, or what keeps it from being run."""
    topics = topics_of(ruleset)
    topic = topics.get(topic_key(test))
    if topic is None:
        return [_unknown(source, n, test, topics)]
    trial = Trial(topic, test, source.place(("tests", n, "name")))
    return list(_faults(trial, _Part(source, ("tests", n)), ruleset)) or trial


Key = tuple[str | None, str | None]
"""what a test names: a rule, or a requirement"""


def topic_key(test: RuleTest) -> Key:
    return test.rule, test.requirement


def topics_of(ruleset: Ruleset) -> dict[Key, Topic]:
    """For what tests may name, what it is now. A rule that gave way to a requirement names the requirement."""
    rules = {**ruleset.rule_aliases, **{code: code for code in ruleset.rules}}
    gone = ruleset.requirement_aliases
    requirements = {**gone, **{code: code for code in ruleset.requirements}}
    topics: dict[Key, Topic] = {(code, None): Topic("requirement", now) for code, now in gone.items()}
    topics |= {(code, None): Topic("rule", now) for code, now in rules.items()}
    return topics | {(None, code): Topic("requirement", now) for code, now in requirements.items()}


def read_tests(folder: Path) -> Iterator[tuple[Source, int, RuleTest]]:
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


def _unknown(source: Source, n: int, test: RuleTest, known: Mapping[Key, Topic]) -> Problem:
    if (test.rule is None) is (test.requirement is None):
        place = source.place(("tests", n, "name"))
        return Problem(place, "не сказано, что проверяется", test.name, "или rule, или requirement")
    if test.rule is not None:
        hint = did_you_mean(test.rule, [rule for rule, _ in known if rule])
        return Problem(
            source.place(("tests", n, "rule")), "проверка правила, которого нет в методике", test.rule, None, hint
        )
    code = test.requirement or ""
    hint = did_you_mean(code, [requirement for _, requirement in known if requirement])
    place = source.place(("tests", n, "requirement"))
    return Problem(place, "проверка требования, которого нет в методике", code, None, hint)


def _faults(trial: Trial, part: _Part, ruleset: Ruleset) -> Iterator[Problem]:
    """What keeps a test from being run, or would let it pass by mistake."""
    if (trial.test.fires is None) is not trial.test.silent:
        expected = "или fires, или silent: true"
        yield Problem(trial.place, "не сказано, чего ждать от правила", trial.test.name, expected)
    rule = ruleset.rules[trial.topic.code] if trial.topic.part == "rule" else None
    relation = SCHEMA[next(iter(rule.then)) if rule else "meets"]
    codes = _codes(trial.test, ruleset)
    for column, value in (trial.test.fires or {}).items():
        if column not in relation.columns:
            expected = "один из: " + ", ".join(relation.columns)
            yield Problem(part.key_place(("fires", column)), "в выводе правила нет такого столбца", column, expected)
        elif column in codes and value not in codes[column]:
            hint = did_you_mean(value, sorted(codes[column]))
            yield Problem(part.place(("fires", column)), "неизвестный код", value, "код из методики", hint)
    try:
        check_case(CaseFile(trial.test.case(), part, trial.place.file, ""), ruleset)
    except InputError as error:
        yield from error.problems


def _codes(test: RuleTest, ruleset: Ruleset) -> Mapping[str, Collection[str]]:
    """For columns of conclusions the codes that a test may expect there: of the ruleset, or of the test itself."""
    documents, procedures = {d.id for d in test.documents}, {p.id for p in test.procedures}
    indicators = ruleset.indicators.keys() | test.indicators.keys()
    topics = {str(rule.then["warning"]["topic"]) for rule in ruleset.rules.values() if "warning" in rule.then}
    own = {"document": documents, "ground": documents, "subject": documents | procedures | indicators}
    return {**codes_of(ruleset.content), **own, "indicator": indicators, "topic": topics}
