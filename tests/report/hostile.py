"""A case with a hostile text in every field that takes text. Fields are found from the model, so none is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from tests.builders import Data
from vsoko_rules.case.records import Case

ATTACKS = (
    "<script>alert({n})</script>",
    '" onmouseover="alert({n})" x="',
    "javascript:alert({n})",
    "'><img src=//evil.example/{n} onerror=alert({n})>",
    "</style></title></svg><a href=javascript:alert({n})>{n}</a>",
    "{{{{ 7 * {n} }}}} {{% raw %}} &lt;{n}&gt; ]]> <!-- {n}",
    "[bold red]{n}[/bold red] [/] [link=javascript:{n}]{n}[/link] :warning: \\[{n}] {n}\\",
)
"""`{n}` becomes the number of the field"""

FULL: Data = {
    "ruleset": "bashkortostan-2022",
    "school": {"id": "s1", "name": "", "municipality": "", "levels": ["НОО", "ООО", "СОО"], "counts": {"students": 5}},
    "study": {"year": 2022, "from": "2021-09-01", "to": "2022-10-31"},
    "filled_by": {"role": "expert", "name": "", "date": "2022-10-20"},
    "reviewed": ["B1", "B2", "C"],
    "links_checked": "true",
    "documents": [
        {
            "id": name,
            "title": "",
            "kind": "",
            "serves": serves,
            "number": "",
            "date": day,
            "period": "2022",
            "valid": {"from": "2021-09-01", "to": "2022-10-31"},
            "url": "",
            "file": "",
            "holds": [],
            "holds_for": {"B1-G01": ["target"]},
            "addressees": [],
            "covers": ["НОО"],
            "based_on": grounds,
            "approved_by": "d3" if name == "d1" else "d1",
            "annex_of": "d2" if name == "d3" else "d3",
            "amends": "d2" if name == "d1" else "d1",
            "unrelated": "false",
            "evidence": [
                {
                    "claim": "approved_by d3" if name == "d1" else "approved_by d1",
                    "quote": "",
                    "in": {"file": "", "page": 1, "sha256": "0" * 64},
                    "seen": {"sha256": "0" * 64, "number": "", "date": "2020-01-01"},
                    "state": "confirmed",
                    "comment": "",
                }
            ],
            "blank": blank,
            "scan": scan,
            "sample": 7,
            "remarks": ["pupil_names"],
            "quote": "",
            "page": 3,
            "comment": "",
        }
        for name, serves, day, grounds, blank, scan in (
            ("d1", ["B1-G01", "B1-R01", "C-01"], "2021-09-02", ["d2"], "false", "false"),
            ("d2", ["B1-G02", "B2-M01"], "2021-09-01", ["d1"], "true", "false"),
            ("d3", ["B2-G01"], "2021-10-01", [], "false", "true"),
        )
    ],
    "procedures": [{"id": "p1", "subject": "", "grade": 5, "days_between": 3, "share": 40, "per_day": 4}],
    "indicators": {
        "B1-I01": {
            "value": 1,
            "previous": 2,
            "target": 3,
            "unit": "",
            "sample": 4,
            "mark": 0,
            "comment": "",
            "documents": ["d1"],
        }
    },
    "overrides": [
        {"of": "B2-G02", "outcome": "missing", "by": "", "date": "2022-10-21", "until": "2022-12-31", "comment": ""}
    ],
}
"""every key of the model, text left empty"""


def hostile(attack: str) -> tuple[Data, dict[str, str]]:
    """A case in which every text is an attack, and those texts by the path of their field."""
    texts: dict[str, str] = {}
    return _filled(Case, FULL, attack, "", texts), texts


def _filled(model: type[BaseModel], data: Data, attack: str, path: str, texts: dict[str, str]) -> Data:
    keys = {info.alias or name: info for name, info in model.model_fields.items()}
    assert keys.keys() == data.keys(), f"{model.__name__}: give every field in FULL"
    return {key: _value(info, data[key], attack, f"{path}.{key}", texts) for key, info in keys.items()}


def _value(info: FieldInfo, value: Any, attack: str, path: str, texts: dict[str, str]) -> Any:
    if value == "" and _is_text(info):
        texts[path] = attack.format(n=1000 + len(texts)).strip()
        return texts[path]
    inner = next((found for found in _within(info.annotation) if _is_model(found)), None)
    if inner is None:
        return value
    if isinstance(value, list):
        return [_filled(inner, each, attack, f"{path}[{n}]", texts) for n, each in enumerate(value)]
    if value.keys() <= {field.alias or name for name, field in inner.model_fields.items()}:
        return _filled(inner, value, attack, path, texts)
    return {key: _filled(inner, each, attack, f"{path}.{key}", texts) for key, each in value.items()}


def _is_text(info: FieldInfo) -> bool:
    parts = [*info.metadata, *_within(info.annotation)]
    return any(isinstance(part, StringConstraints) and part.pattern is None for part in parts)


def _is_model(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, BaseModel)


def _within(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _within(part)
    yield from getattr(annotation, "__metadata__", ())
