"""The table of who may ask which address by which method, for people: `docs/access.ru.md`, made of `access.ACCESS`.

`python -m vsoko_rules.web.hosted.access_table` writes it anew.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vsoko_rules.region.region_records import RegionRole
from vsoko_rules.region.server_file import ServerFile
from vsoko_rules.templates import Ready, markdown, render
from vsoko_rules.web.hosted.hosted_settings import configure

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.access import Allowed

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "access.ru.md"
_CHOSEN: Final = re.compile(r"<[^>]+>")
NOBODY: Final = "nobody"
"""who has not signed in"""
WHO: Final = (NOBODY, *(role.value for role in RegionRole))


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One address: what it is called in the program, how it reads, and what each may do with it: `get`, `post`, both or
    nothing. `half`: also before the second step of signing in."""

    name: str
    address: str
    may: dict[str, tuple[str, ...]]
    half: bool


def routes() -> Iterator[Any]:
    """All addresses of the server, in their order. Raises `KeyError` where one has no line in `ACCESS`."""
    from vsoko_rules.web.hosted.hosted_routes import urlpatterns

    yield from urlpatterns


def address_rows() -> list[AddressRow]:
    """The table."""
    from vsoko_rules.web.hosted.access import ACCESS

    made = []
    for route in routes():
        allowed = ACCESS[route.name]
        address = "/" + _CHOSEN.sub("…", str(route.pattern))
        made.append(AddressRow(route.name, address, {who: _may(allowed, who) for who in WHO}, allowed.half))
    return made


def _may(allowed: Allowed, who: str) -> tuple[str, ...]:
    by = {"get": allowed.get, "post": allowed.post}
    return tuple(method for method, roles in by.items() if roles is not None and may(roles, who))


def may(roles: Collection[str], who: str) -> bool:
    """Whether one of these roles, or nobody in particular, is let in by what a line of `ACCESS` says."""
    from vsoko_rules.web.hosted.access import ANYONE, SIGNED_IN

    return roles is ANYONE or (who != NOBODY and (roles is SIGNED_IN or who in roles))


def access_page() -> str:
    """The text of the page."""
    rows = [(Ready(f"`{row.address}`"), row) for row in address_rows()]
    return render("docs/access.md.j2", markdown, rows=rows, who=WHO)


def main() -> None:
    """Write the page."""
    secret = "only for the table: no address is asked"
    configure(ServerFile(secret=secret, hosts=("localhost",), database="sqlite:none.sqlite"), PAGE.parent)
    PAGE.write_text(access_page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
