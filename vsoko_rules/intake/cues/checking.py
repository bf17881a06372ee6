"""What the cues of a ruleset say of its other entries: faults that keep them from being used, and probable slips."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vsoko_rules.errors import Place, Problem, did_you_mean
from vsoko_rules.intake.cues.phrases import BadPhrase, parse_phrase
from vsoko_rules.ruleset.cue_files import cue_source
from vsoko_rules.ruleset.cues import ClaimCue, Cue, CueFile, ServesCue
from vsoko_rules.ruleset.merged_source import MergedSource
from vsoko_rules.ruleset.ruleset import Ruleset

_LISTS = ("kinds", "requisites", "claims", "serves")


def cue_faults(ruleset: Ruleset) -> list[Problem]:
    """Phrases that cannot be read, codes that the ruleset does not have, cues that say nothing. Raises `RulesetError`
    when the files themselves cannot be read."""
    cues, source = ruleset.all_cues, cue_source(ruleset.source)
    return [
        problem
        for part in _LISTS
        for number, cue in enumerate(getattr(cues, part))
        for problem in _of_cue(cue, (part, number), source, _known(ruleset))
    ] + [*_repeated(cues, source), *_substance(ruleset, source)]


def _known(ruleset: Ruleset) -> Mapping[str, tuple[str, Sequence[str]]]:
    """For each key what its codes are called, and the codes there are."""
    holds = [r.id for r in ruleset.requirements.values() if r.given_by == "holds"]
    return {
        "kind": ("вида документа", [*ruleset.document_kinds]),
        "kinds": ("вида документа", [*ruleset.document_kinds]),
        "requirement": ("требования, которое отмечают в документе,", holds),
        "addressee": ("адресата", [*ruleset.addressees]),
        "elements": ("элемента", [*ruleset.elements]),
        "blocks": ("блока", [*ruleset.blocks]),
        "stages": ("звена", [*ruleset.stages]),
        "sources": ("источника", [*ruleset.sources]),
    }


def _of_cue(
    cue: Cue, path: tuple[str, int], source: MergedSource, known: Mapping[str, tuple[str, Sequence[str]]]
) -> Iterator[Problem]:
    for key in ("phrases", "unless"):
        for number, text in enumerate(getattr(cue, key)):
            yield from _phrase(text, source.place((*path, key, number)))
    for key, (what, codes) in known.items():
        value: str | tuple[str, ...] | None = getattr(cue, key, None)
        named = [(n, code) for n, code in enumerate(value)] if isinstance(value, tuple) else [(-1, value)]
        for number, code in named:
            place = source.place((*path, key, number) if number >= 0 else (*path, key))
            if code is not None and code not in codes and place.file in source.own:  # inherited: it was left out
                expected = f"код {what.rstrip(',')} из методики"
                yield Problem(place, f"{what} с таким кодом нет", code, expected, did_you_mean(code, codes))
    if isinstance(cue, ClaimCue) and (cue.requirement is None) is (cue.addressee is None):
        yield Problem(source.place((*path, "id")), "не сказано, что узнаётся", cue.id, "или requirement, или addressee")
    if isinstance(cue, ServesCue) and bool(cue.elements or cue.blocks or cue.stages) is cue.unrelated:
        expected = "или elements, blocks, stages, или unrelated: true"
        yield Problem(source.place((*path, "id")), "не сказано, что узнаётся", cue.id, expected)


def _substance(ruleset: Ruleset, source: MergedSource) -> Iterator[Problem]:
    """Kinds and requirements by which a document is not taken for one that belongs nowhere."""
    thresholds = ruleset.cues.thresholds
    telling = thresholds.substance if thresholds is not None else {}
    known = _known(ruleset)
    for kind, requirements in telling.items():
        path = ("thresholds", "substance", kind)
        named = [(path, "kind", kind), *(((*path, n), "requirement", code) for n, code in enumerate(requirements))]
        for at, key, code in named:
            what, codes = known[key]
            place = source.key_place(at) if at == path else source.place(at)
            if code not in codes and place.file in source.own:
                yield Problem(place, f"{what} с таким кодом нет", code, None, did_you_mean(code, codes))


def _phrase(text: str, place: Place) -> Iterator[Problem]:
    try:
        parse_phrase(text)
    except BadPhrase as bad:
        column = f"знак {bad.column + 1} образца «{text}»: {bad.message}"
        yield Problem(place, column, bad.found or text, bad.expected)


def _repeated(cues: CueFile, source: MergedSource) -> Iterator[Problem]:
    """A code is that of one cue, whatever list it stands in."""
    first: dict[str, Place] = {}
    for part in _LISTS:
        for number, cue in enumerate(getattr(cues, part)):
            place = source.place((part, number, "id"))
            if (other := first.setdefault(cue.id, place)) != place:
                yield Problem(place, "код признака повторяется", cue.id, f"один раз; впервые — {other}")


def cue_review(ruleset: Ruleset) -> list[Problem]:
    """What is probably a slip in cues that can be used: nothing of a list would ever be proposed."""
    cues, source = ruleset.all_cues, cue_source(ruleset.source)
    problems: list[Problem] = []
    for part in _LISTS:
        listed: tuple[Cue, ...] = getattr(cues, part)
        if not listed:
            continue
        if cues.thresholds is None:
            problems.append(Problem(source.place((part,)), "не задан порог, с которого признаки предлагают", part))
            break
        if not any(cues.proposes(cue) for cue in listed):
            best = max((cue.measured.share for cue in listed if cue.measured is not None), default=0)
            place = source.place(("thresholds", part))
            expected = f"не больше {best:.0f} — лучшей из измеренных точностей"
            problems.append(Problem(place, "порог недостижим", str(getattr(cues.thresholds, part)), expected))
    return problems
