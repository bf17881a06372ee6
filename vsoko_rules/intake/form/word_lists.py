"""The lists of words that a form offers, and the codes for which they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain, combinations
from typing import Final

from vsoko_rules.case.records import Case
from vsoko_rules.intake.form.layout import layout
from vsoko_rules.reading.word_list import WordList, folded
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.ruleset.ruleset import Ruleset


def word_lists(ruleset: Ruleset, case: Case | None = None) -> dict[str, WordList]:
    """Every list by its name, as a ruleset has them; a code that only `case` knows stands for itself."""
    words = layout().words
    documents = case.documents if case else ()
    strange: dict[str, set[str]] = {
        "elements": {code for d in documents for code in d.serves if code not in ruleset.elements},
        "requirements": {c for d in documents for held in (d.holds, *d.holds_for.values()) for c in held},
        "addressees": {code for d in documents for code in d.addressees},
        "remarks": {code for d in documents for code in d.remarks},
    }
    titles: dict[str, Mapping[str, str]] = {
        "requirements": {q.id: q.title for q in ruleset.requirements.values() if q.given_by == "holds"},
        "addressees": {a.id: a.title for a in ruleset.addressees.values()},
        "remarks": {r.id: r.title for r in ruleset.remarks.values()},
        **words,
        "elements": {e.id: f"{e.id} {e.title}" for e in ruleset.elements.values()},
        "datives": {a.id: a.dative for a in ruleset.addressees.values()},
        "counts": {c.id: c.title for c in ruleset.counts.values()},
        "blocks": {b.id: f"{b.id}. {b.name}" for b in ruleset.blocks.values()},
        "levels": {level.value: level.value for level in EducationLevel},
    }
    return mixed({name: WordList(_pairs(codes, strange.get(name, set()))) for name, codes in titles.items()})


MIXED: Final = ("contents", "notes")
"""lists that are made of others"""


def mixed(words: Mapping[str, WordList]) -> dict[str, WordList]:
    """The lists, and those that are made of several: what is in a document and whom it addresses, an expert's notes.
    A code of such a list is the name of a field and a code in it: «holds:goals»."""
    pairs = {name: known.pairs for name, known in words.items()}
    addressed = [(layout().addressed.format(dative=word), code) for word, code in pairs["datives"]]
    offered = _of("holds", pairs["requirements"]), _of("addressees", addressed), _of("covers", pairs["levels"])
    persons = [*pairs["addressees"], *pairs["datives"]]
    also = _of("holds", _codes(pairs["requirements"])), _of("addressees", [*persons, *_codes(persons)])
    titles = [(word.removeprefix(code).strip(), code) for word, code in pairs["elements"]]
    return {
        **words,
        "contents": WordList(chain(*offered), chain(*also)),
        "notes": WordList([*_of("remarks", pairs["remarks"]), *((w, f"{c}:true") for w, c in pairs["marks"])]),
        "addressees": WordList(pairs["addressees"], pairs["datives"]),
        "elements": WordList(pairs["elements"], titles),
    }


def _of(field: str, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(word, f"{field}:{code}") for word, code in pairs]


def _codes(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, code) for _, code in pairs]


def _pairs(titles: Mapping[str, str], strange: set[str]) -> list[tuple[str, str]]:
    """WordList and codes; codes without a title, or with one that another has too, stand for themselves."""
    shared = Counter(folded(title) for title in titles.values())
    pairs = [(title if shared[folded(title)] == 1 else code, code) for code, title in titles.items()]
    return pairs + [(code, code) for code in sorted(strange) if code not in titles]


def sets_of_levels() -> list[str]:
    """Every set of education levels as one word, whole sets first."""
    levels = [level.value for level in EducationLevel]
    return ["; ".join(c) for size in range(len(levels), 0, -1) for c in combinations(levels, size)]
