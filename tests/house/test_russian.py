"""What users read is printed Russian. Each kind of fault is a pattern here, with a sentence in which it once stood; all
texts are held against all patterns: what the program writes of the shipped schools, and the wording it writes them
with."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.documents.reading import made
from tests.report.pages import Page, shipped
from vsoko_rules.report.render import Format
from vsoko_rules.report.terms import Reader
from vsoko_rules.words import plural, words


class Fault(NamedTuple):
    """A kind of fault: how it looks, a text that has it, and one that only looks like it."""

    pattern: str
    wrong: str
    right: str = ""


FAULTS: Final[Mapping[str, Fault]] = {
    "№ parts from its number": Fault(r"№ (?=[\dА-Яа-яЁё«])", "школа № 24", "| № | Блок |"),
    "№ twice": Fault(r"№\s*№", "№ № 112-од", "№ 112-од"),
    "number without one": Fault(r"№\s*б/н", "№ б/н от 14.02.2022"),
    "two marks": Fault(r"(?<![.…])\.\.(?!\.)|[?!…]\.(?!\w)|[;,][;,.]|:\s*[.;,]", "'check'?. Подсказка", "ФАЙЛ…"),
    "nothing for a name": Fault(r"на ничего|\bNone\b|\bnull\b", "Опирается на ничего", "Ни на что не ссылается"),
    "a code for a word": Fault(r"\[[a-z][a-z-]*\]|\((?:derived|seed|public|proposed)\)", "[linked-by-reference]"),
    "straight quotes": Fault(r'"[А-Яа-яЁё]|[А-Яа-яЁё]"', 'Приказ "О мониторинге"', 'vsoko check "a b.yml"'),
    "quotes in quotes": Fault(r"«[^»]*«", "«План («дорожная карта»)»", "«План („дорожная карта“)»"),
    "a hyphen for a dash": Fault(r"[\w»)] - [\w«(]", "Режим - школа", "- Назовите адресата"),
    "a hyphen in a range": Fault(r"(?<![\w/.–-])\d{1,2}-\d{1,2}(?![\w/.–-])", "в 5-9 классах", "в 5–9 классах, 9-х"),
    "should be, of one": Fault(r"должны быть: [^,;:]*\.", "должны быть: описание показателя.", "должны быть: а, б."),
    "a date of a machine": Fault(r"(?<![\w=«-])(?:19|20)\d\d-\d\d-\d\d", "приказ от 2021-09-01", "d12=2022-05-10"),
    "a decimal point": Fault(r"\d\.\d+\s*%", "66.66 %", "66,6 %"),
    "a unit parts from its number": Fault(r"\d (?:%|дн[яей]+\b|лини[ийя]\b)", "66,6 % школ", "66,6\u00a0%"),
    "too exact": Fault(r"\d,\d\d+\s*%", "65,27 %", "65,2 %"),
    "a space before a mark": Fault(r"[А-Яа-яЁё»] [,.;:!?](?![\w)])", "нет ."),
    "a sentence begins small": Fault(
        r"(?!ред\.)[а-яё]{4}[»)]*\. [а-яё]", "воспитания. публичный", "(ред. от 29.07.2024)"
    ),
    "work without its origin": Fault(
        r"рудоёмкость: [^()|\n]*\d[^()|\n]*дн(?:я|ей|ь)\b(?!\s*\(?предлож)", "Трудоёмкость: 3 дня."
    ),
    "a label of the field of a form": Fault(r"Доля [^.;]*: нет\b", "Доля педагогов: нет (Развитие)"),
    "what of what": Fault(r"Опирается на [^.;]*вместо", "Опирается на «А» вместо «Б»"),
}
ALLOWED: Final = {
    *("Excel", "Word", "YAML", "JSON", "GitHub", "SHA", "HTML", "PDF", "SQLite", "LibreOffice"),
    *(
        "vsoko",
        "rules",
        "check",
        "explain",
        "plan",
        "draft",
        "report",
        "block",
        "step",
        "docx",
        "for",
        "school",
        "line",
    ),
}
"""Latin words that are names, or commands as they are typed"""
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
RECOGNISED: Final = {"kinds.yml", "cues.yml", "typed.yml"}
"""lists of how people type: of every kind"""
_LATIN: Final = re.compile(r"[A-Za-z]{3,}")
_APART: Final = re.compile(r"\w+://\S+|[\w./…-]+\.\w+(?::\d+)*|[0-9a-f]{64}|\b(?:B\d|C)-?\w*(?:-\w+)*|--[\w-]+")
"""addresses, files, digests, codes of a ruleset and options"""
_NOUN_AFTER_GENITIVE: Final = r"(?<!из\u00a0)(?<!из )(?<!до )(?<!у )(?<!чем )(?<![\d,.–])"


def faults(text: str, own: Collection[str] | None = None) -> dict[str, object]:
    """The kinds of faults in a text, each with where it stands. `own`: Latin words that belong there; none where any
    may."""
    found = {name: re.search(fault.pattern, text) for name, fault in FAULTS.items()}
    wrong: dict[str, object] = {n: text[max(m.start() - 40, 0) : m.end() + 40] for n, m in found.items() if m}
    english = own is not None and set(_words_of(_APART.sub(" ", text))) - ALLOWED - set(own)
    return wrong | ({"English": english} if english else {}) | ({"disagree": d} if (d := disagreements(text)) else {})


def _words_of(*texts: str) -> list[str]:
    return [word for text in texts for word in _LATIN.findall(text)]


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
    own = {*_words_of(case.school.id, shipped(name).ruleset.id), *_words_of(*(d.id for d in case.documents))}
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


def disagreements(text: str) -> list[str]:
    """Numbers with a noun in a form that does not go with them."""
    found = []
    for forms in words()["plural"].values():
        for match in re.finditer(rf"{_NOUN_AFTER_GENITIVE}\b(\d+)\u00a0({'|'.join(map(re.escape, forms))})\b", text):
            if plural(int(match[1]), forms) != match[2]:
                found.append(match[0])
    return found


def test_disagreement_is_recognised() -> None:
    assert disagreements("5\u00a0день, 1\u00a0дня, 0,5\u00a0дня, 2\u00a0дня, из 3\u00a0линий") == [
        "5\u00a0день",
        "1\u00a0дня",
    ]
