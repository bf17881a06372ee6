"""A study that was killed: whole files only, and the next one goes on. Real processes, real signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from vsoko_rules.study.lines import records

from tests.study.test_batch import study, written

SCRIPT = """
import signal, sys, time
from pathlib import Path
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import VsokoError
from vsoko_rules.study.batch import run

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have started the tests with it ignored

def slowly(done, total):
    print(done, flush=True)
    time.sleep(0.15)

try:
    run([Path(sys.argv[1])], Path(sys.argv[2]), jobs=int(sys.argv[3]), engine=EngineName.PLAIN, progress=slowly)
except VsokoError as exc:
    print(exc)
    sys.exit(2)
except KeyboardInterrupt:
    sys.exit(130)
"""

posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def start(region: Path, out: Path, jobs: int = 1, prefix: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", prefix + SCRIPT, str(region), str(out), str(jobs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def wait_for(process: subprocess.Popen[str], number: int) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == str(number):
            return
    raise AssertionError("the study ended too early")


@posix
@pytest.mark.parametrize("with_signal", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_study_goes_on(region: Path, tmp_path: Path, with_signal: signal.Signals, jobs: int) -> None:
    out = tmp_path / "out"
    with start(region, out, jobs) as process:
        wait_for(process, 10)
        process.send_signal(with_signal)
        process.wait(timeout=30)
    assert not (out / "results.jsonl").exists(), "results appear whole or not at all"
    if with_signal is signal.SIGINT:
        assert process.returncode == 130
        assert not list(out.glob("*.tmp"))
    report = study(region, out)
    assert report.reused >= 9
    assert report.assessed + report.reused == 20
    study(region, tmp_path / "clean")
    assert written(out) == written(tmp_path / "clean")


@posix
def test_interrupted_again_and_again_nothing_is_lost(region: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = 0
    for number in (5, 12):
        with start(region, out) as process:
            wait_for(process, number)
            process.kill()
        done = number
    report = study(region, out)
    assert report.reused >= done - 1
    study(region, tmp_path / "clean")
    assert written(out) == written(tmp_path / "clean")


@posix
def test_old_results_stay_whole_while_new_ones_are_made(region: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    study(region, out)
    before = (out / "results.jsonl").read_bytes()
    with start(region, out) as process:
        wait_for(process, 3)
        process.kill()
    assert (out / "results.jsonl").read_bytes() == before
    assert len(list(records(out / "results.jsonl"))) == 20


@posix
def test_a_lock_left_by_a_killed_study_holds_nobody_up(region: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with start(region, out) as process:
        wait_for(process, 1)
        with start(region, out) as second:
            text, _ = second.communicate(timeout=60)
        assert second.returncode == 2
        assert "уже пишет другое исследование" in text
        process.kill()
    time.sleep(0.1)
    assert study(region, out).files == 20


@posix
def test_a_full_disk_is_one_clear_message_and_loses_nothing(region: Path, tmp_path: Path) -> None:
    """The limit on the size of a file stands for the full disk: the system refuses to write in the same way."""
    out = tmp_path / "out"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
    with start(region, out, prefix=limit) as process:
        text, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert text.count("результат не записывается") == 1
    assert not (out / "results.jsonl").exists()
    report = study(region, out)
    assert report.reused > 0
    study(region, tmp_path / "clean")
    assert written(out) == written(tmp_path / "clean")


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_is_one_clear_message(region: Path, tmp_path: Path) -> None:
    from vsoko_rules.errors import OutputError

    (tmp_path / "out").mkdir(mode=0o555)
    with pytest.raises(OutputError, match="нет прав на запись"):
        study(region, tmp_path / "out")
