"""The documents of the experts of one school as one list: which are the same, and which only one of them has.

Both begin from the rows of the school. What an expert adds gets a code of its own in their case, and the other one may
have given the same code to something else: a document is the same by what stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import count

from vsoko_rules.case.document_records import RELATIONS, Claim, Document
from vsoko_rules.case.records import Case
from vsoko_rules.intake.form.document_names import plain


def same_document(one: Document, other: Document) -> bool:
    """Whether two experts mean the same document: of the same title and requisites, or of the same code where an expert
    corrected some of it."""
    requisites = (one.number, one.date) == (other.number, other.date)
    titles = plain(one.title) == plain(other.title)
    if one.id != other.id:
        return titles and requisites
    published = one.url is not None and one.url == other.url
    return titles or published or (one.number is not None and requisites)


def on_one_list(cases: Sequence[Case]) -> tuple[list[Case], list[Document]]:
    """The cases with the codes of the first one's documents, and the documents that it does not have, under codes that
    nothing else has, in the order of the cases."""
    known = list(cases[0].documents)
    translated, further = [cases[0]], list[Document]()
    for case in cases[1:]:
        codes = dict(_codes(case.documents, known))
        documents = tuple(_renamed(each, codes) for each in case.documents)
        present = {each.id for each in known}
        own = [each for each in documents if each.id not in present]
        entries = {
            code: entry.model_copy(update={"documents": tuple(codes.get(d, d) for d in entry.documents)})
            for code, entry in case.indicators.items()
        }
        translated.append(case.model_copy(update={"documents": documents, "indicators": entries}))
        further += own
        known += own
    return translated, further


def _codes(documents: Sequence[Document], known: Sequence[Document]) -> Iterator[tuple[str, str]]:
    """The code of each document on the common list."""
    by_code = {each.id: each for each in known}
    same = {each.id: each.id for each in documents if each.id in by_code and same_document(by_code[each.id], each)}
    left = [each for code, each in by_code.items() if code not in same]
    taken = {*by_code, *(each.id for each in documents)}
    for each in documents:
        found = next((other for other in left if other.id != each.id and same_document(other, each)), None)
        if each.id in same:
            yield each.id, each.id
        elif found is not None:
            left.remove(found)
            yield each.id, found.id
        else:
            code = each.id if each.id not in by_code else _free(each.id, taken)
            taken.add(code)
            yield each.id, code


def _free(code: str, taken: Collection[str]) -> str:
    return next(new for n in count(2) if (new := f"{code}-{n}") not in taken)


def _renamed(document: Document, codes: Mapping[str, str]) -> Document:
    """A document whose code and whose links are those of the common list."""
    links = {field: codes.get(code, code) for field in RELATIONS if isinstance(code := getattr(document, field), str)}
    grounds = tuple(codes.get(code, code) for code in document.based_on)
    claims = tuple(_claim(each, codes) for each in document.evidence)
    return document.model_copy(update={"id": codes[document.id], **links, "based_on": grounds, "evidence": claims})


def _claim(claim: Claim, codes: Mapping[str, str]) -> Claim:
    value = claim.value
    if claim.field not in RELATIONS or value is None:
        return claim
    return claim.model_copy(update={"claim": f"{claim.field} {codes.get(value, value)}"})


def linked_within(documents: Sequence[Document], first: Collection[str]) -> list[Document]:
    """Documents without links to what is neither among them nor in `first`."""
    present = {*first, *(each.id for each in documents)}
    return [_within(each, present) for each in documents]


def _within(document: Document, present: Collection[str]) -> Document:
    links = {
        field: None for field in RELATIONS if isinstance(code := getattr(document, field), str) and code not in present
    }
    claims = tuple(each for each in document.evidence if each.field not in RELATIONS or each.value in (None, *present))
    grounds = tuple(code for code in document.based_on if code in present)
    return document.model_copy(update={**links, "based_on": grounds, "evidence": claims})


def most_of(documents: Sequence[Document], fits: Callable[[list[Document]], bool]) -> list[Document]:
    """As many of the documents, in their order, as `fits`; nothing always does."""
    return _more([], list(documents), fits)


def _more(kept: list[Document], more: list[Document], fits: Callable[[list[Document]], bool]) -> list[Document]:
    if not more or fits([*kept, *more]):
        return [*kept, *more]
    if len(more) == 1:
        return kept
    half = len(more) // 2
    return _more(_more(kept, more[:half], fits), more[half:], fits)
