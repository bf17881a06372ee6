"""The site as files: the same for the same parts, told apart when anything in it changes, and refused where it would
hurt."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vsoko_rules.advice.plan.highs_in_browser import program_text
from vsoko_rules.advice.plan.solver import BinaryProgram, SolverStatus
from vsoko_rules.errors import OutputError
from vsoko_rules.web.static_site import PARTS, write_site


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """Parts that are none, for tests in which no browser runs them."""
    folder = tmp_path / "части"
    for name in PARTS:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return folder


def listed(folder: Path) -> dict[str, object]:
    first = (folder / "service.js").read_text(encoding="utf-8").splitlines()[0]
    told: dict[str, object] = json.loads(first.removeprefix("const SITE = ").removesuffix(";"))
    return told


def test_the_worker_lists_every_file_and_changes_with_any_of_them(parts: Path, tmp_path: Path) -> None:
    write_site(tmp_path / "сайт", parts)
    write_site(tmp_path / "ещё", parts)
    files = {p.relative_to(tmp_path / "сайт").as_posix() for p in (tmp_path / "сайт").rglob("*") if p.is_file()}
    told = listed(tmp_path / "сайт")
    assert {file["name"] for file in told["files"]} == files - {"service.js"}  # type: ignore[attr-defined]
    for name in files:
        assert (tmp_path / "сайт" / name).read_bytes() == (tmp_path / "ещё" / name).read_bytes()
    (parts / "native.zip").write_text("другое", encoding="utf-8")
    write_site(tmp_path / "ещё", parts)
    assert listed(tmp_path / "ещё")["digest"] != told["digest"]


def test_the_program_is_whole_and_knows_no_server(parts: Path, tmp_path: Path) -> None:
    write_site(tmp_path / "сайт", parts)
    with zipfile.ZipFile(tmp_path / "сайт" / "parts" / "vsoko.zip") as packed:
        names = packed.namelist()
    assert {"vsoko_rules/web/in_browser.py", "vsoko_rules/shipped/rulesets/core/ruleset.yml"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or "/web/hosted/" in name]


def test_nothing_from_elsewhere_is_named(parts: Path, tmp_path: Path) -> None:
    write_site(tmp_path / "сайт", parts)
    for name in ("index.html", "start.js", "python.js", "service.js", "start.css"):
        assert "://" not in (tmp_path / "сайт" / name).read_text(encoding="utf-8")


def test_a_folder_of_something_else_is_left_alone(parts: Path, tmp_path: Path) -> None:
    folder = tmp_path / "документы"
    folder.mkdir()
    (folder / "отчёт.docx").write_bytes(b"1")
    with pytest.raises(OutputError, match="не пуста"):
        write_site(folder, parts)
    with pytest.raises(OutputError, match="нет частей"):
        write_site(tmp_path / "сайт", tmp_path / "пусто")
    assert [path.name for path in folder.iterdir()] == ["отчёт.docx"]
    assert not (tmp_path / "сайт").exists()


row_of = st.dictionaries(st.integers(0, 5), st.integers(-4, 4).filter(bool), max_size=4)


@settings(max_examples=60)
@given(
    rows=st.lists(st.tuples(row_of, st.integers(-6, 6)), max_size=6),
    costs=st.lists(st.integers(0, 5), min_size=6, max_size=6),
)
def test_the_text_of_a_program_means_the_program(
    rows: list[tuple[dict[int, int], int]], costs: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """HiGHS solves the text as it solves what the installed program hands it."""
    import highspy

    program = BinaryProgram()
    for _ in costs:
        program.variable()
    for row, bound in rows:
        program.at_most(row, bound)
    solution = program.minimize(dict(enumerate(costs)))
    path = tmp_path_factory.mktemp("lp") / "program.lp"
    path.write_text(program_text(len(costs), rows, dict(enumerate(costs))), encoding="ascii")
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.readModel(str(path))
    solver.run()
    if solution.status is SolverStatus.INFEASIBLE:
        assert solver.getModelStatus().name == "kInfeasible"
    else:
        assert round(solver.getInfo().objective_function_value) == sum(costs[v] for v in solution.chosen)
