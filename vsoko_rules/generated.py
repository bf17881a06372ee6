"""What is generated from rulesets and models and kept beside the code: pages and JSON Schemas under `docs/`."""

from __future__ import annotations

from vsoko_rules.case.case_schema import case_schema
from vsoko_rules.ruleset.docs import pages
from vsoko_rules.ruleset.load import available, load
from vsoko_rules.ruleset.schema import as_text, cue_schema, ruleset_schema
from vsoko_rules.verdict.answer import result_schema


def documentation() -> dict[str, str]:
    """Every generated file by its path under `docs/`, for the shipped rulesets."""
    rulesets = [load(name) for name in available()]
    files = {
        "schema/case.json": as_text(case_schema(rulesets)),
        "schema/result.json": as_text(result_schema()),
        "schema/ruleset.json": as_text(ruleset_schema()),
        "schema/cues.json": as_text(cue_schema()),
    }
    for ruleset in rulesets:
        files |= {f"rulesets/{ruleset.id}/{path}": text for path, text in pages(ruleset).items()}
    return files
