"""What studies show to people: pages and texts. Wording and layout are in `reports/study/`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.titles import titles
from vsoko_rules.templates import Ready, environment, html, plain, render, rich
from vsoko_rules.words import plural
from vsoko_rules.writing.yaml_text import quoted


@cache
def words() -> Any:
    """The words of studies, read once."""
    return read(shipped("reports") / "study" / "words.yml").data


def counted(number: int, noun: str) -> str:
    """A number with its noun: «3 школы»."""
    text: str = words()["counted"].format(number=number, noun=plural(number, words()["plural"][noun]))
    return text


def page(name: str, **data: Any) -> str:
    """The HTML page `reports/study/NAME.html.j2`."""
    return render(f"study/{name}.html.j2", html, said=words(), n=counted, **data)


def text(name: str, **data: Any) -> str:
    """The text `reports/study/NAME.j2` for the terminal, as Rich markup."""
    return render(f"study/{name}.j2", rich, said=words(), n=counted, **data)


def summary_page(summaries: Sequence[Mapping[str, Any]]) -> str:
    """Summaries of a study as one page."""
    return page("summary", summaries=summaries)


def form_text(form: Mapping[str, Any]) -> str:
    """The reconciliation form as YAML."""
    made = environment(plain, {"quoted": lambda value: Ready(quoted(value))})
    return made.get_template("study/form.yml.j2").render(form=form)


def named(ruleset: Ruleset) -> dict[str, Any]:
    """The words of a ruleset for a template."""
    return titles(ruleset)
