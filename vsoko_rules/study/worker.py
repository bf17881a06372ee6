"""What a worker does: files of schools in, results out. Everything here can be sent between processes."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vsoko_rules import __version__
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import Place, Problem, VsokoError
from vsoko_rules.intake.case_file import read_case_file
from vsoko_rules.ruleset.load import DEFAULT, beside, load
from vsoko_rules.study.collect import SchoolFile
from vsoko_rules.study.results import Refs
from vsoko_rules.verdict.assessment import Assessment, assess
from vsoko_rules.verdict.result import result
from vsoko_rules.writing.json_text import json_line


@dataclass(frozen=True, slots=True)
class Job:
    """How to assess. `named`: the rulesets the user asked for; none: each case's own."""

    named: Refs | None
    engine: EngineName
    pages: bool


@dataclass(frozen=True, slots=True)
class Assessed:
    """What became of one file: one body of JSON for each ruleset, or problems."""

    name: str
    problems: tuple[Problem, ...] = ()
    school: str = ""
    year: int = 0
    own: str = ""
    """the ruleset the case would be assessed under if the user named none"""
    file_sha256: str = ""
    refs: Refs = ()
    bodies: tuple[bytes, ...] = ()
    version: str = __version__
    complete: bool = True
    page: str | None = None


def assess_files(job: Job, files: Sequence[SchoolFile]) -> list[Assessed]:
    """Assess each file; whatever is wrong with one becomes its problems and stops no other."""
    done = []
    for file in files:
        done.append(_guarded(job, file))
        _settle()
    return done


@cache
def _settle() -> None:
    """Once a process: the rulesets, and what the first assessment has made of them, stay to the end, so that no
    collection of garbage need walk over them again, which takes a fifth of a study."""
    gc.collect()
    gc.freeze()


def _guarded(job: Job, file: SchoolFile) -> Assessed:
    try:
        return _assessed(job, file)
    except VsokoError as exc:
        return Assessed(file.name, exc.problems)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as exc:  # a fault of the program, a panic of a native reader too, must not take others along
        problem = Problem(Place(file.name), "внутренняя ошибка при оценке", f"{type(exc).__name__}: {exc}")
        return Assessed(file.name, (problem,))


def _assessed(job: Job, file: SchoolFile) -> Assessed:
    case = read_case_file(Path(file.path), file.name)
    own = case.content.ruleset or DEFAULT
    refs = [ref for ref, _ in job.named] if job.named is not None else [own]
    rulesets = [load(ref) for ref in refs]
    known = beside(case.content.ruleset, rulesets)
    assessments = [assess(case, ruleset, job.engine, known) for ruleset in rulesets]
    return Assessed(
        name=file.name,
        school=case.content.school.id,
        year=case.content.study.year,
        own=own,
        file_sha256=case.sha256,
        refs=tuple((ref, ruleset.sha256) for ref, ruleset in zip(refs, rulesets, strict=True)),
        bodies=tuple(json_line(result(assessment)).encode() for assessment in assessments),
        complete=all(assessment.complete for assessment in assessments),
        page=_page(assessments) if job.pages else None,
    )


def _page(assessments: Sequence[Assessment]) -> str:
    from vsoko_rules.report.out.html import page

    return page(assessments)
