"""Reading a page as a browser does: its elements, their attributes and the text that a reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.verdict.assessment import Assessment, assess

CASES = Path(__file__).parents[2] / "cases"
SHIPPED = sorted(path.stem for path in CASES.glob("*.yml"))

_VOID = frozenset({"meta", "br", "hr", "img", "input", "link", "base", "col", "wbr", "source", "area", "embed"})
_SELF_CLOSED = frozenset({"path", "rect", "circle"})


@dataclass
class Tag:
    """One element of a page."""

    name: str
    attributes: dict[str, str]


@dataclass
class Page(HTMLParser):
    """Everything in a page. Fails on an element that is closed out of turn or never."""

    source: str
    tags: list[Tag] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.source)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute: {names}"
        self.tags.append(Tag(tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _SELF_CLOSED | _VOID
        self.tags.append(Tag(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag, f"</{tag}> out of turn"

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self._text.append(data)

    @property
    def text(self) -> str:
        """What a reader sees, white space made even."""
        return even("".join(self._text))

    def named(self, name: str) -> list[Tag]:
        """All elements of one name."""
        return [tag for tag in self.tags if tag.name == name]

    def values(self, attribute: str) -> list[str]:
        """Every value of an attribute."""
        return [tag.attributes[attribute] for tag in self.tags if attribute in tag.attributes]


def even(text: str) -> str:
    """Text with every run of white space as one space."""
    return " ".join(text.split())


@cache
def shipped(name: str, engine: EngineName = EngineName.PLAIN) -> Assessment:
    """The verdict on a shipped case under the ruleset that it names, the same one whenever it is asked for."""
    return made_anew(name, engine)


def made_anew(name: str, engine: EngineName = EngineName.PLAIN) -> Assessment:
    """Such a verdict, not made before."""
    case = read_case(CASES / f"{name}.yml", f"cases/{name}.yml")
    return assess(case, load(case.content.ruleset or DEFAULT), engine)


def reviewable(text: str, assessment: Assessment) -> str:
    """A report as a person reviews it: without the stylesheet, and without the digest that every edit of a ruleset
    changes."""
    return re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL).replace(assessment.ruleset.sha256, "SHA-256")
