"""One block of the shipped ruleset alone, and schools with a few gaps in it: small enough to try every plan."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from tests.builders import (
    FIRST_DAY,
    LAST_DAY,
    Data,
    child_ruleset,
    complete_documents,
    expectation,
    ruleset,
    school_case,
)
from vsoko_rules.ruleset.ruleset import Ruleset

OUTCOMES = ("met", "partial", "missing", "not_checked", "not_applicable")
BLOCK = "B6"
"""two lines that part only at the monitorings"""


@cache
def one_block() -> Ruleset:
    """The shipped ruleset with the elements of the lines of one block and nothing else, not even what levels need."""
    lines = [line for line in ruleset().lines if line.block == BLOCK]
    kept = {e for line in lines for e in line.elements}
    dropped = "".join(f"  - {{id: {e}, reason: проба}}\n" for e in ruleset().elements if e not in kept)
    with TemporaryDirectory() as folder:
        return child_ruleset(Path(folder), f"levels:\n  - {{id: formed, needs: []}}\nexclude:\n{dropped}")


def complete_block() -> list[Data]:
    """A document for every element of the lines of the block, dated and linked."""
    kept = one_block().elements
    return [d for d in complete_documents(expectation(), [BLOCK]) if d["serves"][0] in kept]


@st.composite
def gapped(draw: st.DrawFn, most: int = 4) -> Data:
    """A school with up to `most` gaps in the block: nothing there, a reference lost, a date that is wrong …"""
    documents = complete_block()
    for turn in range(draw(st.integers(1, most))):
        if not documents:
            break
        _spoil(draw, documents, turn)
    order = draw(st.permutations(range(len(documents))))
    decided = draw(
        st.lists(st.tuples(st.sampled_from(sorted(one_block().elements)), st.sampled_from(OUTCOMES)), max_size=1)
    )
    signed = {"by": "Эксперт 1", "date": "2022-10-20", "comment": "Проверено"}
    overrides = [{"of": element, "outcome": outcome, **signed} for element, outcome in decided]
    return school_case([documents[n] for n in order], overrides=overrides)


def _spoil(draw: st.DrawFn, documents: list[Data], turn: int) -> None:
    number = draw(st.integers(0, len(documents) - 1))
    document = documents[number]
    how = draw(
        st.sampled_from(
            ["gone", "lacks", "unbased", "early", "outside", "undated", "blank", "unpublished", "twin", "merged"]
        )
    )
    if how == "gone":
        del documents[number]
        for other in documents:
            other["based_on"] = [g for g in other["based_on"] if g != document["id"]]
    elif how == "lacks" and document["holds"]:
        document["holds"] = document["holds"][:-1]
    elif how == "unbased":
        document["based_on"] = document["based_on"][1:]
    elif how in ("early", "outside"):
        back = 60 if how == "early" else 500
        document["date"] = (
            date.fromisoformat(document.get("date", LAST_DAY.isoformat())) - timedelta(back)
        ).isoformat()
    elif how == "undated":
        document.pop("date", None)
    elif how == "blank":
        document["blank"] = True
    elif how == "unpublished":
        document.pop("url", None)
    elif how == "twin":
        day = draw(st.sampled_from([FIRST_DAY, FIRST_DAY + timedelta(80), LAST_DAY]))
        twin = {**copy.deepcopy(document), "id": f"twin{turn}", "date": day.isoformat()}
        documents.append({**twin, "based_on": draw(st.sampled_from([[], document["based_on"]]))})
    elif how == "merged" and number:
        document["serves"] = [*document["serves"], *documents[number - 1]["serves"]]
        document["holds"] = list(dict.fromkeys([*document["holds"], *documents[number - 1]["holds"]]))
        document["addressees"] = documents[number - 1].get("addressees", document.get("addressees", []))
