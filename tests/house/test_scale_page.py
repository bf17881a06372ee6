"""The page that explains the scale says what the program computes."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from tests.builders import block_of, line_of, ruleset
from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.resources import shipped
from vsoko_rules.verdict.assessment import assess

PAGE = (Path(__file__).parents[2] / "docs" / "scale.ru.md").read_text(encoding="utf-8")


def test_the_worked_example_is_what_the_program_computes() -> None:
    assessment = assess(read_case(shipped("cases") / "gorodskaya-sosh.yml"), ruleset(), EngineName.PLAIN)
    whole, broken = line_of(assessment, "B2-G01-M01"), line_of(assessment, "B2-G02-M02")
    assert broken.trace is not None
    assert (whole.points.points, broken.points.points) == (1, Fraction(5, 12))
    assert (len(broken.trace.run), len(broken.trace.there)) == (4, 6)
    assert broken.trace.run[0].startswith("B2-A")
    assert block_of(assessment, "B2").cycle.percent == Fraction(1700, 24)
    shares = [float(b.cycle.percent) for b in assessment.blocks if b.cycle.percent is not None]
    written = re.search(r"^\((.+)\) : 6 = (.+) %\. Полных линий — (\d+) из (\d+)\.", PAGE, re.MULTILINE)
    assert written is not None
    assert [float(n.replace(",", ".")) for n in written[1].split(" + ")] == [round(share, 3) for share in shares]
    assert assessment.cycle.percent is not None
    assert float(written[2].replace(",", ".")) == round(float(assessment.cycle.percent), 1)
    assert (int(written[3]), int(written[4])) == (assessment.tally.complete, assessment.tally.total)
    assert assessment.verdict.level is not None
    assert f"уровень — «{assessment.verdict.level.title}»" in PAGE


def test_the_numbers_of_the_page_are_the_rulesets() -> None:
    scale, levels = ruleset().content.cycle, ruleset().levels
    assert scale is not None
    russian = {
        name: str(getattr(scale, name)).replace(".", ",") for name in ("complete", "remarked", "broken", "scattered")
    }
    assert f"| полная | {russian['complete']} |" in PAGE
    assert f"| полная с замечаниями | {russian['remarked']} |" in PAGE
    formula = f"{russian['broken']} · (h + {russian['scattered']} · (p − h)) : {len(ruleset().components)}"
    assert f"| разорванная | {formula} |" in PAGE
    for level in levels[:-1]:
        assert f"не меньше {level.at_least} %" in PAGE
    assert f"не меньше {levels[0].each_block} % в каждом блоке" in PAGE
    assert levels[0].needs == ("C-01", "C-02")
    assert levels[0].every_block
