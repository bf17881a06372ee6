"""What was read of files, kept apart from them: each text by itself, and what is proposed of all files of a school."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from vsoko_rules import __version__
from vsoko_rules.intake.proposals.proposal import ProposedDocument
from vsoko_rules.intake.texts.file_text import FileText, Quality
from vsoko_rules.intake.texts.saved_page import with_addresses
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.workspace.readings import FilesReading, JobState

_TEXT: Final = TypeAdapter(FileText)
_PROPOSALS: Final = TypeAdapter(tuple[ProposedDocument, ...])


def gate_of(ruleset: Ruleset) -> str:
    """By what a text was read and trusted: the rules of the ruleset, and the version of the program. Raises
    `RulesetError`."""
    stated = ruleset.text_quality.model_dump(mode="json")
    return hashlib.sha256(f"{__version__}\0{json.dumps(stated, sort_keys=True)}".encode()).hexdigest()


def digest_of(names: Mapping[str, str], ruleset: str) -> str:
    """A set of files, by their names with their hashes, under a ruleset."""
    return hashlib.sha256(json.dumps([ruleset, sorted(names.items())]).encode()).hexdigest()


def read_texts(files: Iterable[tuple[str, bytes]], ruleset: Ruleset) -> Iterator[tuple[str, str]]:
    """The hash of each file and its text as it is kept, one after the other as they come, read in a process apart.
    Raises `InputError` where what reads documents is not installed, and `RulesetError`."""
    from vsoko_rules.intake.texts.inventory import read_each

    for text in read_each(files, ruleset.text_quality):
        yield text.sha256, _kept_text(replace(text, file=""))


def texts_of(kept: Mapping[str, str], names: Mapping[str, str]) -> list[FileText]:
    """The texts of files as those of one school: `kept` by hash, `names` with hashes."""
    order = sorted(names, key=lambda name: (name.casefold(), name))
    texts = (replace(_TEXT.validate_json(kept[names[name]]), file=name, copies=()) for name in order)
    return with_addresses(list(texts))


def proposals_of(texts: Sequence[FileText], ruleset: Ruleset) -> str:
    """What is proposed of the files of a school, as it is kept."""
    from vsoko_rules.intake.proposals.propose import propose

    return _PROPOSALS.dump_json(propose(texts, ruleset)).decode()


@dataclass
class KeptReading(FilesReading):
    """Files that are known by their names in the case."""

    @property
    def file_of(self) -> Callable[[str], str]:
        """A name as it is."""
        return str


def kept_reading(path: Path, texts: Sequence[FileText], proposals: str) -> KeptReading:
    """A reading that is done."""
    own = _PROPOSALS.validate_json(proposals)
    return KeptReading(path, path, JobState.DONE, len(texts), len(texts), texts, own)


def _kept_text(text: FileText) -> str:
    try:
        return _TEXT.dump_json(text).decode()
    except (PydanticSerializationError, UnicodeError):  # halves of letters, of which nothing can be shown
        unread = replace(text, lines=(), links=(), quality=Quality.NONE, reason="garbled")
        return _TEXT.dump_json(unread).decode()
