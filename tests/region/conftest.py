"""Invented regions, made once: twenty schools, and the schools that three experts looked at."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from region import write_region


@pytest.fixture(scope="session")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty schools in districts."""
    folder = tmp_path_factory.mktemp("schools")
    write_region(folder, 20, seed=11)
    return folder


@pytest.fixture(scope="session")
def opinions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Five schools that three experts studied."""
    folder = tmp_path_factory.mktemp("opinions")
    write_region(folder, 5, seed=5, experts=3)
    return tuple(folder / f"expert-{number}" for number in (1, 2, 3))
