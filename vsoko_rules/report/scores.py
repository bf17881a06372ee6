"""Points and levels in words: «полных линий 9 из 19», «от «не сформирована» до «сформирована»."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from vsoko_rules.report.terms import ExactScore, ScoreView
from vsoko_rules.verdict.scoring import Bounds, Tally, Verdict
from vsoko_rules.words import exact, percent, say, words


def points(bounds: Bounds) -> str:
    """«7 из 12», «от 5 до 9 из 12» while something is open, «не оценивается» where nothing applies."""
    forms: dict[str, str] = words()["number"]
    if not bounds.max:
        return forms["unscored"]
    if bounds.certain:
        return forms["points"].format(points=exact(bounds.points), max=exact(bounds.max))
    return forms["bounds"].format(low=exact(bounds.low), high=exact(bounds.high), max=exact(bounds.max))


def lines(tally: Tally, form: str = "lines") -> str:
    """«полных линий 9 из 19», «полных линий от 9 до 11 из 19» while something is open; `form` «count» leaves out the
    words."""
    forms: dict[str, str] = words()["number"]
    if not tally.total:
        return forms["unscored"]
    form = form if tally.complete == tally.most else f"{form}_open"
    return forms[form].format(complete=tally.complete, most=tally.most, total=tally.total)


def cycle_view(bounds: Bounds, verdict: Verdict | None, tally: Tally) -> ScoreView:
    """The score of the cycle with its level: complete lines come first, the percent behind them."""
    view = score_view(bounds, verdict)
    if view.percent is None:
        return view
    told = lines(tally)
    if tally.remarked:
        told = say("lines_remarked", lines=told, remarked=tally.remarked)
    summary = say("lines_settled" if bounds.certain else "lines_proven", lines=told, percent=view.percent)
    return replace(view, points=lines(tally, "count"), summary=summary)


def score_view(bounds: Bounds, verdict: Verdict | None) -> ScoreView:
    """Points with their level; without a level where there is no verdict."""
    levels = (verdict.level, verdict.low, verdict.high) if verdict else (None, None, None)
    level, low, high = (lv.title if lv else None for lv in levels)
    certain = verdict is None or verdict.certain
    proven, share = points(bounds), percent(bounds.percent)
    numbers = {name: Fraction(getattr(bounds, name)) for name in ("points", "low", "high", "max")}
    return ScoreView(
        points=proven,
        percent=share,
        summary=say("settled" if bounds.certain else "proven", points=proven, percent=share) if share else proven,
        settled=bounds.certain,
        level=level,
        low=low,
        high=high,
        certain=certain,
        verdict=_level(level, certain, say("level_open", low=low, high=high)),
        brief=_level(level, certain, say("level_unsure")),
        exact=ExactScore(**numbers, percent=bounds.percent),
    )


def _level(level: str | None, certain: bool, unsure: str) -> str:
    if level is None:
        return str(words()["number"]["unscored"])
    return level if certain else unsure
