"""What was read from a form: data of a case, and the cell of everything in it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from vsoko_rules.errors import Place

Step = str | int


class PlacedData:
    """Data in the shape of a YAML case. Paths are known by the cells that they were put from."""

    def __init__(self, name: str, sha256: str) -> None:
        self.name = name
        self.sha256 = sha256
        self.data: dict[str, Any] = {}
        self._places: dict[tuple[Step, ...], Place] = {}

    def put(self, path: Sequence[Step], value: Any, place: Place) -> None:
        """Set a value inside mappings, which are made on the way, or append to a list."""
        node: Any = self.data
        for step, after in pairwise(path):
            empty: Any = [] if isinstance(after, int) else {}
            if isinstance(step, int) and step == len(node):
                node.append(empty)
            node = node[step] if isinstance(step, int) else node.setdefault(step, empty)
        last = path[-1]
        if isinstance(last, int):
            node.append(value)
        else:
            node[last] = value
        self.locate(path, place)

    def locate(self, path: Sequence[Step], place: Place) -> None:
        """Say where a value stands, or would stand."""
        self._places.setdefault(tuple(path), place)

    def place(self, path: Sequence[Step]) -> Place:
        """The cell of the value at `path`, or of the nearest thing around it."""
        known = (self._places.get(tuple(path[:length])) for length in range(len(path), 0, -1))
        return next((place for place in known if place is not None), Place(self.name))

    key_place = place
    """in a form a key stands where its value does"""
