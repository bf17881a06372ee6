"""Scans are recognised only where the user supplied the data; what comes of it is marked as recognised.

The data for Russian are not part of the project, so a stand-in plays Tesseract here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.intake.texts.made import ORDER, page_of_pdf, quality
from vsoko_rules.errors import InputError
from vsoko_rules.intake.texts.file_text import Quality
from vsoko_rules.intake.texts.inventory import read_files
from vsoko_rules.intake.texts.picture_text import DATA

SCAN = page_of_pdf(b"0 0 600 800 re f")
PICTURE = b"\xff\xd8\xff\xe0" + bytes(50)
STAND_IN = """
class PyTessBaseAPI:
    def __init__(self, path, lang):
        assert lang == "rus"
    def __enter__(self):
        return self
    def __exit__(self, *_):
        pass
    def SetImageBytes(self, data, width, height, depth, line):
        assert (depth, len(data)) == (1, line * height)
        self.said = SAID
    def SetImageFile(self, path):
        if open(path, "rb").read(3) != b"\\xff\\xd8\\xff":
            raise RuntimeError
        self.said = SAID
    def GetUTF8Text(self):
        return self.said
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with data, and a Tesseract that reads the order in every picture."""
    module = tmp_path / "modules" / "tesserocr.py"
    module.parent.mkdir()
    module.write_text(f"SAID = {chr(10).join(ORDER)!r}\n{STAND_IN}", encoding="utf-8")
    monkeypatch.syspath_prepend(str(module.parent))
    monkeypatch.delitem(sys.modules, "tesserocr", raising=False)
    (tmp_path / DATA).write_bytes(b"data")
    return tmp_path


def sent(folder: Path, files: dict[str, bytes]) -> Path:
    """A folder with these files."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def test_what_is_recognised_is_marked(data: Path) -> None:
    files = {"скан.pdf": SCAN, "сломано.png": b"\x89PNG\r\n\x1a\n", "фото.jpg": PICTURE}
    scan, broken, photo = read_files(sent(data / "files", files), quality(), ocr=data)
    for text in (scan, photo):
        assert (text.quality, text.recognised, [line.text for line in text.lines]) == (Quality.GOOD, True, list(ORDER))
    assert {line.page for line in scan.lines} == {1}
    assert (broken.quality, broken.reason, broken.recognised) == (Quality.NONE, "damaged", False)


def test_without_data_nothing_is_recognised(tmp_path: Path) -> None:
    scan, photo = read_files(sent(tmp_path, {"скан.pdf": SCAN, "фото.jpg": PICTURE}), quality())
    assert [(text.quality, text.reason) for text in (scan, photo)] == [
        (Quality.NONE, "scan"),
        (Quality.NONE, "picture"),
    ]


def test_a_folder_without_data_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"здесь нет файла {DATA}"):
        read_files(tmp_path, quality(), ocr=tmp_path)


def test_without_tesseract_the_message_says_what_to_install(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vsoko_rules.intake.texts.picture_text.find_spec", lambda _: None)
    with pytest.raises(InputError, match=r'pip install "vsoko-rules\[ocr\]"'):
        read_files(data, quality(), ocr=data)
