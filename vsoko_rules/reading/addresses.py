"""What stands where the address of a document is asked: an address of the web, or something else and what."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit


class AddressKind(str, Enum):
    """What a text is in the place of an address."""

    WEB = "web"
    """http or https, and a host with a dot"""
    WORDS = "words"
    """«на сайте», «см. выше»"""
    DISK = "disk"
    r"""a path on somebody's machine: `C:\…`, `\\server\…`, `file://…`"""
    MAIL = "mail"
    """an address of a mailbox"""
    BARE = "bare"
    """a host without http before it: `school.example/1.pdf`"""
    BROKEN = "broken"
    """meant as an address of the web, and none: blanks, no host, another scheme"""


_DISK: Final = re.compile(r"^(?:[a-zA-Z]:[\\/]|\\\\|/|~|\.{1,2}[\\/]|file:)")
_SCHEME: Final = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:")
_MAIL: Final = re.compile(r"^(?:mailto:)?[^\s@/]+@[^\s@/]+\.[^\s@/]+$", re.IGNORECASE)
_LABEL: Final = r"[^\W_](?:[\w-]*[^\W_])?"
_HOST: Final = re.compile(rf"^{_LABEL}(?:\.{_LABEL})*\.[^\W\d_][\w-]*\.?$")
_PLAIN_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_PLAIN_PATH: Final = re.compile(r"[!-\"$->@-~]*")
_BARE: Final = re.compile(rf"^{_LABEL}(?:\.{_LABEL})*\.[^\W\d_]{{2,}}(?::\d+)?(?:[/?#]\S*)?$")


def address_kind(text: str) -> AddressKind:
    """What `text` is in the place of an address."""
    text = text.strip()
    if _plain(text) is not None:
        return AddressKind.WEB
    if _DISK.match(text):
        return AddressKind.DISK
    if _MAIL.match(text):
        return AddressKind.MAIL
    if _SCHEME.match(text) and not _BARE.match(text):
        return AddressKind.WEB if _is_web(text) else AddressKind.BROKEN
    return AddressKind.BARE if _BARE.match(text) else AddressKind.WORDS


def _plain(text: str) -> str | None:
    """Host and path of an address as most are: a host in small Latin letters and a path without a query, of which
    nothing has to be taken apart. None for any other."""
    scheme, _, place = text.partition("://")
    host, _, path = place.partition("/")
    plain = scheme in ("http", "https") and _is_plain_host(host) and _PLAIN_PATH.fullmatch(path)
    return place if plain else None


@lru_cache(maxsize=1000)
def _is_plain_host(host: str) -> bool:
    """The documents of a school stand on one or two hosts."""
    return _PLAIN_HOST.fullmatch(host) is not None


def _is_web(text: str) -> bool:
    if " " in text or not text.isprintable():  # of all blanks only that one is printable
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host and _HOST.match(host))


def same_place(text: str) -> str:
    """An address of the web without what makes no other place of it: scheme, letter case of the host, a last slash."""
    text = text.strip()
    if (plain := _plain(text)) is not None:
        return plain.removeprefix("www.").rstrip("/")
    parts = urlsplit(text)
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.netloc.casefold().removeprefix('www.')}{parts.path.rstrip('/')}{query}{fragment}"
