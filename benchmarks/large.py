"""A large invented school, with as many documents as asked for over everything a ruleset expects; a large ruleset."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, cycle, islice
from pathlib import Path

from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.ruleset.model import EducationLevel, Element
from vsoko_rules.ruleset.ruleset import Ruleset

_FLAWED = 9
"""each so many documents lack one content that is required of them"""

_HEAD = """\
school:
  id: big-001
  name: МБОУ «Средняя общеобразовательная школа № 101» города Озёрного
  municipality: город Озёрный
  levels: [НОО, ООО, СОО]
  counts: {students: 1840, teachers: 112, young_teachers: 14, graduates_9: 190, graduates_11: 86}
study: {year: 2022, from: 2021-09-01, to: 2022-10-31}
filled_by: {role: expert, name: Эксперт 1, date: 2022-10-27}
documents:
"""


def large_case(ruleset: Ruleset, documents: int = 120) -> str:
    """The YAML of a case with that many documents. The same for the same ruleset."""
    expected = ruleset.expects(frozenset(EducationLevel), {"young_teachers": 14})
    elements = cycle(sorted(expected.elements.values(), key=lambda e: list(ruleset.stages).index(e.stage)))
    latest: dict[str, str] = {}
    entries = []
    for number, element in zip(count(1), islice(elements, documents), strict=False):
        grounds = [latest[e] for e in (*element.follows, *element.may_rest_on) if e in latest]
        entries.append("\n".join(_document(number, element, expected, ruleset, grounds, documents)))
        latest[element.id] = f"d{number:03}"
    return _HEAD + ("\n".join(entries) or "  []") + "\n"


def _document(
    number: int, element: Element, expected: Expectation, ruleset: Ruleset, grounds: list[str], documents: int
) -> Iterator[str]:
    asked = expected.elements[element.id].requires
    holds = [r for r in asked if ruleset.requirements[r].given_by == "holds"]
    if number % _FLAWED == 0:
        holds = holds[1:]
    day = date(2021, 9, 1) + timedelta(days=number * 400 // documents)
    yield f"  - id: d{number:03}"
    yield f'    title: "{element.title.replace(chr(34), "")} (документ № {number})"'
    yield f"    kind: {element.kind or 'документ'}"
    yield f"    serves: [{element.id}]"
    yield f"    number: {number}-од"
    yield f"    date: {day}"
    yield f"    url: https://school101.example/vsoko/{element.block}/{number}.pdf"
    yield f"    holds: [{', '.join(holds)}]"
    if element.addressees:
        yield f"    addressees: [{', '.join(element.addressees)}]"
    if grounds:
        yield f"    based_on: [{', '.join(dict.fromkeys(grounds))}]"
    yield f"    quote: «{element.title}» рассмотрено на педагогическом совете и утверждено директором"
    yield f"    page: {1 + number % 30}"


def many_rules(folder: Path, times: int) -> str:
    """A ruleset with so many times the rules: each rule again under other names. Returns its folder."""
    home = folder / f"rules-{times}"
    home.mkdir()
    rules = load(DEFAULT).source.data["rules"]
    about = {"id": home.name, "version": "1", "title": f"× {times}", "extends": DEFAULT}
    (home / "ruleset.yml").write_text(json.dumps(about), encoding="utf-8")
    for copy in range(1, times):
        more = [{**rule, "id": f"{rule['id']}.{copy}"} for rule in rules]
        (home / f"copy-{copy:04}.yml").write_text(json.dumps({"rules": more}, ensure_ascii=False), encoding="utf-8")
    return str(home)
