"""Everything that was sent as texts: a folder, an archive, a saved page of a site, single files.

One bad file never stops the rest: it becomes a `FileText` with the reason. All are read in one process apart from this
one, which is started anew after a file that ended it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.texts.file_text import FileText, Quality
from vsoko_rules.intake.texts.folder import SentFile, archive_fault, archived, sent_files, why_left_out
from vsoko_rules.intake.texts.formats import format_of
from vsoko_rules.reading.apart import Apart, Overrun
from vsoko_rules.ruleset.text_quality import TextQuality

Progress = Callable[[int, int], None]
"""is told how many of how many files are done"""

_NEEDED: Final = ("lxml", "striprtf", "pypdfium2")
_INSTALL: Final = 'Установите дополнение: pip install "vsoko-rules[intake]". Остальные команды работают и без него.'
_SECONDS: Final = 30
"""that one file may take"""
_SECONDS_OF_SCANS: Final = 600
_MEMORY_OF_SCANS: Final = 2_000_000_000
_MEMORY: Final = 600_000_000
"""bytes that the process may ask for"""


def read_files(
    path: Path, quality: TextQuality, *, progress: Progress | None = None, ocr: Path | None = None
) -> list[FileText]:
    """The texts of everything at `path`, in the order of paths; the same file once. `ocr` is the folder with the data
    by which pictures are recognised, none where they are not. Raises `InputError` where there is nothing at `path`, and
    where what reads documents is not installed."""
    if not path.exists():
        raise InputError([Problem(Place(str(path)), "такого файла или папки нет")])
    files = sent_files(path)
    with _Inventory(str(path), quality, ocr) as inventory:
        for number, sent in enumerate(files, 1):
            inventory.take(sent)
            if progress is not None:
                progress(number, len(files))
        return inventory.texts()


def read_each(files: Iterable[tuple[str, bytes]], quality: TextQuality) -> Iterator[FileText]:
    """The text of each file by itself, as it comes: no archive is opened, and nothing is known of one file from another
    (`saved_page.with_addresses`). Raises `InputError` where what reads documents is not installed."""
    with _Inventory("файлы", quality, None) as inventory:
        for name, content in files:
            yield inventory.read(name, hashlib.sha256(content).hexdigest(), content)


class _Inventory:
    """Collects texts file by file; `name` is how what was sent is called in messages."""

    def __init__(self, name: str, quality: TextQuality, ocr: Path | None) -> None:
        if missing := [package for package in _NEEDED if find_spec(package) is None]:
            message = f"чтобы читать документы, нужны пакеты, которые не установлены: {', '.join(missing)}"
            raise InputError([Problem(Place(name), message, hint=_INSTALL)])
        if ocr is not None:
            from vsoko_rules.intake.texts.picture_text import check_data

            check_data(ocr)
        self._quality, self._ocr = quality, ocr
        self._found: dict[str, FileText] = {}
        """by hash, and where there is none by path"""
        self._apart = Apart(_SECONDS, _MEMORY) if ocr is None else Apart(_SECONDS_OF_SCANS, _MEMORY_OF_SCANS)

    def __enter__(self) -> _Inventory:
        return self

    def __exit__(self, *_: object) -> None:
        self._apart.close()

    def texts(self) -> list[FileText]:
        """What was collected."""
        from vsoko_rules.intake.texts.saved_page import with_addresses

        return with_addresses(list(self._found.values()))

    def take(self, sent: SentFile) -> None:
        """One file of a folder."""
        content = sent.content()
        if sent.left_out or isinstance(content, str):
            self._without_text(sent.file, str(content), sent.left_out)
        else:
            self.add(sent.file, content)

    def add(self, file: str, content: bytes, inside: bool = False) -> None:
        """One file with its content; `inside` an archive no other is opened."""
        digest = hashlib.sha256(content).hexdigest()
        if known := self._found.get(digest):
            self._found[digest] = replace(known, copies=(*known.copies, file))
            return
        text = self.read(file, digest, content)
        if text.format != "zip":
            self._found[digest] = text
        elif fault := "nested" if inside else archive_fault(file, content):
            self._found[digest] = replace(text, quality=Quality.NONE, reason=fault)
        else:
            for name, part in archived(content):
                hidden = next((code for step in name.split("/") if (code := why_left_out(step))), None)
                if hidden or isinstance(part, str):
                    self._without_text(f"{file}/{name}", hidden or str(part), hidden is not None)
                else:
                    self.add(f"{file}/{name}", part, inside=True)

    def _without_text(self, file: str, reason: str, left_out: bool) -> None:
        self._found[file] = FileText(file, "", "", quality=Quality.NONE, reason=reason, left_out=left_out)

    def read(self, file: str, digest: str, content: bytes) -> FileText:
        """The text of one file."""
        from vsoko_rules.intake.texts.document import read_file

        try:
            return replace(self._apart.call(read_file, content, self._quality, self._ocr), file=file, sha256=digest)
        except Overrun:
            return FileText(file, digest, format_of(content), quality=Quality.NONE, reason="overrun")
