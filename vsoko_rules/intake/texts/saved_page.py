"""Pages of a site that were saved: their links as addresses, and by these the addresses of the files beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from posixpath import dirname, join, normpath
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from vsoko_rules.intake.texts.file_text import FileText, Quality, TextLink
from vsoko_rules.intake.texts.formats import PICTURES, suffix

_PAGES: Final = frozenset({"html", "mht"})
_FOLDERS: Final = ("_files", ".files", "_файлы", "-Dateien")
"""what programs add to the name of a page to name the folder of its parts"""
_PICTURES: Final = (".jpg", ".jpeg", ".png", ".gif", ".bmp")
_PARTS: Final = frozenset(
    [".css", ".js", ".mjs", ".map", ".woff", ".woff2", ".ttf", ".eot", ".svg", ".ico", ".webp", ".txt", ".download"]
)


def with_addresses(texts: Sequence[FileText]) -> list[FileText]:
    """The texts with links as addresses, where a page says where it was saved from, and with the addresses to which
    pages lead. Parts of saved pages become one entry a folder."""
    pages = [_resolved(text) if text.format in _PAGES else text for text in texts]
    published = _published(pages)
    with_own = (replace(text, address=text.address or published.get(text.file)) for text in pages)
    return _without_parts(list(with_own))


def _resolved(page: FileText) -> FileText:
    """A page with its links as whole addresses, or as paths in what was sent."""
    links = []
    for link in page.links:
        with suppress(ValueError):  # of an address that is none
            links.append(TextLink(link.text, _target(page, link.target)))
    return replace(page, links=tuple(links))


def _target(page: FileText, target: str) -> str:
    """Where a link of a page leads. Raises `ValueError` for an address that is none."""
    parts = urlsplit(target)
    if parts.scheme or page.address:
        return urlsplit(urljoin(page.address or "", target)).geturl()
    return normpath(join(dirname(page.file), unquote(parts.path)))


def _published(texts: Sequence[FileText]) -> dict[str, str]:
    """The addresses of files: the only one among those that pages lead to which ends in the name of the file."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for page in texts:
        for link in page.links if page.format in _PAGES else ():
            parts = urlsplit(link.target)
            if parts.scheme in ("http", "https"):
                by_name[unquote(parts.path).rpartition("/")[2].casefold()].add(link.target)
    names: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        if text.format not in _PAGES:
            names[text.file.rpartition("/")[2].casefold()].append(text.file)
    return {
        files[0]: next(iter(by_name[name]))
        for name, files in names.items()
        if name and len(files) == 1 and len(by_name[name]) == 1
    }


def _without_parts(texts: list[FileText]) -> list[FileText]:
    """The texts without the parts of saved pages, of which one entry a folder is left."""
    stems = {text.file.rpartition(".")[0] for text in texts if text.format in _PAGES}
    folders = {f"{stem}{end}" for stem in stems for end in _FOLDERS}
    kept, seen = [], set()
    for text in texts:
        folder = next((f for f in folders if text.file.startswith(f"{f}/")), None)
        if folder is None or not _is_part(text):
            kept.append(text)
        elif folder not in seen:
            seen.add(folder)
            kept.append(FileText(f"{folder}/", "", "", quality=Quality.NONE, reason="page_parts", left_out=True))
    return kept


def is_named_as_part(file: str) -> bool:
    """Whether a file can be nothing but a part of a saved page, by its path: its looks or its programs, or a picture in
    its folder."""
    inside = any(step.endswith(_FOLDERS) for step in file.split("/")[:-1])
    return suffix(file) in (_PARTS if inside else _PARTS - {".txt"}) or (inside and suffix(file) in _PICTURES)


def _is_part(text: FileText) -> bool:
    return text.left_out or text.format in (*PICTURES, *_PAGES, "") or suffix(text.file) in _PARTS
