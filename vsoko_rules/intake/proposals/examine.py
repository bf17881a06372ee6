"""Everything that cues say of files, document by document."""

from __future__ import annotations

from collections.abc import Sequence

from vsoko_rules.intake.cues.recognition import Recogniser, recogniser
from vsoko_rules.intake.proposals.contents import contents_of
from vsoko_rules.intake.proposals.evidence import Examined, Sign
from vsoko_rules.intake.proposals.headings import kind_of, title_of
from vsoko_rules.intake.proposals.own_requisites import stated_by
from vsoko_rules.intake.proposals.portions import Portion, portions
from vsoko_rules.intake.proposals.ranking import Ranking
from vsoko_rules.intake.texts.text import FileText, Quality
from vsoko_rules.ruleset.ruleset import Ruleset


def examine(texts: Sequence[FileText], ruleset: Ruleset) -> list[Examined]:
    """The documents of files that can be trusted, and an empty one for every other file; in the order of the paths of
    the files. Raises `RulesetError` when the cues cannot be used."""
    known = recogniser(ruleset)
    result: list[Examined] = []
    for text in sorted(texts, key=lambda each: each.file):
        if text.quality is Quality.GOOD:
            result += [_examined(portion, known, ruleset) for portion in portions(text, known)]
        else:
            result.append(Examined(Portion(text, 0, len(text.lines), [], [])))
    return result


def _examined(portion: Portion, known: Recogniser, ruleset: Ruleset) -> Examined:
    kind, kinds, heading = kind_of(portion, known.cues)
    title = title_of(portion, heading)
    stated = stated_by(portion, kind, known.cues)
    ranking = Ranking(portion, kind, title, ruleset)
    elements = ranking.elements()
    signs: list[Sign] = [
        *sorted(kinds, key=lambda sign: sign.claim != f"kind {kind}"),
        *stated.chosen,
        *stated.seen,
        *contents_of(portion, kind, title, known.places),
        *(sign for _, sign in elements),
    ]
    return Examined(
        portion=portion,
        kind=kind,
        title=title,
        signs=signs,
        chosen=stated.chosen,
        elements=tuple(code for code, _ in elements),
        topics=tuple(ranking.hits),
        unrelated=not elements,
        blank=stated.blank,
    )
