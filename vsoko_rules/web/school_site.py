"""Where schools are kept that the pages show: files on this machine, or the seats that somebody of a region may see."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from django.http import HttpRequest

from vsoko_rules.workspace.desk import Desk
from vsoko_rules.workspace.opened_school import OpenedSchool

if TYPE_CHECKING:
    from vsoko_rules.workspace.readings import Readings

KEY: Final = "vsoko.site"
"""under which name a site comes with a request"""


class SchoolSite(ABC):
    """What the pages of a school are about. `host` is address and port, as browsers say them."""

    host: str

    @property
    @abstractmethod
    def desk(self) -> Desk:
        """Where schools are opened and changed."""

    @property
    @abstractmethod
    def readings(self) -> Readings:
        """The readings of files that were asked for."""

    @abstractmethod
    def code(self, path: Path) -> str:
        """How a school is called in addresses."""

    @abstractmethod
    def path(self, code: str) -> Path:
        """The school by its code. Raises `Http404` where there is none that may be seen."""

    def called(self, path: Path) -> str:
        """How a school of another year is called where one is chosen."""
        return path.name

    def given(self, path: Path, what: str, name: str) -> None:  # noqa: B027
        """Told before a file about a school is sent: `what` it is (`paper`, `draft`) and its name."""

    def may_edit(self, path: Path) -> bool:  # noqa: ARG002
        """Whether the school may be changed now. Where it may not, pages show nothing that changes it."""
        return True

    def may_decide(self, path: Path) -> bool:
        """Whether outcomes of one's own may be put beside those of the program now."""
        return self.may_edit(path)

    def shown(self, path: Path, school: OpenedSchool) -> dict[str, Any]:  # noqa: ARG002
        """What else the templates of a school are given."""
        return {"single": self.desk.single, "needs_consent": self.desk.may_lose(school)}


def site_of(request: HttpRequest) -> SchoolSite:
    """What the pages of a request are about."""
    return cast("SchoolSite", request.META[KEY])
