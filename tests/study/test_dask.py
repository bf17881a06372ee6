"""The same study on a real local Dask cluster of processes."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from tests.study.test_batch import study, written
from vsoko_rules.errors import InputError
from vsoko_rules.study import Backend

pytestmark = pytest.mark.slow

there = importlib.util.find_spec("distributed") is not None
with_dask = pytest.mark.skipif(not there, reason="NOT TESTED: the package distributed is not installed")


@with_dask
@pytest.mark.filterwarnings("ignore")
def test_dask_writes_the_same_bytes(region: Path, finished: Path, tmp_path: Path) -> None:
    import distributed

    make: Any = distributed.LocalCluster
    with make(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        report = study(region, tmp_path / "dask", backend=Backend.DASK, scheduler=address, reports=False)
        assert report.assessed == 20
        (tmp_path / "bad.yml").write_text("oops", encoding="utf-8")
        report = study([region, tmp_path / "bad.yml"], tmp_path / "bad", backend=Backend.DASK, scheduler=address)
        assert (report.assessed, report.failed) == (20, 1)
    assert written(finished) == written(tmp_path / "dask")


@with_dask
@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_does_not_answer_is_one_clear_message(region: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="планировщик Dask не отвечает"):
        study(region, tmp_path / "out", backend=Backend.DASK, scheduler="tcp://127.0.0.1:9")


def test_without_dask_the_message_says_what_to_install(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(InputError, match="Установите пакет distributed"):
        study(region, tmp_path / "out", backend=Backend.DASK)
