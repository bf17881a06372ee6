"""People who work on a region's server, each a browser of their own, for measurements."""

from __future__ import annotations

import hashlib
import http.client
import random
import re
import time
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlencode

from vsoko_rules.resources import shipped

_ETAG: Final = re.compile(rb'name="etag"[^>]*? value="([^"]*)"')
_FIELD: Final = re.compile(r"<(?:input|select|textarea|option)\b[^>]*>(?:[^<]*)")
_ORDER: Final = shipped("cases") / "papka-shkoly" / "Блок 1" / "Приказ 112-од.docx"
_SCAN: Final = 3_000_000
"""bytes of a scan of ten pages"""


@dataclass
class Person:
    """One browser: `session` of whom, `code` of the seat on which they work, `think` seconds between two requests.
    `times`: seconds of requests by what they are; `saved`: what was acknowledged, in its order."""

    number: int
    port: int
    session: str
    code: str
    think: float
    saved: list[str] = field(default_factory=list)
    times: dict[str, list[float]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)

    def open(self) -> None:
        """Open a page as a browser that knows nothing yet, and learn what its forms send."""
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self._cookies = f"vsoko={self.session}"
        status, headers, body = self._ask("GET", self.first)
        assert status == 200, (status, body[:300])
        csrf = next(v for k, v in headers if k == "Set-Cookie" and v.startswith("vsoko_csrf=")).split(";")[0]
        self._cookies += f"; {csrf}"
        self._opened(body.decode())

    @property
    def first(self) -> str:
        """The address that is opened first."""
        raise NotImplementedError

    def _opened(self, page: str) -> None:
        self._token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[-1]

    def _step(self, step: int, chance: random.Random) -> None:
        raise NotImplementedError

    def _ask(
        self, method: str, path: str, body: bytes | str | None = None, kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        headers = {"Cookie": self._cookies, "Origin": f"http://127.0.0.1:{self.port}"}
        if body is not None:
            headers |= {"Content-Type": kind}
            if not isinstance(body, bytes):
                headers |= {"HX-Request": "true"}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def timed(self, what: str, method: str, path: str, *sent: Any) -> tuple[int, bytes]:
        """Ask and write down how long the whole answer took."""
        start = time.perf_counter()
        status, _, body = self._ask(method, path, *sent)
        self.times.setdefault(what, []).append(time.perf_counter() - start)
        self.answers[f"{what} {status}"] += 1
        return status, body

    def run(self, until: float) -> None:
        """Work until the time is over."""
        chance = random.Random(self.number)
        time.sleep(chance.random() * self.think)
        step = 0
        while time.monotonic() < until:
            step += 1
            try:
                self._step(step, chance)
            except OSError as error:
                self.answers[type(error).__name__] += 1
                self._connection.close()
            time.sleep(self.think * (0.5 + chance.random()))


@dataclass
class Expert(Person):
    """Changes the title of a document again and again, and reads."""

    row: str = ""

    @property
    def first(self) -> str:
        """The row that is edited."""
        return f"/s/{self.code}/documents?row={self.row}"

    def _opened(self, page: str) -> None:
        super()._opened(page)
        form = page[page.index(f'data-row="{self.row}"') :]
        form = form[: form.index("</form>")]
        self._form = [(name, value) for name, value in _fields(form) if name not in ("etag", "title")]
        found = _ETAG.search(form.encode())
        assert found
        self._etag = found[1].decode()

    def _step(self, step: int, chance: random.Random) -> None:
        if step % 5 == 0:
            self.timed("page", "GET", f"/s/{self.code}/{chance.choice(['', 'documents', 'why', 'history'])}")
            return
        title = f"Приказ {self.number}-{step}"
        form = [*self._form, ("csrfmiddlewaretoken", self._token), ("etag", self._etag), ("title", title)]
        status, text = self.timed("edit", "POST", f"/s/{self.code}/documents/{self.row}", urlencode(form))
        found = _ETAG.search(text)
        if status == 200 and found:
            self.saved.append(title)
            self._etag = found[1].decode()


@dataclass
class SchoolPerson(Person):
    """Hands files over, a document of Word or each third time a scan of three megabytes, and reads what is there: the
    page, the text of a file, a file, now and then the archive of all. `saved`: hashes."""

    @property
    def first(self) -> str:
        """The page of files."""
        return f"/s/{self.code}/files"

    def _step(self, step: int, chance: random.Random) -> None:
        if step % 2:
            self._hand_over(step, chance)
        elif step % 10 == 0:
            form = urlencode([("csrfmiddlewaretoken", self._token)])
            self.timed("archive", "POST", f"/s/{self.code}/copy/zip", form)
        else:
            _, page = self.timed("files page", "GET", self.first)
            known = [sha256 for sha256 in self.saved if sha256 in page.decode()]
            if known:
                file = f"/s/{self.code}/files/of/{chance.choice(known)}"
                self.timed(*(("text", "GET", f"{file}/text") if step % 4 else ("download", "GET", file)))

    def _hand_over(self, step: int, chance: random.Random) -> None:
        scan = step % 3 == 0
        content = b"\xff\xd8\xff" + chance.randbytes(_SCAN) if scan else _letter(f"{self.number}-{step}")
        name = f"Скан {step}.jpg" if scan else f"Приказ {step}.docx"
        body, kind = _multipart(self._token, name, content)
        status, _ = self.timed("scan" if scan else "document", "POST", self.first, body, kind)
        if status == 302:
            self.saved.append(hashlib.sha256(content).hexdigest())


def _letter(mark: str) -> bytes:
    """A document of Word that no other is."""
    stream = BytesIO(_ORDER.read_bytes())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.comment = mark.encode()
    return stream.getvalue()


def _multipart(token: str, name: str, content: bytes) -> tuple[bytes, str]:
    """What a browser sends for a form with a file, and its type."""
    line = "vsoko-load-boundary"
    head = (
        f'--{line}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        f'--{line}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{line}--\r\n".encode(), f"multipart/form-data; boundary={line}"


def _fields(form: str) -> list[tuple[str, str]]:
    """What a form sends as it stands: its boxes that are ticked, its texts, its choices."""
    sent, select = [], ""
    for tag in _FIELD.findall(form):
        attributes = {k: unescape(v) for k, v in re.findall(r'([\w-]+)="([^"]*)"', tag.split(">")[0])}
        name = attributes.get("name", "")
        if tag.startswith("<select"):
            select = name
        elif tag.startswith("<option"):
            if " selected" in tag and select:
                sent.append((select, attributes.get("value", "")))
        elif tag.startswith("<textarea"):
            sent.append((name, unescape(tag.partition(">")[2])))
        elif name and (attributes.get("type") not in ("checkbox", "radio") or " checked" in tag):
            sent.append((name, attributes.get("value", "")))
    return [(name, value) for name, value in sent if name]
