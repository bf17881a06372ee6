"""JSON Schema of case files: an editor that knows it offers the codes of a ruleset and says what each means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vsoko_rules.case.records import Case
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.ruleset.schema import JsonSchema, choice, described, optional


def case_schema(rulesets: Sequence[Ruleset] = ()) -> JsonSchema:
    """The schema of a case. With rulesets, codes are those that at least one of them knows."""
    schema = described(Case)
    if not rulesets:
        return schema
    properties, definitions = schema["properties"], schema["$defs"]
    document, school = definitions["Document"]["properties"], definitions["School"]["properties"]
    elements = _elements(rulesets)
    document["serves"]["items"] = choice(elements)
    for key, codes in _document_codes(rulesets).items():
        document[key]["items"] = choice(codes)
    (contents,) = document["holds_for"].pop("patternProperties").values()
    own = {**contents, "items": document["holds"]["items"]}
    document["holds_for"] |= {"properties": _keys(elements, own), "additionalProperties": False}
    optional(properties["reviewed"])["items"] = choice({b.id: b.name for r in rulesets for b in r.blocks.values()})
    counts = {c.id: c.title for r in rulesets for c in r.counts.values()}
    (number,) = school["counts"].pop("patternProperties").values()
    school["counts"] |= {"properties": _keys(counts, number), "additionalProperties": False}
    indicators = _indicators(rulesets)
    (entry,) = properties["indicators"]["patternProperties"].values()
    properties["indicators"]["properties"] = _keys(indicators, entry)
    decided = definitions["Override"]["properties"]
    words = {key: decided["of"].pop(key) for key in ("title", "description") if key in decided["of"]}
    decided["of"] = {**words, "anyOf": [choice({**elements, **indicators}), decided["of"]]}
    return schema


def _elements(rulesets: Sequence[Ruleset]) -> dict[str, str]:
    """Every element, and every former code of one, with its block and title."""
    titles: dict[str, str] = {}
    for ruleset in rulesets:
        for e in ruleset.elements.values():
            text = f"{ruleset.blocks[e.block].name} · {ruleset.stages[e.stage].short}: {e.title}"
            titles |= {e.id: text} | dict.fromkeys(e.aliases, f"→ {e.id}. {text}")
    return titles


def _indicators(rulesets: Sequence[Ruleset]) -> dict[str, str]:
    """What an editor offers as indicators: those on a ruleset's list, and elements that stand on no line."""
    titles: dict[str, str] = {}
    for ruleset in rulesets:
        on_lines = {e for line in ruleset.lines for e in line.elements}
        titles |= {e.id: e.title for e in ruleset.elements.values() if e.id not in on_lines}
        titles |= {i.id: i.title for i in ruleset.indicators.values()}
    return titles


def _document_codes(rulesets: Sequence[Ruleset]) -> dict[str, dict[str, str]]:
    """The codes that a document may name under each key, with what they mean."""
    asked = (q for r in rulesets for q in r.requirements.values() if q.given_by == "holds")
    return {
        "holds": {q.id: q.ask for q in asked},
        "addressees": {a.id: a.title for r in rulesets for a in r.addressees.values()},
        "remarks": {m.id: m.title for r in rulesets for m in r.remarks.values()},
    }


def _keys(codes: Mapping[str, str], value: JsonSchema) -> JsonSchema:
    return {code: {**value, "description": text} for code, text in codes.items()}
