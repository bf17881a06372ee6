"""Which format a file has, by what is in it, and who reads it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from vsoko_rules.intake.texts.encodings import encoding_of
from vsoko_rules.intake.texts.read_text import ReadText, Unreadable
from vsoko_rules.reading.attached import HEAD, OFFICE, type_of

PICTURES: Final = frozenset({"jpeg", "png", "gif", "bmp", "tiff"})
ARCHIVES: Final = frozenset({"zip"})

_READERS: Final[Mapping[str, tuple[str, str]]] = {
    "docx": ("docx_text", "read"),
    "odt": ("odt_text", "read"),
    "rtf": ("rtf_text", "read"),
    "pdf": ("pdf_text", "read"),
    "html": ("html_text", "read"),
    "mht": ("html_text", "read_single_file"),
    "xlsx": ("table_text", "read"),
    "xls": ("table_text", "read"),
    "ods": ("table_text", "read"),
    "doc": ("doc_text", "read"),
    "txt": ("txt_text", "read"),
}
"""by format: the module of this room, and its function from bytes to `ReadText`"""
_UNREAD: Final[Mapping[str, str]] = {
    "pptx": "presentation",
    "ppt": "presentation",
    "odp": "presentation",
    "rar": "archive",
    "7z": "archive",
    "gz": "archive",
    "locked": "locked",
    **dict.fromkeys(PICTURES, "picture"),
}
"""formats that nobody reads, and what is said of them"""
_STARTS: Final[Mapping[bytes, str]] = {b"Rar!\x1a\x07": "rar", b"7z\xbc\xaf\x27\x1c": "7z", b"\x1f\x8b": "gz"}
_STREAMS: Final[Mapping[str, str]] = {
    "EncryptedPackage": "locked",
    "WordDocument": "doc",
    "Workbook": "xls",
    "Book": "xls",
    "PowerPoint Document": "ppt",
}
"""what lies in a file of Office 97, and its format"""
_MOST_CONTROLS: Final = 0.01
"""the share of control signs from which a file is no text"""


def format_of(content: bytes) -> str:
    """The format of a file; empty where nothing tells."""
    head = content[:HEAD]
    found = type_of(head, BytesIO(content))
    if found == OFFICE:
        return next((kind for name, kind in _STREAMS.items() if _stream(name) in content), "")
    if found == "zip" and b"opendocument.presentation" in head[:160]:
        return "odp"
    if found is None:
        found = next((kind for start, kind in _STARTS.items() if head.startswith(start)), None)
    if b"mime-version:" in head[:2048].lower() and b"multipart/related" in head.lower():
        return "mht"
    return found or ("txt" if _is_text(head) else "")


def read_document(content: bytes, kind: str) -> ReadText:
    """What stands in a file of a format that `format_of` told. What cannot be read is told by `fault`."""
    if kind in _UNREAD or kind not in _READERS:
        return ReadText(fault=_UNREAD.get(kind, "unknown"))
    module, name = _READERS[kind]
    try:
        return getattr(import_module(f"vsoko_rules.intake.texts.{module}"), name)(content)  # type: ignore[no-any-return]
    except Unreadable as exc:
        return ReadText(fault=exc.code)
    except MemoryError:
        return ReadText(fault="overrun")
    except RecursionError:
        return ReadText(fault="deep")
    except Exception:  # a library met what nobody foresaw in what others sent: one file less, and the rest goes on
        return ReadText(fault="damaged")


def suffix(file: str) -> str:
    """The ending of a name, in small letters."""
    return PurePosixPath(file).suffix.lower()


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le") + b"\0\0"


def _is_text(head: bytes) -> bool:
    text = head.decode(encoding_of(head), "replace")
    controls = sum(ch < " " and ch not in "\t\n\r\f\x1a" for ch in text)
    return controls <= _MOST_CONTROLS * len(text)
