"""The benchmark of the intake counts what it says: held against proposals that are known to be right or wrong."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import replace

import pytest

import intake
from intake_corpus import HERE, Paper, as_text, read_papers
from intake_counts import Measured, number
from intake_measure import IDLE, TAKEN, TOP, UNREAD, UNRELATED, measure
from vsoko_rules.intake.proposals.proposal import ProposedClaim, ProposedDocument, Span
from vsoko_rules.intake.texts.file_text import FileText, Quality
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.ruleset.ruleset import Ruleset

RULESET = load(DEFAULT)
DEV = read_papers(HERE / "dev")


def proposals(paper: Paper) -> list[ProposedDocument]:
    """What somebody would propose who knows the labels."""
    text = as_text(paper)
    starts = [*paper.first_lines([line.text for line in text.lines]), len(text.lines)]
    found = []
    for n, unit in enumerate(paper.units):
        label = unit.label
        said = [f"kind {label.kind[0]}"] if label.kind[0] else []
        said += [f"number {label.number[0]}"] if label.number[0] else []
        said += [f"date {label.date[0]}"] if label.date[0] else []
        said += [f"period {label.period}"] if label.period else []
        said += [*label.holds, *(f"serves {code}" for code in label.serves[:3])]
        said += [f"addressees {code}" for code in label.addressees]
        title = label.title or paper.name
        claims = tuple(ProposedClaim(claim, Span(claim), f"cue-of-{claim.split()[0]}") for claim in said)
        lines = (starts[n], starts[n + 1])
        unrelated, blank = bool(label.unrelated), label.blank
        found.append(ProposedDocument(str(n), text.file, text.sha256, lines, title, None, claims, (), unrelated, blank))
    return found


def measured(paper: Paper, found: Sequence[ProposedDocument]) -> Measured:
    return measure([paper], {paper.id: as_text(paper)}, found, RULESET)


def with_claims(paper: Paper, *said: str) -> Measured:
    """The right proposals and further ones of the first document."""
    first, *others = proposals(paper)
    more = tuple(ProposedClaim(claim, Span(claim)) for claim in said)
    return measured(paper, [replace(first, claims=first.claims + more), *others])


def paper_with(condition: str) -> Paper:
    """The first sound file with one document of whose label the condition holds."""
    papers = (p for p in DEV if p.quality is Quality.GOOD and len(p.units) == 1)
    return next(paper for paper in papers if eval(condition, {}, {"y": paper.units[0].label}))


def test_right_proposals_are_right_in_every_field() -> None:
    texts = {paper.id: as_text(paper) for paper in DEV}
    good = [paper for paper in DEV if paper.quality is Quality.GOOD]
    found = [document for paper in good for document in proposals(paper)]
    keyed = [replace(document, key=str(n)) for n, document in enumerate(found)]
    result = measure(DEV, texts, keyed, RULESET)
    for name, tally in result.fields.items():
        if name != "relations":
            assert (tally.precision, tally.recall) == (1, 1), name
    assert result.wrong == []
    assert not any(result.bad[name] for name in (UNREAD, TAKEN, IDLE))
    assert all(wrong == 0 for _, wrong in result.cues.values())


def test_nothing_proposed_is_nothing_found() -> None:
    good = [paper for paper in DEV if paper.quality is Quality.GOOD]
    result = measure(good, {paper.id: as_text(paper) for paper in good}, [], RULESET)
    assert all(tally.right == 0 for tally in result.fields.values())
    assert result.fields["contents"].wanted > 200


def test_a_cited_number_taken_as_own_is_counted() -> None:
    paper = paper_with("y.kind == ('order',) and any(not c.startswith('2') for c in y.cites) and y.number[0]")
    label = paper.units[0].label
    cited = next(c for c in label.cites if not re.match(r"\d{4}-", c) and number(c) != number(label.number[0] or ""))
    result = with_claims(paper, f"number {cited}")
    assert result.bad[TAKEN] == 1
    assert result.fields["number"].proposed == 2
    assert result.fields["number"].right == 1


def test_contents_that_the_label_leaves_open_count_neither_way() -> None:
    paper = paper_with("y.may - {'signature'} and y.holds")
    may = next(iter(paper.units[0].label.may - {"signature"}))
    before, after = measured(paper, proposals(paper)), with_claims(paper, may)
    assert before.fields["contents"] == after.fields["contents"]


def test_contents_that_are_not_there_are_false() -> None:
    paper = paper_with("'pairs' not in y.holds | y.may and y.holds and y.unrelated is False")
    result = with_claims(paper, "pairs")
    assert [(wrong.field, wrong.said) for wrong in result.wrong] == [("holds", "pairs")]


def test_contents_of_unrelated_documents_are_counted_apart() -> None:
    paper = paper_with("y.unrelated is True")
    result = with_claims(paper, "goals")
    assert result.bad[IDLE] == 1
    assert result.fields["contents"].proposed == 0


def test_an_element_is_found_among_three_and_no_further() -> None:
    paper = paper_with("y.serves == ('B1-M02',)")
    first, *others = proposals(paper)
    rest = tuple(claim for claim in first.claims if not claim.claim.startswith("serves"))
    for codes, right in ((("B1-A01", "B2-A01", "B1-M02"), 1), (("B1-A01", "B2-A01", "B3-A01", "B1-M02"), 0)):
        serves = tuple(ProposedClaim(f"serves {code}") for code in codes)
        result = measured(paper, [replace(first, claims=rest + serves), *others])
        assert result.fields[TOP].right == right


def test_any_claim_of_a_damaged_text_is_counted() -> None:
    paper = next(p for p in DEV if p.quality is Quality.UNRELIABLE)
    text = as_text(paper)
    claims = (ProposedClaim("goals"), ProposedClaim("number 5"))
    document = ProposedDocument("0", text.file, text.sha256, (0, 3), "Приказ", claims=claims)
    assert measured(paper, [document]).bad[UNREAD] == 2


def test_a_related_document_called_unrelated_lowers_precision() -> None:
    paper = paper_with("y.serves and y.unrelated is False")
    first, *others = proposals(paper)
    result = measured(paper, [replace(first, unrelated=True), *others])
    assert (result.fields[UNRELATED].proposed, result.fields[UNRELATED].right) == (1, 0)


def test_of_the_half_that_is_set_aside_only_totals_are_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything is proposed wrong, so that there is much that could be said of it."""

    def propose(texts: Sequence[FileText], ruleset: Ruleset) -> list[ProposedDocument]:
        claims = (
            ProposedClaim("kind minutes", Span("тайное"), "a-cue"),
            ProposedClaim("pairs", Span("тайное"), "a-cue"),
        )
        return [
            ProposedDocument(str(n), t.file, t.sha256, (0, len(t.lines)), "тайное", claims=claims)
            for n, t in enumerate(texts)
        ]

    monkeypatch.setattr(intake, "proposer", lambda: propose)
    monkeypatch.setattr(sys, "argv", ["intake.py", "--half", "held", "--strict"])
    assert intake.main() == 1
    said = capsys.readouterr()
    assert "contents" in said.out
    told = said.out + said.err
    assert "тайное" not in told
    assert "a-cue" not in told
    assert [paper.id for paper in read_papers(HERE / "held") if re.search(rf"\b{paper.id}\b", told)] == []
