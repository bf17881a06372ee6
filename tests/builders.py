"""Builders of cases for tests: a complete school for a ruleset, edits of it, and the way from data to a verdict.

Nothing here repeats what a ruleset says: documents are made from what the ruleset expects of the school, so the
builders go on working when its elements or requirements change.
"""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from vsoko_rules.case.reader import CaseFile, read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.load import DEFAULT, load, load_folder
from vsoko_rules.ruleset.model import EducationLevel, Element
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.assessment import Assessment, BlockResult, FindingKind, Line, assess
from vsoko_rules.verdict.chain import Break, Trace
from vsoko_rules.verdict.evidence import Outcome

Data = dict[str, Any]
"""a case or a part of it, as it stands in YAML"""

LEVELS = ("НОО", "ООО", "СОО")
FIRST_DAY = date(2021, 9, 1)
LAST_DAY = date(2022, 10, 31)


@cache
def ruleset() -> Ruleset:
    """The shipped ruleset that tests run under."""
    return load(DEFAULT)


def expectation(levels: Sequence[str] = LEVELS, counts: dict[str, int] | None = None) -> Expectation:
    """What the shipped ruleset expects of a school with these levels and counts."""
    return ruleset().expects(frozenset(EducationLevel(level) for level in levels), counts or {})


def school_case(documents: Iterable[Data] = (), **more: Any) -> Data:
    """A case with these documents. `levels` and `counts` go into the school, everything else beside it."""
    school: Data = {"id": "sosna-1", "name": "МБОУ СОШ «Сосна»", "municipality": "Лесной район"}
    school["levels"] = list(more.pop("levels", LEVELS))
    school["counts"] = more.pop("counts", {})
    study = {"year": 2022, "from": FIRST_DAY.isoformat(), "to": LAST_DAY.isoformat()}
    return {"school": school, "study": study, "documents": [copy.deepcopy(d) for d in documents], **more}


def document_id(element: str) -> str:
    """The id of the document that a complete case has for `element`."""
    return "d-" + element.lower()


def sound_document(element: Element, day: date, based_on: Iterable[str] = (), **more: Any) -> Data:
    """A document with everything that `element` requires; `more` replaces or adds fields."""
    required = [r for r in element.requires if ruleset().requirements[r].given_by == "holds"]
    document: Data = {
        "id": document_id(element.id),
        "title": f"Документ к элементу {element.id}",
        "kind": element.kind,
        "serves": [element.id],
        "number": f"{list(ruleset().elements).index(element.id) + 1}-од",
        "date": day.isoformat(),
        "url": f"https://sosna.example/{document_id(element.id)}.pdf",
        "holds": required,
        "based_on": list(based_on),
    }
    if "addressee" in element.requires:
        document["addressees"] = list(element.addressees) or ["teachers"]
    return {**document, **more}


def complete_documents(expected: Expectation, blocks: Sequence[str] | None = None) -> list[Data]:
    """One document for each applicable element of `blocks` (all by default), dated along the chain and linked."""
    components = ruleset().components
    documents: list[Data] = []
    for number, element in enumerate(expected.elements.values()):
        if blocks is None or element.block in blocks:
            day = FIRST_DAY + timedelta(days=number % 14)  # not all of one day
            if element.stage in components:
                day = FIRST_DAY + timedelta(weeks=4 * components.index(element.stage) + 2)
            grounds = [document_id(e) for e in element.follows if e in expected.elements]
            documents.append(sound_document(element, day, grounds))
    return documents


def complete_case(
    blocks: Sequence[str] | None = None, levels: Sequence[str] = LEVELS, counts: dict[str, int] | None = None
) -> Data:
    """A school that has everything the shipped ruleset expects of it (in `blocks`)."""
    documents = complete_documents(expectation(levels, counts), blocks)
    return school_case(documents, levels=levels, counts=counts or {})


def chain_case(block: str, **more: Any) -> Data:
    """A school with every document of the lines of one block, and nothing else."""
    expected = expectation(more.get("levels", LEVELS), more.get("counts"))
    documents = complete_documents(expected, [block])
    on_lines = {e for line in expected.lines for e in line.elements}
    return school_case([d for d in documents if d["serves"][0] in on_lines], **more)


def document(case: Data, wanted: str) -> Data:
    """The document of `case` with this id, or that serves this element: to be edited in place."""
    found: Data = next(d for d in case["documents"] if wanted == d["id"] or wanted in d["serves"])
    return found


def without_document(case: Data, removed: str) -> Data:
    """A copy of `case` without a document and without the references to it."""
    changed = copy.deepcopy(case)
    changed["documents"] = [d for d in changed["documents"] if d["id"] != removed]
    for each in changed["documents"]:
        each["based_on"] = [ground for ground in each.get("based_on", []) if ground != removed]
    return changed


def add_copy(case: Data, original: str, new_id: str, **changes: Any) -> Data:
    """Put a changed copy of a document beside it, registered and published by itself; returns the copy."""
    own = {"id": new_id, "number": f"{new_id}-2", "url": f"https://sosna.example/{new_id}.pdf"}
    twin: Data = {**copy.deepcopy(document(case, original)), **own, **changes}
    case["documents"].append(twin)
    return twin


def as_yaml(case: Data) -> str:
    """The text of a case file. (JSON is YAML.)"""
    return json.dumps(case, ensure_ascii=False, indent=1)


def case_file(case: Data) -> CaseFile:
    """Write a case to a temporary folder and read it as the program does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.yml"
        path.write_text(as_yaml(case), encoding="utf-8")
        return read_case(path, "case.yml")


def assessed(case: Data, under: Ruleset | None = None, others: Sequence[Ruleset] = ()) -> Assessment:
    """The verdict on a case, with the engine that is always there."""
    return assess(case_file(case), under or ruleset(), EngineName.PLAIN, others)


def child_ruleset(folder: Path, text: str, name: str = "child") -> Ruleset:
    """A ruleset that extends the shipped one by the YAML `text`."""
    home = folder / name
    home.mkdir()
    header = f"id: {name}\nversion: '1'\ntitle: Проба\nextends: {DEFAULT}\n"
    (home / "ruleset.yml").write_text(header + text, encoding="utf-8")
    return load_folder(home)


@cache
def only_blocks(*blocks: str) -> Ruleset:
    """The shipped ruleset without the elements of the other blocks: the same in kind, and a fraction of the work."""
    others = [e.id for e in ruleset().elements.values() if e.block not in blocks]
    dropped = "".join(f"  - {{id: {element}, reason: проба}}\n" for element in others)
    needs = "" if "C" in blocks else "levels:\n  - {id: formed, needs: []}\n"
    with tempfile.TemporaryDirectory() as folder:
        return child_ruleset(Path(folder), f"{needs}exclude:\n{dropped}")


def block_of(assessment: Assessment, block: str) -> BlockResult:
    """The verdict on one block."""
    return next(b for b in assessment.blocks if b.id == block)


def lines_of(assessment: Assessment) -> dict[str, Line]:
    """Every line of an assessment by its id."""
    return {line.spec.id: line for block in assessment.blocks for line in block.lines}


def line_of(assessment: Assessment, name: str) -> Line:
    """A line by its id, or the first line that passes an element."""
    lines = lines_of(assessment)
    return lines.get(name) or next(line for line in lines.values() if name in line.spec.elements)


def trace_of(assessment: Assessment, name: str) -> Trace:
    """What became of a line that applies; see `line_of`."""
    trace = line_of(assessment, name).trace
    assert trace is not None, f"{name} does not apply"
    return trace


def break_of(assessment: Assessment, name: str) -> Break:
    """The first break of a line that does not hold; see `line_of`."""
    break_ = trace_of(assessment, name).break_
    assert break_ is not None, f"{name} holds"
    return break_


def broken_lines(assessment: Assessment) -> set[str]:
    """Ids of the lines that do not hold."""
    return {name for name, line in lines_of(assessment).items() if line.trace is not None and not line.trace.complete}


def outcomes(assessment: Assessment, name: str) -> list[Outcome]:
    """What became of each stage of a line; see `line_of`."""
    return [cell.outcome for cell in trace_of(assessment, name).cells]


def held(assessment: Assessment, block: str) -> list[int]:
    """On how many lines of a block each component stage holds, in the order of the stages."""
    return [int(component.lines.points) for component in block_of(assessment, block).components]


def worth(assessment: Assessment, block: str) -> list[Fraction]:
    """What each line of a block that applies is worth, in the order of the ruleset."""
    lines = block_of(assessment, block).lines
    return [Fraction(line.points.points) for line in lines if line.trace is not None]


def remarked(assessment: Assessment) -> set[tuple[str, str]]:
    """What is remarked: a document, and a requirement that it does not meet."""
    found = [f for f in assessment.all_findings() if f.kind is FindingKind.REMARK]
    return {(f.documents[0], requirement) for f in found for requirement in f.lacks}
