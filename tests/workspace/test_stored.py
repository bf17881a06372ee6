"""Cases stored as files: copied out, created, converted, found in folders."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from vsoko_rules.case.blank import SCHEMA
from vsoko_rules.case.write import as_yaml
from vsoko_rules.errors import InputError, OutputError
from vsoko_rules.resources import shipped
from vsoko_rules.workspace.opening import open_case, open_ruleset
from vsoko_rules.workspace.rulesets import begin
from vsoko_rules.workspace.stored import case_files, convert, create, create_form, samples


def schema_named_in(path: Path) -> Path:
    """The schema that an editor finds by the second line of a case."""
    line = path.read_text(encoding="utf-8").splitlines()[1]
    return path.parent / line.removeprefix("# yaml-language-server: $schema=")


def test_samples_are_copied_with_the_schema_that_they_name(tmp_path: Path) -> None:
    written = samples(tmp_path / "примеры")
    assert sorted(written) == sorted((tmp_path / "примеры").iterdir())
    assert {p.name for p in written} == {p.name for p in shipped("cases").iterdir()} | {SCHEMA}
    schema = Draft202012Validator(json.loads((tmp_path / "примеры" / SCHEMA).read_text(encoding="utf-8")))
    for path in case_files([tmp_path / "примеры"]):
        assert schema_named_in(path).is_file()
        assert schema.is_valid(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader))
        assert open_case(path).content == open_case(shipped("cases") / path.name).content
    shipped_folder, copied = shipped("cases") / "papka-shkoly", tmp_path / "примеры" / "papka-shkoly"
    files = {path.relative_to(shipped_folder): path for path in shipped_folder.rglob("*") if path.is_file()}
    assert len(files) > 10
    assert {p.relative_to(copied): p.read_bytes() for p in copied.rglob("*") if p.is_file()} == {
        name: path.read_bytes() for name, path in files.items()
    }
    with pytest.raises(OutputError):
        samples(tmp_path / "примеры")


@pytest.mark.parametrize(
    "made", [samples, lambda folder: begin(folder, "bashkortostan-2022")], ids=["samples", "rules"]
)
def test_of_files_that_belong_together_all_are_written_or_none(
    made: Callable[[Path], list[Path]], tmp_path: Path
) -> None:
    """The last of them cannot be: the others are not left for the next attempt to stumble over."""
    last = max(path for path in made(tmp_path / "целое") if path.name != SCHEMA)
    last = max(path for path in (last, *last.rglob("*")) if path.is_file())
    taken = tmp_path / "новое" / last.relative_to(tmp_path / "целое")
    taken.parent.mkdir(parents=True)
    taken.write_bytes(b"own")
    with pytest.raises(OutputError):
        made(tmp_path / "новое")
    assert [path for path in (tmp_path / "новое").rglob("*") if path.is_file()] == [taken]


def test_a_new_case_names_a_schema_that_is_there(tmp_path: Path) -> None:
    first, second = tmp_path / "a.yml", tmp_path / "b.yml"
    assert create(first, open_ruleset(), ["НОО"], "zar-005") == [first, tmp_path / SCHEMA]
    assert create(second, open_ruleset(), ["НОО"], "zar-006") == [second]
    assert schema_named_in(second).is_file()
    with pytest.raises(OutputError):
        create(first, open_ruleset(), ["НОО"], "zar-005")


def test_what_says_nothing_is_not_written() -> None:
    """No row of a file holds an empty list of contents, or a number that was not stated."""
    for path in case_files([shipped("cases")]):
        rows = yaml.load(as_yaml(open_case(path).content), yaml.BaseLoader).get("documents", [])
        assert [row["id"] for row in rows if any(value in ("", {}, []) for value in row.values())] == [], path


def test_a_case_becomes_a_form_and_a_form_a_case(tmp_path: Path) -> None:
    source = shipped("cases") / "selskaya-oosh.yml"
    case, written = convert(source, tmp_path / "form.xlsx")
    assert written == [tmp_path / "form.xlsx"]
    back, written = convert(tmp_path / "form.xlsx", tmp_path / "back.yml")
    assert written == [tmp_path / "back.yml", tmp_path / SCHEMA]
    assert back.content == case.content == open_case(tmp_path / "back.yml").content
    assert schema_named_in(tmp_path / "back.yml").is_file()


@pytest.mark.parametrize("name", ["case.txt", "case", "case.pdf"])
def test_other_endings_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        convert(shipped("cases") / "selskaya-oosh.yml", tmp_path / name)
    with pytest.raises(InputError):
        create_form(tmp_path / name, open_ruleset(), [])


def test_files_stay_as_they_are_and_folders_are_looked_into(tmp_path: Path) -> None:
    for name in ("b.yml", "a.yml", "notes.txt"):
        (tmp_path / name).write_text("", encoding="utf-8")
    nowhere = tmp_path / "nowhere.yml"
    assert case_files([nowhere, tmp_path]) == [nowhere, tmp_path / "a.yml", tmp_path / "b.yml"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError):
        case_files([tmp_path / "empty"])
