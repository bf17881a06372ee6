"""The page about the fields of templates keeps up with the models."""

from __future__ import annotations

from pathlib import Path

from syrupy.assertion import SnapshotAssertion

from vsoko_rules.reading.yaml import read
from vsoko_rules.report.fields import fields_page, models, names
from vsoko_rules.resources import shipped

PAGE = Path(__file__).parents[2] / "docs" / "templates.ru.md"


def test_the_page_is_fresh(snapshot: SnapshotAssertion) -> None:
    """`--snapshot-update` writes it anew."""
    if snapshot.session.update_snapshots:
        PAGE.write_text(fields_page(), encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == fields_page()


def test_every_field_is_explained_and_no_other() -> None:
    said = read(shipped("reports") / "docs" / "fields.yml").data["records"]
    assert {m.__name__: set(names(m)) for m in models()} == {name: set(each["fields"]) for name, each in said.items()}
