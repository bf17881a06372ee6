"""No sentence of a report is typed twice: the four languages of templates take what they share from one file."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.words import sentences

ROOT = Path(__file__).parents[2]
TEMPLATES = [
    *sorted((ROOT / "reports" / "html").glob("*.j2")),
    ROOT / "reports" / "markdown" / "report.md.j2",
    ROOT / "reports" / "pdf" / "report.typ",
    *sorted((ROOT / "tools" / "word").rglob("*.yml")),
    ROOT / "reports" / "docx" / "draft" / "words.yml",
    *sorted((ROOT / "reports" / "text").glob("[bl-o]*.j2")),
    ROOT / "reports" / "text" / "summary.j2",
    ROOT / "reports" / "text" / "warnings.j2",
]
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\[\[.*?\]\]|<[^>]*>|^\s*//.*$|^#.*$", re.MULTILINE)
_PHRASE = re.compile(r"[А-ЯЁа-яё][А-ЯЁа-яё «»—-]*[А-ЯЁа-яё]")
_LONG = 3
"""words of a phrase that is more than a label"""


def _phrases(path: Path) -> set[str]:
    text = _CODE.sub("|", path.read_text(encoding="utf-8"))
    return {found for found in _PHRASE.findall(text) if len(found.split()) >= _LONG}


def test_no_phrase_stands_in_two_templates() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in TEMPLATES:
        for phrase in _phrases(path):
            places[phrase].append(path.name)
    found = (phrase for text in sentences().values() for phrase in _PHRASE.findall(text))
    shared = {phrase for phrase in found if len(phrase.split()) >= _LONG}
    assert {phrase: where for phrase, where in places.items() if len(where) > 1 or phrase in shared} == {}


def test_every_sentence_is_used() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, ROOT / "reports" / "tables.yml"])
    saying = [*(ROOT / "vsoko_rules" / "report").glob("*.py"), ROOT / "vsoko_rules" / "words.py"]
    text += "".join(path.read_text(encoding="utf-8") for path in saying)
    composed = tuple(re.findall(r'say\(\s*f"([a-z]+_)\{', text))
    unused = [name for name in sentences() if not re.search(rf"""['"\[]{name}['"\] ]""", text)]
    assert [name for name in unused if not name.startswith(composed)] == []


def test_limits_of_lists_have_an_origin() -> None:
    limits = read(shipped("reports") / "limits.yml").data
    assert all(int(each["most"]) > 0 and each["origin"] == "proposed" and each["note"] for each in limits.values())
