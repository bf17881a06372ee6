"""Advice and examples fit the school: nothing is said of levels, classes and teachers that it does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.load import available, load
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.ruleset.requirements import Wording


class Profile(NamedTuple):
    """A school by its levels and counts, and the words that do not fit it; of a block, where they do in others."""

    levels: str
    zero: tuple[str, ...]
    unfit: str
    unfit_in: tuple[tuple[str, str], ...] = ()


NO_SOO = r"СОО|(?<!\d)1[01](?:-[а-я]+)? класс|1[01]-(?:х|е|м|го|ми)\b|ЕГЭ|ГИА-11|средн(?:ей|юю|яя) школ|вуз"
NO_OOO = NO_SOO + (
    r"|ООО|(?<!\d)[5-9](?:-[а-я]+)? класс|(?:[–-]|\b)[5-9]-(?:х|е|м|го|ми)\b|ГИА|ОГЭ|[Фф]ункциональн|[Вв]ыпускник"
)
PROFILES = {
    "начальная": Profile("НОО", (), NO_OOO),
    "девятилетняя": Profile("НОО,ООО", (), NO_SOO),
    "девятилетняя без молодых педагогов": Profile(
        "НОО,ООО", ("young_teachers",), NO_SOO + "|[Мм]олод", (("B5", "[Нн]аставн"),)
    ),
    "основная без начальной": Profile("ООО", (), NO_SOO + r"|НОО|(?:[–-]|\b)[1-4]-(?:х|е|м|го|ми)\b"),
    "без выпускников": Profile("НОО,ООО,СОО", ("graduates_9", "graduates_11", "tenth_graders"), r"ГИА|[Вв]ыпускник"),
    "средняя": Profile("НОО,ООО,СОО", (), r"девятилетн|начальной школ"),
}
ADVICE = ("signs", "cites", "sample", "no_document", "requirements", "not_based", "dated_before")


def said(expected: Expectation, ruleset: str) -> Iterator[tuple[str, str]]:
    """What such a school may read of the ruleset, each with where it stands."""
    stages = {(e.block, e.stage) for e in expected.elements.values()}
    for (block, stage), advice in expected.advice.items():
        if (block, stage) in stages:
            yield from ((f"{block}/{stage}/{f}", text) for f in ADVICE if (text := getattr(advice, f)))
    examples = {e.id: e.example for e in expected.elements.values()}
    examples |= {f"{i.id}/indicator": i.example for i in expected.indicators.values()}
    yield from ((f"{code}/example", text) for code, text in examples.items() if text)
    known = load(ruleset).requirements
    for code in sorted({r for e in expected.elements.values() for r in e.requires}):
        for wording in (known[code], known[code].open_addressee):
            yield from ((f"{code}/text", text) for text in _texts(wording))


def _texts(wording: Wording | None) -> tuple[str, ...]:
    return () if wording is None else (wording.fault, wording.why, *wording.mend.steps)


def example_of(expected: Expectation, ruleset: str) -> Iterator[tuple[str, str]]:
    """Examples of requirements: one text for all schools, so that it names no class."""
    known = load(ruleset).requirements
    for code in sorted({r for e in expected.elements.values() for r in e.requires}):
        yield f"{code}/example", known[code].example


@pytest.mark.parametrize("ruleset", available())
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_nothing_is_said_that_does_not_fit(profile: Profile, ruleset: str) -> None:
    levels = frozenset(EducationLevel(level) for level in profile.levels.split(","))
    expected = load(ruleset).expects(levels, dict.fromkeys(profile.zero, 0))
    texts = [*said(expected, ruleset), *example_of(expected, ruleset)]
    found = {where: text for where, text in texts if re.search(profile.unfit, text)}
    for block, words in profile.unfit_in:
        found |= {where: text for where, text in texts if where.startswith(f"{block}/") and re.search(words, text)}
    assert not found


def test_what_fits_is_still_said() -> None:
    """The test sees the texts: with young teachers there is advice for them."""
    everything = load(available()[0]).expects(frozenset(EducationLevel), {})
    assert any("олодым педагогам" in text for _, text in said(everything, available()[0]))
