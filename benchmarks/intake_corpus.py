"""Invented documents with hand labels: reading them, checking them, and writing them out as files.

What the keys of a label mean stands in `benchmarks/intake/README.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from vsoko_rules.intake.texts.file_text import FileText, Quality, TextLine
from vsoko_rules.intake.texts.read_text import paragraph, table_row

HERE = Path(__file__).resolve().parent / "intake"

_OTHER_NAMES = {
    "prikaz": "order",
    "polozhenie": "regulation",
    "programma": "programme",
    "rpv": "programme",
    "analiz": "report",
    "samoobsled": "report",
    "rekom": "recommendations",
    "protokol": "minutes",
}
"""kinds as files of labels made elsewhere may call them"""

_QUOTES = re.compile(r"[«»„“”\"'_]")
_SPACED = re.compile(r"(?<!\w)(?:\w[  ]+)+\w(?!\w)")


@dataclass(frozen=True)
class Label:
    """What a fair expert would say of one document. A field with several values takes any of them; None among them
    means that to say nothing is as good."""

    kind: tuple[str | None, ...] = ()
    number: tuple[str | None, ...] = (None,)
    date: tuple[str | None, ...] = (None,)
    period: str | None = None
    title: str | None = None
    holds: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    """contents that an expert might mark or not: neither credited nor counted as false"""
    serves: tuple[str, ...] = ()
    addressees: frozenset[str] = frozenset()
    may_addressees: frozenset[str] = frozenset()
    refs: tuple[str, ...] = ()
    cites: frozenset[str] = frozenset()
    """numbers and dates that stand in the text and are not its own"""
    blank: bool = False
    unrelated: bool | None = False
    """none: not asked"""
    annex: bool = False


@dataclass(frozen=True)
class Unit:
    """One labelled document of a file."""

    starts: str
    """its first line, empty for the first of a file"""
    before: int
    """so many written lines above it belong to it"""
    label: Label


@dataclass(frozen=True)
class Paper:
    """One invented file."""

    id: str
    name: str
    text: str
    units: tuple[Unit, ...]
    quality: Quality = Quality.GOOD
    names: tuple[str, ...] = ()
    """of people, as they stand in it"""
    school: str = ""
    """what is proposed of the files of one school is proposed together"""
    source: Path = field(default_factory=Path)

    @property
    def lines(self) -> list[str]:
        """The lines of the text as a reader gives them."""
        return [line.text for line in as_text(self).lines]

    def first_lines(self, lines: Sequence[str]) -> list[int]:
        """Where each unit begins among `lines`, which hold the text in the words of some reader."""
        said, found = [plain(line) for line in lines], [0]
        for unit in self.units[1:]:
            wanted, later = plain(unit.starts), range(found[-1] + 1, len(said))
            at = next((n for n in later if said[n].startswith(wanted)), None)
            if at is None:
                at = next((n for n in later if wanted in said[n]), len(said))
            written = [n for n in range(at) if said[n]]
            found.append(written[-unit.before] if unit.before and len(written) >= unit.before else at)
        return found


def read_papers(where: Path) -> list[Paper]:
    """All documents of a file or a folder of files, in the order of their names."""
    files = sorted(where.glob("*.yml")) if where.is_dir() else [where]
    found = []
    for file in files:
        for told in yaml.safe_load(file.read_text(encoding="utf-8")):
            units = [Unit("", 0, _label(told["y"]))]
            units += [Unit(u["starts"], u.get("before", 0), _label(u["y"])) for u in told.get("units", ())]
            quality, names = Quality(told.get("quality", "good")), tuple(told.get("names", ()))
            school = told.get("school", "")
            found.append(Paper(told["id"], told["name"], told["text"], tuple(units), quality, names, school, file))
    return found


def as_text(paper: Paper) -> FileText:
    """The document as the readers of the program would give it: with spaces and cells as they make them."""
    lines: list[TextLine] = []
    for line in paper.text.splitlines():
        if line.strip():
            lines += table_row(_cells(line)) if line.startswith("|") else paragraph(line)
    digest = sha256(paper.text.encode()).hexdigest()
    suffix = "html" if paper.name.endswith((".html", ".htm")) else "docx"
    return FileText(f"{paper.id}/{paper.name}", digest, suffix, tuple(lines), paper.quality)


def plain(text: str) -> str:
    """A text for comparing: without case, quotes, dots over «ё», letters apart, and spaces between its words."""
    joined = _SPACED.sub(lambda found: re.sub(r"\s", "", found[0]), _QUOTES.sub("", text))
    return re.sub(r"\s+", "", joined.casefold().replace("ё", "е").replace("–", "-").replace("—", "-"))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _label(told: Mapping[str, Any]) -> Label:
    known = {"near", "may_addressees"} | set(Label.__dataclass_fields__)
    if strange := {key for key, value in told.items() if value is not None} - known:
        raise ValueError(f"a label has no {', '.join(sorted(strange))}")
    blank = told.get("blank", False)
    return Label(
        kind=tuple(_OTHER_NAMES.get(str(k), k) for k in _several(told.get("kind"))),
        number=tuple(_several(told.get("number"))),
        date=tuple(_several(told.get("date"))),
        period=None if told.get("period") is None else str(told["period"]),
        title=told.get("title"),
        holds=frozenset(told.get("holds", ())),
        may=frozenset(told.get("may", ())),
        serves=tuple(told.get("serves", ())),
        addressees=frozenset(told.get("addressees", ())),
        may_addressees=frozenset(told.get("may_addressees", ())),
        refs=tuple(str(ref) for ref in told.get("refs", ())),
        cites=frozenset(str(cited) for cited in told.get("cites", ())),
        blank=bool(blank),
        unrelated=told.get("unrelated", False),
        annex=told.get("annex", False),
    )


def _several(value: Any) -> Iterator[str | None]:
    for one in value if isinstance(value, list) else [value]:
        yield None if one is None else str(one)
