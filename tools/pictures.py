"""Pictures of every screen of the page of a region, to be looked at: each role, each phase of a study.

    python tools/pictures.py FOLDER                            everything, 1280 and 390 points wide
    python tools/pictures.py FOLDER --role school --phase collect --phase assess
    python tools/pictures.py FOLDER --media dark --width 390   or print

It makes the invented region (`vsoko serve --demo`) in a folder of its own, carries its study through the phases, and
asks for every address of `access.ACCESS` that a role may read, once for each kind of seat that they see. A file is
called role-screen-phase-width.png; a screen that says the same as in an earlier phase is not taken again. Where a
screen is wider than the window, or answers with an error, that is printed. Needs Chromium and playwright.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from vsoko_rules.web.hosted.models import SchoolEntry, StudyRound, User

PHASES: Final = ("collect", "assess", "reconcile", "closed", "released")
PEOPLE: Final = {
    "nobody": "", "centre": "centre", "methodist": "metodist", "expert": "expert2", "second": "expert3",
    "other": "expert1", "school": "school", "auditor": "auditor",
}  # fmt: skip
"""who asks, by the name for signing in; `expert` and `second` are the pair of the school, the methodist decides"""
_WHOLE: Final = ("expert", "school")
"""who fills a seat is shown all its pages, who looks on the first ones: the others look alike"""
_FIRST: Final = ("check", "documents", "decisions", "disputes", "give_back", "lock")
_FILES: Final = (
    "draft",
    "copy",
    "paper",
    "roster_table",
    "static",
    "alive",
    "work",
    "work_state",
    "work_file",
    "case_preview",
)
"""what is no screen, or needs work that nobody has asked for"""
MEDIA: Final = ("light", "dark", "print")
SCHOOL: Final = "zar-01"
"""of which the seats are shown"""
TALLEST: Final = 2400
"""points: what a picture shows of a long page"""
_PART: Final = re.compile(r"<\w+:(\w+)>")
_VARYING: Final = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|\d\d:\d\d')
_PLACED: Final = {"of": "B1-G01", "ending": "yml", "step": "1", "number": "2", "to": "reconcile", "role": "expert"}
_NEXT: Final = {"collect": "assess", "assess": "reconcile", "reconcile": "closed", "closed": "reconcile"}
_ANSWERED: Final = 400


class Region:
    """The invented region behind a server of this process."""

    def __init__(self) -> None:
        from vsoko_rules.web.hosted.models import SchoolEntry, StudyRound, User

        self.study: StudyRound = StudyRound.objects.order_by("-year")[0]
        self.users: dict[str, User] = {user.login: user for user in User.objects.all()}
        self.school: SchoolEntry = SchoolEntry.objects.get(study=self.study, code=SCHOOL)

    def put(self, phase: str) -> None:
        """Carry the study into a phase, from the one before it."""
        from vsoko_rules.web.hosted.models import Seat
        from vsoko_rules.web.hosted.pair_seats import appoint, open_agreed_seats, possible_thirds
        from vsoko_rules.web.hosted.release import release

        own = Seat.objects.filter(school=self.school, who="self")
        own.update(state="open" if phase == "collect" else "sent")
        self.study.phase = "closed" if phase == "released" else phase
        self.study.save()
        if phase == "reconcile":
            open_agreed_seats(self.study, self.users["centre"])
            for seat in Seat.objects.filter(school__study=self.study, who="agreed", state="open"):
                appoint(self.users["centre"], seat, next(iter(possible_thirds(seat)), None))
        if phase in ("closed", "released"):
            Seat.objects.filter(school=self.school, who="agreed").update(state="locked", disputes=0)
        if phase == "released":
            release(self.study, self.users["centre"])

    def addresses(self, role: str, phase: str) -> Iterator[tuple[str, str]]:
        """The name and the address of each screen for a role; nobody: those for everybody."""
        from vsoko_rules.web.hosted.access import ACCESS, ANYONE
        from vsoko_rules.web.hosted.access_table import routes
        from vsoko_rules.web.hosted.models import roles_of

        user = self.users.get(PEOPLE[role])
        roles = roles_of(user.memberships.all()) if user is not None else frozenset()
        for route in routes():
            allowed = ACCESS[route.name].get
            open_to_all = allowed is ANYONE
            may = open_to_all or (user is not None and ("signed in" in (allowed or ()) or roles & set(allowed or ())))
            if not may or (open_to_all and user is not None) or route.name in _FILES:
                continue
            if str(route.pattern).startswith("s/") and role not in _WHOLE and route.name not in _FIRST:
                continue
            for name, parts in self._parts(str(route.pattern), route.name, user, phase):
                if all(part in parts for part in _PART.findall(str(route.pattern))):
                    yield name, "/" + _placed(str(route.pattern), parts)

    def _parts(self, pattern: str, name: str, user: Any, phase: str) -> Iterator[tuple[str, dict[str, str]]]:
        from vsoko_rules.web.hosted.accounts import invite
        from vsoko_rules.web.hosted.models import Seat

        parts = {**_PLACED, "to": _NEXT.get(phase, "reconcile"), "code": self.study.code, "kind": "plan"}
        if pattern.startswith("s/"):
            seats = Seat.objects.visible_to(user).filter(school=self.school)
            for seat in seats if user is not None else ():
                rows = seat.data and re.search(r'"documents": ?\[\{"id": ?"([^"]+)"', seat.data)
                row = rows[1] if rows else "new"
                yield f"{name}@{seat.who}", {**parts, "code": seat.code, "row": row, "document": row}
            return
        for key, listed in (
            ("people/", [self.users["expert1"].pk]), ("towns/", [self.school.municipality_id]),
            ("schools/", [self.school.pk]),
        ):  # fmt: skip
            if key in pattern:
                yield name, {**parts, "key": str(listed[0])}
                return
        if "token" in pattern:
            link = invite(self.users["expert1"], None).rpartition("/")[2]
            yield f"{name}@open", {**parts, "token": link}
            yield f"{name}@gone", {**parts, "token": "gone"}
        else:
            yield name, {**parts, "key": "0"}


def _placed(pattern: str, parts: dict[str, str]) -> str:
    return _PART.sub(lambda found: parts[found[1]], pattern)


class Camera:
    """Takes pictures of a page for somebody, in all widths and media, unless it looks as it did before."""

    def __init__(self, folder: Path, widths: Sequence[int], media: Sequence[str]) -> None:
        self.folder = folder
        self.widths = widths
        self.media = media
        self.taken: set[tuple[str, str]] = set()

    def take(self, page: Page, role: str, name: str, phase: str, address: str) -> None:
        """A picture of an address, and a line about what is wrong with it."""
        answer = page.request.get(address, timeout=0)
        text = answer.text() if answer.headers.get("content-type", "").startswith("text/html") else ""
        if "<html" not in text or answer.status == 404:
            return
        if answer.status >= _ANSWERED:
            print(f"{role} {address}: {answer.status}")
        digest = hashlib.sha256(_VARYING.sub("", text).encode()).hexdigest()
        if (name + role, digest) in self.taken:
            return
        self.taken.add((name + role, digest))
        page.goto(address, timeout=0)
        for media in self.media:
            page.emulate_media(
                media="print" if media == "print" else "screen", color_scheme="dark" if media == "dark" else "light"
            )
            for width in self.widths:
                end = f"{width}.png" if media == "light" else f"{width}-{media}.png"
                self._shot(page, width, f"{role}-{name}-{phase}-{end}")

    def _shot(self, page: Page, width: int, name: str) -> None:
        page.set_viewport_size({"width": width, "height": 900 if width > 600 else 844})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            print(f"{name}: {over} points wider than the window")
        tall = page.evaluate("document.documentElement.scrollHeight")
        box: Any = {"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST)}
        page.screenshot(path=self.folder / name, full_page=True, clip=box)


@contextmanager
def region() -> Iterator[tuple[Region, str]]:
    """The invented region, served; with the host."""
    from vsoko_rules.region.server_file import make_server
    from vsoko_rules.web.hosted.region_server import invented, migrate, prepared

    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        make_server(folder, hosts=("127.0.0.1",))
        path = folder / "server.yml"
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        prepared(folder, migrated=False, new=True)
        migrate()
        invented()
        with _served() as host:
            yield Region(), host


@contextmanager
def _served() -> Iterator[str]:
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    made: Any = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=4, ident=None)
    host = f"127.0.0.1:{made.effective_port}"
    stated: Any = getattr(settings, "VSOKO_SERVER")  # noqa: B009 (types know no settings of our own)
    settings.VSOKO_SERVER = stated.model_copy(update={"hosts": (host,), "second_factor": False})
    thread = Thread(target=made.run, daemon=True)
    thread.start()
    yield host
    made.close()


def signed_in(browser: Browser, host: str, user: User | None) -> BrowserContext:
    """A window of somebody; none: of nobody."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from vsoko_rules.web.hosted.sessions import SessionStore

    context = browser.new_context(base_url=f"http://{host}", reduced_motion="reduce")
    if user is not None:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        context.add_cookies([{"name": "vsoko", "value": str(session.session_key), "url": f"http://{host}"}])
    return context


def main(arguments: Iterable[str]) -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--role", action="append", choices=list(PEOPLE))
    parser.add_argument("--phase", action="append", choices=PHASES)
    parser.add_argument("--width", action="append", type=int)
    parser.add_argument("--media", action="append", choices=MEDIA)
    parser.add_argument("--only", default="", help="what stands in the name of a screen")
    asked = parser.parse_args(list(arguments))
    asked.folder.mkdir(parents=True, exist_ok=True)
    camera = Camera(asked.folder, asked.width or (1280, 390), asked.media or ("light",))
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright, region() as (made, host):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for phase in PHASES:
            made.put(phase)
            for role in (asked.role or PEOPLE) if not asked.phase or phase in asked.phase else ():
                context = signed_in(browser, host, made.users.get(PEOPLE[role]))
                page = context.new_page()
                for name, address in made.addresses(role, phase):
                    if asked.only in name:
                        camera.take(page, role, name, phase, address)
                context.close()
        browser.close()


if __name__ == "__main__":
    import os

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps a loop running in this thread
    main(sys.argv[1:])
