"""All outputs of one assessment say the same level, score and findings, and the same thing to do first.

Each is read back as a user would read it: a page with a parser of HTML, documents with libraries that did not write
them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction
from importlib.util import find_spec

import pytest

from tests.builders import Data, assessed, chain_case, document
from tests.documents.reading import csv_rows, even, pdf_pages, sheets, word_text
from tests.report.pages import CASES, SHIPPED, Page
from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.render import Request, render_files, requests
from vsoko_rules.ruleset.load import available, load
from vsoko_rules.verdict.assessment import Assessment, Finding, FindingKind, assess
from vsoko_rules.verdict.scoring import Verdict
from vsoko_rules.words import sentences

TEXTS = ["txt", "html", "md", "xlsx", "csv", "json"]
SLOW = ["docx", *(["pdf"] if find_spec("typst") else [])]
HANDFUL = ("gorodskaya-sosh", "krug-ssylok-i-skany", "pokazateli-oosh", "resheniya-eksperta", "samoproverka")

Said = dict[str, str]
"""what a reader sees, by the end of the file's name"""


def _files(assessment: Assessment, formats: list[str]) -> dict[str, bytes]:
    """In each format; where Word is among them, also what a school is given and its letter."""
    asked: list[Request] = requests(formats)
    if "docx" in formats:
        asked += [*requests(["html", "docx"], "school"), *requests(["letters"])]
    return {file.suffix: file.content for file in render_files([assessment], asked)}


def _seen(files: dict[str, bytes]) -> Said:
    """What is seen in each format; all tables of CSV together."""
    tables = {name: content for name, content in files.items() if name.endswith(".csv")}
    known = ((name, "." + name.rpartition(".")[2]) for name in files if not name.endswith(".csv"))
    seen = {name: _READ[kind](files[name]) for name, kind in known if kind in _READ}
    if tables:
        seen[".csv"] = even(" ".join(c.removeprefix("'") for t in tables.values() for r in csv_rows(t) for c in r))
    return seen


def _pdf(content: bytes) -> str:
    """The text of a PDF without what stands at the foot of each page."""
    return even(" ".join(re.sub(r"\n[^\n]*\n?стр\.\s\d+\sиз\s\d+\s*$", "", page) for page in pdf_pages(content)))


_ADDRESSED = ("-школе.html", "-школе.docx", "-письмо.docx")
_BEGINS = {"-письмо.docx": sentences()["begin"]}

_READ: dict[str, Callable[[bytes], str]] = {
    ".txt": lambda content: even(content.decode()),
    ".html": lambda content: Page(content.decode()).text,
    ".md": lambda content: even(content.decode().replace("\\", "").replace("**", "")),
    ".xlsx": lambda content: even(" ".join(str(c) for rows in sheets(content).values() for r in rows for c in r)),
    ".docx": word_text,
    ".pdf": _pdf,
}


def _squeezed(text: str) -> str:
    """Text without spaces and hyphens, at which a line may have been broken, and without the marks of emphasis."""
    return re.sub(r"[\s\u00ad\u2060-]", "", text).casefold()


def _level(verdict: Verdict) -> str:
    """The level as every output puts it."""
    if verdict.level is None:
        return "не оценивается"
    if verdict.certain:
        return verdict.level.title
    assert verdict.low is not None
    assert verdict.high is not None
    return f"от «{verdict.low.title}» до «{verdict.high.title}», проверено не всё"


def _points(assessment: Assessment) -> str:
    """The score that decides: complete lines or points of indicators, with the percent where something applies."""
    bounds = assessment.score.bounds
    if bounds.percent is None:
        return "не оценивается"
    told = _lines(assessment) if assessment.score.by == "cycle" else _numbers(assessment)
    tenths = int(bounds.percent * 10)
    share = f"{tenths // 10},{tenths % 10}".removesuffix(",0") + " %"
    if assessment.score.by == "cycle":
        return f"{told}, {'' if bounds.certain else 'подтверждено '}{share}"
    return f"{told} ({'' if bounds.certain else 'подтверждено '}{share})"


def _lines(assessment: Assessment) -> str:
    tally = assessment.tally
    complete = f"{tally.complete}" if tally.complete == tally.most else f"от {tally.complete} до {tally.most}"
    remarked = f" (с замечаниями {tally.remarked})" if tally.remarked else ""
    return f"полных линий {complete} из {tally.total}{remarked}"


def _numbers(assessment: Assessment) -> str:
    bounds = assessment.score.bounds
    low, points, high, most = (_number(part) for part in (bounds.low, bounds.points, bounds.high, bounds.max))
    return f"{points} из {most}" if bounds.certain else f"от {low} до {high} из {most}"


def _number(value: int | Fraction) -> str:
    whole, rest = divmod(int(Fraction(value) * 100), 100)
    return f"{whole},{rest:02}".rstrip("0").rstrip(",")


def _label(assessment: Assessment) -> str:
    return "Показатели" if assessment.score.by == "indicators" else "Управленческий цикл"


def _same_level_and_score(assessment: Assessment, files: dict[str, bytes], seen: Said) -> None:
    level, points = _level(assessment.score.verdict), _points(assessment)
    verdict, scored = _squeezed(f"ВСОКО: {level}"), _squeezed(f"{_label(assessment)}: {points}")
    for name in {".txt", ".html", ".md", ".docx", ".pdf"} & seen.keys():
        assert verdict in _squeezed(seen[name]), (name, level)
    for name in {".md", ".docx", ".pdf"} & seen.keys():
        assert scored in _squeezed(seen[name]), (name, points)
    for name in {".txt", ".html"} & seen.keys():
        assert verdict + _squeezed(points) in _squeezed(seen[name]), (name, points)
    if ".xlsx" in files:
        about = {row[0]: row[1] for row in sheets(files[".xlsx"])["О файле"]}
        assert about["Уровень"] == level
        assert even(about[_label(assessment)]).startswith(points)
        head, *rows = csv_rows(files["-итог.csv"])
        total = dict(zip(head, rows[-1], strict=True))
        assert total["Уровень"] == level
        assert Fraction(total["Наибольший балл"].replace(",", ".")) == assessment.score.bounds.max
        (data,) = json.loads(files[".json"])["results"]
        decided = data["level"]["title"] if data["level"] else "не оценивается"
        assert level in (decided, _level(assessment.score.verdict))
        assert data[assessment.score.by]["max"] == assessment.score.bounds.max
        exact = float(assessment.score.bounds.points)
        assert data[assessment.score.by]["points"] == pytest.approx(exact, rel=1e-12)


def _marks(finding: Finding, assessment: Assessment) -> list[str]:
    """What a reader knows a finding by."""
    ruleset, documents = assessment.ruleset, assessment.case.documents
    element = assessment.expectation.elements.get(finding.element or "")
    titles = [documents[d].title.replace("«", "„").replace("»", "“") for d in finding.documents if d in documents]
    if finding.kind is FindingKind.BREAK:
        assert element is not None
        return [element.title, *finding.lines]
    if finding.kind is FindingKind.WARNING:
        return [ruleset.wordings[str(finding.rule)].fault, *titles[:1]]
    if finding.kind is FindingKind.CIRCLE:
        return ["по кругу", *titles]
    if finding.kind is FindingKind.CONTRADICTION:
        return [ruleset.indicators[str(finding.subject)].title]
    assert element is not None
    return [element.title]


def _same_findings(assessment: Assessment, files: dict[str, bytes], seen: Said) -> None:
    """Every finding is named in every report. The summary for the terminal counts what it does not name."""
    findings = assessment.all_findings()
    reports = {name: _squeezed(text) for name, text in seen.items() if name not in (".txt", *_ADDRESSED)}
    for finding in findings:
        for mark in _marks(finding, assessment):
            for name, text in reports.items():
                assert _squeezed(mark) in text, (name, finding.fingerprint, mark)
    if ".json" in files:
        (data,) = json.loads(files[".json"])["results"]
        listed = [*data["findings"], *(f for block in data["blocks"] for f in block["findings"])]
        assert {f["fingerprint"] for f in listed} == {f.fingerprint for f in findings}
        _counted(findings, assessment, files[".txt"].decode())


def _counted(findings: tuple[Finding, ...], assessment: Assessment, text: str) -> None:
    def count(*kinds: FindingKind) -> int:
        return sum(f.kind in kinds for f in findings)

    def more(noun: str) -> int:
        return sum(int(n) for n in re.findall(rf"и ещё (\d+)\s{noun}", text))

    assert text.count("✗") + more("разрыв") == count(FindingKind.BREAK)
    rules = {f.rule for f in findings if f.kind is FindingKind.WARNING}
    named = [rule for rule in rules if _squeezed(assessment.ruleset.wordings[str(rule)].fault) in _squeezed(text)]
    assert len(rules) - more("предупреждени") <= len(named) <= len(rules)
    assert text.count("по кругу:") == count(FindingKind.CIRCLE)
    outside = re.search(r"Вне линий не хватает: (\d+)", text)
    assert int(outside[1] if outside else 0) == count(FindingKind.ABSENCE, FindingKind.INCOMPLETE)
    disputed = re.search(r"Отметка и документы расходятся: (\d+)", text)
    assert int(disputed[1] if disputed else 0) == count(FindingKind.CONTRADICTION)


def _same_first(assessment: Assessment, files: dict[str, bytes], seen: Said, first: str | None) -> None:
    """`first` as the workbook has it; none where there is nothing to do. Every page says the same reason and step."""
    expected = _squeezed(first or "Разрывов и замечаний нет").replace(":", "")
    task = next(iter(Composer(assessment).view(with_plan=False).first), None)
    said = _squeezed(f"{task.reason} Что сделать {task.step}").replace(":", "") if task else ""
    for name in {".html", ".md", ".txt", ".docx", ".pdf", *_ADDRESSED} & seen.keys():
        begins = _BEGINS.get(name, "С чего начать") if task else "Разрывов и замечаний нет"
        after = re.sub("[:•◦]", "", _squeezed(seen[name]).rpartition(_squeezed(begins))[2])
        assert task is None or re.sub(r"^1\.", "", after).startswith(expected), (name, after[:200])
        assert said in after[: len(expected) + len(said) + 60], (name, said, after[:600])
    if ".json" not in files:
        return
    to_do = json.loads(files[".json"])["results"][0]["to_do"]
    assert bool(to_do) is (first is not None)
    if to_do:
        finding = next(f for f in assessment.all_findings() if f.fingerprint == to_do[0])
        assert _squeezed(_marks(finding, assessment)[0]) in expected


def _first(files: dict[str, bytes]) -> str | None:
    """The thing to do first by the workbook: on its first sheet, and first in the table of findings."""
    book = sheets(files[".xlsx"])
    named = {row[0]: row[1] for row in book["О файле"]}["С чего начать"]
    if named.startswith("Разрывов и замечаний нет"):
        return None
    head, first, *_ = book["Замечания"]
    row = dict(zip(head, first, strict=True))
    assert named == f"{row['Замечание']}: {row['Документ или показатель']}"
    return str(named)


def _agree(assessment: Assessment, formats: list[str]) -> None:
    files = _files(assessment, formats)
    seen = _seen(files)
    _same_level_and_score(assessment, files, seen)
    _same_findings(assessment, files, seen)
    _same_first(assessment, files, seen, _first(files))


@pytest.mark.parametrize("ruleset", available())
@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_cases(name: str, ruleset: str) -> None:
    case = read_case(CASES / f"{name}.yml", f"cases/{name}.yml")
    known = [load(each) for each in available()]
    own = case.content.ruleset in (None, ruleset) and name in HANDFUL
    _agree(assess(case, load(ruleset), EngineName.PLAIN, known), [*TEXTS, *(SLOW if own else ())])


def _circle() -> Data:
    case = chain_case("B2")
    document(case, "B2-G01")["based_on"] = [document(case, "B2-D01")["id"]]
    return case


def _warned() -> Data:
    case = chain_case("B1")
    document(case, "B1-A01")["remarks"] = ["pupil_names"]
    document(case, "B1-M02")["holds"] = []
    return case


@pytest.mark.parametrize("case", [_circle(), _warned(), chain_case("B3", reviewed=["B3"])])
def test_generated_cases(case: Data) -> None:
    _agree(assessed(case), [*TEXTS, *SLOW])
