"""Rows of the table of documents are changed as they were seen."""

from __future__ import annotations

from typing import Any

import pytest

from vsoko_rules.workspace.listed_entries import etag
from vsoko_rules.workspace.rows import StaleRow, remove_row

FIRST = {"id": "d01", "title": "Приказ"}
SECOND = {"id": "d02", "title": "Справка", "based_on": ["d01"], "approved_by": "d01"}
DATA = {"school": {}, "documents": [FIRST, SECOND]}


@pytest.mark.parametrize(("row", "said"), [("d01", "строку изменили"), ("d03", "строку тем временем удалили")])
def test_a_row_that_is_not_the_one_that_was_seen_stays(row: str, said: str) -> None:
    with pytest.raises(StaleRow, match=said):
        remove_row(row, "another")(DATA)


@pytest.mark.parametrize(
    ("data", "row", "rest"),
    [
        (DATA, FIRST, {"school": {}, "documents": [{"id": "d02", "title": "Справка"}]}),
        ({"documents": [FIRST], "school": {}}, FIRST, {"school": {}}),
    ],
)
def test_a_document_goes_with_all_that_others_say_of_it(data: Any, row: Any, rest: Any) -> None:
    assert remove_row(row["id"], etag(row))(data) == rest


def test_a_row_that_there_never_was_is_not_removed_into_being() -> None:
    assert remove_row("d03", etag(None))(DATA) == DATA
