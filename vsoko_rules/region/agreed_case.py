"""The agreed case of a school: what its experts found alike, what was decided of the rest, and what is still open.

It is the case of the first expert, so that everything on which they agree comes out in it as in both, with its own
documents and links behind it, and with the documents that only another one has (`pair_documents`). A box that only one
of them ticked and that makes no dispute changes no outcome: it stays as the first has it. Where it would change one
there is a dispute, and what is decided stands over the documents; until then the code is not checked, which opens the
bounds. What only one of them stated of an indicator stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.records import Case, FilledBy, IndicatorEntry, Override
from vsoko_rules.region.pair_decisions import LONGEST_TEXT, SettledDispute, joined, pair_words
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.reconcile import with_decisions


def decided(content: Case, settled: Iterable[SettledDispute], marked: Collection[str], ruleset: Ruleset) -> Case:
    """The case of one expert with what was decided in it. Codes in `marked` are those whose marks differed: a mark that
    gave way to an outcome goes."""
    settled = list(settled)
    overrides = with_decisions(content.overrides, [o for each in settled if (o := each.override)], ruleset)
    of_marks = {each.code for each in settled if each.mark is not None}
    kept = tuple(o for o in overrides if _present(o.of, ruleset) not in of_marks)
    entries = {_indicator(code, ruleset): entry for code, entry in content.indicators.items()}
    for each in settled:
        if each.mark is not None:
            changes = {"mark": each.mark, "comment": each.mark_comment}
            entries[each.code] = entries.get(each.code, IndicatorEntry()).model_copy(update=changes)
        elif each.code in marked and each.code in entries:
            entries[each.code] = entries[each.code].model_copy(update={"mark": None})
    return content.model_copy(update={"overrides": kept, "indicators": entries})


def agreed_case(
    cases: Sequence[Case],
    names: Sequence[str],
    settled: Sequence[SettledDispute],
    open_codes: Collection[str],
    marked: Collection[str],
    ruleset: Ruleset,
    reviewed: Collection[str],
    further: Sequence[Document] = (),
) -> Case:
    """The agreed case of experts of these `names`; `open_codes` are those that nobody has decided yet, `reviewed` the
    blocks that count as gone through, `further` the documents that the first expert does not have. The cases call the
    same documents by the same codes."""
    day = _day(cases, settled)
    whole = [decided(content, settled, marked, ruleset) for content in cases]
    first, *others = whole
    overrides = [_alike(own, others, names, ruleset) for own in first.overrides if own.counts_on(cases[0].day)]
    waiting = [
        Override(of=code, outcome="not_checked", by=", ".join(names), date=day, comment=pair_words()["open"])
        for code in open_codes
    ]
    documents = [*first.documents, *further]
    entries = _entries(whole, ruleset, {d.id for d in documents})
    for code in marked:
        if code in open_codes and code in entries:
            entries[code] = entries[code].model_copy(update={"mark": None})
    signed = any(c.filled_by is not None and c.filled_by.date is not None for c in cases)
    return first.model_copy(
        update={
            "filled_by": FilledBy(role="expert", name=", ".join(names), date=day if signed else None),
            "reviewed": tuple(block for block in ruleset.blocks if block in reviewed),
            "documents": tuple(_commented(d, whole, names) for d in documents),
            "indicators": entries,
            "overrides": with_decisions(overrides, waiting, ruleset),
        }
    )


def _day(cases: Sequence[Case], settled: Iterable[SettledDispute]) -> date:
    """The last day on which something was signed or decided; where nothing was, the last of the study."""
    signed = [c.filled_by.date for c in cases if c.filled_by is not None and c.filled_by.date is not None]
    return max([*signed, *(each.at for each in settled)], default=cases[0].study.end)


def _present(code: str, ruleset: Ruleset) -> str:
    return {**ruleset.indicator_aliases, **ruleset.aliases}.get(code, code)


def _indicator(code: str, ruleset: Ruleset) -> str:
    return ruleset.indicator_aliases.get(code, code)


def _alike(own: Override, others: Sequence[Case], names: Sequence[str], ruleset: Ruleset) -> Override:
    """A decision of the first expert that counts; where all have taken it, with the names and words of all."""
    code = _present(own.of, ruleset)
    same = [
        next((o for o in c.overrides if _present(o.of, ruleset) == code and o.counts_on(c.day)), None) for c in others
    ]
    plain = own.model_copy(update={"of": code, "until": None})
    if own in same or not all(o is not None and o.outcome == own.outcome for o in same):
        return plain
    all_of_them = [own, *(o for o in same if o is not None)]
    comment = joined((name, o.comment) for name, o in zip(names, all_of_them, strict=True))
    day = max(o.date for o in all_of_them)
    return plain.model_copy(update={"by": ", ".join(names), "comment": comment, "date": day})


def _entries(cases: Sequence[Case], ruleset: Ruleset, documents: Collection[str]) -> dict[str, IndicatorEntry]:
    """What is stated of indicators: where one expert states nothing, what the next one does."""
    found: dict[str, IndicatorEntry] = {}
    for content in cases:
        for code, entry in content.indicators.items():
            known = found.setdefault(_indicator(code, ruleset), IndicatorEntry())
            found[_indicator(code, ruleset)] = known.model_copy(update=dict(_missing(known, entry, documents)))
    return found


def _missing(known: IndicatorEntry, entry: IndicatorEntry, documents: Collection[str]) -> Iterator[tuple[str, object]]:
    for field in IndicatorEntry.model_fields:
        stated = getattr(entry, field)
        if field == "documents":
            stated = tuple(code for code in stated if code in documents)
        if stated not in (None, ()) and getattr(known, field) in (None, ()):
            yield field, stated


def _commented(document: Document, cases: Sequence[Case], names: Sequence[str]) -> Document:
    """A document with what the experts remarked of it, and of whom it is where not all of them have it."""
    same = [next((d for d in content.documents if d.id == document.id), None) for content in cases]
    having = [(name, d.comment) for name, d in zip(names, same, strict=True) if d is not None]
    told = [(name, comment) for name, comment in having if comment is not None]
    said = joined(told) if len(told) > 1 else told[0][1] if told else None
    if len(having) < len(cases):
        of_whom = pair_words()["added"].format(names=", ".join(name for name, _ in having))
        said = f"{said}\n{of_whom}"[:LONGEST_TEXT] if said is not None else of_whom
    return document if said == document.comment else document.model_copy(update={"comment": said})
