"""A short run of every command, as a shell would: `python tests/short.py`. It needs the program alone, no pytest, and
shows that the program needs no other one: commands find none by PATH, as in a small container.

Each command ends with an exit code that is not an error; what prints JSON prints nothing else; nothing but a progress
bar or a warning of the program itself reaches stderr.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from http.cookiejar import CookieJar
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.request import HTTPCookieProcessor, build_opener

ROOT: Final = Path(__file__).resolve().parents[1]
CASE: Final = "cases/gorodskaya-sosh.yml"
QUICK: Final = "cases/razryv-mezhdu-otchetami.yml"
"""a case with few gaps, of which a plan is made in a moment"""

RUNS: Final = (
    "--version",
    "--help",
    "help check",
    f"check {CASE} cases/selskaya-oosh.yml",
    f"check {CASE} -r bashkortostan-2022 -r tver-2022 --json",
    f"explain {CASE} --block B1",
    f"explain {CASE} --of B1-A01 --json",
    f"explain {CASE} --if +B4-A01 --json",
    f"plan {CASE}",
    f"plan {QUICK} --budget 3 --json",
    f"plan {QUICK} --engine plain -o {{out}}/plan.json",
    f"explain {CASE} --engine plain -o {{out}}/explanation.json",
    "check cases --engine plain -o {out}/results.json",
    f"draft {CASE} --step 1 -o {{out}}/draft.docx",
    f"report {CASE} --format html,docx,xlsx,md,json,csv,letters -o {{out}}/report",
    f"report {QUICK} --for school -o {{out}}/report",
    f"letters {QUICK} -o {{out}}/letters",
    f"protocol {CASE} -o {{out}}/protocol.docx",
    "compare {out}/results.json {out}/results.json",
    "compare {out}/results.json {out}/results.json -o {out}/changes.json",
    "new --school zar-005 -o {out}/new.yml",
    "check {out}/new.yml",
    "samples {out}/samples",
    "check {out}/samples --engine plain",
    "form --school-type основная -o {out}/form.xlsx",
    f"convert {CASE} -o {{out}}/case.xlsx",
    "convert {out}/case.xlsx -o {out}/case.yml",
    "check {out}/case.yml --json",
    "show {out}/case.yml --no-browser",
    "study cases -o {out}/study --jobs 2",
    "study cases -o {out}/study --json",
    "compare {out}/study {out}/study",
    "compare {out}/study {out}/study --json",
    f"agree {CASE} {{out}}/case.yml --json",
    f"agree {CASE} {{out}}/case.yml --form {{out}}/agree.xlsx",
    "agree --read {out}/agree.xlsx --json",
    "exchange {out}/study",
    "exchange {out}/study --json",
    "exchange {out}/study -o {out}/pairs.json",
    "rules list",
    "rules list --json",
    "rules show B1-M02",
    "rules show B1-M02 --json",
    "rules check",
    "rules check --json",
    "rules test --engine plain",
    "rules test --engine plain --json",
    "rules schema case -o {out}/case.json",
    "rules schema result -o {out}/result.json",
    "rules graph B1",
    "rules docs -o {out}/docs",
    "rules diff bashkortostan-2022 tver-2022",
    "rules diff bashkortostan-2022 tver-2022 --json",
    "rules diff bashkortostan-2022 tver-2022 -o {out}/diff.json",
    "rules init {out}/own --from tver-2022",
    "rules import {out}/table.xlsx --into {out}/own",
    "rules freeze {out}/own",
    "rules check {out}/own",
)
"""what is run, in this order, `{out}` being a new folder"""

INTAKE: Final = (
    "intake {out}/files --levels НОО,ООО,СОО --from 2021-09-01 --to 2022-10-31",
    "intake {out}/files --json",
    "intake {out}/files -o {out}/intake.json",
    "check {out}/files.yml",
)
"""run where the extra `intake` is installed"""

PAGE: Final = ("shortcut {out}/schools --desktop {out}/desktop", "site {out}/site --parts {out}/parts")
"""run where the extra `web` is installed"""

SERVER: Final = (
    "serve {out}/pilot --init --demo",
    "serve {out}/server --init",
    "audit {out}/server --json",
    "worker {out}/server --once",
    "import {out}/pilot {out}/schools.zip --json",
)
"""run where the extra `server` is installed"""

OPEN: Final = "open cases"
"""run there too, by itself: the page is looked at and ended by its button"""

PDF: Final = f"report {CASE} --format pdf -o {{out}}/report"
"""run where the extra `pdf` is installed"""


def prepare(out: Path) -> None:
    """What the commands take and none makes: a table of indicators, the files of a school, an archive of schools."""
    import xlsxwriter

    shutil.copytree(ROOT / "cases" / "papka-shkoly", out / "files")
    with zipfile.ZipFile(out / "schools.zip", "w") as archive:
        archive.write(ROOT / CASE, "школа/школа.yml")
    with xlsxwriter.Workbook(out / "table.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Код", "Блок", "Звено", "Показатель", "Происхождение", "Документ"])
        sheet.write_row(1, 0, ["T1-01", "B1", "мониторинг", "Мониторинг результатов ВПР", "предложено", "B1-M02"])


def stand_ins(out: Path) -> None:
    """Files that are called as the parts of a site: no browser runs them here."""
    from vsoko_rules.web.static_site import PARTS

    for name in PARTS:
        (out / "parts" / name).parent.mkdir(parents=True, exist_ok=True)
        (out / "parts" / name).write_text(name, encoding="utf-8")


def _alone(out: Path) -> dict[str, str]:
    """The environment of a command, without other programs."""
    return {**os.environ, "PATH": str(out / "no-programs")}


def failure(run: str, out: Path) -> str | None:
    """Run one command; returns what is wrong, or none."""
    arguments = [part.format(out=out) for part in run.split()]
    command = [sys.executable, "-m", "vsoko_rules", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=_alone(out), capture_output=True, check=False)
    stdout, stderr = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    if done.returncode not in (0, 1):
        return f"exit code {done.returncode}: {stderr}"
    if stderr:
        return f"stderr: {stderr}"
    if "--json" in arguments:
        try:
            keys = json.loads(stdout).keys()
        except ValueError as exc:
            return f"not JSON: {exc}: {stdout[:200]}"
        if keys != {"results", "errors"}:
            return f"another shape: {', '.join(keys)}"
    return None


def page_failure(out: Path) -> str | None:
    """Open the page, look at it, end it by its button; returns what is wrong, or none."""
    command = [sys.executable, "-m", "vsoko_rules", *OPEN.split(), "--no-browser", "--data", str(out / "data")]
    with subprocess.Popen(
        command, cwd=ROOT, env=_alone(out), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        told = process.stdout.readline().decode("utf-8").split()
        try:
            browser = build_opener(HTTPCookieProcessor(CookieJar()))
            page = browser.open(told[-1], timeout=60).read().decode("utf-8")
            token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[-1].encode()
            address = told[-1].partition("/enter")[0]
            browser.open(f"{address}/stop", b"csrfmiddlewaretoken=" + token, timeout=60).close()
            stderr = process.communicate(timeout=60)[1].decode("utf-8")
        except (OSError, IndexError, subprocess.TimeoutExpired) as exc:
            process.kill()
            return f"{type(exc).__name__}: {exc}"
        return f"exit code {process.returncode}: {stderr}" if process.returncode or stderr else None


def main() -> int:
    """Returns 1 where a command failed."""
    runs = [*RUNS, *([PDF] if find_spec("typst") else []), *(INTAKE if find_spec("pypdfium2") else [])]
    runs += PAGE if find_spec("django") else ()
    runs += SERVER if find_spec("psycopg") else ()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        if find_spec("django"):
            stand_ins(Path(folder))
        for run in runs:
            wrong = failure(run, Path(folder))
            if wrong is not None:
                failed += 1
                print(f"vsoko {run}\n    {wrong}", flush=True)
        if find_spec("django") and (wrong := page_failure(Path(folder))) is not None:
            failed += 1
            print(f"vsoko open\n    {wrong}", flush=True)
    print(f"Python {sys.version.split()[0]}: {len(runs) - failed} of {len(runs)} commands run well", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
