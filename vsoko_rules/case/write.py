"""A case as plain data, and as the text of a YAML file that reads back as the same case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from vsoko_rules.case.records import Case
from vsoko_rules.writing.yaml_text import as_text


def as_yaml(case: Case, header: Sequence[str] = ()) -> str:
    """The text of a file that `read_case` reads as `case`. `header` are lines of comment at its beginning."""
    return as_text(plain_data(case), header)


def plain_data(model: BaseModel) -> dict[str, Any]:
    """The fields that say something, by their keys, in the order of the model."""
    fields = type(model).model_fields
    values = {info.alias or name: (getattr(model, name), info) for name, info in fields.items()}
    return {
        key: _plain(value)
        for key, (value, info) in values.items()
        if info.is_required() or value != info.get_default(call_default_factory=True)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return plain_data(value)
    if isinstance(value, Mapping):
        return {key: _plain(own) for key, own in value.items()}
    return [_plain(own) for own in value] if isinstance(value, tuple) else value
