"""The result as JSON: what `check --json` prints (see `vsoko_rules.verdict.answer`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vsoko_rules.report.composition import Composer
from vsoko_rules.report.terms import Reader
from vsoko_rules.verdict.answer import answer
from vsoko_rules.verdict.result import result
from vsoko_rules.writing.json_text import json_text


def files(composers: Sequence[Composer], _: Reader | None, __: Path | None) -> dict[str, bytes]:
    """The results of one case."""
    results = [result(composer.assessment) for composer in composers]
    return {".json": json_text(answer(results)).encode()}
