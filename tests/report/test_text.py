"""The summary for the terminal: whole, narrow enough, and understood without colour."""

from __future__ import annotations

import re

import pytest
from rich.text import Text
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.builders import assessed, school_case
from tests.report.pages import SHIPPED, even, shipped
from vsoko_rules.report.beside_level import in_short, said_beside
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.out.text import summary
from vsoko_rules.report.wording import Titles
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.templates import fold, folded_at, opening


class _TextFile(SingleFileSnapshotExtension):
    file_extension = "txt"
    _write_mode = WriteMode.TEXT


def _plain(name: str) -> str:
    return Text.from_markup(summary(shipped(name)), emoji=False).plain


@pytest.mark.parametrize("name", ["gorodskaya-sosh", "preduprezhdeniya", "resheniya-eksperta", "samoproverka"])
def test_the_whole_summary(name: str, snapshot: SnapshotAssertion) -> None:
    assert summary(shipped(name)) == snapshot(extension_class=_TextFile)


@pytest.mark.parametrize("name", SHIPPED)
def test_no_line_is_wider_than_a_hundred_columns(name: str) -> None:
    assert max(len(line) for line in _plain(name).splitlines()) <= 100


def test_a_complete_school_hears_the_good_news() -> None:
    text = _plain("polnaya-struktura")
    assert "доходят от цели до управленческого решения" in text
    assert "✗" not in text


def test_blocking_warnings_come_before_the_others() -> None:
    text = _plain("preduprezhdeniya")
    assert 0 < text.index("Исправьте в первую очередь") < text.index("\nПредупреждения")


def test_a_block_not_gone_through_is_never_called_missing() -> None:
    text = _plain("samoproverka")
    assert "полных линий\u00a0от\u00a02 до\u00a015 из\u00a019" in text
    assert "считается непроверенным, а не отсутствующим" in even(text)


def test_all_that_decisions_leave_out_is_named() -> None:
    """Indicators as well as elements; pages and documents say the same sentence."""
    assessment = shipped("pokazateli-tver")
    assert not set(assessment.left_out) & set(assessment.ruleset.elements)
    said = next(text for text in Composer(assessment).view(with_plan=False).beside if "в стороне" in text)
    assert said.count(";") == len(assessment.left_out) - 1
    assert all(f"({code})" in said for code in assessment.left_out)
    assert even(said) in even(_plain("pokazateli-tver"))


def test_nothing_to_score_is_said_once() -> None:
    case = school_case()
    case["overrides"] = [
        {"of": e, "outcome": "not_applicable", "by": "Эксперт 1", "date": "2022-10-01", "comment": "Не применяется"}
        for e in load(DEFAULT).elements
    ]
    assert summary(assessed(case)).partition("Блок")[0].count("не оценивается") == 1


def test_a_path_with_a_space_is_quoted_for_the_shell() -> None:
    assessment = assessed(school_case())
    assessment.case.name = "мои школы/один.yml"
    assert 'vsoko explain "мои школы/один.yml"' in summary(assessment)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Издайте приказ по образцу от 14 февраля 2022 г. В нём укажите сроки. Потом всё.", None),
        (
            "Короткое. Второе предложение уже длинное, их вместе хватает. Третье.",
            "Короткое. Второе предложение уже длинное, их вместе хватает.",
        ),
        ("Одно предложение без конца", "Одно предложение без конца"),
        (
            "Подготовьте отчёт о самом важном для школы! Затем опубликуйте.",
            "Подготовьте отчёт о самом важном для школы!",
        ),
    ],
)
def test_the_opening_of_a_text(text: str, expected: str | None) -> None:
    assert opening(text) == (expected or "Издайте приказ по образцу от 14 февраля 2022 г. В нём укажите сроки.")


def test_folding_keeps_paths_whole_and_hangs() -> None:
    with folded_at(60):
        folded = fold("слово " * 20 + "cases/ochen-dlinnoe-imya-fayla.yml:12", indent=4, hang=6)
    assert all(len(line) <= 60 for line in folded.splitlines())
    assert all(line.startswith("      ") for line in folded.splitlines()[1:])
    assert "cases/ochen-dlinnoe-imya-fayla.yml:12" in folded


@pytest.mark.parametrize("name", SHIPPED)
def test_what_stands_beside_the_level_is_called_by_its_name(name: str) -> None:
    """A code stands in brackets behind a name, never alone."""
    assessment = shipped(name)
    titles = Titles(assessment)
    for sentence in (*said_beside(assessment, titles), in_short(assessment, titles) or ""):
        assert re.findall(r"(?<!\()\b(?:B[1-6]|C)(?:-[A-Z]*\d+)?\b", sentence) == []
