"""How much processor time one edit on the page of `vsoko open` takes, without a browser, beside one assessment.

    python benchmarks/edits.py --documents 60

A box of every document is ticked and cleared, as forms of the page are sent: the file is written, its history kept, the
new verdict made and its parts of the page composed. Beside it stands the assessment alone of the same case, measured in
the same run: their ratio says more than the times, which depend on the machine. `--profile` shows where the time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from lxml.html import fromstring

from large import large_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.web.server import open_site
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.opening import open_case, open_ruleset

_HOST: Final = "127.0.0.1:8765"
_PARTS: Final = {"HTTP_HX_REQUEST": "true"}
_FORM: Final = "application/x-www-form-urlencoded"
"""how browsers send forms without files"""


def client_of(site: Any) -> Any:
    """What sends forms to the page in the place of a browser."""
    from django.test import Client

    site.host = _HOST
    client = Client(**{"vsoko.site": site, "HTTP_HOST": _HOST})
    client.cookies[site.cookie_name] = site.cookie
    return client


def edits(client: Any, address: str, row: str) -> Iterator[tuple[float, int]]:
    """Seconds of processor time of each edit of a row, and the size of its answer in bytes."""
    (form, *_) = fromstring(client.get(f"{address}/{row}", **_PARTS).content.decode()).forms
    boxes = form.xpath(".//input[@type='checkbox' and @name='box']")
    for _ in range(2 if boxes else 0):
        boxes[0].checked = not boxes[0].checked
        sent: dict[str, list[str]] = {}
        for name, value in form.form_values():
            sent.setdefault(name, []).append(value)
        start = time.process_time()
        answer = client.post(f"{address}/{row}", urlencode(sent, doseq=True), _FORM, **_PARTS)
        yield time.process_time() - start, len(answer.content)
        assert answer.status_code == 200, answer.content.decode()
        (mark,) = fromstring(answer.content.decode()).xpath(f"//*[@id='etag-{row}']")
        form.fields["etag"] = mark.get("value")


def assessments(path: Path, count: int) -> Iterator[float]:
    """Seconds of processor time of each assessment of a case that was read already."""
    case, ruleset = open_case(path), open_ruleset()
    for _ in range(count):
        start = time.process_time()
        assess(case, ruleset, EngineName.PLAIN)
        yield time.process_time() - start


def main() -> None:
    """Print both and their ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--profile", type=Path, help="a file for pstats")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.yml"
        path.write_text(large_case(load(DEFAULT), wanted.documents), encoding="utf-8")
        site = open_site(path, Path(folder) / "data")
        client = client_of(site)
        address = f"/s/{site.code(site.desk.root)}/documents"
        rows = [document.id for document in open_case(path).content.documents]
        list(edits(client, address, rows[0]))  # what is loaded once is no part of an edit
        list(assessments(path, 2))
        profile = cProfile.Profile()
        if wanted.profile:
            profile.enable()
        done = [edit for row in rows for edit in edits(client, address, row)]
        profile.disable()
        if wanted.profile:
            profile.dump_stats(wanted.profile)
        alone = statistics.median(assessments(path, len(done)))
    edit = statistics.median(seconds for seconds, _ in done)
    size = statistics.median(size for _, size in done)
    print(f"an edit: median {edit * 1000:.1f} ms of processor time, of {len(done)}; {len(rows)} documents")
    print(f"an assessment alone: median {alone * 1000:.1f} ms; an edit is {edit / alone:.2f} x that")
    print(f"its answer: {size / 1024:.1f} KB")


if __name__ == "__main__":
    main()
