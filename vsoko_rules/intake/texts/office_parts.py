"""The parts of a zipped document, unpacked under guards and parsed without anything that XML could bring in."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any, Final

from lxml import etree

from vsoko_rules.intake.texts.read_text import Unreadable
from vsoko_rules.reading.archive import DAMAGED, ArchiveFault, fault_of

_CODES: Final = {ArchiveFault.LOCKED: "locked", ArchiveFault.DAMAGED: "damaged", ArchiveFault.PACKED: "damaged"}
DEEP: Final = "depth"
"""a word of the message of libxml2 about what is nested too deeply"""


class OfficeParts:
    """A zipped document. Raises `Unreadable` for what must not be unpacked, or is no sound XML."""

    def __init__(self, content: bytes) -> None:
        fault = fault_of(content)
        if fault is not None:
            raise Unreadable(_CODES.get(fault[0], "swollen"))
        try:
            self._archive = zipfile.ZipFile(BytesIO(content))
        except DAMAGED:
            raise Unreadable("damaged") from None
        self.names = frozenset(self._archive.namelist())

    def xml(self, name: str) -> Any:
        """The root of a part; none where there is no such part."""
        if name not in self.names:
            return None
        try:
            return parsed_xml(self._archive.read(name))
        except DAMAGED:
            raise Unreadable("damaged") from None


def parsed_xml(content: bytes) -> Any:
    """The root of what is written in XML, which may define nothing of its own. Raises `Unreadable`."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as exc:
        raise Unreadable("deep" if DEEP in str(exc).lower() else "damaged") from None
    except ValueError:
        raise Unreadable("damaged") from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("unsound")
    return root


def local(node: Any) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(node: Any, name: str) -> str | None:
    """An attribute by its name without a namespace."""
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == name), None)


def child(node: Any, *path: str) -> Any:
    """The first element at a path of names without namespaces; none where there is none."""
    for name in path:
        node = next((part for part in node if local(part) == name), None) if node is not None else None
    return node
