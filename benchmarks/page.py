"""How long the page of `vsoko open` takes, in Chromium: from a key press to the new verdict, and to open a folder.

    python benchmarks/page.py --documents 60 --schools 1500

Needs the extra `web`, playwright and Chromium. A box of every document is ticked and cleared by the space bar; the time
runs from the key press to the moment at which the verdict on the page is replaced. Times depend on the machine.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from large import large_case
from vsoko_rules.ruleset.load import DEFAULT, load

if TYPE_CHECKING:
    from playwright.sync_api import Page

_LONGEST: Final = 30
"""seconds for which a verdict is waited"""
_WATCH: Final = """
() => {
  window.pressed = 0; window.took = 0;
  document.addEventListener("keydown", () => { window.pressed = performance.now(); window.took = 0; }, true);
  new MutationObserver((changes) => {
    const verdict = changes.some((c) => [...c.addedNodes].some((n) => n.id === "verdict"));
    if (verdict) requestAnimationFrame(() => { window.took = performance.now() - window.pressed; });
  }).observe(document.body, { childList: true, subtree: true });
}
"""


@contextmanager
def served(root: Path, data: Path) -> Iterator[str]:
    """The page as a process; gives the address that opens it."""
    command = [sys.executable, "-m", "vsoko_rules", "open", str(root), "--no-browser", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().decode("utf-8").split()[-1]
        finally:
            process.terminate()


def edits(page: Page, rows: list[str], address: str) -> list[float]:
    """Milliseconds from each key press to the new verdict."""
    page.goto(address)
    page.evaluate(_WATCH)
    times = []
    for row in rows:
        page.locator(f"#row-{row} .row-title a").click()
        page.locator(f"form[data-row='{row}']").wait_for()
        boxes = page.locator(f"form[data-row='{row}'] input[name=box]")
        if boxes.count():
            boxes.first.focus()
            for _ in range(2):
                page.keyboard.press("Space")
                given_up = time.monotonic() + _LONGEST
                while time.monotonic() < given_up and not (took := page.evaluate("window.took")):
                    pass
                if not took:
                    raise SystemExit(f"no verdict within {_LONGEST} s of a key press in {row}")
                times.append(float(took))
        page.locator(f"#row-{row} [data-close]").click()
    return times


def opening(page: Page, address: str) -> float:
    """Seconds until the list of schools stands there."""
    start = time.perf_counter()
    page.goto(address)
    page.locator("#schools table").wait_for()
    return time.perf_counter() - start


def main() -> None:
    """Print both."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--schools", type=int, default=1500)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        case, schools = Path(folder) / "case.yml", Path(folder) / "schools"
        case.write_text(large_case(load(DEFAULT), wanted.documents), encoding="utf-8")
        rows = re.findall(r"(?m)^ *- *id: (\S+)", case.read_text(encoding="utf-8"))[: wanted.documents]
        schools.mkdir()
        for number in range(wanted.schools):
            shutil.copy(case, schools / f"{number:04}.yml")
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        with served(case, Path(folder) / "data") as address:
            page.goto(address)
            times = edits(page, rows, page.url + "documents")
        print(f"key press to new verdict: median {statistics.median(times):.0f} ms, of {len(times)} presses")
        print(f"  nine of ten within {statistics.quantiles(times, n=10)[-1]:.0f} ms; {len(rows)} documents")
        with served(schools, Path(folder) / "data") as address:
            print(f"a folder of {wanted.schools} schools, none known: {opening(page, address):.2f} s")
        browser.close()


if __name__ == "__main__":
    main()
