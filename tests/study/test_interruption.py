"""A study that was interrupted: whole files only, no process left, and the next one goes on.

Real processes and signals. A study is held where a test wants it by a handshake: it writes how many files are done and
goes on when it is answered, or its workers wait for a file that is a pipe. Nothing depends on time; limits are only
there so that a fault ends as a failure.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.study.test_batch import exported, study, written
from vsoko_rules.errors import OutputError

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
LIMIT = 300
"""seconds, far more than anything here takes"""

SCRIPT = """
import signal, sys
from pathlib import Path
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import VsokoError
from vsoko_rules.study.run import run

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have started the tests with it ignored

def step_by_step(done, total):
    print(done, flush=True)
    sys.stdin.readline()

try:
    run([Path(sys.argv[1])], Path(sys.argv[2]), jobs=int(sys.argv[3]), engine=EngineName.PLAIN, progress=step_by_step)
except VsokoError as exc:
    print(exc)
    sys.exit(2)
except KeyboardInterrupt:
    sys.exit(130)
"""

VSOKO = """
import signal
from vsoko_rules.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)
for name in ("SIGTERM", "SIGHUP"):  # whoever runs the tests may ignore them, as nohup does
    if hasattr(signal, name):
        signal.signal(getattr(signal, name), signal.SIG_DFL)
main()
"""

HELD = """
import os, stat

os.O_NONBLOCK, plainly = 0, os.fstat

def fstat(descriptor):
    told = plainly(descriptor)
    if stat.S_ISFIFO(told.st_mode) and told.st_dev == os.stat(os.environ["HELD"]).st_dev:
        os.read(descriptor, 1)
    return told

os.fstat = fstat
"""
"""makes a process wait in a pipe of that folder, which it would else refuse at once, until something is written"""

DEADLY = """
import os, stat

plainly = os.fstat

def fstat(descriptor):
    told = plainly(descriptor)
    if stat.S_ISFIFO(told.st_mode) and told.st_dev == os.stat(os.environ["HELD"]).st_dev:
        os._exit(7)
    return told

os.fstat = fstat
"""
"""ends a process that reads a pipe of that folder"""

posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


@contextmanager
def started(region: Path, out: Path, jobs: int = 1, prefix: str = "") -> Iterator[subprocess.Popen[str]]:
    """A study that waits after each file for a line of input."""
    command = [sys.executable, "-c", prefix + SCRIPT, str(region), str(out), str(jobs)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def hold(process: subprocess.Popen[str], number: int) -> None:
    """Let the study go on until so many files are done; there it waits."""
    assert process.stdout is not None
    assert process.stdin is not None
    for done in range(1, number + 1):
        assert process.stdout.readline() == f"{done}\n"
        if done < number:
            process.stdin.write("\n")
            process.stdin.flush()


@posix
@pytest.mark.parametrize("name", ["SIGKILL", "SIGINT"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_study_goes_on(region: Path, finished: Path, tmp_path: Path, name: str, jobs: int) -> None:
    out = tmp_path / "out"
    with started(region, out, jobs) as process:
        hold(process, 10)
        process.send_signal(getattr(signal, name))
        process.wait(LIMIT)
    assert not (out / "итоги.jsonl").exists(), "results appear whole or not at all"
    assert process.returncode == (130 if name == "SIGINT" else -9)
    report = study(region, out)
    assert report.reused == (10 if name == "SIGINT" else 8), "a killed study may lose what was not on the disk yet"
    assert report.assessed + report.reused == 20
    assert written(out) == written(finished)
    assert not [*out.glob("*.tmp"), *out.glob(".*.tmp"), *out.glob("*-journal")]


@posix
def test_interrupted_again_and_again_nothing_is_lost(region: Path, finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for number in (9, 17):
        with started(region, out) as process:
            hold(process, number)
    assert study(region, out).reused == 16
    assert written(out) == written(finished)


@posix
def test_old_results_stay_whole_while_new_ones_are_made(region: Path, tmp_path: Path) -> None:
    from vsoko_rules.study.results import records

    out = tmp_path / "out"
    study(region, out, rulesets=["tver-2022"])
    before = written(out)
    with started(region, out) as process:
        hold(process, 12)
        assert {record["ruleset"]["id"] for record in records(out)} == {"tver-2022"}, "read while another study writes"
    assert written(out) == before
    assert [record["ruleset"]["id"] for record in records(out)] == ["tver-2022"] * 20
    assert study(region, out).reused == 8
    assert {record["ruleset"]["id"] for record in exported(out)} == {"bashkortostan-2022"}


@posix
def test_a_lock_left_by_a_killed_study_holds_nobody_up(region: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with started(region, out) as process:
        hold(process, 1)
        with started(region, out) as rival:
            text, _ = rival.communicate(timeout=LIMIT)
        assert rival.returncode == 2
        assert "уже пишет другое исследование" in text
        process.kill()
        process.wait(LIMIT)
    assert study(region, out).files == 20


@posix
def test_a_full_disk_is_one_clear_message_and_loses_nothing(region: Path, finished: Path, tmp_path: Path) -> None:
    """The limit on the size of a file stands for the full disk: the system refuses to write in the same way."""
    out = tmp_path / "out"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (80_000, 80_000))\n"
    with started(region, out, prefix=limit) as process:
        text, _ = process.communicate("\n" * 20, timeout=LIMIT)
    assert process.returncode == 2
    assert text.count("результат не записывается") == 1
    assert "Traceback" not in text
    assert not (out / "итоги.jsonl").exists()
    assert study(region, out).reused > 0
    assert written(out) == written(finished)


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_is_one_clear_message(region: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o555)
    with pytest.raises(OutputError, match="нет прав на запись"):
        study(region, tmp_path / "out")


def opened_by_a_worker(pipe: Path) -> int:
    """Our end of a named pipe, as soon as a worker has opened the other one; there it waits for what we write."""
    ends: list[int] = []
    opening = threading.Thread(target=lambda: ends.append(os.open(pipe, os.O_WRONLY)), daemon=True)
    opening.start()
    opening.join(LIMIT)
    assert ends, "no worker came so far"
    return ends[0]


def is_let_go(end: int) -> bool:
    """Whether nobody holds the other end of a pipe any more, as soon as that is so."""
    watch = select.poll()
    watch.register(end, 0)
    return bool(watch.poll(LIMIT * 1000))


@posix
@pytest.mark.parametrize(("name", "code"), [("SIGKILL", -9), ("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
def test_workers_end_with_their_parent(region: Path, tmp_path: Path, name: str, code: int) -> None:
    """Both workers are in the middle of a file when the study is told to end, or is ended."""
    home, out = tmp_path / "schools", tmp_path / "out"
    home.mkdir()
    (tmp_path / "sitecustomize.py").write_text(HELD, encoding="utf-8")
    pipes = [home / f"{number}.yml" for number in range(9)]
    for pipe in pipes:
        os.mkfifo(pipe)
    command = [sys.executable, "-c", VSOKO, "study", str(home), "-o", str(out), "-j", "2"]
    env = os.environ | {"PYTHONPATH": str(tmp_path), "HELD": str(home)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=env
    ) as process:
        ends = [opened_by_a_worker(pipes[0]), opened_by_a_worker(pipes[8])]
        process.send_signal(getattr(signal, name))
        try:
            process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        assert all(map(is_let_go, ends)), "a worker lives on"
        for end in ends:
            os.close(end)
        message = process.stderr.read() if process.stderr is not None else ""
    assert process.returncode == code, message
    assert "Traceback" not in message
    if name != "SIGKILL":
        assert "Готовое сохранено" in message
    for pipe in pipes:
        pipe.unlink()
    assert study(region, out).assessed == 20


@posix
def test_a_worker_that_dies_over_a_file_takes_no_other_school_with_it(region: Path, tmp_path: Path) -> None:
    home, out = tmp_path / "schools", tmp_path / "out"
    shutil.copytree(region, home)
    os.mkfifo(home / "00-смертельный.yml")
    (tmp_path / "sitecustomize.py").write_text(DEADLY, encoding="utf-8")
    command = [sys.executable, "-c", VSOKO, "study", str(home), "-o", str(out), "-j", "2"]
    env = os.environ | {"PYTHONPATH": str(tmp_path), "HELD": str(home)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env, timeout=LIMIT, check=False)
    assert "оценка этого файла аварийно завершилась" in done.stdout + done.stderr
    assert len(exported(out)) == 20
