"""One self-contained page: no scripts, nothing from elsewhere. Wording, layout and style are in `reports/html/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import ChoiceLoader, FileSystemLoader, TemplateNotFound

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.out.svg import drawing
from vsoko_rules.report.sandbox import bounded, explained, sandbox
from vsoko_rules.report.terms import Reader
from vsoko_rules.report.view import View
from vsoko_rules.resources import shipped
from vsoko_rules.templates import html, render
from vsoko_rules.verdict.assessment import Assessment

MAIN: Final = "report.html.j2"
"""the file of a user's folder of templates that is the page"""

_PAGES: Final = {Reader.SCHOOL: "school.html.j2", Reader.METHODIST: "methodist.html.j2"}


def files(composers: Sequence[Composer], reader: Reader | None, template: Path | None) -> dict[str, bytes]:
    """The page of one case. Raises `InputError` for a template that cannot be used."""
    return {".html": _page(composers, reader, template)}


def page(assessments: Sequence[Assessment]) -> str:
    """The full page of one case under one ruleset or several: they follow one another."""
    return _page([Composer(assessment) for assessment in assessments], None, None).decode()


def _page(composers: Sequence[Composer], reader: Reader | None, template: Path | None) -> bytes:
    """The page; for a school and a methodist it is about the first assessment. By a user's own template, a file or a
    folder with `report.html.j2`, where there is one."""
    with_plan = template is not None or reader is not None
    context = _context([composer.view(reader, with_plan) for composer in composers])
    if template is not None:
        return bounded(template.name, _own, context, template)
    return render(f"html/{_PAGES.get(reader, MAIN) if reader else MAIN}", html, **context).encode()


def _own(context: dict[str, Any], template: Path) -> bytes:
    """The page that a user's template makes. It may include and extend the shipped ones by name (`html/parts.j2`)."""
    folder, name = (template, MAIN) if template.is_dir() else (template.parent, template.name)
    if not (folder / name).is_file():
        raise InputError([Problem(Place(str(folder / name)), "нет такого файла шаблона")])
    own = sandbox(ChoiceLoader([FileSystemLoader(folder), FileSystemLoader(shipped("reports"))]))

    def where(file: str | None, line: int | None) -> Place:
        return Place(Path(file).name if file else name, line)

    try:
        with explained(where, tuple(context)):
            return own.get_template(name).render(context).encode()
    except (UnicodeDecodeError, TemplateNotFound, OSError) as exc:
        raise InputError([Problem(Place(name), "шаблон не читается", expected="текст в UTF-8")]) from exc


def _context(views: Sequence[View]) -> dict[str, Any]:
    """What a page is given; `paper` and `papers` are older names of `view` and `views`."""
    drawings = [{block.id: drawing(block) for block in view.blocks} for view in views]
    return {"views": views, "view": views[0], "papers": views, "paper": views[0], "drawings": drawings}
