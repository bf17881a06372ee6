"""Word documents from Word templates (`reports/docx/`, or a user's own): docxtpl in a sandbox, everything escaped."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vsoko_rules import __version__
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.reading.archive import guard, read_bytes, shown_name
from vsoko_rules.report.composition import Composer, settings
from vsoko_rules.report.sandbox import bounded, explained, sandbox
from vsoko_rules.report.terms import Reader
from vsoko_rules.resources import shipped
from vsoko_rules.templates import clean
from vsoko_rules.writing.word import finished

if TYPE_CHECKING:
    from jinja2 import Environment

_PROPERTY: Final = 255
"""characters that a property of a document may have"""
_TEXTS: Final = ("title", "subject", "author", "keywords", "comments", "category")
_COMMAND: Final = re.compile(r"\{[{%][^{}]*[%}]\}")
_TYPED_QUOTES: Final = re.compile('«([^«»"]*)»|„([^„"]*)"')
"""how Word writes quotation marks in Russian; those of English become straight in docxtpl"""
_TAG: Final = re.compile(r"<[^>]+>")
_NAMED: Final = ("reader", "tasks", "first", "rest", "addressed", "plan", "proofs")


def files(composers: Sequence[Composer], reader: Reader | None, template: Path | None) -> dict[str, bytes]:
    """One assessment as a Word document. Raises `InputError` for a template that cannot be used."""
    (composer,) = composers
    own = {Reader.SCHOOL: "school", Reader.METHODIST: "methodist"}
    return {".docx": report(composer, reader, template or (own.get(reader, "report") if reader else "report"))}


def report(composer: Composer, reader: Reader | None, template: Path | str) -> bytes:
    """One assessment by a template, which is given the view, and the parts of it that documents name most by name."""
    view = composer.view(reader)
    named = {name: getattr(view, name) for name in _NAMED}
    return document(template, {"view": view, **named, "fills": settings()["fills"]}, composer.moment)


def document(template: Path | str, context: Mapping[str, Any], on: datetime) -> bytes:
    """The document that a template makes of `context`. A text names a template of `reports/docx/`.

    `on` is the date in its properties. Raises `InputError` for a template that cannot be used.
    """
    if isinstance(template, str):
        return _filled(shipped("reports") / "docx" / f"{template}.docx", context, on)
    return bounded(template.name, _filled, template, context, on)


def _filled(path: Path, context: Mapping[str, Any], on: datetime) -> bytes:
    opened = _opened(path)
    with explained(lambda _, line: Place(path.name, cell=opened.place(line)), tuple(context)):
        opened.render(dict(context), sandbox(None), autoescape=True)
    opened.docx.core_properties.last_modified_by = f"vsoko {__version__}"
    return finished(opened.docx, on)


def _opened(path: Path) -> Any:
    """A template ready to be filled. Raises `InputError` for a file that is none, or that would unpack to too much."""
    from docx.opc.exceptions import OpcError

    guard(read_bytes(path), shown_name(path))
    try:
        opened = _template_class()(path)
        opened.init_docx()
    except (OpcError, KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as exc:
        expected = "документ Word (.docx)"
        raise InputError([Problem(Place(str(path)), "шаблон не открывается", expected=expected)]) from exc
    return opened


def straight(command: str) -> str:
    """A command of a template with the quotation marks that Jinja knows; text that is quoted so stays as it is."""
    return _TYPED_QUOTES.sub(lambda quoted: f'"{quoted[1] or quoted[2] or ""}"', command)


def _template_class() -> Any:
    """Docxtpl's template that remembers the paragraph in hand. Made when needed: docxtpl is slow to import."""
    from docxtpl import DocxTemplate

    class Template(DocxTemplate):  # type: ignore[misc]
        """Fills properties without markup, reads quotation marks as Word types them, knows the paragraph of a line."""

        _source = ""

        def patch_xml(self, src_xml: str) -> str:
            return _COMMAND.sub(lambda command: straight(command[0]), super().patch_xml(src_xml))

        def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Environment | None = None) -> str:
            self._source = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml)
            return super().render_xml_part(src_xml, part, context, jinja_env)  # type: ignore[no-any-return]

        def render_properties(self, context: Any, jinja_env: Environment | None = None) -> None:
            assert jinja_env is not None
            plain = jinja_env.overlay(autoescape=False)
            for name in _TEXTS:
                template = getattr(self.docx.core_properties, name)
                self._source = template
                text = clean(plain.from_string(template).render(context)).replace("\n", " ")
                setattr(self.docx.core_properties, name, text[:_PROPERTY])

        def place(self, line: int | None) -> str | None:
            """The paragraph of a line, by its number and its text."""
            lines = self._source.splitlines()
            if line is None or not 1 <= line <= len(lines):
                return None
            text = " ".join(_TAG.sub("", lines[line - 1]).split())
            return f"абзац {max(line - 1, 1)} «{text[:80]}»"

    return Template
