"""What an expert's seat begins from: the rows of the school without anything that the school found in them.

What stands in a row counts for what it is, as in the file of a second expert (`case.fresh.without_marks`): the elements
that the school named, number, date, address, and beside the rows what the school measured. No block is reviewed yet, so
that no line is decided. A link between documents that the school states is no fact for the expert: it is asked as one
that a program proposes, and until it is answered it opens the bounds of the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator

from vsoko_rules.case.document_records import RELATIONS, Claim, ClaimPlace, Document
from vsoko_rules.case.fresh import without_marks
from vsoko_rules.case.reader import case_of_data
from vsoko_rules.case.records import FilledBy
from vsoko_rules.case.write import plain_data
from vsoko_rules.intake.drafts.claim_states import new_claim
from vsoko_rules.intake.drafts.document_needs import stated
from vsoko_rules.intake.drafts.pieces import recorded_hash
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.writing.yaml_edit import as_read


def expert_start(sent: Data, expert: str | None = None) -> Data:
    """The case with which an expert begins, from what the school sent; both in the shape of a case file, scalars as
    texts. `expert` is the name under which the case will be signed.

    Raises `InputError` where `sent` is no case.
    """
    case = case_of_data(sent).content
    rows = without_marks(case.model_copy(update={"filled_by": None}))  # whoever typed it, it is what the school says
    before = {document.id: document for document in case.documents}
    start = rows.model_copy(
        update={
            "filled_by": FilledBy(role="expert", name=expert),
            "documents": tuple(_asked(row, before[row.id]) for row in rows.documents),
        }
    )
    told: Data = as_read(plain_data(start))
    return told


def _asked(row: Document, sent: Document) -> Document:
    """A row with the links that the school states as questions, and with the hash of the file that was sent."""
    evidence = (*_file(sent), *_links(sent))
    return row.model_copy(update={"evidence": evidence}) if evidence else row


def _links(sent: Document) -> Iterator[Claim]:
    """Each link that stands in the row or that the school confirmed, with no place: no file was read for it."""
    for field in RELATIONS:
        for other in stated(sent, field):
            yield new_claim(f"{field} {other}", None, "proposed")


def _file(sent: Document) -> Iterator[Claim]:
    """Which file was sent: known by its hash when it is moved, and seen to be another when it is changed."""
    sha256 = recorded_hash(sent)
    if sha256 is not None and sent.file is not None:
        yield new_claim(f"title {sent.title}", ClaimPlace(file=sent.file, sha256=sha256), "confirmed")
