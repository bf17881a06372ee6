"""Finding and loading rulesets: by name among the shipped ones, or by the path of a folder."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from vsoko_rules.errors import Place, Problem, RulesetError, shorten
from vsoko_rules.reading.validation import validated
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.check import faults
from vsoko_rules.ruleset.content import RulesetFile
from vsoko_rules.ruleset.merge import MAIN_FILE, merge
from vsoko_rules.ruleset.merged_source import MergedSource
from vsoko_rules.ruleset.ruleset import Ruleset

DEFAULT = "bashkortostan-2022"
"""the ruleset that is used when neither the user nor the case names one"""

_MOST_PARENTS = 8
_LONGEST_NAME = 250


def available() -> list[str]:
    """Names of the shipped rulesets that can assess a case."""
    folders = (path.parent for path in shipped("rulesets").glob(f"*/{MAIN_FILE}"))
    return sorted(f.name for f in folders if read(f / MAIN_FILE, RulesetError).data.get("abstract") != "true")


@cache
def load(name: str) -> Ruleset:
    """The ruleset called `name`, or standing in the folder `name`. Raises `RulesetError` with every fault found."""
    return load_folder(_folder(name, Path()))


def folders(name: str) -> list[Path]:
    """The folder of the ruleset called `name` and of each ruleset that it extends. Raises `RulesetError`."""
    folder = _folder(name, Path())
    return _chain(folder) if folder.parent != shipped("rulesets") else list(_shipped_chain(folder))


@cache
def _shipped_chain(folder: Path) -> tuple[Path, ...]:
    """The chain of a shipped ruleset, which does not change while the program runs."""
    return tuple(_chain(folder))


def beside(named: str | None, rulesets: Sequence[Ruleset]) -> tuple[Ruleset, ...]:
    """Rulesets whose codes are no mistake in a file: those it is assessed under, and the one it names as its own."""
    own = named or DEFAULT
    return (*rulesets,) if own in {ruleset.id for ruleset in rulesets} else (*rulesets, load(own))


def load_folder(folder: Path) -> Ruleset:
    """The ruleset in `folder`; see `load`."""
    return load_chain(_chain(folder))


def load_chain(chain: Sequence[Path]) -> Ruleset:
    """The ruleset in the first folder over those in the others, whatever it says that it extends; see `load`."""
    source: MergedSource | None = None
    for each in reversed(chain):
        source = merge(each, source)
    assert source is not None
    content = validated(RulesetFile, source, RulesetError)
    problems = faults(content, source)
    if problems:
        raise RulesetError(problems)
    return Ruleset(content, source, tuple(chain))


def _chain(folder: Path) -> list[Path]:
    """The folder of the ruleset and of each parent, nearest first."""
    chain = [folder]
    while True:
        main = chain[-1] / MAIN_FILE
        if not main.is_file():
            problem = Problem(Place(str(chain[-1])), "это не методика", expected=f"папка с файлом {MAIN_FILE}")
            raise RulesetError([problem])
        source = read(main, RulesetError)
        parent = source.data.get("extends")
        if parent is None:
            return chain
        place = source.place(("extends",))
        if not isinstance(parent, str) or len(parent) > _LONGEST_NAME or Path(parent).is_absolute():
            expected = "имя поставляемой методики или путь к папке от этой методики"
            raise RulesetError([Problem(place, "родительская методика названа не так", _text(parent), expected)])
        above = _folder(parent, chain[-1].parent, place)
        if above in chain or len(chain) > _MOST_PARENTS:
            raise RulesetError([Problem(place, "методика опирается сама на себя", parent)])
        chain.append(above)


def _folder(name: str, beside: Path, place: Place | None = None) -> Path:
    """The folder of a ruleset: the shipped one of that name, else the one at this path from the folder `beside`.

    A folder of one's own is never taken for a shipped ruleset, wherever the program is started; by a path (`./name`)
    it is meant itself.
    """
    known = _shipped_folders()
    if name in known:
        return known[name]
    folder = beside / name
    with suppress(OSError, ValueError):  # longer than any path, or no path at all
        if (folder / MAIN_FILE).is_file():
            return folder
    expected = f"папка с файлом {MAIN_FILE} или одна из поставляемых: {', '.join(sorted(known))}"
    raise RulesetError([Problem(place or Place(shorten(name)), "нет такой методики", name, expected)])


@cache
def _shipped_folders() -> dict[str, Path]:
    return {path.parent.name: path.parent for path in shipped("rulesets").glob(f"*/{MAIN_FILE}")}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
