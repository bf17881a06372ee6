"""What the server writes into its log of who comes in: numbers of accounts, never names or what was typed."""

from __future__ import annotations

import logging
from typing import Final

LOG: Final = logging.getLogger("vsoko.accounts")


def told(what: str, **numbers: int | None) -> None:
    """Write down what happened and to whom, by number."""
    LOG.info("%s%s", what, "".join(f" {name}={number}" for name, number in numbers.items() if number is not None))
