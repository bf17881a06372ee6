"""Documents made for the tests, part by part, as office programs write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import cache
from typing import Final

from vsoko_rules.intake.texts.document import read_file
from vsoko_rules.intake.texts.file_text import FileText
from vsoko_rules.intake.texts.inventory import read_each
from vsoko_rules.ruleset.load import load
from vsoko_rules.ruleset.text_quality import TextQuality

ORDER: Final = (
    "О проведении мониторинга качества подготовки обучающихся в 2022 году",
    (
        "В соответствии с планом функционирования ВСОКО на 2021/2022 учебный год, в целях получения объективных "
        "сведений о достижении обучающимися планируемых результатов приказываю:"
    ),
    "Провести всероссийские проверочные работы в 4–8 классах с 15.03.2022 по 20.05.2022.",
    "Контроль за исполнением настоящего приказа оставляю за собой.",
)
"""paragraphs of an invented order"""

_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES: Final = (
    f'xmlns:w="{_WORD}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="urn:wps" xmlns:v="urn:v"'
)
_OPEN: Final = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:draw="urn:draw" xmlns:style="urn:style" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


@cache
def quality() -> TextQuality:
    """The gate of the shipped rulesets."""
    gate = load("core").content.text_quality
    assert gate is not None
    return gate


def read(content: bytes) -> FileText:
    """One file read in this process, without its name and hash."""
    return read_file(content, quality(), None)


def read_apart(*contents: bytes) -> list[FileText]:
    """Files read as the program reads them, in a process apart, called «0», «1», …"""
    return list(read_each(((str(number), content) for number, content in enumerate(contents)), quality()))


def lines(text: FileText) -> list[str]:
    """What its lines say."""
    return [line.text for line in text.lines]


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """An archive with these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name), part, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            )
    return stream.getvalue()


def p(text: str, properties: str = "") -> str:
    """A paragraph of Word."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def docx(body: str, **parts: str) -> bytes:
    """A Word document with `body` in it; further parts of the folder «word» by their names without an ending."""
    wrapped = {f"word/{name}.xml": part.replace("SPACES", _SPACES) for name, part in parts.items()}
    relations = "".join(
        f'<Relationship Id="{name}" Type="t/{name.rstrip("0123456789")}" Target="{name}.xml"/>' for name in parts
    )
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>",
            **wrapped,
        }
    )


def order() -> bytes:
    """A sound Word document."""
    return docx("".join(map(p, ORDER)))


def odt(body: str, automatic: str = "", styles: str = "", manifest: str = "") -> bytes:
    """An OpenDocument text with `body` in it."""
    content = (
        f"<office:document-content {_OPEN}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "styles.xml": f"<office:document-styles {_OPEN}>{styles}</office:document-styles>",
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="urn:m">{manifest}</m:manifest>',
        }
    )


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, each in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, each))
    table = out.tell()
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, rows))
    out.write(b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table))
    return out.getvalue()


def page_of_pdf(content: bytes, extra: bytes = b"") -> bytes:
    """A PDF of one page with these commands; `extra` says how they are packed."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<<%b/Length %d>>stream\n%b\nendstream" % (extra, len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
