"""What was confirmed of the claims of a case, and what may still turn out: a case with claims taken as said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from vsoko_rules.case.document_records import FLAGS, Claim, Document
from vsoko_rules.case.records import Case
from vsoko_rules.ruleset.ruleset import Ruleset

LISTS: Final = ("serves", "addressees", "based_on", "holds")
"""fields of a document that hold several values"""


def added(codes: tuple[str, ...], code: str) -> tuple[str, ...]:
    """A list of a document with a code, which it holds once."""
    return codes if code in codes else (*codes, code)


def confirmed(case: Case) -> Case:
    """The case with every confirmed claim written into the fields of its document; what stands there stays."""
    if not any(claim.state == "confirmed" for d in case.documents for claim in d.evidence):
        return case
    return _with(case, {d.id: [c for c in d.evidence if c.state == "confirmed"] for d in case.documents})


def hoped(case: Case, ruleset: Ruleset) -> Case:
    """The case with every claim granted that no person has confirmed or rejected yet.

    Of a link that nobody looked for every document is granted on which one of its elements may rest. Contents are
    granted to elements with a list of their own, too, since of which of them a claim speaks is not said.
    """
    claims = {d.id: [c for c in d.open_claims if c.field not in FLAGS] for d in case.documents}
    for document in case.documents:
        anything = any(c.field == "based_on" and c.value is None for c in claims[document.id])
        if anything or not case.links_checked:
            grounds = _possible_grounds(document, case, ruleset)
            claims[document.id] += [Claim(claim=f"based_on {ground}") for ground in grounds]
    return _with(case, claims, apart=True)


def _possible_grounds(document: Document, case: Case, ruleset: Ruleset) -> Iterable[str]:
    served = {ruleset.aliases.get(code, code) for code in document.serves}
    elements = [ruleset.elements[code] for code in served if code in ruleset.elements]
    before = {code for e in elements for code in (*e.follows, *e.may_rest_on)}
    rejected = {c.value for c in document.evidence if c.field == "based_on" and c.state == "rejected"}
    for other in case.documents:
        fits = before.intersection(ruleset.aliases.get(code, code) for code in other.serves)
        if other.id != document.id and fits and other.id not in rejected:
            yield other.id


def _with(case: Case, claims: Mapping[str, Iterable[Claim]], apart: bool = False) -> Case:
    documents = tuple(_written(d, claims[d.id], apart) for d in case.documents)
    return case.model_copy(update={"documents": documents})


def _written(document: Document, claims: Iterable[Claim], apart: bool) -> Document:
    """The document with claims written into its fields, with `apart` into what it holds for single elements, too. A
    field that holds one value keeps what it holds."""
    fields: dict[str, Any] = {}
    for claim in claims:
        field, value = claim.field or "holds", claim.value
        if field in FLAGS:
            fields[field] = True
        if value is None or field in FLAGS:
            continue
        if field in LISTS:
            fields[field] = added(fields.get(field, getattr(document, field)), value)
            if apart and field == "holds" and document.holds_for:
                own = fields.get("holds_for", document.holds_for)
                fields["holds_for"] = {element: added(listed, value) for element, listed in own.items()}
        elif getattr(document, field) is None:
            fields.setdefault(field, value)
    if not fields:
        return document
    told = document.model_dump(by_alias=True, exclude_unset=True) | fields
    return Document.model_validate(told)
