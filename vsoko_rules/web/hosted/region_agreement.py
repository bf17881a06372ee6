"""Agreement of the experts of a study as long work: of their closed seats, as whoever asks may see them."""

from __future__ import annotations

from typing import Any, Final

from vsoko_rules.region.agreement_shown import shown_figures
from vsoko_rules.region.pair_agreement import ExpertOpinion, control_agreement, pair_agreement, study_agreement
from vsoko_rules.web.hosted.kept_standings import kept_standings, opinion_seats, refresh
from vsoko_rules.web.hosted.models import Work
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.web.hosted.work import Report, WorkResult, study_of, work

KIND: Final = "study_agreement"


@work(KIND)
def experts_agree(asked: Work, report: Report) -> WorkResult:
    """All experts together by school, the control schools, and each pair."""
    study = study_of(asked)
    seats = opinion_seats(asked.by, study)
    refresh(seats, report=report)
    digest, ruleset = kept_standings(seats).digest, pinned(study.ruleset.sha256)
    columns = ("who", "expert__login", "expert__name", "school__control", "standing")
    rows = [row for row in seats.values_list(*columns) if row[4] and row[4]["record"]]
    names = {login or who: name or f"эксперт {who}" for who, login, name, _, _ in rows}
    opinions = [ExpertOpinion(login or who, kept["record"], control) for who, login, _, control, kept in rows]
    pairs: list[dict[str, Any]] = [
        {
            "experts": [names[expert] for expert in each.experts],
            "schools": each.schools,
            **shown_figures(each.data),
        }
        for each in pair_agreement(opinions, ruleset)
    ]
    whole, control = study_agreement(opinions, ruleset), control_agreement(opinions, ruleset)
    told = {
        "digest": digest,
        "whole": shown_figures(whole) if whole is not None else None,
        "control": shown_figures(control) if control is not None else None,
        "pairs": pairs,
    }
    return WorkResult(told=told)
