"""What was proposed of labelled documents held against their labels, field by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from intake_corpus import Paper, plain
from intake_counts import Matched, Measured, Tally, Wrong, count_false, number
from intake_links import count_relations
from vsoko_rules.case.document_records import RELATIONS, Claim
from vsoko_rules.intake.proposals.proposal import ProposedClaim, ProposedDocument
from vsoko_rules.intake.texts.file_text import FileText, Quality
from vsoko_rules.reading.scalars import span
from vsoko_rules.ruleset.ruleset import Ruleset

SIGNATURE: Final = "signature"
"""it waits for a person always, so that it is counted apart from the other contents"""

UNRELATED, TOP, FIRST, BLANK, UNITS = "unrelated", "element, top 3", "element, first", "blank", "units of a file"
UNREAD, TAKEN, IDLE = (
    "claims from unreliable text",
    "cited number or date taken as own",
    "contents of unrelated documents",
)


def measure(
    papers: Sequence[Paper], texts: Mapping[str, FileText], found: Sequence[ProposedDocument], ruleset: Ruleset
) -> Measured:
    """`texts` are the files read, by the id of their paper; `found` is all that was proposed of them together."""
    result = Measured()
    by_file = defaultdict[str, list[ProposedDocument]](list)
    for document in found:
        by_file[document.file].append(document)
    matched: list[Matched] = []
    for paper in papers:
        text = texts.get(paper.id)
        proposed = by_file[text.file] if text is not None else []
        if paper.quality is not Quality.GOOD:
            result.bad[UNREAD] += sum(len(d.claims) for d in proposed)
            continue
        matched += _matched(paper, text, proposed, result)
    for one in matched:
        _values(one, ruleset, result)
        _contents(one, result)
        _elements(one, result)
        _marks(one, result)
    count_relations(matched, result)
    return result


def _matched(
    paper: Paper, text: FileText | None, proposed: Sequence[ProposedDocument], result: Measured
) -> Iterator[Matched]:
    """Each labelled document with the proposed one that shares most of its lines; what is left over is false."""
    lines = [line.text for line in text.lines] if text is not None else []
    starts = [*paper.first_lines(lines), len(lines)]
    left = list(proposed)
    for place, unit in enumerate(paper.units):
        first, end = starts[place], starts[place + 1]
        shared = [(min(d.lines[1], end) - max(d.lines[0], first), -n) for n, d in enumerate(left)]
        best, at = max(shared, default=(0, 0))
        document = left.pop(-at) if best > 0 else None
        yield Matched(paper, unit.label, document)
    result.fields[UNITS].wanted += len(paper.units)
    result.fields[UNITS].proposed += len(proposed)
    result.fields[UNITS].right += len(proposed) - len(left)
    for document in left:
        for claim in document.claims:
            name = Claim(claim=claim.claim).field or "holds"
            if name not in RELATIONS:
                result.fields["contents" if name == "holds" else name].proposed += 1
                count_false(result, paper, name, claim.claim, claim, "no such document")


def _values(one: Matched, ruleset: Ruleset, result: Measured) -> None:
    label = one.label
    kinds = [(v if v in ruleset.document_kinds else ruleset.kind_of(v) or v, c) for v, c in one.claims("kind")]
    _single(one, "kind", kinds, label.kind, result)
    numbers = [(number(v), c) for v, c in one.claims("number")]
    _single(one, "number", numbers, tuple(n and number(n) for n in label.number), result)
    _single(one, "date", one.claims("date"), label.date, result)
    if label.date == (None,) or label.period:
        # a period beside a date adds nothing, so that only a document without a date must have it
        wanted = (label.period,) if label.date == (None,) else (label.period, None)
        _single(one, "period", [(_period(v), c) for v, c in one.claims("period")], tuple(map(_period, wanted)), result)
    if label.title is not None:
        tally = result.fields["title"]
        tally.wanted += 1
        if one.found is not None and one.found.title:
            tally.proposed += 1
            if plain(label.title) in plain(one.found.title):
                tally.right += 1
            else:
                result.wrong.append(Wrong(one.paper.id, "title", one.found.title, "", label.title))
    for name in ("number", "date"):
        cited = {number(c) if name == "number" else c for c in label.cites}
        own = {number(n) if name == "number" else n for n in getattr(label, name) if n}
        values = [number(v) if name == "number" else v for v, _ in one.claims(name)]
        result.bad[TAKEN] += sum(v in cited and v not in own for v in values)


def _single(
    one: Matched,
    name: str,
    claims: Sequence[tuple[str | None, ProposedClaim]],
    accepted: Sequence[str | None],
    result: Measured,
) -> None:
    """A field that holds one value."""
    accepted = (*accepted, None) if one.label.annex else tuple(accepted)
    tally = result.fields[name]
    known = any(value is not None for value in accepted)
    right = [value in accepted for value, _ in claims]
    tally.wanted += known and (None not in accepted or any(right))
    tally.proposed += len(claims)
    tally.right += any(right)
    for (value, claim), good in zip(claims, right, strict=True):
        _cue(result, claim, good)
        if not good:
            count_false(result, one.paper, name, str(value), claim, " / ".join(str(a) for a in accepted))
    if known and None not in accepted and not claims:
        result.missed.append(Wrong(one.paper.id, name, "", "", str(accepted[0])))


def _contents(one: Matched, result: Measured) -> None:
    """What a document holds. Of a document that belongs to no element nothing is asked."""
    claims = one.claims("holds")
    if one.label.unrelated:
        result.bad[IDLE] += len(claims)
        return
    for code, claim in claims:
        if code in one.label.may and code not in one.label.holds:
            continue
        right = code in one.label.holds
        _cue(result, claim, right)
        for tally in (result.contents[code], result.fields[SIGNATURE if code == SIGNATURE else "contents"]):
            tally.proposed += 1
            tally.right += right
        if not right:
            count_false(result, one.paper, "holds", code, claim, "")
    for code in one.label.holds:
        for tally in (result.contents[code], result.fields[SIGNATURE if code == SIGNATURE else "contents"]):
            tally.wanted += 1
        if code not in {c for c, _ in claims}:
            result.missed.append(Wrong(one.paper.id, "holds", "", "", code))
    _addressees(one, result)


def _addressees(one: Matched, result: Measured) -> None:
    tally, claims = result.fields["addressees"], one.claims("addressees")
    tally.wanted += len(one.label.addressees)
    for code, claim in claims:
        if code in one.label.may_addressees:
            continue
        right = code in one.label.addressees
        tally.proposed, tally.right = tally.proposed + 1, tally.right + right
        _cue(result, claim, right)
        if not right:
            count_false(result, one.paper, "addressees", code, claim, ", ".join(sorted(one.label.addressees)))
    for code in one.label.addressees - {c for c, _ in claims}:
        result.missed.append(Wrong(one.paper.id, "addressees", "", "", code))


def _elements(one: Matched, result: Measured) -> None:
    if not one.label.serves:
        return
    values = [v for v, _ in one.claims("serves")][:3]
    for name, offered in ((TOP, values), (FIRST, values[:1])):
        tally = result.fields[name]
        tally.wanted, tally.proposed = tally.wanted + 1, tally.proposed + bool(offered)
        tally.right += not set(offered).isdisjoint(one.label.serves)
    if set(values).isdisjoint(one.label.serves):
        result.missed.append(Wrong(one.paper.id, "serves", " ".join(values), "", " ".join(one.label.serves)))


def _marks(one: Matched, result: Measured) -> None:
    for name, wanted in ((UNRELATED, one.label.unrelated), (BLANK, one.label.blank)):
        if wanted is None:
            continue
        said = one.found is not None and getattr(one.found, name)
        tally = result.fields[name]
        tally.wanted, tally.proposed = tally.wanted + wanted, tally.proposed + said
        tally.right += wanted and said
        if said != wanted:
            (result.wrong if said else result.missed).append(Wrong(one.paper.id, name, str(said), "", str(wanted)))


def _cue(result: Measured, claim: ProposedClaim, right: bool) -> None:
    if claim.cue is not None:
        result.cues[claim.cue][not right] += 1


def _period(text: str | None) -> str | None:
    days = span(text) if text else None
    return text if days is None else f"{days[0]}..{days[1]}"


def shares(tallies: Mapping[str, Tally]) -> Iterable[tuple[str, Tally]]:
    """In the order in which they are printed."""
    order = ["kind", "number", "date", "period", "title", "contents", SIGNATURE, "addressees", TOP, FIRST, UNRELATED]
    order += [BLANK, "relations", UNITS]
    return [(name, tallies[name]) for name in order if name in tallies]
