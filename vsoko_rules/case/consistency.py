"""What contradicts itself inside a case, whatever the ruleset: repeated codes, documents that are not there, dates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from vsoko_rules.case.document_records import FLAGS, RELATIONS, Claim, Document, Validity
from vsoko_rules.case.records import Case, Procedure
from vsoko_rules.errors import MOST_PROBLEMS, Place, Problem, did_you_mean
from vsoko_rules.reading.paths import is_inside
from vsoko_rules.reading.scalars import is_day, span
from vsoko_rules.reading.validation import Positioned


def contradictions(
    case: Case, source: Positioned, folder: Path | None, cite: Callable[[object], str] = str
) -> Iterator[Problem]:
    """What is wrong inside the case itself. `folder` is where its file stands; none: nothing is known of files. `cite`
    writes a date as those do who fill such files."""
    yield from _repeated("documents", case.documents, source)
    yield from _repeated("procedures", case.procedures, source)
    if case.study.end < case.study.start:
        place, expected = source.place(("study", "to")), f"не раньше {cite(case.study.start)}"
        yield Problem(place, "исследование заканчивается раньше, чем начинается", cite(case.study.end), expected)
    yield from _references(case, source)
    for n, decision in enumerate(case.overrides):
        if decision.until is not None and decision.until < decision.date:
            place, expected = source.place(("overrides", n, "until")), f"не раньше {cite(decision.date)}"
            yield Problem(place, "решение перестаёт действовать раньше, чем принято", cite(decision.until), expected)
    for n, document in enumerate(case.documents):
        if document.file is not None and not is_inside(document.file, folder):
            yield Problem(source.place(("documents", n, "file")), _OUTSIDE, document.file, _INSIDE)
        for m, claim in enumerate(document.evidence):
            yield from _claimed(claim, source.place(("documents", n, "evidence", m, "claim")))
            yield from _recorded(claim, source, ("documents", n, "evidence", m), folder)
        if document.valid is not None:
            yield from _validity(document.valid, source, ("documents", n, "valid"), cite)


def _repeated(key: str, entries: Sequence[Document | Procedure], source: Positioned) -> Iterator[Problem]:
    """Codes that stand in a list more than once."""
    first: dict[str, int] = {}
    for n, entry in enumerate(entries):
        if (before := first.setdefault(entry.id, n)) != n:
            expected = f"свой код у каждой записи; впервые — {source.place((key, before, 'id'))}"
            yield Problem(source.place((key, n, "id")), "код повторяется", entry.id, expected)


def _validity(
    valid: Validity, source: Positioned, path: tuple[str | int, ...], cite: Callable[[object], str]
) -> Iterator[Problem]:
    """Days of force that are none."""
    if (valid.end or date.max) < (valid.start or date.min):
        place, expected = source.place((*path, "to")), f"не раньше {cite(valid.start)}"
        yield Problem(place, "документ перестаёт действовать раньше, чем начинает", cite(valid.end), expected)
    if valid.start is None and valid.end is None:
        yield Problem(source.place(path), "не сказано, когда документ действует", expected="from, to или оба дня")


def _claimed(claim: Claim, place: Place) -> Iterator[Problem]:
    """What a claim says of a field and cannot stand there."""
    field, value = claim.field, claim.value
    if value is None:
        return
    if field == "date" and not is_day(value):
        yield Problem(place, "дата в сведении не подходит", value, "дата вида ГГГГ-ММ-ДД, например 2022-02-14")
    if field == "period" and span(value) is None:
        yield Problem(place, "период в сведении не подходит", value, "2021/22, июнь 2022 или 2022")
    if field in FLAGS:
        yield Problem(place, "у этого сведения нет значения", claim.claim, str(field))


def _recorded(claim: Claim, source: Positioned, path: tuple[str | int, ...], folder: Path | None) -> Iterator[Problem]:
    """What is wrong with what a claim says was confirmed."""
    if claim.seen is not None and (claim.field not in RELATIONS or claim.value is None):
        expected = "ключ только у сведения о связи с документом, например «based_on d01»"
        yield Problem(source.key_place((*path, "seen")), "сведение — не связь с документом", claim.claim, expected)
    place = claim.place
    if place is None or place.sha256 is None:
        return
    if place.file is None:
        message = "не сказано, какого файла эта контрольная сумма"
        yield Problem(source.place((*path, "in")), message, expected="ключ file")
    elif not is_inside(place.file, folder):
        yield Problem(source.place((*path, "in", "file")), _OUTSIDE, place.file, _INSIDE)


def _references(case: Case, source: Positioned) -> Iterator[Problem]:
    """Documents that are named and do not exist."""
    unknown = UnknownCodes()
    ids = {d.id for d in case.documents}
    for n, document in enumerate(case.documents):
        for m, ground in enumerate(document.based_on):
            if ground not in ids:
                place = source.place(("documents", n, "based_on", m))
                yield unknown(place, DOCUMENT, ground, ids)
        for field in ("approved_by", "annex_of", "amends"):
            other = getattr(document, field)
            if other is not None and other not in ids:
                yield unknown(source.place(("documents", n, field)), DOCUMENT, other, ids)
            if other == document.id:
                place = source.place(("documents", n, field))
                yield Problem(place, "документ назван сам у себя", other, "другой документ")
    for key, indicator in case.indicators.items():
        for m, document_id in enumerate(indicator.documents):
            if document_id not in ids:
                yield unknown(source.place(("indicators", key, "documents", m)), DOCUMENT, document_id, ids)


_OUTSIDE: Final = "файл вне папки случая"
_INSIDE: Final = "путь внутри папки, где лежит файл школы"
DOCUMENT: Final = "документа"


class UnknownCodes:
    """Problems about codes that nobody defined. Only the first ones suggest a near code: a message shows no more, and
    in a hostile file each comparison with thousands of codes costs."""

    def __init__(self) -> None:
        self.suggested = 0

    def __call__(self, place: Place, what: str, found: str, known: Collection[str]) -> Problem:
        self.suggested += 1
        hint = did_you_mean(found, sorted(known)) if self.suggested <= MOST_PROBLEMS else None
        whose = "этого файла" if what == DOCUMENT else "из методики"
        return Problem(place, f"{what} с таким кодом нет", found, f"код {what} {whose}", hint)
