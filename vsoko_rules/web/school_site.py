"""Where schools are kept that the pages show: files on this machine, or the seats that somebody of a region may see."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Protocol, cast

from django.http import Http404, HttpRequest

from vsoko_rules.workspace.desk import Desk
from vsoko_rules.workspace.opened_school import OpenedSchool

if TYPE_CHECKING:
    from vsoko_rules.workspace.readings import FilesReading

KEY: Final = "vsoko.site"
"""under which name a site comes with a request"""


class KnownReadings(Protocol):
    """What was read of the files of schools."""

    def of(self, path: Path, /) -> FilesReading | None:
        """The last reading of a school; none where nobody asked for one."""


class SchoolSite(ABC):
    """What the pages of a school are about. `host` is address and port, as browsers say them."""

    host: str

    @property
    @abstractmethod
    def desk(self) -> Desk:
        """Where schools are opened and changed."""

    @property
    @abstractmethod
    def readings(self) -> KnownReadings:
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

    def given(self, path: Path, what: str, name: str, *, files: bool = False) -> None:  # noqa: B027
        """Told before a file about a school is sent: `what` it is (`paper`, `draft`, `copy`) and its name; `files`:
        whether what was handed over for the school is in it."""

    def has_files(self, path: Path) -> bool:  # noqa: ARG002
        """Whether there are files of a school that do not lie beside its file already."""
        return False

    def pack(self, path: Path, stem: str, stream: IO[bytes]) -> None:  # noqa: ARG002
        """Write an archive with the case of a school, under the name `stem`, and with its files, where it `has_files`.
        Raises `Http404` where it has none."""
        raise Http404

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
