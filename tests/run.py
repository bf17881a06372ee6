"""Set up a virtual environment in .venv and run the tests there: `python3 tests/run.py`.

Everything after the name of the script goes to pytest; with nothing there, all tests run on all cores. The second
engine, durable-rules, is tested where it can be had: below Python 3.13, with a C compiler. Where it cannot, this says
so and the rest is tested all the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
DURABLE_BELOW = (3, 13)


def main() -> int:
    """Returns pytest's exit code."""
    os.chdir(ROOT)
    if not PYTHON.is_file():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    pip("install", "-e", ".[test]", check=True)
    why_not = second_engine()
    if why_not:
        print(f"\n*** The second engine, durable-rules, is NOT tested: {why_not}. ***\n", flush=True)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each process that a test starts compiles the program anew
    if sys.argv[1:]:
        return subprocess.run([PYTHON, "-m", "pytest", *sys.argv[1:]], check=False).returncode
    everything = [str(PYTHON), "-m", "pytest", "-n", "auto", "--dist", "worksteal"]  # on all cores, none idle
    # The server of a region has settings of Django that cannot stand beside those of the page: its tests go alone.
    codes = [subprocess.run([*everything, *more], check=False).returncode for more in ((), ("tests/hosted",))]
    return max(codes)


def second_engine() -> str | None:
    """Install durable-rules; returns why it cannot be had, or none."""
    version = subprocess.run(
        [PYTHON, "-c", "import sys; print(*sys.version_info[:2])"], check=True, capture_output=True, text=True
    )
    if tuple(map(int, version.stdout.split())) >= DURABLE_BELOW:
        return "it does not import on Python 3.13 and later"
    if pip("install", "-e", ".[durable]") != 0:
        return "it has to be compiled and was not (is there a C compiler?)"
    if subprocess.run([PYTHON, "-c", "import durable.engine"], check=False, capture_output=True).returncode != 0:
        return "it was installed and does not import"
    return None


def pip(*arguments: str, check: bool = False) -> int:
    """Run pip of the virtual environment; its complaints are shown only where they end the run."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments, "--quiet"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0 and check:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        raise SystemExit(done.returncode)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
