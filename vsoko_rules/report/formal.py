"""What exactly is formally odd about a document: the words in the place of its address, what changed in its ground."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.lapses import Change, ChangedPart, Lapse
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.reading.addresses import AddressKind, address_kind
from vsoko_rules.reading.attached import AttachedFile
from vsoko_rules.report.terms import DocumentView
from vsoko_rules.report.wording import Titles
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.findings import Finding
from vsoko_rules.words import UNSEEN, day, limit, say, words


def formal_detail(finding: Finding, assessment: Assessment, titles: Titles) -> str | None:
    """The value of which a formal warning speaks, with its place; none where the warning says all."""
    if finding.oddity is None:
        return None
    document = assessment.case.documents[finding.documents[0]]
    group, _, kind = finding.oddity.partition("_")
    if group == "file" or (group == "address" and kind != "shared"):
        key, value = ("url", document.url) if group == "address" else ("file", document.file)
        place = assessment.case.document_place(document.id, key).brief
        return say(f"formal_{group}", value=short(value or ""), place=place)
    told = [lapse for lapse in assessment.lapses if lapse.document == document.id]
    quoted = finding.oddity == "quote_changed"
    said = [_lapsed(lapse, assessment, titles) for lapse in told if (lapse.ground is None) is quoted]
    return "; ".join(said) if finding.oddity in ("ground_changed", "quote_changed") else None


def short(value: str) -> str:
    """A value as it stands in a case, cut short and without what cannot be seen."""
    plain, most = UNSEEN.sub("", " ".join(value.split())), limit("formal_value")
    return plain if len(plain) <= most else f"{plain[: most - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class LinkView:
    """Where a document is published, as far as that can be told without the network."""

    document: DocumentView
    url: str | None
    address: AddressKind | None
    """what `url` is in the place of an address"""
    file: str | None
    found: AttachedFile | None
    """what was found where the file is named; none where nobody could look"""
    place: str
    seen: str
    """what to record with a link that rests on the document, as it stands in a case"""


def links(assessment: Assessment) -> tuple[LinkView, ...]:
    """Every document of a case with its address and file."""
    case, titles = assessment.case, Titles(assessment)
    return tuple(_link(document, case, titles) for document in case.content.documents)


def _link(document: Document, case: CaseFile, titles: Titles) -> LinkView:
    found = case.files.get(document.file) if document.file is not None else None
    parts = {
        "number": json.dumps(document.number, ensure_ascii=False) if document.number is not None else None,
        "date": document.date,
        "sha256": found.sha256 if found is not None else None,
    }
    return LinkView(
        document=titles.documents[document.id],
        url=short(document.url) if document.url is not None else None,
        address=address_kind(document.url) if document.url is not None else None,
        file=short(document.file) if document.file is not None else None,
        found=found,
        place=case.document_place(document.id).brief,
        seen="{" + ", ".join(f"{key}: {value}" for key, value in parts.items() if value is not None) + "}",
    )


def _lapsed(lapse: Lapse, assessment: Assessment, titles: Titles) -> str:
    place = assessment.case.document_place(lapse.document, "evidence", lapse.number).brief
    changes = ", ".join(_changed(change) for change in lapse.changes)
    if lapse.ground is not None:
        return say("formal_ground", ground=titles.documents[lapse.ground].label, changes=changes, place=place)
    file = lapse.claim.place.file if lapse.claim.place is not None else None
    return say("formal_quote", file=short(file or ""), changes=changes, place=place)


def _changed(change: Change) -> str:
    return str(words()["change"][change.what.value]).format(
        was=_value(change, change.was), now=_value(change, change.now)
    )


def _value(change: Change, value: str | date | None) -> str:
    if value is None:
        return str(words()["change"]["nothing"])
    if isinstance(value, date):
        return day(value)
    return f"{value[:12]}…" if change.what is ChangedPart.SHA256 else short(value)
