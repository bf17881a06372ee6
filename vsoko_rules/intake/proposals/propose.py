"""From texts of files to proposed documents: what a person is asked to confirm, each with its quote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from vsoko_rules.intake.proposals.examine import examine
from vsoko_rules.intake.proposals.grounds import relate
from vsoko_rules.intake.proposals.persons import Persons
from vsoko_rules.intake.proposals.proposal import ProposedClaim, ProposedDocument, Span
from vsoko_rules.intake.proposals.quotes import span_of
from vsoko_rules.intake.proposals.signs import Examined, Sign
from vsoko_rules.intake.texts.file_text import FileText
from vsoko_rules.ruleset.cues import CueFile
from vsoko_rules.ruleset.ruleset import Ruleset

_REQUISITES: Final = ("kind", "number", "date", "period")
_WAITS: Final = ("signature",)
"""what text alone never shows"""


def propose(texts: Sequence[FileText], ruleset: Ruleset) -> tuple[ProposedDocument, ...]:
    """The documents of `texts`, in the order of the paths of their files, whatever order they are given in. A file
    whose text cannot be trusted is one document without claims. Raises `RulesetError` when the cues of the ruleset
    cannot be used."""
    documents = examine(texts, ruleset)
    relate(documents, ruleset)
    persons = Persons(ruleset.cues.persons)
    return tuple(_proposed(n, document, ruleset.cues, persons) for n, document in enumerate(documents))


def _proposed(number: int, document: Examined, cues: CueFile, persons: Persons) -> ProposedDocument:
    portion = document.portion
    title, span = _title(document, persons)
    claims = [*_claims(document, cues, persons)]
    said = {claim.claim for claim in claims}
    highlights: dict[str, ProposedClaim] = {}
    for sign in document.signs:
        if not cues.proposes(sign.cue) and sign.claim not in said and sign.field not in ("kind", "number", "date"):
            highlights.setdefault(sign.claim, _claim(document, sign, persons))
    return ProposedDocument(
        key=str(number),
        file=portion.text.file,
        sha256=portion.text.sha256,
        lines=(portion.first, portion.last),
        title=title,
        title_span=span,
        claims=tuple(claims),
        highlights=tuple(highlights.values()),
        unrelated=document.unrelated and bool(portion.tokens),
        blank=document.blank,
    )


def _title(document: Examined, persons: Persons) -> tuple[str, Span | None]:
    """The title without names, and where it stands; the name of the file where a document has none."""
    portion = document.portion
    written = [persons.without(portion.line(n).text) for n in document.title]
    title = " ".join(part for part in written if part)
    if not title:
        return PurePosixPath(portion.text.file).stem, None
    line = portion.line(document.title[0])
    return title, span_of(line, document.title[0], 0, len(line.text), persons)


def _claims(document: Examined, cues: CueFile, persons: Persons) -> Iterator[ProposedClaim]:
    """What is proposed, one claim of each thing said, in the order in which a person is asked."""
    recognised = document.portion.text.recognised
    said: set[str] = set()
    chosen = {sign.claim for sign in document.chosen}
    for sign in document.signs:
        if sign.claim in said or not cues.proposes(sign.cue) or (document.unrelated and sign.field not in _REQUISITES):
            continue
        if sign.field == "kind" and sign.value != document.kind:
            continue
        if sign.field in ("number", "date", "period") and sign.claim not in chosen:
            continue
        said.add(sign.claim)
        waits = sign.field in _WAITS or (recognised and sign.field in ("number", "date"))
        yield _claim(document, sign, persons, waits)
    for name, other, place, possible in document.links:
        span = _span(document, place, persons) if place is not None else None
        yield ProposedClaim(f"{name} {other}", span, waits=True, possible=possible)


def _claim(document: Examined, sign: Sign, persons: Persons, waits: bool = False) -> ProposedClaim:
    return ProposedClaim(sign.claim, _span(document, sign, persons), sign.cue.id, waits)


def _span(document: Examined, sign: Sign, persons: Persons) -> Span:
    portion = document.portion
    first = portion.tokens[sign.first]
    ends = [t.end for t in portion.tokens[sign.first : sign.last + 1] if t.line == first.line]
    return span_of(portion.line(first.line), first.line, first.start, max(ends), persons)
