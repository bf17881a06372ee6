"""What a worker process does: case files in, lines of results out. Everything here can be sent between processes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vsoko_rules import __version__
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import Place, Problem, VsokoError
from vsoko_rules.intake.form.any import read_any
from vsoko_rules.ruleset.load import DEFAULT, beside, load
from vsoko_rules.study.collect import Found
from vsoko_rules.verdict.assessment import Assessment, assess
from vsoko_rules.verdict.result import result

Refs = tuple[tuple[str, str], ...]
"""rulesets as they were asked for, each with its SHA-256"""


@dataclass(frozen=True, slots=True)
class Job:
    """How to assess. `named`: the rulesets the user asked for; none: each case's own."""

    named: Refs | None
    engine: EngineName
    pages: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one file: one body of JSON for each ruleset, or problems."""

    name: str
    problems: tuple[Problem, ...] = ()
    school: str = ""
    year: int = 0
    own: str = ""
    """the ruleset the case would be assessed under if the user named none"""
    file_sha256: str = ""
    refs: Refs = ()
    bodies: tuple[str, ...] = ()
    version: str = __version__
    complete: bool = True
    page: str | None = None


def assess_files(job: Job, files: Sequence[Found]) -> list[Done]:
    """Assess each file; whatever is wrong with one becomes its problems and stops no other."""
    return [_guarded(job, found) for found in files]


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def compact(data: Any) -> str:
    """Data as one line of JSON."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _guarded(job: Job, found: Found) -> Done:
    try:
        return _done(job, found)
    except VsokoError as exc:
        return Done(found.name, exc.problems)
    except Exception as exc:  # a fault of the program must not take the other schools with it
        problem = Problem(Place(found.name), "внутренняя ошибка при оценке", f"{type(exc).__name__}: {exc}")
        return Done(found.name, (problem,))


def _done(job: Job, found: Found) -> Done:
    case = read_any(Path(found.path), found.name)
    own = case.content.ruleset or DEFAULT
    refs = [ref for ref, _ in job.named] if job.named is not None else [own]
    rulesets = [load(ref) for ref in refs]
    used = tuple((ref, ruleset.sha256) for ref, ruleset in zip(refs, rulesets, strict=True))
    known = beside(case.content.ruleset, rulesets)
    assessments = [assess(case, ruleset, job.engine, known) for ruleset in rulesets]
    return Done(
        name=found.name,
        school=case.content.school.id,
        year=case.content.study.year,
        own=own,
        file_sha256=case.sha256,
        refs=used,
        bodies=tuple(compact(result(a)) for a in assessments),
        complete=all(a.complete for a in assessments),
        page=_page(assessments) if job.pages else None,
    )


def _page(assessments: Sequence[Assessment]) -> str:
    from vsoko_rules.report.out.html import page

    return page(assessments)
