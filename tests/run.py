"""Set up a virtual environment in .venv and run the tests there: `python3 tests/run.py`.

With nothing after the name of the script all tests run on all cores but those that are marked as slow, a tenth of them
that takes as much of the processor as all others: `python3 tests/run.py --slow` runs them, and CI runs both. Anything
else after the name goes to pytest. The second engine, durable-rules, is tested where it can be had: below Python 3.13,
with a C compiler. Where it cannot, this says so and the rest is tested all the same.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed-for-tests"
"""says for which pyproject.toml the environment was set up: asking pip again takes longer than many a test"""
DURABLE_BELOW = (3, 13)


def main() -> int:
    """Returns pytest's exit code."""
    os.chdir(ROOT)
    if not PYTHON.is_file():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    asked = hashlib.sha256(Path("pyproject.toml").read_bytes() + Path("vsoko_rules/__init__.py").read_bytes())
    anew = not STAMP.is_file() or STAMP.read_text(encoding="utf-8") != asked.hexdigest()
    if anew:
        pip("install", "-e", ".[test]", check=True)
    why_not = second_engine(anew)
    if why_not:
        print(f"\n*** The second engine, durable-rules, is NOT tested: {why_not}. ***\n", flush=True)
    STAMP.write_text(asked.hexdigest(), encoding="utf-8")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each process that a test starts compiles the program anew
    if sys.argv[1:] not in ([], ["--slow"]):
        return subprocess.run([PYTHON, "-m", "pytest", *sys.argv[1:]], check=False).returncode
    if sys.argv[1:]:
        return all_marked("slow")
    code = all_marked("not slow")
    print("\nSlow tests did not run: python3 tests/run.py --slow", flush=True)
    return code


def all_marked(marks: str) -> int:
    """All tests with these marks, on all cores; returns the worse exit code.

    The server of a region has settings of Django that cannot stand beside those of the page: its tests are a run of
    their own. Both run at once, so that no core waits for the last test of the other run.
    """
    command = [str(PYTHON), "-m", "pytest", "-n", "auto", "--dist", "worksteal", "-m", marks]
    with tempfile.TemporaryFile() as later:
        with subprocess.Popen([*command, "tests/hosted"], stdout=later, stderr=subprocess.STDOUT) as hosted:
            first = subprocess.run(command, check=False).returncode
        later.seek(0)
        print("\nThe server of a region:", later.read().decode(errors="replace"), sep="\n\n", flush=True)
    return max(first, hosted.returncode)


def second_engine(anew: bool) -> str | None:
    """Install durable-rules where it is not there or is asked for anew; returns why it cannot be had, or none."""
    version = subprocess.run(
        [PYTHON, "-c", "import sys; print(*sys.version_info[:2])"], check=True, capture_output=True, text=True
    )
    if tuple(map(int, version.stdout.split())) >= DURABLE_BELOW:
        return "it does not import on Python 3.13 and later"
    if not anew and imports_durable():
        return None
    if pip("install", "-e", ".[durable]") != 0:
        return "it has to be compiled and was not (is there a C compiler?)"
    return None if imports_durable() else "it was installed and does not import"


def imports_durable() -> bool:
    """Whether the environment has the second engine."""
    return subprocess.run([PYTHON, "-c", "import durable.engine"], check=False, capture_output=True).returncode == 0


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
