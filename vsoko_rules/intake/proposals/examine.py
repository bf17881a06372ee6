"""Everything that cues say of files, document by document."""

from __future__ import annotations

from collections.abc import Sequence

from vsoko_rules.intake.cues.recognition import Recogniser, recogniser
from vsoko_rules.intake.proposals.contents import contents_of
from vsoko_rules.intake.proposals.headings import kind_of, title_of
from vsoko_rules.intake.proposals.own_requisites import stated_by
from vsoko_rules.intake.proposals.portions import Portion, portions
from vsoko_rules.intake.proposals.ranking import Ranking
from vsoko_rules.intake.proposals.signs import Examined, Sign
from vsoko_rules.intake.texts.file_text import FileText, Quality
from vsoko_rules.ruleset.cues import CueFile
from vsoko_rules.ruleset.ruleset import Ruleset


def examine(texts: Sequence[FileText], ruleset: Ruleset) -> list[Examined]:
    """The documents of files that can be trusted, and an empty one for every other file; in the order of the paths of
    the files. Raises `RulesetError` when the cues cannot be used."""
    known = recogniser(ruleset)
    result: list[Examined] = []
    for text in sorted(texts, key=lambda each: each.file):
        if text.quality is Quality.GOOD:
            result += _of_file(text, known, ruleset)
        else:
            result.append(Examined(Portion(text, 0, len(text.lines), [], [])))
    return result


def _of_file(text: FileText, known: Recogniser, ruleset: Ruleset) -> list[Examined]:
    result: list[Examined] = []
    rankings: list[Ranking] = []
    for portion in portions(text, known):
        kind, kinds, heading = kind_of(portion, known.cues)
        title = title_of(portion, heading)
        order = next((n for n, other in enumerate(result) if other.portion is portion.after), None)
        ranking = Ranking(portion, kind, title, ruleset, rankings[order] if order is not None else None)
        one = _examined(portion, kind, kinds, title, ranking, known)
        if order is not None and not one.elements:
            _as_its_order(one, result[order])
        rankings.append(ranking)
        result.append(one)
    return result


def _as_its_order(annex: Examined, order: Examined) -> None:
    """An annex for which nothing speaks serves what its order does."""
    place = next(annex.portion.zone("annex", "approved"), None)
    if place is not None and order.elements:
        annex.elements, annex.unrelated = order.elements, False
        annex.signs = [*annex.signs, *(Sign(place.cue, f"serves {e}", place.first, place.last) for e in order.elements)]


def _examined(
    portion: Portion, kind: str | None, kinds: list[Sign], title: range, ranking: Ranking, known: Recogniser
) -> Examined:
    stated = stated_by(portion, kind, title, known.cues)
    elements = ranking.elements()
    contents = contents_of(portion, kind, title, known.places)
    return Examined(
        portion=portion,
        kind=kind,
        title=title,
        signs=[
            *sorted(kinds, key=lambda sign: sign.claim != f"kind {kind}"),
            *stated.chosen,
            *stated.seen,
            *contents,
            *(sign for _, sign in elements),
        ],
        chosen=stated.chosen,
        elements=tuple(code for code, _ in elements),
        topics=tuple(ranking.hits),
        unrelated=not elements and not (ranking.doubtful and _substantial(contents, kind, known.cues)),
        blank=stated.blank,
    )


def _substantial(contents: Sequence[Sign], kind: str | None, cues: CueFile) -> bool:
    """Whether a document holds what is held by those alone that belong to some element."""
    telling = cues.thresholds.substance.get(kind or "", ()) if cues.thresholds is not None else ()
    return any(sign.claim in telling and cues.proposes(sign.cue) for sign in contents)
