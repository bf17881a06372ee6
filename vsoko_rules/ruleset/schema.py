"""JSON Schema (draft 2020-12) from the models, with Russian hints for editors.

The schema takes what the YAML reader takes: the reader hands over every scalar as its text, so `number: 12` is a text
and `grade: "6"` a number. The words come from `reports/schema/fields.yml`.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, get_args

from pydantic import BaseModel, Field
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from vsoko_rules.engine.language import ColumnType, Relation
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.errors import RulesetError
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.content import RulesetFile
from vsoko_rules.ruleset.cues import CueFile
from vsoko_rules.writing.json_text import json_text

JsonSchema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_CODE: Final = r"^[^\s!-/:-@\[-`{-~][^\s!-,/:-@\[-^`{-~]*$"
"""an id in a regular expression that Python and editors read alike: every letter beyond ASCII is let through"""
_NUMBER: Final = r"^[+-]?(0|[1-9]\d*)(\.\d+)?$"
_WHOLE: Final = r"^[+-]?(0|[1-9]\d*)$"


class FieldWords(Model):
    """What an editor shows beside one key."""

    title: str
    about: str | None = None
    values: dict[str, str] = Field(default_factory=dict)
    """what each of the allowed values means"""


class ModelWords(Model):
    """What an editor shows for one model and its keys."""

    title: str | None = None
    about: str | None = None
    fields: dict[str, FieldWords] = Field(default_factory=dict)


class SchemaWords(Model):
    """All hints: by model, by enumeration, by relation of the rule language."""

    models: dict[str, ModelWords]
    enums: dict[str, dict[str, str]]
    relations: dict[str, str]
    columns: dict[str, str]


@cache
def words() -> SchemaWords:
    """The shipped hints."""
    return validated(SchemaWords, read(shipped("reports") / "schema" / "fields.yml", RulesetError), RulesetError)


def as_text(schema: JsonSchema) -> str:
    """The schema as the text of a file; the same schema gives the same bytes."""
    return json_text(schema)


def ruleset_schema() -> JsonSchema:
    """The schema of one file of a ruleset.

    An entry of a child ruleset may hold nothing but what changes, so only that by which an entry is known is required.
    """
    schema = described(RulesetFile)
    for key, listed in schema["properties"].items():
        if "$ref" in listed.get("items", {}) and key not in ("exclude", "step_over"):
            entry = schema["$defs"][listed["items"]["$ref"].rpartition("/")[2]]
            known_by = next((k for k in (["id"], ["block", "stage"]) if set(k) <= set(entry["properties"])), None)
            entry["required"] = entry.get("required", []) if known_by is None else known_by
    rule = schema["$defs"]["Rule"]["properties"]
    rule["when"]["items"] = _condition()
    rule["then"] |= _one_of(_relations())
    return schema


def cue_schema() -> JsonSchema:
    """The schema of one file of cues. Of a cue that a child ruleset changes only its code is required."""
    schema = described(CueFile)
    for name in ("KindCue", "RequisiteCue", "ClaimCue", "ServesCue"):
        schema["$defs"][name]["required"] = ["id"]
    return schema


def _condition() -> JsonSchema:
    """One entry of `when`: a relation, or «for every row of one relation there is a row of another»."""
    about = words().columns
    universal = {
        key: {"description": about[key], "type": "object", **_one_of(_relations())} for key in ("every", "has")
    }
    return {"type": "object", "anyOf": [_one_of(_relations()), _closed(universal) | {"required": ["every", "has"]}]}


def _relations() -> JsonSchema:
    about = words().relations
    return {
        r.name: {"description": about.get(r.name, r.name), "type": "object", **_closed(_columns(r))}
        for r in SCHEMA.values()
    }


def _columns(relation: Relation) -> JsonSchema:
    kinds: dict[ColumnType, JsonSchema] = {
        ColumnType.CODE: {"type": ["string", "number"]},
        ColumnType.INT: {"type": ["integer", "string"]},
        ColumnType.BOOL: {"type": ["boolean", "string"]},
    }
    return {column: kinds[kind] for column, kind in relation.columns.items()}


def _closed(properties: JsonSchema) -> JsonSchema:
    return {"properties": properties, "additionalProperties": False}


def _one_of(properties: JsonSchema) -> JsonSchema:
    return {**_closed(properties), "minProperties": 1, "maxProperties": 1}


def described(model: type[BaseModel]) -> JsonSchema:
    """The schema of a model with the hints for its keys, as far as there are words for them."""
    schema = model.model_json_schema(schema_generator=_ReaderSchema)
    definitions = schema.pop("$defs", {})
    for name, definition in definitions.items():
        if "enum" in definition:
            definition.pop("description", None)
            definition.pop("title", None)
            _explain(definition, words().enums.get(name, {}))
    models = {name: inner for name, inner in _models(model).items() if name in definitions}
    for inner, definition in [(model, schema), *((models[name], definitions[name]) for name in models)]:
        _describe(inner, definition)
    return {"$schema": DIALECT, **schema, "$defs": definitions}


def optional(schema: JsonSchema) -> JsonSchema:
    """The part of a schema that speaks of a value that is there, when the value may be left empty."""
    stated: JsonSchema = next((part for part in schema.get("anyOf", ()) if part.get("type") != "null"), schema)
    return stated


def _models(model: Any) -> dict[str, type[BaseModel]]:
    """The model, or those that a field holds, and every model inside, by name."""
    models: dict[str, type[BaseModel]] = {}
    waiting: list[Any] = [model]
    while waiting:
        annotation = waiting.pop()
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            if annotation.__name__ not in models:
                models[annotation.__name__] = annotation
                waiting.extend(field.annotation for field in annotation.model_fields.values())
        else:
            waiting.extend(get_args(annotation))
    return models


def hints_to(path: Iterable[str]) -> list[FieldWords]:
    """What is told of each key on the way from a file of a ruleset to a field: «elements», «applies», «levels»; after
    «cues», from a file of cues. A number is that of an entry in a list."""
    first, *rest = path
    model: type[BaseModel] = CueFile if first == "cues" else RulesetFile
    hints = []
    for key in rest if first == "cues" else (first, *rest):
        if key.isdigit():
            hints.append(FieldWords(title=f"№ {key}"))
            continue
        hints.append(_hints(_heads(model))[key])
        model = next(iter(_models(model.model_fields[key].annotation).values()), model)
    return hints


def titles_to(path: Iterable[str]) -> list[str]:
    """How each of these keys is called."""
    return [hint.title for hint in hints_to(path)]


def _heads(model: type[BaseModel]) -> list[ModelWords]:
    """What is told of a model, and of those that it is made from."""
    return [words().models[base.__name__] for base in model.__mro__ if base.__name__ in words().models]


def _hints(heads: Iterable[ModelWords]) -> Mapping[str, FieldWords]:
    return ChainMap(*(dict(head.fields) for head in heads))


def _describe(model: type[BaseModel], definition: JsonSchema) -> None:
    heads = _heads(model)
    hints = _hints(heads)
    definition.pop("description", None)
    if heads:
        definition |= _hint(heads[0].title, heads[0].about)
    for key, schema in definition["properties"].items():
        if key in hints:
            schema.update(_hint(hints[key].title, hints[key].about))
            _explain(schema, hints[key].values)


def _hint(title: str | None, about: str | None) -> JsonSchema:
    return {key: text for key, text in (("title", title), ("description", about)) if text is not None}


def _explain(schema: JsonSchema, meanings: Mapping[str, str]) -> None:
    if meanings:
        listed = schema.get("items", schema)
        if "const" in listed:
            listed["enum"] = [listed.pop("const")]
        listed["markdownEnumDescriptions"] = [meanings.get(value, "") for value in listed["enum"]]


def choice(meanings: Mapping[str, str]) -> JsonSchema:
    """One of several codes, each with what it means."""
    return {"enum": list(meanings), "markdownEnumDescriptions": list(meanings.values())}


class _ReaderSchema(GenerateJsonSchema):
    """What the YAML reader takes for each kind of scalar. Leaves out defaults, which editors would fill in."""

    def generate_inner(self, schema: Any) -> JsonSchemaValue:
        made = super().generate_inner(schema)
        limits = {"ge": "minimum", "le": "maximum"} if made.get("pattern") in (_WHOLE, _NUMBER) else {}
        return {limits.get(key, key): value for key, value in made.items() if key != "decimal_places"}

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        made = {**super().str_schema(schema), "type": ["string", "number", "boolean"]}
        return made | ({"pattern": _CODE} if "pattern" in made else {})

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        return {**super().int_schema(schema), "type": ["integer", "string"], "pattern": _WHOLE}

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:  # noqa: ARG002
        return {"type": ["number", "string"], "pattern": _NUMBER}

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:  # noqa: ARG002
        return {"enum": [True, False, "true", "false"]}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False
