"""The order of results, the bound on what is held at once, and a worker that dies over one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from vsoko_rules.engine.names import EngineName
from vsoko_rules.study.collect import Found
from vsoko_rules.study.flow import ordered
from vsoko_rules.study.pool import Handle, WorkerDied
from vsoko_rules.study.work import Done, Job

JOB = Job(None, EngineName.PLAIN, pages=False)


class Answer:
    def __init__(self, pool: Pretended, names: Sequence[str]) -> None:
        self.pool, self.names, self.generation = pool, names, pool.generation

    def result(self) -> list[Done]:
        self.pool.held -= 1
        if self.generation != self.pool.generation or self.pool.deadly.intersection(self.names):
            raise WorkerDied
        return [Done(name) for name in self.names]


class Pretended:
    """A pool whose workers die over some files, and take with them whatever else was submitted before `restart`."""

    def __init__(self, width: int, deadly: Sequence[str] = ()) -> None:
        self.width, self.deadly = width, set(deadly)
        self.generation = self.held = self.most = 0

    def submit(self, job: Job, chunk: Sequence[Found]) -> Handle:
        assert job is JOB
        self.held += 1
        self.most = max(self.most, self.held)
        return Answer(self, [each.name for each in chunk])

    def restart(self) -> None:
        self.generation += 1

    def close(self) -> None: ...


@given(st.lists(st.booleans(), max_size=300), st.integers(1, 4), st.sets(st.integers(0, 299), max_size=3))
def test_everything_comes_out_in_order(files: list[bool], width: int, deadly: set[int]) -> None:
    items: list[Found | str] = [Found("", f"{n}") if file else f"kept {n}" for n, file in enumerate(files)]
    pool = Pretended(width, [str(n) for n in deadly])
    found = list(ordered(pool, JOB, items))
    names = [each.name if isinstance(each, Done) else each for each in found]
    assert names == [each.name if isinstance(each, Found) else each for each in items]
    lost = {each.name for each in found if isinstance(each, Done) and each.problems}
    assert lost == {str(n) for n in deadly if n < len(files) and files[n]}


def test_only_a_bounded_number_is_held() -> None:
    """The source is read only as far ahead as the workers need."""
    read = 0

    def source() -> Iterator[Found]:
        nonlocal read
        for n in range(10_000):
            read = n
            yield Found("", str(n))

    pool = Pretended(2)
    for n, _ in enumerate(ordered(pool, JOB, source())):
        assert read - n < 100
    assert pool.most <= 6
