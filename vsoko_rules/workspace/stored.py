"""Cases stored as files: listed, created, converted, copied out."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Final

from vsoko_rules.accepted_files import YAML
from vsoko_rules.case.blank import SCHEMA, blank
from vsoko_rules.case.case_schema import case_schema
from vsoko_rules.case.fresh import next_year, without_marks
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.case.write import as_yaml
from vsoko_rules.errors import InputError, Problem, argument
from vsoko_rules.intake.case_file import is_form
from vsoko_rules.intake.form.layout import layout
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.reading.archive import read_bytes
from vsoko_rules.reading.yaml import parse, read
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.ruleset.schema import as_text
from vsoko_rules.workspace.opening import open_case, open_ruleset, ruleset_names
from vsoko_rules.writing.files import check_ending, write_new, write_new_together

FORM: Final = ".xlsx"
"""the ending of a form"""

_SCHEMA_LINE: Final = re.compile(rb"(?m)^(# yaml-language-server: \$schema=)[^\r\n]*")


def case_files(paths: Iterable[Path]) -> list[Path]:
    """Every file of a school among `paths`: files as they are, those of a folder in the order of their names.

    Raises `InputError` for a folder without any.
    """
    from vsoko_rules.study.collect import collect

    return [file for path in paths for file in ([path / f.name for f in collect([path])] if path.is_dir() else [path])]


def empty(ruleset: Ruleset, levels: Sequence[str], school: str) -> str:
    """The text of an empty case. Raises `InputError` for a level or an id that there cannot be."""
    return blank(ruleset, levels, school)


def create(path: Path, ruleset: Ruleset, levels: Sequence[str], school: str) -> list[Path]:
    """Write an empty case, and beside it the schema for editors; returns what was written.

    Raises `InputError` for a level or an id that there cannot be, `OutputError` where a file stands already.
    """
    write_new(path, empty(ruleset, levels, school).encode())
    return [path, *schema_beside(path, [ruleset])]


def create_form(
    path: Path, ruleset: Ruleset, levels: Collection[EducationLevel], counts: Mapping[str, int] | None = None
) -> None:
    """Write an empty form for a school with these levels and counts (persons).

    Raises `InputError` for an ending that is none of a form, `OutputError` where a file stands already.
    """
    check_ending(path, (FORM,))
    write_new(path, write_form(ruleset, levels, counts))


def levels_of(school_type: str | None = None, levels: str | None = None) -> list[EducationLevel]:
    """Levels of education as people name them: separated by commas, or by the type of a school; all where neither.

    Raises `InputError` for what is neither.
    """
    if levels is not None:
        named = [level.strip() for level in levels.split(",") if level.strip()]
        allowed = [level.value for level in EducationLevel]
        if not named or any(level not in allowed for level in named):
            problem = Problem(argument("levels"), "нет такого уровня образования", levels, ", ".join(allowed))
            raise InputError([problem])
        return [EducationLevel(level) for level in named]
    if school_type is None:
        return list(EducationLevel)
    for known in layout().school_types:
        if school_type.strip().casefold() in known.names:
            return list(known.levels)
    names = ", ".join(known.names[0] for known in layout().school_types)
    raise InputError([Problem(argument("school_type"), "нет такого вида школы", school_type, names)])


def counts_of(given: Sequence[str], ruleset: Ruleset) -> dict[str, int]:
    """Numbers of persons by their codes, from texts such as `young_teachers=0`. Raises `InputError`."""
    counts: dict[str, int] = {}
    for text in given:
        code, _, number = text.partition("=")
        if code.strip() not in ruleset.counts or not number.strip().isdecimal() or len(number) > 9:
            expected = "код=число; коды: " + ", ".join(ruleset.counts)
            raise InputError([Problem(argument("counts"), "численность указана не так", text, expected)])
        counts[code.strip()] = int(number)
    return counts


def convert(source: Path, target: Path, ruleset: str | None = None) -> tuple[CaseFile, list[Path]]:
    """Write a stored case as what the ending of `target` says: YAML, or a form for `ruleset` (its own by default).

    Returns the case and what was written. Raises `InputError`, and `OutputError` where a file stands already.
    """
    check_ending(target, (*YAML, FORM))
    case = open_case(source)
    judge = open_ruleset(ruleset or case.content.ruleset)
    if target.suffix.lower() == FORM:
        write_new(target, write_form(judge, case=case.content))
        return case, [target]
    write_new(target, _yaml(case, source, target))
    return case, [target, *schema_beside(target, [judge])]


class Fresh(str, Enum):
    """For whom a case is made from another one."""

    SECOND_EXPERT = "second_expert"
    """documents without what the first expert, or the school, found in them"""
    NEXT_YEAR = "next_year"
    """documents to be dated and numbered anew"""


def create_from(source: Path, target: Path, kind: Fresh, ruleset: str | None = None) -> tuple[CaseFile, list[Path]]:
    """Write a new case made from a stored one, as YAML or a form by the ending of `target` (see `case.fresh`).

    Returns the case that it was made from and what was written. Raises as `convert`.
    """
    check_ending(target, (*YAML, FORM))
    case = open_case(source)
    judge = open_ruleset(ruleset or case.content.ruleset)
    made = (without_marks if kind is Fresh.SECOND_EXPERT else next_year)(case.content)
    if ruleset is not None:
        made = made.model_copy(update={"ruleset": judge.id})
    if target.suffix.lower() == FORM:
        write_new(target, write_form(judge, case=made))
        return case, [target]
    header = read(shipped("reports") / "case" / "fresh.yml").data[kind.value]
    words = {"school": made.school.name, "year": made.study.year, "schema": SCHEMA}
    write_new(target, as_yaml(made, [line.format(**words) for line in header]).encode())
    return case, [target, *schema_beside(target, [judge])]


def files_left_behind(case: CaseFile, source: Path, target: Path) -> bool:
    """Whether a case went to another folder than the files that it names."""
    moved = os.path.realpath(source.parent) != os.path.realpath(target.parent)
    return moved and any(document.file for document in case.content.documents)


def samples(folder: Path) -> list[Path]:
    """Copy the invented schools that come with the program into a new folder; returns what was written, of the folder
    of a school the folder alone.

    Raises `OutputError` where one of the files stands already: then none is written.
    """
    home = shipped("cases")
    files = [file for sample in home.iterdir() for file in (sample, *sample.rglob("*")) if file.is_file()]
    contents = {folder / file.relative_to(home): file.read_bytes() for file in sorted(files)}
    write_new_together({p: _with_schema(text) if p.suffix in YAML else text for p, text in contents.items()})
    written = [folder / sample.name for sample in sorted(home.iterdir())]
    return [*written, *schema_beside(written[0], [open_ruleset(name) for name in ruleset_names()])]


def _yaml(case: CaseFile, source: Path, target: Path) -> bytes:
    """The text of a case: what a person wrote stays as it is, comments among it. Raises `InputError` when it is more
    than a case file may be."""
    written = read_bytes(source)
    if not is_form(written, source.name):
        return _with_schema(written)
    content = case.content
    words = {"school": content.school.name, "year": content.study.year, "file": Path(case.name).name, "schema": SCHEMA}
    text = as_yaml(content, [line.format(**words) for line in layout().yaml]).encode()
    parse(text, str(target))
    return text


def _with_schema(content: bytes) -> bytes:
    """The text of a case with the schema beside it named in its header."""
    return _SCHEMA_LINE.sub(rf"\g<1>{SCHEMA}".encode(), content, count=1)


def schema_beside(path: Path, rulesets: Sequence[Ruleset]) -> list[Path]:
    """Write the schema of cases beside a case, where there is none yet."""
    schema = path.with_name(SCHEMA)
    if schema.exists():
        return []
    write_new(schema, schema_text(rulesets).encode())
    return [schema]


def schema_text(rulesets: Sequence[Ruleset]) -> str:
    """The schema of cases for editors."""
    return as_text(case_schema(rulesets))
