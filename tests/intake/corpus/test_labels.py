"""Labels of the invented documents speak of what the ruleset knows and of what stands in the texts."""

from __future__ import annotations

import re
from datetime import date

import pytest

from intake_corpus import HERE, Paper, plain, read_papers
from vsoko_rules.intake.texts.file_text import Quality
from vsoko_rules.ruleset.load import DEFAULT, load

RULESET = load(DEFAULT)
HALVES = ("dev", "held")
PAPERS = [paper for half in HALVES for paper in read_papers(HERE / half)]
MONTHS = ("январ", "феврал", "март", "апрел", "ма[йя]", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр")


def stands(day: str, text: str) -> bool:
    """Whether a date stands in a text, in figures or in words."""
    at = date.fromisoformat(day)
    short = f"{at.year % 100:02}"
    figures = rf"(?<!\d)0?{at.day}\W+0?{at.month}\W+(?:{at.year}|{short})(?!\d)"
    words = rf"(?<!\d)0?{at.day}\W+{MONTHS[at.month - 1]}\w*\W+{at.year}"
    flat = text.replace("_", " ")
    return re.search(figures, flat) is not None or re.search(words, flat, re.IGNORECASE) is not None


@pytest.mark.parametrize("half", HALVES)
def test_each_half_has_thirty_documents_and_no_two_are_called_alike(half: str) -> None:
    papers = read_papers(HERE / half)
    assert len(papers) >= 30
    assert len({paper.id for paper in papers}) == len(papers)
    unrelated = sum(unit.label.unrelated is True for paper in papers for unit in paper.units)
    assert 0.1 <= unrelated / len(papers) <= 0.3


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.id)
def test_a_label_names_known_codes(paper: Paper) -> None:
    for unit in paper.units:
        label = unit.label
        assert {k for k in label.kind if k} <= set(RULESET.document_kinds)
        assert set(label.serves) <= set(RULESET.elements)
        marked = {code for code, r in RULESET.requirements.items() if r.given_by == "holds"}
        assert label.holds | label.may <= marked
        assert not label.holds & label.may
        assert label.addressees | label.may_addressees <= set(RULESET.addressees)
        assert not (label.unrelated and (label.serves or label.holds))


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.id)
def test_what_a_label_says_stands_in_the_text(paper: Paper) -> None:
    if paper.quality is not Quality.GOOD:
        return
    lines = paper.lines
    starts = [*paper.first_lines(lines), len(lines)]
    assert starts == sorted(set(starts)), "each unit begins at a line of its own"
    whole = "\n".join(lines)
    assert [name for name in paper.names if name not in whole] == []
    for unit, first, end in zip(paper.units, starts[:-1], starts[1:], strict=True):
        text, label = "\n".join(lines[first:end]), unit.label
        assert label.title is None or plain(label.title) in plain(text)
        assert [n for n in label.number if n and plain(n) not in plain(text)] == []
        assert [d for d in label.date if d and not stands(d, text)] == []
        for cited in label.cites:
            found = stands(cited, text) if re.fullmatch(r"\d{4}-\d\d-\d\d", cited) else plain(cited) in plain(text)
            assert found, cited


def test_every_kind_every_stage_and_every_block_occur_in_both_halves() -> None:
    for half in HALVES:
        labels = [unit.label for paper in read_papers(HERE / half) for unit in paper.units]
        assert {k for label in labels for k in label.kind if k} == set(RULESET.document_kinds)
        served = [RULESET.elements[code] for label in labels for code in label.serves]
        assert {e.stage for e in served} == {e.stage for e in RULESET.elements.values()}
        assert {e.block for e in served} == {e.block for e in RULESET.elements.values()}
