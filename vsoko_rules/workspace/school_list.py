"""The schools of a folder with their verdicts, at once: what is known is kept, the rest is assessed little by little.

What is kept of a school holds while its file has the same time and size, or the same content, and the ruleset and the
program are the same.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vsoko_rules import __version__
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import VsokoError
from vsoko_rules.reading.archive import read_bytes
from vsoko_rules.report.scores import cycle_view, score_view
from vsoko_rules.workspace.folder_desk import FolderDesk
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.opening import open_case, open_ruleset


@dataclass(frozen=True, slots=True)
class ListedSchool:
    """A school in a list. Of a school that nobody has assessed yet only the file is known."""

    path: Path
    name: str
    """of the file, under the folder"""
    shown: Mapping[str, Any] | None
    """`school`, `municipality`, `level`, `points`, `percent`, `documents`, `first`; or `problem`"""


class SchoolList:
    """The schools of a desk."""

    def __init__(self, desk: FolderDesk) -> None:
        self.desk = desk

    def schools(self) -> list[ListedSchool]:
        """All schools, in the order of their files."""
        kept = self.desk.journal.overviews()
        listed = []
        for path in self.desk.paths():
            stamp, shown = kept.get(str(path), ("", None))
            fresh = shown is not None and stamp == _stamp(path, shown.get("ruleset"))
            name = path.relative_to(self.desk.root).as_posix() if path != self.desk.root else path.name
            listed.append(ListedSchool(path, name, shown if fresh else None))
        return listed

    def assess_some(self, seconds: float) -> int:
        """Assess schools that nobody has assessed yet, for about so many seconds, at least one; returns how many are
        left."""
        until = time.monotonic() + seconds
        waiting = [school for school in self.schools() if school.shown is None]
        kept = self.desk.journal.overviews()
        done = []
        for school in waiting:
            done.append((str(school.path), *_overview(school.path, kept.get(str(school.path)))))
            if time.monotonic() >= until:
                break
        self.desk.journal.keep_overviews(done)
        return len(waiting) - len(done)


def _overview(path: Path, kept: tuple[str, Mapping[str, Any]] | None) -> tuple[str, Mapping[str, Any]]:
    """The stamp of a school and what is shown of it; what is kept holds where only the time of the file is another."""
    try:
        content = read_bytes(path)
        digest = hashlib.sha256(content).hexdigest()
        if kept is not None and kept[1].get("sha256") == digest and not kept[1].get("files"):
            ruleset = kept[1].get("ruleset")
            if kept[0].endswith(_knowledge(ruleset)):
                return _stamp(path, ruleset), kept[1]
        shown = {**_assessed(path), "sha256": digest}
    except VsokoError as exc:
        shown = {"problem": str(exc.problems[0]).replace(f"{path.parent}{os.sep}", "")}
    return _stamp(path, shown.get("ruleset")), shown


def _assessed(path: Path) -> dict[str, Any]:
    case = open_case(path)
    assessment = assess(case, engine=EngineName.PLAIN)
    score, content = assessment.score, case.content
    cycle = score.by == "cycle"
    view = (
        cycle_view(score.bounds, score.verdict, assessment.tally) if cycle else score_view(score.bounds, score.verdict)
    )
    return {
        "school": content.school.name,
        "municipality": content.school.municipality,
        "year": content.study.year,
        "level": view.brief,
        "points": view.points,
        "percent": view.percent,
        "documents": len(content.documents),
        "gaps": len(assessment.to_do()),
        "complete": assessment.complete,
        "ruleset": assessment.ruleset.id,
        "files": sorted(case.files),
    }


def _stamp(path: Path, ruleset: str | None) -> str:
    """What has to be the same for what is kept to hold."""
    try:
        state = path.stat()
    except OSError:
        return ""
    return f"{state.st_mtime_ns}:{state.st_size}:{_knowledge(ruleset)}"


def _knowledge(ruleset: str | None) -> str:
    return f"{__version__}:{open_ruleset(ruleset).sha256[:16] if ruleset else ''}"


def matching(schools: Sequence[ListedSchool], text: str) -> list[ListedSchool]:
    """The schools whose name, municipality or file holds every word of a text."""
    words = text.casefold().split()
    return [s for s in schools if all(word in _searched(s) for word in words)]


def _searched(school: ListedSchool) -> str:
    shown = school.shown or {}
    return f"{school.name} {shown.get('school', '')} {shown.get('municipality', '')}".casefold()
