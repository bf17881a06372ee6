"""A large school with gaps everywhere: 120 documents, several for each element."""

from __future__ import annotations

import copy
from datetime import timedelta
from random import Random

from tests.builders import FIRST_DAY, Data, complete_documents, expectation, school_case

DOCUMENTS = 120


def large_case(seed: int, number: int = DOCUMENTS) -> Data:
    """The same school for the same seed."""
    random = Random(seed)
    complete = complete_documents(expectation())
    documents = copy.deepcopy(complete)
    while len(documents) < number + 10:
        documents.append({**copy.deepcopy(random.choice(complete)), "id": f"more-{len(documents)}"})
    documents = random.sample(documents, number)
    ids = [d["id"] for d in documents]
    for document in documents:
        document["based_on"] = [g for g in document["based_on"] if g in ids]
        _spoil(document, ids, random)
    return school_case(documents)


def _spoil(document: Data, ids: list[str], random: Random) -> None:
    if random.random() < 0.35:
        document["holds"] = document["holds"][:-1]
    if random.random() < 0.5:
        document["based_on"] = random.sample(ids, random.randrange(2))
    if random.random() < 0.15:
        document["date"] = (FIRST_DAY + timedelta(random.randrange(500))).isoformat()
    if random.random() < 0.1:
        document["blank"] = True
    for field in ("date", "number"):
        if random.random() < 0.1:
            document.pop(field, None)
