"""Which blocks of a school were gone through: what is not in the others is not checked, never missing."""

from __future__ import annotations

from collections.abc import Callable, Collection

from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.opened_school import OpenedSchool


def set_reviewed(school: OpenedSchool, blocks: Collection[str]) -> Callable[[Data], Data]:
    """The change after which these blocks were gone through; all of them: the case says nothing of it."""
    known = list(school.ruleset.blocks)

    def change(data: Data) -> Data:
        chosen = [block for block in known if block in blocks]
        rest = {key: value for key, value in data.items() if key != "reviewed"}
        return rest if chosen == known else {**rest, "reviewed": chosen}

    return change
