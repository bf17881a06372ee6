"""Random small cases for property tests: a complete block of a school, then damaged a little."""

from __future__ import annotations

import copy

from hypothesis import strategies as st

from tests.builders import Data, chain_case, without_document

BLOCKS = ("B2", "B6")
COMPLETE = {block: chain_case(block) for block in BLOCKS}
FEW_KINDS = ["приказ", "план мероприятий", "страница сайта"]
FEW_DAYS = ["2021-08-01", "2021-09-02", "2021-12-01", "2022-02-14", "2022-05-05", "2022-11-20", None]


def lose(document: Data, field: str, draw: st.DrawFn) -> None:
    """Take some entries out of a list of a document."""
    document[field] = [entry for entry in document[field] if draw(st.booleans())]


def join(document: Data, other: Data) -> None:
    """Let a document do what another does as well."""
    for field in ("serves", "holds", "based_on", "addressees"):
        document[field] = sorted({*document.get(field, ()), *other.get(field, ())})


@st.composite
def small_cases(draw: st.DrawFn) -> Data:
    """A complete block with some damage: lost and merged documents, lost contents, other dates, other references."""
    case = copy.deepcopy(COMPLETE[draw(st.sampled_from(BLOCKS))])
    documents: list[Data] = case["documents"]
    for _ in range(draw(st.integers(0, 3))):  # twins, so that a stage has several documents
        documents.append({**copy.deepcopy(draw(st.sampled_from(documents))), "id": f"t{len(documents)}"})
    ids = [d["id"] for d in documents]
    elements = sorted({e for d in documents for e in d["serves"]})
    damages = [
        lambda d: d.update(date=draw(st.sampled_from(FEW_DAYS))),
        lambda d: d.update(based_on=draw(st.lists(st.sampled_from(ids), max_size=4, unique=True))),
        lambda d: lose(d, "based_on", draw),
        lambda d: lose(d, "holds", draw),
        lambda d: join(d, draw(st.sampled_from(documents))),
        lambda d: d.update(serves=draw(st.lists(st.sampled_from(elements), max_size=2, unique=True))),
        lambda d: d.update(blank=draw(st.booleans())),
        lambda d: d.update(kind=draw(st.sampled_from(FEW_KINDS))),
    ]
    for _ in range(draw(st.integers(0, 6))):
        draw(st.sampled_from(damages))(draw(st.sampled_from(documents)))
    return without_document(case, draw(st.sampled_from(ids))) if draw(st.booleans()) else case
