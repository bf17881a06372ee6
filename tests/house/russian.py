"""Faults of printed Russian by their kinds, each a pattern with a sentence in which it once stood."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

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
    "two marks": Fault(
        r"(?<![.…])\.\.(?![./])|[?!…]\.(?!\w)|[;,][;,.]|:\s*[.;,](?!\w)", "'check'?. Подсказка", "ФАЙЛ…"
    ),
    "nothing for a name": Fault(r"на ничего|\bNone\b|\bnull\b", "Опирается на ничего", "Ни на что не ссылается"),
    "a code for a word": Fault(
        r"(?<![\w-])\[[a-z][a-z-]*\]|\((?:derived|seed|public|proposed)\)", "[linked-by-reference]"
    ),
    "straight quotes": Fault(r'"[А-Яа-яЁё]|[А-Яа-яЁё]"', 'Приказ "О мониторинге"', 'vsoko check "a b.yml"'),
    "quotes in quotes": Fault(r"«[^»\]]*«", "«План («дорожная карта»)»", "«План („дорожная карта“)»"),
    "a hyphen for a dash": Fault(r"[\w»)] - [\w«(]", "Режим - школа", "- Назовите адресата"),
    "a hyphen in a range": Fault(
        r"(?<![\w/.–-])(?<!например )\d{1,2}-\d{1,2}(?![\w/.–-])", "в 5-9 классах", "в 5–9 классах, 9-х"
    ),
    "should be, of one": Fault(r"должны быть: [^,;:]*\.", "должны быть: описание показателя.", "должны быть: а, б."),
    "a date of a machine": Fault(
        r"(?<![\w=«-])(?<!например )(?<!date: )(?:19|20)\d\d-\d\d-\d\d", "приказ от 2021-09-01", "d12=2022-05-10"
    ),
    "a decimal point": Fault(r"\d\.\d+[ \u00a0]?%", "66.66 %", "66,6 %"),
    "a unit parts from its number": Fault(r"\d (?:%|дн[яей]+\b|лини[ийя]\b)", "66,6 % школ", "66,6\u00a0%"),
    "too exact": Fault(r"\d,\d\d+[ \u00a0]?%", "65,27 %", "65,2 %"),
    "a space before a mark": Fault(r"[А-Яа-яЁё»] [,.;:!?](?![\w)=])", "нет ."),
    "a sentence begins small": Fault(
        r"(?!ред\.)[а-яё]{4}[»)]*\. [а-яё]", "воспитания. публичный", "(ред. от 29.07.2024)"
    ),
    "work without its origin": Fault(
        r"рудоёмкость: [^()|\n]*\d[^()|\n]*дн(?:я|ей|ь)\b(?!\s*\(?предлож)", "Трудоёмкость: 3 дня."
    ),
    "a label of the field of a form": Fault(r"Доля [^.;]*: нет\b", "Доля педагогов: нет (Развитие)"),
    "shares thrown away": Fault(r"[Дд]оли отбрас", "Доли отбрасываются до одного знака", "остальные знаки отброшены"),
    "a heading that names nothing": Fault(
        r"О чём речь|Может стать баллов|Разрывы / число|Линий доходят|По реквизитам|ближайшему документу; школы",
        "По реквизитам: номер, дата.",
    ),
    "a name that is not declined": Fault(
        r"(?:[Пп]ровести|[Мм]ониторинга): «?[А-ЯЁ]|перечень целей блока «Цель|по направлению «[А-ЯЁ][а-яё]+ работа»",
        "О проведении мониторинга: Оценка качества подготовки",
        "О проведении мониторинга оценки качества подготовки",
    ),
    "figures parted by a slash": Fault(r"\d\)? / \d", "0,74 (0,58…0,9) / 0,79 (0,66…0,93)", "по 0,74 и 0,79"),
    "what of what": Fault(r"Опирается на [^.;]*вместо", "Опирается на «А» вместо «Б»"),
}
_NAMES: Final = "Excel Word YAML JSON GitHub SHA HTML PDF"
_TYPED: Final = "vsoko rules check explain plan draft report block step docx"
ALLOWED: Final = frozenset(f"{_NAMES} {_TYPED}".split(" "))
"""Latin words that are names, or commands as they are typed"""
_LATIN: Final = re.compile(r"[A-Za-z]{3,}")
_APART: Final = re.compile(r"\w+://\S+|[\w./…-]+\.\w+(?::\d+)*|[0-9a-f]{64}|\b(?:B\d|C)-?\w*(?:-\w+)*|--[\w-]+")
"""addresses, files, digests, codes of a ruleset and options"""
_NOUN_AFTER_GENITIVE: Final = r"(?<!из\u00a0)(?<!из )(?<!до )(?<!у )(?<!чем )(?<![\d,.–])"


def faults(text: str, own: Collection[str] | None = None) -> dict[str, object]:
    """The kinds of faults in a text, each with where it stands. `own`: Latin words that belong there; none where any
    may."""
    found = {name: re.search(fault.pattern, text) for name, fault in FAULTS.items()}
    wrong: dict[str, object] = {n: text[max(m.start() - 40, 0) : m.end() + 40] for n, m in found.items() if m}
    english = own is not None and set(latin_words(_APART.sub(" ", text))) - ALLOWED - set(own)
    return wrong | ({"English": english} if english else {}) | ({"disagree": d} if (d := disagreements(text)) else {})


def latin_words(*texts: str) -> list[str]:
    return [word for text in texts for word in _LATIN.findall(text)]


def disagreements(text: str) -> list[str]:
    """Numbers with a noun in a form that does not go with them."""
    found = []
    for forms in words()["plural"].values():
        for match in re.finditer(rf"{_NOUN_AFTER_GENITIVE}\b(\d+)\u00a0({'|'.join(map(re.escape, forms))})\b", text):
            if plural(int(match[1]), forms) != match[2]:
                found.append(match[0])
    return found
