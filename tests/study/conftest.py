"""A small invented region, made once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from region import write_region
from vsoko_rules.engine.names import EngineName
from vsoko_rules.study.run import run

SCHOOLS = 20


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty schools in districts."""
    folder = tmp_path_factory.mktemp("region")
    write_region(folder, SCHOOLS, seed=11)
    return folder


@pytest.fixture(scope="session")
def finished(region: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of it that nothing interrupted: to be compared with, and copied, never changed."""
    out = tmp_path_factory.mktemp("finished") / "out"
    run([region], out, jobs=1, engine=EngineName.PLAIN)
    return out


@pytest.fixture(scope="session")
def experts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Eight schools that two experts studied."""
    folder = tmp_path_factory.mktemp("experts")
    write_region(folder, 8, seed=5, experts=2)
    return folder / "expert-1", folder / "expert-2"
