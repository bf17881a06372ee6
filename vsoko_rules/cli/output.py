"""How commands print."""

from __future__ import annotations


def show(markup: str) -> None:
    """Print Rich markup: in colour on a terminal, as plain text elsewhere."""
    from rich.console import Console

    Console(highlight=False, soft_wrap=True, emoji=False).print(markup, end="")
