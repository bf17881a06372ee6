"""How long the page without a server takes, in Chromium: to start, to open a school, from a change to the new verdict.

    python tools/browser_parts.py parts
    python benchmarks/in_browser.py parts --documents 60

Times depend on the machine. Memory is that of the process of the tab (Linux).
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from large import large_case
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.web.static_site import write_site

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

_LONG: Final = 300_000
"""milliseconds"""


def start(context: BrowserContext, address: str) -> tuple[Page, float]:
    """Open the start page; gives it and the seconds until the program answers."""
    page = context.new_page()
    before = time.perf_counter()
    page.goto(address)
    page.frame_locator("#program").get_by_role("heading", name="Школы").wait_for(timeout=_LONG)
    return page, time.perf_counter() - before


def edits(page: Page, rows: int) -> list[float]:
    """Seconds from a click on a box to the new verdict, one for each row."""
    frame = page.frame_locator("#program")
    frame.get_by_role("link", name="Документы", exact=True).first.click()
    times = []
    for number in range(rows):
        frame.locator(".row-title a").nth(number).click()
        box = frame.locator("form[data-row] input[name=box]").first
        box.wait_for()
        frame.locator("#verdict").evaluate("e => { e.dataset.old = '1'; }")
        before = time.perf_counter()
        box.click()
        frame.locator("#verdict:not([data-old])").wait_for()
        times.append(time.perf_counter() - before)
        frame.get_by_text("Свернуть").first.click()
        frame.locator("form[data-row]").wait_for(state="detached")
    return times


def largest_renderer() -> int:
    """Kilobytes that the largest process of a tab holds; 0 where the system does not tell."""
    held = [0]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (process / "cmdline").read_bytes():
                told = (process / "status").read_text(encoding="utf-8")
                held += [int(line.split()[1]) for line in told.splitlines() if line.startswith("VmRSS")]
        except OSError:
            continue
    return max(held)


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("parts", type=Path)
    asked.add_argument("--documents", type=int, default=60)
    asked.add_argument("--edits", type=int, default=10)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        sizes = write_site(Path(place) / "site", options.parts)
        print(f"site: {sum(sizes.values()) / 1e6:.1f} MB, {len(sizes)} files")
        school = Path(place) / "school.yml"
        school.write_text(large_case(load(DEFAULT), options.documents), encoding="utf-8")
        command = [
            sys.executable,
            "-u",
            "-m",
            "http.server",
            "0",
            "--bind",
            "127.0.0.1",
            "--directory",
            f"{place}/site",
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            assert server.stdout is not None
            address = f"http://127.0.0.1:{server.stdout.readline().split('port ')[1].split()[0]}/"
            program = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
            context = browser.new_context()
            context.set_default_timeout(_LONG)
            page, first = start(context, address)
            page.close()
            context.set_offline(True)
            page, again = start(context, address)
            print(f"start: {first:.1f} s the first time, {again:.1f} s without a network")
            frame = page.frame_locator("#program")
            frame.locator("#brought").set_input_files(school)
            before = time.perf_counter()
            frame.get_by_role("button", name="Открыть", exact=True).click()
            frame.get_by_role("heading", name="Проверка").wait_for()
            print(f"a school of {options.documents} documents: {time.perf_counter() - before:.1f} s")
            times = edits(page, options.edits)
            print(f"a change: median {statistics.median(times):.2f} s, most {max(times):.2f} s of {len(times)}")
            print(f"memory of the tab: {largest_renderer() / 1000:.0f} MB")
            browser.close()
            server.kill()


if __name__ == "__main__":
    main()
