"""A text that is not what a reader sees is never taken for one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.intake.texts.made import ORDER, quality
from vsoko_rules.intake.texts.file_text import Quality, TextLine
from vsoko_rules.intake.texts.gate import judged

LONG = " ".join(ORDER * 3)
DAMAGE: dict[str, tuple[Callable[[str], str], str]] = {
    "codes of a font without a map": (lambda text: "".join(chr(0xF000 + ord(ch) % 256) for ch in text), "garbled"),
    "a few of them": (lambda text: "".join(ch if n % 20 else "\uf0b7" for n, ch in enumerate(text)), "garbled"),
    "signs that were replaced": (lambda text: text.replace("о", "\ufffd"), "garbled"),
    "Windows read as Latin": (lambda text: text.encode("cp1251", "replace").decode("latin-1"), "garbled"),
    "KOI8 read as Windows": (lambda text: text.encode("koi8-r", "replace").decode("cp1251", "replace"), "garbled"),
    "DOS read as Windows": (lambda text: text.encode("cp866", "replace").decode("cp1251", "replace"), "garbled"),
    "Macintosh read as Windows": (lambda text: text.encode("mac-cyrillic", "replace").decode("cp1251"), "garbled"),
    "UTF-8 read as Latin": (lambda text: text.encode().decode("latin-1"), "garbled"),
    "letters moved by one": (lambda text: "".join(chr(ord(ch) + 1) if ch.isalpha() else ch for ch in text), "garbled"),
    "words run together": (lambda text: text.replace(" ", ""), "spaces"),
    "every second space lost": (lambda text: re.sub(" (\\S+) ", r" \1", text), "spaces"),
    "letters fallen apart": (" ".join, "spaces"),
    "capitals in the middle": (lambda text: "".join(c.upper() if n % 3 else c for n, c in enumerate(text)), "garbled"),
    "another language": (lambda _: "The school board has approved the annual plan for quality. " * 10, "foreign"),
    "no words of any text": (lambda _: "рапоти сонаве литоку мерани додупа сивеко натоле " * 30, "garbled"),
}  # fmt: skip


def verdict(text: str, kind: str = "pdf") -> tuple[Quality, str | None]:
    return judged([TextLine(text)], kind, quality())


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_seen(name: str) -> None:
    damage, reason = DAMAGE[name]
    found = verdict(damage(LONG))
    assert found[0] is Quality.UNRELIABLE
    assert found[1] in {reason, "garbled", "foreign"}


@pytest.mark.parametrize(
    "text", [LONG, LONG.upper(), ORDER[0], "Приказ № 12-од от 14.02.2022 о проведении ВПР", LONG.replace("е", "ё")]
)
def test_sound_texts_pass(text: str) -> None:
    assert verdict(text) == (Quality.GOOD, None)


def test_a_workbook_has_no_sentences() -> None:
    rows = "Математика | Иванова | 4А | 25 | 12 Русский | Петрова | 5Б | 24 | 11 " * 30
    assert verdict(rows, "xlsx") == (Quality.GOOD, None)


def test_too_few_letters_are_none() -> None:
    assert verdict("1 2 3 — 4 стр.") == (Quality.NONE, "empty")
