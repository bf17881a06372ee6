"""Every address about a seat, as the server knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_VALUES: Final = {
    "row": "komanda", "document": "komanda", "of": "B1-G01", "kind": "txt", "number": "1", "step": "1",
    "name": "1", "ending": "yml", "sha256": "0" * 64,
}  # fmt: skip
"""what stands in addresses beside the code of the seat"""


def seat_addresses(code: str, method: str = "get") -> Iterator[tuple[str, str]]:
    """The name and the address of each page that is asked for by a method."""
    from vsoko_rules.web.hosted.access import ACCESS
    from vsoko_rules.web.hosted.hosted_routes import urlpatterns

    values = {**_VALUES, "code": code}
    for each in urlpatterns:
        route = str(each.pattern)
        if route.startswith("s/<str:code>/") and getattr(ACCESS[str(each.name)], method) is not None:
            yield str(each.name), "/" + re.sub(r"<\w+:(\w+)>", lambda found: values[found[1]], route)
