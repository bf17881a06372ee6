"""The relations of this field, one table: what rules may speak of, who fills it and where in a file it stands.

Columns are codes, whole numbers and truth values. Dates are day numbers (days since 0001-01-01), some numbers are parts
of their unit (`PARTS`), so that engines meet nothing but exact small values. The wording of a fact stands under the
name of its relation in `reports/explain/facts.j2`, what a relation means in `reports/schema/fields.yml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vsoko_rules.engine.language import ColumnType, Filled, Relation, Schema

_CODE, _INT, _BOOL = ColumnType.CODE, ColumnType.INT, ColumnType.BOOL
_RULESET, _CASE, _RULES = Filled.RULESET, Filled.CASE, Filled.RULES

_DOCUMENT: Final = {
    "document": _CODE,
    "blank": _BOOL,
    "scan": _BOOL,
    "numbered": _BOOL,
    "dated": _BOOL,
    "day": _INT,
    "timed": _BOOL,
    "kinded": _BOOL,
    "in_window": _BOOL,
    "sized": _BOOL,
    "sample": _INT,
    "published": _BOOL,
    "own_address": _BOOL,
}
_PROCEDURE: Final = {
    "procedure": _CODE,
    "spaced": _BOOL,
    "days_between": _INT,
    "shared": _BOOL,
    "share": _INT,
    "daily": _BOOL,
    "per_day": _INT,
}
_MEASURED: Final = {
    "indicator": _CODE,
    "value": _INT,
    "targeted": _BOOL,
    "target": _INT,
    "compared": _BOOL,
    "previous": _INT,
}
_MARK: Final = {"indicator": _CODE, "zero": _BOOL, "commented": _BOOL, "expert": _BOOL}
_LINKED: Final = {"document": _CODE, "element": _CODE, "ground": _CODE, "before": _CODE}

# name, who fills it, columns, the list in whose entries it stands, the key of the entry
_RELATIONS: Final = (
    Relation("school_level", _RULESET, {"level": _CODE}),
    Relation("element", _RULESET, {"element": _CODE, "block": _CODE, "stage": _CODE}, "elements"),
    Relation("inapplicable", _RULESET, {"element": _CODE}, "elements"),
    Relation(
        "requires", _RULESET, {"element": _CODE, "requirement": _CODE, "field": _CODE, "grade": _CODE}, "elements"
    ),
    Relation("takes", _RULESET, {"element": _CODE, "kind": _CODE}, "elements"),
    Relation("follows", _RULESET, {"element": _CODE, "before": _CODE}, "elements"),
    Relation("expects", _RULESET, {"element": _CODE, "addressee": _CODE}, "elements"),
    Relation("open_addressee", _RULESET, {"element": _CODE}, "elements"),
    Relation("way", _RULESET, {"indicator": _CODE, "way": _CODE}, "indicators"),
    Relation("needs", _RULESET, {"indicator": _CODE, "how": _CODE}, "indicators"),
    Relation("indicator_element", _RULESET, {"indicator": _CODE, "element": _CODE}, "indicators"),
    Relation("direction", _RULESET, {"indicator": _CODE, "direction": _CODE}, "indicators"),
    Relation("document", _CASE, _DOCUMENT, "documents", "id"),
    Relation("serves", _CASE, {"document": _CODE, "element": _CODE}, "documents", "serves"),
    Relation("holds", _CASE, {"document": _CODE, "content": _CODE}, "documents", "holds"),
    Relation("holds_for", _CASE, {"document": _CODE, "element": _CODE, "content": _CODE}, "documents", "holds_for"),
    Relation("of_kind", _CASE, {"document": _CODE, "kind": _CODE}, "documents", "kind"),
    Relation("addresses", _CASE, {"document": _CODE, "addressee": _CODE}, "documents", "addressees"),
    Relation("based_on", _CASE, {"document": _CODE, "ground": _CODE}, "documents", "based_on"),
    Relation("approved_by", _CASE, {"document": _CODE, "order": _CODE}, "documents", "approved_by"),
    Relation("part_of", _CASE, {"document": _CODE, "whole": _CODE}, "documents", "annex_of"),
    Relation("remark", _CASE, {"document": _CODE, "remark": _CODE}, "documents", "remarks"),
    Relation("omits", _CASE, {"document": _CODE, "element": _CODE, "level": _CODE}, "documents", "covers"),
    Relation("odd", _CASE, {"document": _CODE, "oddity": _CODE, "other": _CODE}, "documents", "url"),
    Relation("procedure", _CASE, _PROCEDURE, "procedures", "id"),
    Relation("measured", _CASE, _MEASURED, "indicators"),
    Relation("mark", _CASE, _MARK, "indicators"),
    # what rules conclude: the key is the field of a document that has to change where it does not hold
    Relation("meets", _RULES, {"document": _CODE, "element": _CODE, "requirement": _CODE}),
    Relation("credited", _RULES, {"document": _CODE, "element": _CODE}),
    Relation("joined", _RULES, {"document": _CODE, "part": _CODE}, None, "annex_of"),
    Relation("rests", _RULES, {"document": _CODE, "ground": _CODE}, None, "based_on"),
    Relation("ordered", _RULES, {"document": _CODE, "ground": _CODE}, None, "date"),
    Relation("linked", _RULES, _LINKED, None, "based_on"),
    Relation("earned_way", _RULES, {"indicator": _CODE, "way": _CODE}),
    Relation("earned", _RULES, {"indicator": _CODE}),
    Relation("warning", _RULES, {"topic": _CODE, "subject": _CODE}),
)

SCHEMA: Final[Schema] = {relation.name: relation for relation in _RELATIONS}
"""Every relation by name."""

PARTS: Final[Mapping[str, int]] = {"share": 10, "value": 1000, "target": 1000, "previous": 1000}
"""columns that hold parts of their unit: how many make one"""
