"""The relations of this field: what rules may speak of.

Columns are codes, whole numbers and truth values. Dates are day numbers (days since 0001-01-01), shares are tenths of a
percent, measured values thousandths of their unit, so that engines meet nothing but exact small values.
"""

from __future__ import annotations

from typing import Final

from vsoko_rules.engine.language import ColumnType, Filled, Relation, Schema

_CODE, _INT, _BOOL = ColumnType.CODE, ColumnType.INT, ColumnType.BOOL

_RELATIONS = (
    Relation("element", Filled.RULESET, {"element": _CODE, "block": _CODE, "stage": _CODE}),
    Relation("inapplicable", Filled.RULESET, {"element": _CODE}),
    Relation("requires", Filled.RULESET, {"element": _CODE, "requirement": _CODE, "field": _CODE}),
    Relation("follows", Filled.RULESET, {"element": _CODE, "before": _CODE}),
    Relation("expects", Filled.RULESET, {"element": _CODE, "addressee": _CODE}),
    Relation("open_addressee", Filled.RULESET, {"element": _CODE}),
    Relation("way", Filled.RULESET, {"indicator": _CODE, "way": _CODE}),
    Relation("needs", Filled.RULESET, {"indicator": _CODE, "how": _CODE}),
    Relation("indicator_element", Filled.RULESET, {"indicator": _CODE, "element": _CODE}),
    Relation("direction", Filled.RULESET, {"indicator": _CODE, "direction": _CODE}),
    Relation("school_level", Filled.RULESET, {"level": _CODE}),
    Relation(
        "document",
        Filled.CASE,
        {
            "document": _CODE,
            "blank": _BOOL,
            "scan": _BOOL,
            "numbered": _BOOL,
            "dated": _BOOL,
            "day": _INT,
            "in_window": _BOOL,
            "sized": _BOOL,
            "sample": _INT,
        },
    ),
    Relation("serves", Filled.CASE, {"document": _CODE, "element": _CODE}),
    Relation("holds", Filled.CASE, {"document": _CODE, "content": _CODE}),
    Relation("addresses", Filled.CASE, {"document": _CODE, "addressee": _CODE}),
    Relation("based_on", Filled.CASE, {"document": _CODE, "ground": _CODE}),
    Relation("omits", Filled.CASE, {"document": _CODE, "element": _CODE, "level": _CODE}),
    Relation("remark", Filled.CASE, {"document": _CODE, "remark": _CODE}),
    Relation(
        "procedure",
        Filled.CASE,
        {
            "procedure": _CODE,
            "spaced": _BOOL,
            "days_between": _INT,
            "shared": _BOOL,
            "share": _INT,
            "daily": _BOOL,
            "per_day": _INT,
        },
    ),
    Relation(
        "measured",
        Filled.CASE,
        {
            "indicator": _CODE,
            "value": _INT,
            "targeted": _BOOL,
            "target": _INT,
            "compared": _BOOL,
            "previous": _INT,
        },
    ),
    Relation("mark", Filled.CASE, {"indicator": _CODE, "zero": _BOOL, "commented": _BOOL, "expert": _BOOL}),
    Relation("meets", Filled.RULES, {"document": _CODE, "element": _CODE, "requirement": _CODE}),
    Relation("credited", Filled.RULES, {"document": _CODE, "element": _CODE}),
    Relation("ordered", Filled.RULES, {"document": _CODE, "ground": _CODE}),
    Relation("linked", Filled.RULES, {"document": _CODE, "element": _CODE, "ground": _CODE, "before": _CODE}),
    Relation("earned_way", Filled.RULES, {"indicator": _CODE, "way": _CODE}),
    Relation("earned", Filled.RULES, {"indicator": _CODE}),
    Relation("warning", Filled.RULES, {"topic": _CODE, "subject": _CODE}),
)

SCHEMA: Final[Schema] = {relation.name: relation for relation in _RELATIONS}
"""Every relation by name. «ruleset» relations hold what the ruleset expects of this kind of school, «case» relations
what the case states, «rules» relations what the rules conclude."""
