"""JSON Schemas take what the reader takes, refuse what it refuses, and have Russian words for every key."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from tests.ruleset.small import MAIN
from vsoko_rules.case.case_schema import case_schema
from vsoko_rules.case.records import Case
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.content import RulesetFile
from vsoko_rules.ruleset.cues import CueFile
from vsoko_rules.ruleset.load import available, load
from vsoko_rules.ruleset.merge import CUE_FOLDER, STABILITY_FILE, TEST_SUFFIX
from vsoko_rules.ruleset.schema import JsonSchema, as_text, cue_schema, ruleset_schema, words

CASES = sorted(shipped("cases").glob("*.yml"))
FILES = sorted(
    path
    for path in shipped("rulesets").rglob("*.yml")
    if not path.name.endswith((TEST_SUFFIX, STABILITY_FILE)) and path.parent.name != CUE_FOLDER
)
OF_CUES = sorted(shipped("rulesets").glob(f"*/{CUE_FOLDER}/*.yml"))


class AsEditorsRead(yaml.SafeLoader):
    """YAML as editors see it: dates are strings."""


AsEditorsRead.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def validator(schema: JsonSchema) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


OF_CASE = validator(case_schema([load(name) for name in available()]))
OF_ANY_CASE = validator(case_schema())
OF_RULESET = validator(ruleset_schema())


def complaints(schema: Draft202012Validator, data: Any) -> list[str]:
    return [f"{list(e.absolute_path)}: {e.message[:200]}" for e in schema.iter_errors(data)]


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_every_shipped_case_fits(path: Path) -> None:
    for data in (yaml.load(path.read_text(encoding="utf-8"), AsEditorsRead), read(path).data):
        assert complaints(OF_CASE, data) == []
        assert complaints(OF_ANY_CASE, data) == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_every_shipped_file_of_a_ruleset_fits(path: Path) -> None:
    for data in (yaml.load(path.read_text(encoding="utf-8"), AsEditorsRead), read(path).data):
        assert complaints(OF_RULESET, data) == []


@pytest.mark.parametrize("path", OF_CUES, ids=lambda p: p.stem)
def test_every_shipped_file_of_cues_fits(path: Path) -> None:
    for data in (yaml.load(path.read_text(encoding="utf-8"), AsEditorsRead), read(path).data):
        assert complaints(validator(cue_schema()), data) == []


def test_of_a_cue_that_is_changed_only_its_code_is_needed() -> None:
    assert complaints(validator(cue_schema()), {"claims": [{"id": "goals-heading", "unless": ["цели урока"]}]}) == []
    assert complaints(validator(cue_schema()), {"claims": [{"unless": ["цели урока"]}]})


def test_there_is_something_to_check() -> None:
    assert len(OF_CUES) >= 5
    assert len(CASES) >= 10
    assert len(FILES) >= 10


def a_case(**document: Any) -> dict[str, Any]:
    return {
        "school": {"id": "s-1", "name": "Школа", "municipality": "Район", "levels": ["НОО"], "counts": {}},
        "study": {"year": 2022, "from": "2021-09-01", "to": "2022-10-31"},
        "documents": [{"id": "d1", "title": "Приказ", **document}],
    }


@pytest.mark.parametrize(
    "document",
    [
        {"number": 12},
        {"number": 1.5},
        {"number": "12-од"},
        {"title": 2022},
        {"title": True},
        {"id": 7},
        {"id": "приказ-7"},
        {"id": "әбү"},
        {"date": None},
        {"date": "2022-02-14"},
        {"sample": 0},
        {"sample": "12"},
        {"blank": "true"},
        {"blank": False},
        {"page": None},
        {"covers": ["НОО", "СОО"]},
    ],
    ids=str,
)
def test_what_the_reader_takes_an_editor_does_not_underline(document: dict[str, Any]) -> None:
    assert complaints(OF_CASE, a_case(**document)) == []


@pytest.mark.parametrize(
    "document",
    [
        {"titel": "Приказ"},
        {"title": ""},
        {"id": "d 1"},
        {"id": "-d"},
        {"date": "14.02.2022"},
        {"date": "2022-02-30"},
        {"sample": -1},
        {"sample": "много"},
        {"blank": "да"},
        {"covers": ["СПО"]},
        {"serves": ["B9-M99"]},
        {"serves": "B1-M02"},
        {"holds": ["date"]},
        {"addressees": ["directors"]},
        {"remarks": ["nonsense"]},
    ],
    ids=str,
)
def test_what_the_reader_refuses_an_editor_underlines(document: dict[str, Any]) -> None:
    assert complaints(OF_CASE, a_case(**document))


def test_bounds_of_numbers_are_kept() -> None:
    case = a_case()
    case["study"]["year"] = 1812
    assert complaints(OF_CASE, case)
    case = a_case()
    case["procedures"] = [{"id": "p", "subject": "математика", "grade": 12}]
    assert complaints(OF_CASE, case)


def test_without_a_ruleset_any_code_will_do() -> None:
    assert complaints(OF_ANY_CASE, a_case(serves=["X-1"], holds=["что-то"])) == []


def test_codes_of_the_ruleset_come_with_what_they_mean() -> None:
    ruleset = load("bashkortostan-2022")
    schema = case_schema([ruleset])
    document = schema["$defs"]["Document"]["properties"]
    served = dict(zip(*document["serves"]["items"].values(), strict=True))
    assert set(served) == {*ruleset.elements, *ruleset.aliases}
    assert served["B1-M02"] == "Оценка качества подготовки · Мониторинг: Мониторинг результатов ВПР"
    held = dict(zip(*document["holds"]["items"].values(), strict=True))
    assert held["deadlines"] == "названы сроки"
    assert set(held) == {q.id for q in ruleset.requirements.values() if q.given_by == "holds"}
    counts = schema["$defs"]["School"]["properties"]["counts"]
    assert counts["properties"]["young_teachers"]["description"] == "Количество молодых педагогов"


def test_indicators_of_the_ruleset_come_with_what_they_mean() -> None:
    region = load("tver-2022")
    offered = case_schema([region])["properties"]["indicators"]["properties"]
    assert set(offered) >= {*region.indicators}
    code, indicator = next(iter(region.indicators.items()))
    assert indicator.title in offered[code]["description"]


def test_a_child_ruleset_may_hold_only_what_changes() -> None:
    assert complaints(OF_RULESET, {"blocks": [{"id": "B1", "name": "По-новому"}]}) == []
    assert complaints(OF_RULESET, {"blocks": [{"name": "Без кода"}]})
    assert complaints(OF_RULESET, {"exclude": [{"id": "B1"}]}), "an exclusion gives its reason"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- serves: {document", "- serve: {document"),
        ("blank: false", "empty: false"),
        ("then: {meets", "then: {met"),
        ("severity: major", "severity: grave"),
        ("effort: 0.1}", "efort: 0.1}"),
    ],
)
def test_the_rule_language_is_part_of_the_schema(old: str, new: str) -> None:
    assert complaints(OF_RULESET, yaml.load(MAIN, AsEditorsRead)) == []
    assert complaints(OF_RULESET, yaml.load(MAIN.replace(old, new), AsEditorsRead))


def test_the_same_schema_gives_the_same_bytes() -> None:
    assert as_text(case_schema([load("bashkortostan-2022")])) == as_text(case_schema([load("bashkortostan-2022")]))


def models(root: type[BaseModel]) -> set[type[BaseModel]]:
    found: set[type[BaseModel]] = set()
    waiting: list[Any] = [root]
    while waiting:
        each = waiting.pop()
        if isinstance(each, type) and issubclass(each, BaseModel):
            if each not in found:
                found.add(each)
                waiting += [field.annotation for field in each.model_fields.values()]
        else:
            waiting += get_args(each)
    return found


def literals(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [value for part in get_args(annotation) for value in literals(part)]


def enums(annotation: Any) -> set[type[Enum]]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return {annotation}
    return {found for part in get_args(annotation) for found in enums(part)}


def test_every_key_every_value_and_every_relation_has_russian_words_and_no_words_are_left_over() -> None:
    known = words()
    named: set[tuple[str, str]] = set()
    listed: set[type[Enum]] = set()
    for model in models(Case) | models(RulesetFile) | models(CueFile):
        for name, field in model.model_fields.items():
            owner = next(base for base in reversed(model.__mro__) if name in getattr(base, "model_fields", {}))
            key = field.alias or name
            named.add((owner.__name__, key))
            hint = known.models[owner.__name__].fields[key]
            assert sorted(hint.values) == sorted(literals(field.annotation)), (owner.__name__, key)
            listed |= enums(field.annotation)
    assert named == {(model, key) for model, head in known.models.items() for key in head.fields}
    assert {e.__name__: {str(v.value) for v in e} for e in listed} == {n: set(v) for n, v in known.enums.items()}
    assert set(known.relations) == set(SCHEMA)


def test_no_english_is_shown() -> None:
    def texts(schema: Any) -> list[str]:
        if isinstance(schema, dict):
            own = [v for k, v in schema.items() if k in ("title", "description") and isinstance(v, str)]
            return own + [t for v in schema.values() for t in texts(v)]
        return [t for v in schema for t in texts(v)] if isinstance(schema, list) else []

    for schema in (case_schema([load("bashkortostan-2022")]), ruleset_schema(), cue_schema()):
        for text in texts(schema):
            assert any("а" <= letter.lower() <= "я" for letter in text), text
