"""Every rule that ships, in the cases of its own tests, through every command that shows what it concludes.

The cases of tests are packed together: rules are positive, so that more documents never silence one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from tests.builders import Data
from vsoko_rules.case.reader import CaseFile, case_of_data
from vsoko_rules.case.write import plain_data
from vsoko_rules.engine.names import EngineName
from vsoko_rules.reading.attached import AttachedFile
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.explanation import Explanation
from vsoko_rules.report.out.text import summary
from vsoko_rules.report.render import FORMATS, Format, Request, composed_files
from vsoko_rules.ruleset.load import DEFAULT, available, load
from vsoko_rules.study.figures import DetailedCounts
from vsoko_rules.verdict.assessment import Assessment, assess
from vsoko_rules.verdict.result import result
from vsoko_rules.verdict.trials import RuleTest, trials
from vsoko_rules.writing.json_text import json_text

pytestmark = pytest.mark.slow

_MOST = 16
"""how many cases of tests one case is made of: enough to keep documents few"""

_ALL_ALIKE = 5
"""a case of so many documents is about what nearly all of them share, and stays alone"""

_UNSAID = "https://sample.example/vsoko"
"""the address of a document of which a test says none"""

_QUICK = (Format.HTML, Format.TXT, Format.JSON)
"""formats without a plan of repairs; all are made with the ruleset that has every rule of the other and more"""

_PRINTED = (*_QUICK, Format.DOCX, Format.XLSX, Format.MD)
"""what the first case of the other ruleset is made in as well"""

_REFERENCES = ("approved_by", "annex_of", "amends")


def _renamed(document: Data, prefix: str) -> Data:
    changed = {**document, "id": prefix + document["id"]}
    if document.get("url") == _UNSAID:
        changed["url"] = f"{_UNSAID}/{changed['id']}"
    changed |= {key: prefix + document[key] for key in (*_REFERENCES, "file") if key in document}
    changed |= {key: [_renamed_claim(c, prefix) for c in document[key]] for key in ("evidence",) if key in document}
    return changed | {"based_on": [prefix + g for g in document["based_on"]]} if "based_on" in document else changed


def _renamed_claim(claim: Mapping[str, Any], prefix: str) -> Data:
    changed = dict(claim)
    field, _, value = claim["claim"].partition(" ")
    if field in ("based_on", *_REFERENCES) and value:
        changed["claim"] = f"{field} {prefix}{value}"
    if "file" in claim.get("in", {}):
        changed["in"] = {**claim["in"], "file": prefix + claim["in"]["file"]}
    return changed


class _Pack:
    """A case made of the cases of tests that do not contradict one another."""

    def __init__(self, case: Data) -> None:
        self.case: Data = {**case, "documents": [], "procedures": [], "indicators": {}}
        self.files: dict[str, AttachedFile] = {}
        self.tests = 0
        self.alone = len(case["documents"]) >= _ALL_ALIKE

    def takes(self, case: Data) -> bool:
        same = all(case.get(key) == self.case.get(key) for key in ("school", "study", "filled_by"))
        alone = self.alone or (self.tests and len(case["documents"]) >= _ALL_ALIKE)
        apart = self.case["indicators"].keys().isdisjoint(case.get("indicators", {}))
        return same and not alone and self.tests < _MOST and apart

    def take(self, case: Data, files: Mapping[str, AttachedFile]) -> None:
        self.tests += 1
        prefix = f"t{self.tests}-"
        self.case["documents"] += [_renamed(d, prefix) for d in case.get("documents", ())]
        self.files |= {prefix + name: found for name, found in files.items()}
        self.case["procedures"] += [{**p, "id": prefix + p["id"]} for p in case.get("procedures", ())]
        for code, entry in case.get("indicators", {}).items():
            self.case["indicators"][code] = _renamed_entry(entry, prefix)


def _renamed_entry(entry: Mapping[str, Any], prefix: str) -> Data:
    return {**entry, "documents": [prefix + d for d in entry["documents"]]} if "documents" in entry else dict(entry)


def _data(test: RuleTest) -> Data:
    """The case of a test as plain data; what a test need not say is said."""
    case = plain_data(test.case())
    said = [{"title": d.title, "url": d.url, **plain_data(d)} for d in test.documents]
    spans = {key: getattr(test, key).model_dump(mode="json", by_alias=True) for key in ("school", "study")}
    return {**case, **spans, "documents": said}


def _packed(tests: Iterable[RuleTest]) -> list[CaseFile]:
    packs: list[_Pack] = []
    for test in tests:
        case = _data(test)
        pack = next((p for p in packs if p.takes(case)), None)
        if pack is None:
            packs.append(pack := _Pack(case))
        pack.take(case, test.attached())
    return [_found(case_of_data(pack.case), pack.files) for pack in packs]


def _found(case: CaseFile, files: Mapping[str, AttachedFile]) -> CaseFile:
    """The case with its files as the tests say that they were found."""
    case.files = files
    return case


@cache
def _cases(name: str) -> tuple[Assessment, ...]:
    """Cases in which every rule of a ruleset concludes something."""
    rules = load(name)
    known, problems = trials(rules)
    assert not problems
    chosen = {t.topic: t.test for t in known if t.test.fires is not None}
    marked = [q.id for q in rules.requirements.values() if q.given_by == "holds"][1:]  # one rule meets all of these
    firing = [test for topic, test in chosen.items() if topic.code not in marked]
    return tuple(assess(case, rules, EngineName.PLAIN) for case in _packed(firing))


def _concluding(assessment: Assessment) -> Iterator[str]:
    for firings in assessment.derivations.supports.values():
        yield from (assessment.derivations.program.rules[firing.rule].id for firing in firings)


@pytest.mark.parametrize("name", available())
def test_every_rule_concludes_something(name: str) -> None:
    rules = load(name)
    concluding = {rule for assessment in _cases(name) for rule in _concluding(assessment)}
    assert concluding >= set(rules.rules) - set(rules.idle)


@pytest.mark.parametrize("name", available())
def test_every_warning_is_a_finding_of_an_element_or_of_an_indicator(name: str) -> None:
    rules = load(name)
    found = [f for assessment in _cases(name) for f in assessment.all_findings()]
    warning = {rule.id for rule in rules.rules.values() if "warning" in rule.then} - set(rules.idle)
    assert {f.rule for f in found} >= warning
    assert {f.element for f in found} - {None} <= rules.elements.keys()
    assert {f.indicator for f in found} - {None} <= rules.indicators.keys()


@pytest.mark.parametrize("name", available())
def test_every_conclusion_is_shown_by_every_output(name: str) -> None:
    shown: set[str] = set()
    for assessment in sorted(_cases(name), key=lambda case: len(set(_concluding(case))), reverse=True):
        concluding = set(_concluding(assessment))
        if concluding <= shown:
            continue
        shown |= concluding
        composer = Composer(assessment)
        formats = FORMATS if name != DEFAULT else _QUICK if shown > concluding else _PRINTED
        files = [file for f in formats for file in composed_files([composer], Request(f))]
        assert all(file.content for file in files)
        assert summary(assessment)
        assert Explanation(assessment, None, None, None).text()
        DetailedCounts().add(json.loads(json_text(result(assessment))))
