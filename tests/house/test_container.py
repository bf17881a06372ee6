"""What can be checked of the container without building it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import typer

from vsoko_rules.cli.app import app

ROOT: Final = Path(__file__).resolve().parents[2]
STEPS: Final = re.findall(
    r"^([A-Z]+) (.+)$", (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " "), re.MULTILINE
)


def of(step: str) -> list[str]:
    return [told for name, told in STEPS if name == step]


def test_everything_stands_on_one_version_of_one_base() -> None:
    bases = {base.split(" AS ")[0] for base in of("FROM")}
    assert len(bases) == 1
    assert re.fullmatch(r"[\w./-]+:\d+\.\d+(\.\d+)?-slim", bases.pop())


def test_what_is_copied_is_there() -> None:
    stages = {base.split(" AS ")[1] for base in of("FROM") if " AS " in base}
    for told in of("COPY"):
        *options, source, _ = told.split()
        stage = [option.removeprefix("--from=") for option in options]
        assert set(stage) <= stages
        assert stage or (ROOT / source).exists()


def test_it_runs_as_nobody_in_particular_and_holds_no_secret() -> None:
    names = [name for name, _ in STEPS]
    assert of("USER") == ["vsoko"]
    assert names.index("USER") > max(place for place, name in enumerate(names) if name == "RUN")
    assert not {"ENV", "ARG", "ADD"}.intersection(names)


def test_what_it_starts_is_a_command_with_these_options() -> None:
    command = of("ENTRYPOINT")[0] + of("CMD")[0]
    words = re.findall(r'"([^"]+)"', command)
    known = typer.main.get_command(app)
    serve = known.commands["serve"]  # type: ignore[attr-defined]
    assert words[:2] == ["vsoko", "serve"]
    assert words[2] in of("VOLUME")
    options = {name for parameter in serve.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options
    assert "/alive" in of("HEALTHCHECK")[0]
