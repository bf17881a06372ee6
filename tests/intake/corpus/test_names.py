"""No name of a person who stands in a document is told of it: neither in its title nor in a quote nor around one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import intake
from intake_corpus import HERE, as_text, read_papers
from vsoko_rules.intake.proposals.proposal import ProposedDocument
from vsoko_rules.ruleset.load import DEFAULT, load


def told(document: ProposedDocument) -> Iterator[str]:
    spans = [claim.span for claim in (*document.claims, *document.highlights)] + [document.title_span]
    yield document.title
    for span in spans:
        if span is not None:
            yield from (span.quote, span.before, span.after)


@pytest.mark.parametrize("half", ["dev", "held"])
def test_no_name_is_told(half: str) -> None:
    """How often one is; which, is not said, since nobody is to read the half that is set aside."""
    papers = {paper.id: paper for paper in read_papers(HERE / half)}
    found = intake.propose_of(
        [*papers.values()], {code: as_text(paper) for code, paper in papers.items()}, load(DEFAULT)
    )
    assert len(found) >= len(papers) - 5
    assert sum(len(paper.names) for paper in papers.values()) > 100
    leaks = 0
    for document in found:
        surnames = {
            word for name in papers[document.file.split("/")[0]].names for word in name.split() if len(word) > 4
        }
        leaks += sum(any(surname in text for surname in surnames) for text in told(document))
    assert leaks == 0
