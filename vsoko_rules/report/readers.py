"""The page for one reader, or by a user's own template. Wording and layout are in `reports/html/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import ChoiceLoader, FileSystemLoader, TemplateNotFound

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.report.paper import Paper, Reader
from vsoko_rules.report.sandbox import sandbox, told
from vsoko_rules.report.svg import drawing
from vsoko_rules.resources import shipped
from vsoko_rules.templates import html, render

MAIN: Final = "report.html.j2"
"""the file of a user's folder of templates that is the page"""

_PAGES: Final = {Reader.EXPERT: MAIN, Reader.SCHOOL: "school.html.j2", Reader.METHODIST: "methodist.html.j2"}


def reader_page(papers: Sequence[Paper], reader: Reader) -> str:
    """The page for one reader; for a school and a methodist about the first assessment."""
    return render(f"html/{_PAGES[reader]}", html, **_context(papers))


def own_page(papers: Sequence[Paper], template: Path) -> str:
    """The page that a user's template makes, a file or a folder with `report.html.j2`. Raises `InputError`.

    It may include and extend the shipped templates by their names (`html/parts.j2`).
    """
    folder, name = (template, MAIN) if template.is_dir() else (template.parent, template.name)
    if not (folder / name).is_file():
        raise InputError([Problem(Place(str(folder / name)), "нет такого файла шаблона")])
    own = sandbox(ChoiceLoader([FileSystemLoader(folder), FileSystemLoader(shipped("reports"))]))
    context = _context(papers)

    def where(file: str | None, line: int | None) -> Place:
        return Place(Path(file).name if file else name, line)

    try:
        with told(where, tuple(context)):
            return own.get_template(name).render(context)
    except (UnicodeDecodeError, TemplateNotFound, OSError) as exc:
        raise InputError([Problem(Place(name), "шаблон не читается", str(exc), "текст в UTF-8")]) from exc


def _context(papers: Sequence[Paper]) -> dict[str, Any]:
    views = [paper.view for paper in papers]
    drawings = [{block.id: drawing(block) for block in view.blocks} for view in views]
    return {"papers": list(papers), "paper": papers[0], "views": views, "view": views[0], "drawings": drawings}
