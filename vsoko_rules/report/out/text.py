"""The summary for the terminal, and as a text file. Wording and layout are in `reports/text/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vsoko_rules.report import formal
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.decision_views import decision_views
from vsoko_rules.report.terms import Reader
from vsoko_rules.report.wording import Titles
from vsoko_rules.templates import render, rich
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.words import day


def files(composers: Sequence[Composer], _: Reader | None, __: Path | None) -> dict[str, bytes]:
    """The summary of one assessment as plain text."""
    from rich.text import Text

    (composer,) = composers
    markup = render(
        "text/summary.j2", rich, view=composer.view(with_plan=False), file=composer.assessment.case.shared_name
    )
    return {".txt": Text.from_markup(markup, emoji=False).plain.replace("\u2060", "").encode()}


def summary(assessment: Assessment) -> str:
    """One assessment as Rich markup, at most 100 columns wide."""
    return render("text/summary.j2", rich, view=Composer(assessment).view(with_plan=False), file=assessment.case.name)


def decisions(assessment: Assessment) -> str:
    """How an expert's decisions stand, as Rich markup."""
    case, views = assessment.case, decision_views(assessment, Titles(assessment))
    return render("text/decisions.j2", rich, decisions=views, day=day(case.content.day), file=case.name)


def links(assessment: Assessment) -> str:
    """Where each document is published, as far as files tell, as Rich markup."""
    return render("text/links.j2", rich, links=formal.links(assessment), file=assessment.case.name)
