"""The report as Markdown. Wording and layout are in `reports/markdown/`; every text of a case is escaped."""

from __future__ import annotations

from vsoko_rules.report.paper import Paper
from vsoko_rules.report.templates import clean
from vsoko_rules.report.words import words
from vsoko_rules.ruleset.docs import markdown
from vsoko_rules.templates import environment


def page(paper: Paper) -> str:
    """One assessment as Markdown with tables."""
    template = environment(_escaped).get_template("markdown/report.md.j2")
    return template.render(paper=paper, words=words())


def _escaped(text: str) -> str:
    """A text on one line in which nothing is markup, neither of Markdown nor of HTML."""
    return markdown(clean(text))
