"""What is said beside the level: what it would be without decisions, what the school is short of, what is disputed."""

from __future__ import annotations

from collections.abc import Iterable

from vsoko_rules.report.scores import cycle_view, score_view
from vsoko_rules.report.wording import Titles
from vsoko_rules.verdict.assessment import Assessment, FindingKind
from vsoko_rules.verdict.scoring import Score, Tally
from vsoko_rules.words import counted, limit, percent, quoted, say


def said_beside(assessment: Assessment, titles: Titles) -> Iterable[str]:
    """What must be said beside the level."""
    if assessment.decisions:
        yield say("without_decisions", **_scored(assessment.automatic, assessment.automatic_tally))
    if assessment.unlimited is not None and assessment.unlimited_tally is not None:
        titled = titles.decidable
        named = "; ".join(f"{titled[code]} ({code})" for code in assessment.left_out)
        yield say("left_out", named=named, **_scored(assessment.unlimited, assessment.unlimited_tally))
    for score in sorted(assessment.scores.values(), key=lambda score: score is not assessment.score):
        yield from _short_of(score, assessment, titles)
    yield from _disputed(assessment, titles)


def in_short(assessment: Assessment, titles: Titles) -> str | None:
    """What the school is short of for a better level, in one sentence with the first conditions; none at the best."""
    return next(iter(_short_of(assessment.score, assessment, titles, limit("letter_conditions"))), None)


def _scored(score: Score, tally: Tally) -> dict[str, str]:
    """The level and the points of a score that stands beside the one that counts."""
    by_cycle = score.by == "cycle"
    view = cycle_view(score.bounds, score.verdict, tally) if by_cycle else score_view(score.bounds, score.verdict)
    return {"level": view.verdict, "points": view.summary}


def _short_of(score: Score, assessment: Assessment, titles: Titles, most: int | None = None) -> Iterable[str]:
    """What keeps a score from the next better level, as a sentence; none where it has the best or none at all. Of more
    than `most` conditions those of single blocks are only counted."""
    verdict, levels = score.verdict, assessment.ruleset.levels
    if verdict.level is None or not verdict.unmet:
        return
    better = levels[levels.index(verdict.level) - 1]
    asked = better.thresholds(score.by)
    names = assessment.ruleset.blocks
    shares = {b.id: (b.cycle if score.by == "cycle" else b.indicators).percent for b in assessment.blocks}
    ordered = (
        verdict.unmet if most is None else sorted(verdict.unmet, key=lambda unmet: unmet.condition == "each_block")
    )
    told = [
        say(
            f"unmet_{unmet.condition}",
            needed=percent(asked.each_block if unmet.condition == "each_block" else asked.at_least),
            percent=percent(shares.get(unmet.at) if unmet.at else score.bounds.percent),
            block=quoted(names[unmet.at].name) if unmet.at and unmet.at in names else None,
            element=quoted(titles.element(unmet.at).title) if unmet.condition == "needs" and unmet.at else None,
        )
        for unmet in ordered
    ]
    conditions = "; ".join(told[:most])
    if len(told[:most]) < len(told):
        conditions = say("unmet_more", conditions=conditions, more=counted(len(told[most:]), "condition"))
    by = "deciding" if score is assessment.score else score.by
    yield say(f"lacking_{by}", level=better.title, conditions=conditions)


def _disputed(assessment: Assessment, titles: Titles) -> Iterable[str]:
    """What sources say against one another about elements at which lines break, nothing twice."""
    breaks = (f.element for f in assessment.all_findings() if f.kind is FindingKind.BREAK)
    elements = dict.fromkeys(e for e in breaks if e is not None and titles.resolved(e).disputed)
    said: dict[str, list[str]] = {}
    for element in elements:
        said.setdefault(titles.resolved(element).disputed or "", []).append(element)
    for text, codes in said.items():
        yield f"{'; '.join(f'{titles.element(code).title} ({code})' for code in codes)}. {text}"
