"""What must be said of an expert's decisions that cannot mean what they seem to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.errors import Problem
from vsoko_rules.ruleset.ruleset import Expectation, Ruleset
from vsoko_rules.verdict.evidence import Outcome


def decision_notices(
    case: CaseFile, ruleset: Ruleset, expected: Expectation, automatic: Mapping[str, Outcome]
) -> Iterator[Problem]:
    """Notices on decisions out of the time of the study, about what does not apply, or that change nothing.

    `automatic`: what the program found without decisions, by the code of an element or indicator.
    """
    aliases = {**ruleset.indicator_aliases, **ruleset.aliases}
    study = case.content.study
    for n, override in enumerate(case.content.overrides):
        code = aliases.get(override.of, override.of)
        place = case.source.place(("overrides", n, "of"))
        if not study.start <= override.date <= study.end:
            when = case.source.place(("overrides", n, "date"))
            span = f"от {study.start:%d.%m.%Y} до {study.end:%d.%m.%Y}"
            yield Problem(when, "решение эксперта датировано не временем исследования", f"{override.date}", span)
        applies = code in expected.elements or code in expected.indicators
        if not applies and code in (*ruleset.elements, *ruleset.indicators):
            yield Problem(place, "решение эксперта о том, что к школе не применяется", override.of)
        elif automatic.get(code) is Outcome(override.outcome):
            yield Problem(place, "решение эксперта ничего не меняет", override.of)
