"""Opening what is assessed and by what: cases and rulesets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from vsoko_rules.case.given import GIVEN
from vsoko_rules.case.reader import CaseFile, case_of_data
from vsoko_rules.intake.case_file import parse_case_file, read_case_file
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.load import DEFAULT, available, folders, load_folder
from vsoko_rules.ruleset.ruleset import Ruleset


def ruleset_names() -> list[str]:
    """Names of the rulesets that come with the program and can assess a case."""
    return available()


def open_ruleset(name: str | Path | None = None) -> Ruleset:
    """A ruleset by the name of a shipped one or by the path of a folder; a folder that was changed is read anew.
    Without a name, the default one.

    Raises `RulesetError` with every fault of it, each with its file, line and column.
    """
    chain = tuple(folders(str(name or DEFAULT)))
    return _loaded(chain[0], _digest(chain))


@lru_cache(maxsize=16)
def _loaded(folder: Path, digest: str) -> Ruleset:  # noqa: ARG001 (what the folder holds is a part of the key)
    return load_folder(folder)


def _digest(chain: tuple[Path, ...]) -> str:
    """What the files of a ruleset and its parents hold. Shipped ones do not change while the program runs."""
    digest = hashlib.sha256()
    for folder in chain:
        if folder.parent != shipped("rulesets"):
            for path in sorted(folder.rglob("*.yml")):
                digest.update(f"{path}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def open_case(source: str | Path | bytes | Mapping[str, Any], name: str | None = None) -> CaseFile:
    """A case from a file, from the bytes of one, or from data in the shape of `docs/schema/case.json`.

    Files and bytes are YAML or a form, whatever they are called. `name` is how the case is called in messages and
    results. Raises `InputError` with every problem: of data it names the document and the field.
    """
    if isinstance(source, Mapping):
        return case_of_data(source, name or GIVEN)
    if isinstance(source, bytes):
        return parse_case_file(source, name or GIVEN)
    return read_case_file(Path(source), name)
