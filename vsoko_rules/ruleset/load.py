"""Finding and loading rulesets: by name among the shipped ones, or by the path of a folder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from vsoko_rules.errors import Place, Problem, RulesetError
from vsoko_rules.reading.validation import validated
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.check import faults
from vsoko_rules.ruleset.content import RulesetFile
from vsoko_rules.ruleset.merge import MAIN_FILE, MergedSource, merge
from vsoko_rules.ruleset.ruleset import Ruleset

DEFAULT = "bashkortostan-2022"
"""the ruleset that is used when neither the user nor the case names one"""

_MOST_PARENTS = 8


def available() -> list[str]:
    """Names of the shipped rulesets that can assess a case."""
    folders = (path.parent for path in shipped("rulesets").glob(f"*/{MAIN_FILE}"))
    return sorted(f.name for f in folders if read(f / MAIN_FILE, RulesetError).data.get("abstract") != "true")


@cache
def load(name: str) -> Ruleset:
    """The ruleset called `name`, or standing in the folder `name`. Raises `RulesetError` with every fault found."""
    return load_folder(_folder(name, None))


def folders(name: str) -> list[Path]:
    """The folder of the ruleset called `name` and of each ruleset that it extends. Raises `RulesetError`."""
    return _chain(_folder(name, None))


def beside(named: str | None, rulesets: Sequence[Ruleset]) -> tuple[Ruleset, ...]:
    """Rulesets whose codes are no mistake in a file: those it is assessed under, and the one it names as its own."""
    own = named or DEFAULT
    return (*rulesets,) if own in {ruleset.id for ruleset in rulesets} else (*rulesets, load(own))


def load_folder(folder: Path) -> Ruleset:
    """The ruleset in `folder`; see `load`."""
    chain = _chain(folder)
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
        if not isinstance(parent, str):
            raise RulesetError([Problem(source.place(("extends",)), "родительская методика названа не так")])
        above = _folder(parent, chain[-1].parent, source.place(("extends",)))
        if above in chain or len(chain) > _MOST_PARENTS:
            raise RulesetError([Problem(source.place(("extends",)), "методика опирается сама на себя", parent)])
        chain.append(above)


def _folder(name: str, beside: Path | None, place: Place | None = None) -> Path:
    """The folder of a ruleset: beside its child, among the shipped ones, or, for the user's own choice, by path."""
    places = [beside / name] if beside is not None else [Path(name)]
    places.append(shipped("rulesets") / name)
    for folder in places:
        if (folder / MAIN_FILE).is_file():
            return folder
    known = ", ".join(sorted(p.parent.name for p in shipped("rulesets").glob(f"*/{MAIN_FILE}")))
    expected = f"папка с файлом {MAIN_FILE} или одна из поставляемых: {known}"
    raise RulesetError([Problem(place or Place(name), "нет такой методики", name, expected)])
