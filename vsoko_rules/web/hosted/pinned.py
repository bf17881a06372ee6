"""The ruleset of a study: the files that it was begun with, whatever the program ships today."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from vsoko_rules.errors import Place, Problem, RulesetError
from vsoko_rules.web.hosted.models import RulesetVersion
from vsoko_rules.workspace.opening import open_ruleset, ruleset_names
from vsoko_rules.workspace.ruleset_files import files_of, ruleset_of_files


def pin(name: str) -> RulesetVersion:
    """Keep a ruleset, a shipped one or a folder, as it is now. Raises `RulesetError`."""
    ruleset = open_ruleset(name)
    version: RulesetVersion
    version, _ = RulesetVersion.objects.get_or_create(
        sha256=ruleset.sha256,
        defaults={
            "name": ruleset.id,
            "title": ruleset.title,
            "version": ruleset.version,
            "shipped": name == ruleset.id,
            "files": files_of(ruleset),
        },
    )
    return version


@lru_cache(maxsize=16)
def pinned(sha256: str) -> Any:
    """The ruleset of that hash. Raises `RulesetError` where what was kept is no longer what it was."""
    version = RulesetVersion.objects.get(sha256=sha256)
    shipped = open_ruleset(version.name) if version.shipped and version.name in ruleset_names() else None
    if shipped is not None and shipped.sha256 == sha256:
        return shipped
    ruleset = ruleset_of_files(version.files)
    if ruleset.sha256 != sha256:
        problem = Problem(
            Place(version.name), "методика исследования в базе изменена", ruleset.sha256[:12], sha256[:12]
        )
        raise RulesetError([problem])
    return ruleset
