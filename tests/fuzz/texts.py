"""Documents of a school in every format, a folder of damaged ones at a time: each is read, or has a reason."""

from __future__ import annotations

import io
import traceback
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from random import Random
from typing import ClassVar, Final

import typst
import xlsxwriter

from tests.fuzz.damage import damaged_archive, damaged_bytes, damaged_text
from tests.fuzz.target import Target
from tests.fuzz.watch import Hang, bounded
from tests.intake.texts.made import ORDER, docx, odt, p, quality, zipped
from vsoko_rules.intake.texts.file_text import FileText, Quality
from vsoko_rules.intake.texts.inventory import read_files
from vsoko_rules.intake.texts.reading_reasons import reasons

FEW: Final = 3
"""files of one folder: most of the time goes into starting the process that reads them"""


class TextsTarget(Target):
    """Folders of documents. They are read as `vsoko intake` reads them."""

    seconds: ClassVar[float] = 20

    @cached_property
    def _sound(self) -> dict[str, bytes]:
        page = "".join(f"<p>{part}</p>" for part in ORDER)
        table = f"<w:tbl><w:tr><w:tc>{p('Срок')}</w:tc><w:tc>{p('Ответственный')}</w:tc></w:tr></w:tbl>"
        box = f"<w:p><w:r><w:txbxContent>{p('УТВЕРЖДАЮ')}</w:txbxContent></w:r></w:p>"
        word = docx(box + "".join(map(p, ORDER)) + table, header1=f"<w:hdr SPACES>{p('Школа')}</w:hdr>")
        rich = "{\\rtf1\\ansi\\ansicpg1251 " + "\\par ".join(ORDER).replace("–", "-") + "}"
        sound = {
            "приказ.docx": word,
            "план.odt": odt("".join(f"<text:p>{part}</text:p>" for part in ORDER)),
            "справка.pdf": typst.compile(("\n\n".join(ORDER) + "\n#table(columns: 2, [а], [б])").encode()),
            "анализ.rtf": rich.encode("cp1251"),
            "сайт.html": f"<html><head><base href='https://school.example/'></head><body>{page}</body></html>".encode(),
            "график.xlsx": self._workbook(),
            "текст.txt": "\r\n".join(ORDER).encode("cp1251", "replace"),
        }
        return {**sound, "архив.zip": zipped(sound)}

    @staticmethod
    def _workbook() -> bytes:
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            book.add_worksheet("График").write_row(0, 0, ["Мероприятие", "Срок", "Ответственный"])
        return stream.getvalue()

    def commands(self, random: Random, into: Path) -> Sequence[Sequence[str]]:
        folder = into / "школа"
        folder.mkdir()
        for number in range(FEW):
            name, content = random.choice(list(self._sound.items()))
            content = self._damaged(random, name, content) if random.random() < 0.5 else content
            (folder / f"{number}-{name}").write_bytes(content)
        return [["intake", str(folder)]]

    @staticmethod
    def _damaged(random: Random, name: str, content: bytes) -> bytes:
        if name.endswith((".docx", ".odt", ".xlsx", ".zip")):
            return damaged_archive(random, content)
        if name.endswith((".html", ".rtf")) and random.random() < 0.7:
            encoding = "utf-8" if name.endswith(".html") else "cp1251"
            return damaged_text(random, content.decode(encoding)).replace(b"\xef\xbb\xbf", b"")
        return damaged_bytes(random, content)

    def run(self, arguments: Sequence[str], seconds: float) -> tuple[int | None, str]:
        folder = Path(arguments[1])
        try:
            with bounded(seconds):
                texts = read_files(folder, quality())
        except Hang:
            return None, f"more than {seconds} s of processor time"
        except Exception:
            return None, traceback.format_exc()
        wrong = [text for text in texts if not _told(text)]
        told = {file for text in texts for file in (text.file, *text.copies)}
        lost = [path.name for path in folder.iterdir() if not any(file.startswith(path.name) for file in told)]
        if wrong or lost:
            return None, f"no reason: {[text.file for text in wrong]}; lost: {lost}"
        bad = [reasons()[text.reason] for text in texts if text.reason is not None]
        return (2 if len(bad) == len(texts) else int(bool(bad))), " ".join(bad)


def _told(text: FileText) -> bool:
    """Whether a text is good, or says why it is not."""
    if text.quality is Quality.GOOD:
        return text.reason is None and (bool(text.lines) or text.format == "zip")
    return text.reason in reasons() and bool(text.file)
