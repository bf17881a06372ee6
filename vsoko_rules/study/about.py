"""What is true of a whole study, as it is written beside its results, and how it is read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from typing_extensions import NotRequired, TypedDict

from vsoko_rules.errors import InputError
from vsoko_rules.reading.json_file import read_json
from vsoko_rules.reading.validation import validate


class LevelWords(TypedDict):
    """What a ruleset calls a level."""

    id: str
    title: str
    plural: str
    origin: str


class StageWords(TypedDict):
    """What a ruleset calls a stage."""

    title: str
    short: str


class RulesetWords(TypedDict):
    """What a ruleset calls its parts, by id (see `pages.ruleset_words`)."""

    id: str
    version: str
    sha256: str
    title: str
    label: str | None
    verdict_by: NotRequired[str]
    levels: list[LevelWords]
    stages: dict[str, StageWords]
    components: list[str]
    blocks: dict[str, str]
    frames: dict[str, str]
    elements: dict[str, str]
    requirements: dict[str, str]
    rules: dict[str, str]
    indicators: dict[str, str]


class AboutRecord(TypedDict):
    """The study: how many files, how many of them could not be read, and the words of its rulesets."""

    files: int
    failed: int
    rulesets: list[RulesetWords]


def read_about(path: Path) -> dict[str, Any]:
    """What a study wrote of itself. Raises `InputError` with the place of everything that is not as it was written."""
    source = read_json(path)
    validate(TypeAdapter(AboutRecord), source, InputError)
    return dict(source.data)
