"""The codes that a case may name: those of its ruleset, and of others under which it is assessed as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from weakref import WeakKeyDictionary

from vsoko_rules.ruleset.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """Codes by what they are codes of, former ones included."""

    elements: frozenset[str]
    contents: frozenset[str]
    """requirements that a document is said to hold"""
    addressees: frozenset[str]
    remarks: frozenset[str]
    blocks: frozenset[str]
    counts: frozenset[str]
    indicators: frozenset[str]


_of_ruleset: WeakKeyDictionary[Ruleset, KnownCodes] = WeakKeyDictionary()


def known_codes(rulesets: Sequence[Ruleset]) -> KnownCodes:
    """The codes that any of `rulesets` knows; gathered once a ruleset."""
    for ruleset in rulesets:
        if ruleset not in _of_ruleset:
            _of_ruleset[ruleset] = _gathered(ruleset)
    first, *others = (_of_ruleset[ruleset] for ruleset in rulesets)
    if not others:
        return first
    every = (frozenset[str]().union(*(getattr(c, f.name) for c in (first, *others))) for f in fields(KnownCodes))
    return KnownCodes(*every)


def _gathered(ruleset: Ruleset) -> KnownCodes:
    marked = [r for r in ruleset.requirements.values() if r.given_by == "holds"]
    return KnownCodes(
        elements=frozenset((*ruleset.elements, *ruleset.aliases)),
        contents=frozenset(code for r in marked for code in (r.id, *r.aliases)),
        addressees=frozenset(ruleset.addressees),
        remarks=frozenset(ruleset.remarks),
        blocks=frozenset(ruleset.blocks),
        counts=frozenset(ruleset.counts),
        indicators=frozenset((*ruleset.indicators, *ruleset.indicator_aliases)),
    )
