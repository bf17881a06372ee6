"""Templates of texts other than HTML: every value that a template prints is escaped for its language.

The escaping stands in the environment, not in the templates, so none can forget it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from vsoko_rules.resources import shipped

Escape = Callable[[str], str]


class Ready(str):
    """Text that is in the template's language already."""

    __slots__ = ()


def environment(escape: Escape, filters: Mapping[str, Callable[..., Any]] | None = None) -> Environment:
    """An environment over the shipped templates in which `escape` makes any text safe.

    A filter that returns `Ready` has escaped what it was given; `ready` marks the output of a macro.
    """

    def finalize(value: Any) -> str:
        return value if isinstance(value, Ready) else escape(str(value))

    made = Environment(
        loader=FileSystemLoader(shipped("reports")),
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"ready": Ready, **(filters or {})}
    return made
