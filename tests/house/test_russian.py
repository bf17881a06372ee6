"""What users read is printed Russian: what is written of the shipped schools, and the wording it is written with."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from tests.builders import assessed, complete_case, document_id, school_case, without_document
from tests.documents.reading import made, word_text
from tests.house.russian import FAULTS, Fault, disagreements, faults, latin_words
from tests.report.pages import Page, shipped
from tests.ruleset.test_fits_the_school import PROFILES
from vsoko_rules.advice.plan import ToLevel, plan
from vsoko_rules.reading.yaml import read
from vsoko_rules.report.draft import draft
from vsoko_rules.report.explanation import Explanation
from vsoko_rules.report.plan_view import plan_text
from vsoko_rules.report.render import Format
from vsoko_rules.report.terms import Reader
from vsoko_rules.resources import shipped as resource

ROOT: Final = Path(__file__).parents[2]
COMMON_WITHOUT_YO: Final = {"все", "всем", "чем", "нем", "том", "узнает"}
"""words of their own beside the ones with ё"""
INLINE: Final = {"a", "abbr", "b", "code", "em", "i", "mark", "small", "span", "strong", "sup", "sub"}
SCHOOLS: Final = ("pokazateli-oosh", "resheniya-eksperta", "preduprezhdeniya", "nichego-ne-opublikovano")
"""of both kinds of rulesets, with decisions, warnings, and everything that can be missing"""
SNAPSHOTS: Final = sorted(
    path
    for room in ("explain", "plan", "report")
    for path in (Path(__file__).parents[1] / room / "__snapshots__").rglob("*.*")
    if path.name != "test_drafts.ambr"  # without its no-break spaces; drafts are read below
)
RECOGNISED: Final = {"kinds.yml", "cues", "typed.yml"}
"""lists of how people type: of every kind"""
CODE: Final = ("chain.", "ruleset.yml")
"""templates of what is no prose"""


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_each_kind_is_recognised(fault: Fault) -> None:
    assert re.search(fault.pattern, fault.wrong)
    assert not re.search(fault.pattern, fault.right)


@cache
def written(name: str) -> Mapping[str, str]:
    """What is written of one school, as a reader sees it."""
    texts = {}
    for format_, reader in ((Format.TXT, None), (Format.MD, None), (Format.HTML, Reader.SCHOOL), (Format.HTML, None)):
        for suffix, content in made(shipped(name), format_, reader).items():
            text = content.decode()
            texts[suffix] = Lines(text).text if suffix.endswith(".html") else text
    return texts


class Lines(Page):
    """A page of which every block is a line."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        self._text.append("" if tag in INLINE else "\n")

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        self._text.append("" if tag in INLINE else "\n")

    @property
    def text(self) -> str:
        return "\n".join(" ".join(re.split(r"[ \n]+", line.strip(" \n"))) for line in "".join(self._text).split("\n"))


@pytest.mark.parametrize("name", SCHOOLS)
def test_what_is_written_of_a_school(name: str) -> None:
    case = shipped(name).case.content
    own = {*latin_words(case.school.id, shipped(name).ruleset.id), *latin_words(*(d.id for d in case.documents))}
    found = {output: wrong for output, text in written(name).items() if (wrong := faults(text, own))}
    assert not found


@pytest.mark.parametrize("path", SNAPSHOTS, ids=lambda path: path.name)
def test_what_is_kept_as_reviewed(path: Path) -> None:
    """Explanations, plans and pages, as the tests of their rooms keep them."""
    text = re.sub(
        r"^# name:.*|\[/?(?:bold|dim|red|green|yellow|cyan)?\]",
        "",
        path.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    assert not faults(Lines(text).text if path.suffix == ".html" else text)


def test_disagreement_is_recognised() -> None:
    assert disagreements("5\u00a0день, 1\u00a0дня, 0,5\u00a0дня, 2\u00a0дня, из 3\u00a0линий") == [
        "5\u00a0день",
        "1\u00a0дня",
    ]


@pytest.mark.parametrize("profile", ["начальная", "девятилетняя без молодых педагогов"])
def test_a_school_is_told_nothing_that_does_not_fit_it(profile: str) -> None:
    """Neither the check, the plan, the letter nor a draft speaks of levels, classes and teachers that it lacks; what
    does not apply is named only where a report lists it."""
    known, case = PROFILES[profile], school_case()
    case["school"] |= {"levels": known.levels.split(","), "counts": dict.fromkeys(known.zero, 0)}
    assessment = assessed(case)
    planned = plan(assessment, ToLevel("formed"))
    texts = {f"step {step.number}": word_text(draft(planned, step)) for step in planned.steps}
    texts |= {"plan": plan_text(planned), "check": made(assessment, Format.TXT)[".txt"].decode()}
    texts |= {"letter": word_text(made(assessment, Format.LETTERS)["-письмо.docx"])}
    assert not re.search(r"SHA-256|\.ya?ml|[0-9a-f]{16}", texts["letter"])
    assert len(texts) > 20
    assert {where for where, text in texts.items() if re.search(known.unfit, text)} == set()


def test_why_a_school_with_all_lines_has_no_better_level() -> None:
    """Every line is complete, and a document that the level asks for is missing: it is named wherever the level is."""
    case = without_document(complete_case(), document_id("C-02"))
    assessment = assessed(case)
    assert assessment.tally.complete == assessment.tally.total
    missing = "До уровня «сформирована» не хватает: документа «Положение о ВСОКО»."
    title = assessment.ruleset.elements["C-02"].title
    for format_ in (Format.TXT, Format.HTML, Format.MD):
        (content,) = made(assessment, format_).values()
        assert missing.replace("Положение о ВСОКО", title) in " ".join(content.decode().split()), format_
    for format_ in (Format.DOCX, Format.LETTERS):
        (content,) = made(assessment, format_).values()
        assert missing.replace("Положение о ВСОКО", title) in word_text(content), format_
    assert missing.replace("Положение о ВСОКО", title) in " ".join(Explanation(assessment).text().split())


# --- The wording itself

_CODE: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\[\[.*?\]\]|<[^>]*>|\[/?[a-z]*\]", re.DOTALL)
_QUOTE: Final = ("quote", "match", "pattern")
"""keys under which words of a founding text stand as they are"""
_WORD: Final = re.compile(r"[А-Яа-яЁё]{2,}")


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from _strings(value) if key not in _QUOTE else ()
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _strings(value)


@cache
def wording() -> Mapping[str, tuple[str, ...]]:
    """Every text in Russian that the program can say, by the file where it stands."""
    texts: dict[str, tuple[str, ...]] = {}
    for place in ("rulesets", "reports"):
        for path in sorted(resource(place).rglob("*")):
            if path.suffix == ".yml" and not RECOGNISED & {path.name, path.parent.name} and ".test" not in path.name:
                texts[f"{place}/{path.name}"] = tuple(_strings(read(path).data))
            elif path.suffix == ".j2" and not path.name.startswith(CODE):
                texts[f"{place}/{path.name}"] = tuple(_CODE.sub("|", path.read_text(encoding="utf-8")).split("\n"))
    for path in sorted((ROOT / "vsoko_rules").rglob("*.py")):
        texts[str(path.relative_to(ROOT))] = tuple(_literals(ast.parse(path.read_text(encoding="utf-8"))))
    return texts


def _literals(tree: ast.AST) -> Iterator[str]:
    """Texts of a module without what it says of itself; what is put into a text stands there as a bar."""
    apart = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            apart |= {id(part) for part in node.values}
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "|" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in apart:
            yield node.value


def test_wording_has_no_such_fault() -> None:
    late = {"№ parts from its number", "a unit parts from its number", "work without its origin"}  # mended in printing
    found = {
        (place, text[:90]): wrong
        for place, texts in wording().items()
        for text in texts
        if _WORD.search(text) and (wrong := {k: v for k, v in faults(text).items() if k not in late})
    }
    assert not found


def test_no_word_is_written_with_yo_and_without() -> None:
    words_ = [(place, w.lower()) for place, texts in wording().items() for text in texts for w in _WORD.findall(text)]
    with_yo = {word.replace("ё", "е") for _, word in words_ if "ё" in word} - COMMON_WITHOUT_YO
    assert "одаренными" in with_yo
    assert not {(place, word) for place, word in words_ if word in with_yo}
