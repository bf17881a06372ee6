"""Scans as text, by Tesseract and data for Russian that the user supplies. What it reads always waits for a person: it
was seen to read «№ 94 § 3» as «9483»."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pypdfium2

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.texts.read_text import ReadText, paragraph

DATA: Final = "rus.traineddata"
_LANGUAGE: Final = "rus"
_SCALE: Final = 300 / 72
"""dots of a rendered page for each point"""
_MOST_PAGES: Final = 30
"""of one scan that are recognised"""


def check_data(folder: Path) -> None:
    """Raises `InputError` where pictures cannot be recognised with the data in `folder`."""
    if not (folder / DATA).is_file():
        message = f"здесь нет файла {DATA}, без которого сканы не распознать"
        hint = "Скачайте его со страницы данных Tesseract (tessdata) и укажите папку, где он лежит."
        raise InputError([Problem(Place(str(folder)), message, hint=hint)])
    if find_spec("tesserocr") is None:
        hint = 'Установите дополнение: pip install "vsoko-rules[ocr]".'
        message = "чтобы распознавать сканы, нужен пакет tesserocr, он не установлен"
        raise InputError([Problem(Place(str(folder)), message, hint=hint)])


def recognised(content: bytes, kind: str, folder: Path) -> ReadText:
    """The text that is recognised on a picture, or on the pages of a PDF."""
    from tesserocr import PyTessBaseAPI

    with PyTessBaseAPI(path=str(folder), lang=_LANGUAGE) as api:
        pages = list(_pdf(content, api)) if kind == "pdf" else [_picture(content, api)]
    lines = tuple(line for number, text in enumerate(pages, 1) for line in paragraph(text, number))
    return ReadText(lines, recognised=True, pages=len(pages))


def _picture(content: bytes, api: Any) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture"
        path.write_bytes(content)
        api.SetImageFile(str(path))
        return str(api.GetUTF8Text())


def _pdf(content: bytes, api: Any) -> Iterator[str]:
    with pypdfium2.PdfDocument(content) as document:
        for number in range(min(len(document), _MOST_PAGES)):
            bitmap = document[number].render(scale=_SCALE, grayscale=True)
            api.SetImageBytes(bytes(bitmap.buffer), bitmap.width, bitmap.height, 1, bitmap.stride)
            yield str(api.GetUTF8Text())
