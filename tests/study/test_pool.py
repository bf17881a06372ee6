"""The order of results, the bound on what is under way, and a worker that dies over one file."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from vsoko_rules.engine.names import EngineName
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.study import worker
from vsoko_rules.study.collect import SchoolFile
from vsoko_rules.study.pool import Answer, WorkerDied, assessed
from vsoko_rules.study.worker import Assessed, Job

JOB = Job(None, EngineName.PLAIN, pages=False)


class Pretended:
    """A pool whose workers die over some files, and take with them whatever else was submitted before `restart`."""

    chunk = 8

    def __init__(self, width: int, deadly: Sequence[str] = ()) -> None:
        self.ahead, self.deadly = width * 2, set(deadly)
        self.generation = self.held = self.most = 0

    def submit(self, job: Job, chunk: Sequence[SchoolFile]) -> Answer:
        assert job is JOB
        self.held += 1
        self.most = max(self.most, self.held)
        names, generation = [file.name for file in chunk], self.generation

        def answer() -> list[Assessed]:
            self.held -= 1
            if generation != self.generation or self.deadly.intersection(names):
                raise WorkerDied
            return [Assessed(name) for name in names]

        return answer

    def restart(self) -> None:
        self.generation += 1

    def close(self) -> None: ...


@given(st.integers(0, 300), st.integers(1, 4), st.sets(st.integers(0, 299), max_size=3))
def test_everything_comes_out_in_order(files: int, width: int, deadly: set[int]) -> None:
    pool = Pretended(width, [str(n) for n in deadly])
    results = list(assessed(pool, JOB, (SchoolFile("", str(n)) for n in range(files))))
    assert [result.name for result in results] == [str(n) for n in range(files)]
    assert {result.name for result in results if result.problems} == {str(n) for n in deadly if n < files}


def test_only_a_bounded_number_is_under_way() -> None:
    """The source is read only as far ahead as the workers need."""
    read = 0

    def source() -> Iterator[SchoolFile]:
        nonlocal read
        for n in range(10_000):
            read = n
            yield SchoolFile("", str(n))

    pool = Pretended(2)
    for n, _ in enumerate(assessed(pool, JOB, source())):
        assert read - n < 100
    assert pool.most <= 6


def test_after_the_first_school_no_collection_looks_at_the_ruleset() -> None:
    worker._settle.cache_clear()
    gc.unfreeze()
    case = Path(__file__).parents[2] / "cases" / "nichego-ne-opublikovano.yml"
    worker.assess_files(JOB, [SchoolFile(str(case), "one.yml")])
    looked_at = any(each is load(DEFAULT) for each in gc.get_objects())
    gc.unfreeze()
    assert not looked_at
