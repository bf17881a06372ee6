"""What to look at before a school sends its documents and before an expert closes their assessment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vsoko_rules.report.block_parts import BlockView
from vsoko_rules.report.terms import DocumentView
from vsoko_rules.workspace.opened_school import OpenedSchool


@dataclass(frozen=True, slots=True)
class ClosingChecks:
    """What is not done yet. Nothing of it keeps a school from sending; an expert must have gone through all blocks."""

    empty: bool
    """whether there is no document at all"""
    blocks: int
    """how many blocks there are"""
    unseen: tuple[BlockView, ...]
    """those that nobody has gone through"""
    nowhere: tuple[DocumentView, ...]
    """documents without an address and without a file"""
    unplaced: tuple[DocumentView, ...]
    """documents of which it is not said to what they belong"""
    unanswered: tuple[tuple[DocumentView, int], ...]
    """documents with proposals that nobody has confirmed or rejected, and how many there are"""

    @property
    def clean(self) -> bool:
        """Whether nothing is to be looked at."""
        return not (self.empty or self.unseen or self.nowhere or self.unplaced or self.unanswered)


def closing_checks(school: OpenedSchool) -> ClosingChecks:
    """What is not done yet in an opened case."""
    view = school.view
    return ClosingChecks(
        empty=not view.documents,
        blocks=len(view.blocks),
        unseen=view.unseen,
        nowhere=tuple(d for d in view.documents.values() if not (d.link or d.address or d.file)),
        unplaced=tuple(_unplaced(school)),
        unanswered=tuple((view.documents[code], number) for code, number in view.unconfirmed.items()),
    )


def _unplaced(school: OpenedSchool) -> Iterator[DocumentView]:
    for document in school.case.content.documents:
        if not document.serves and not document.unrelated:
            yield school.view.documents[document.id]
