"""What is damaged, and the commands that are then given it."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest import mock

import yaml
from docx import Document

from tests.fuzz.damage import damaged_archive, damaged_bytes, damaged_data, damaged_json, damaged_text
from tests.fuzz.target import Target
from tests.fuzz.texts import TextsTarget
from tests.ruleset.small import MAIN
from tests.ruleset.small import folder as small_ruleset
from vsoko_rules.report import render
from vsoko_rules.report.composition import Composer
from vsoko_rules.resources import shipped
from vsoko_rules.verdict.assessment import Assessment

PLAIN: Final = ("--engine", "plain")
CASES: Final = (
    "gorodskaya-sosh",
    "selskaya-oosh",
    "pokazateli-tver",
    "krug-ssylok-i-skany",
    "shablony",
    "preduprezhdeniya",
)


@cache
def _read(name: str) -> tuple[str, Any]:
    """A shipped case as a text and as data."""
    text = (shipped("cases") / f"{name}.yml").read_text(encoding="utf-8")
    return text, _data(text)


@cache
def _data(text: str) -> Any:
    return yaml.load(text, yaml.BaseLoader)


class CaseTarget(Target):
    """Cases in YAML."""

    def commands(self, random: Random, into: Path) -> Sequence[Sequence[str]]:
        path, out = into / "case.yml", str(into / "out")
        text, sound = _read(random.choice(CASES))
        if random.random() < 0.3:
            path.write_bytes(damaged_text(random, text))
        else:  # JSON is YAML; it is read to the end, so that what comes after reading is tried as well
            data = damaged_data(random, copy.deepcopy(sound))
            path.write_bytes(json.dumps(data, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass"))
        also = random.choice((
            ["check", "--json"], ["check", "-o", f"{out}.json"], ["explain"], ["explain", "--of", "B1-A01", "--json"],
            ["explain", "--if", "+B4-A01"], ["report", "-o", out, "--format", "html"],
            ["report", "-o", out, "--format", "md,txt"], ["report", "-o", out, "--format", "csv,xlsx"],
            ["convert", "-o", f"{out}.xlsx"], ["convert", "-o", f"{out}.yml"], ["check", "-r", "tver-2022"],
        ))  # fmt: skip
        engine = [] if also[0] == "convert" else PLAIN
        return [["check", str(path), *PLAIN], [also[0], str(path), *also[1:], *engine]]


class JsonTarget(Target):
    """Results in JSON, given back to the commands that read them."""

    @cached_property
    def _sound(self) -> list[bytes]:
        paths = []
        for name in ("gorodskaya-sosh", "pokazateli-tver"):
            paths.append(self.home / f"{name}.json")
            self.made("check", str(shipped("cases") / f"{name}.yml"), *PLAIN, "-o", str(paths[-1]))
        several = self.home / "several.json"
        self.made(
            "check",
            str(shipped("cases") / "samoproverka.yml"),
            str(shipped("cases") / "bez-ssylok.yml"),
            *PLAIN,
            "-o",
            str(several),
        )
        return [path.read_bytes() for path in (*paths, several)]

    def commands(self, random: Random, into: Path) -> Sequence[Sequence[str]]:
        sound = random.choice(self._sound)
        path, whole, out = into / "damaged.json", into / "sound.json", into / "out"
        path.write_bytes(damaged_json(random, sound))
        whole.write_bytes(sound)
        return [random.choice((
            ["compare", str(whole), str(path)], ["compare", str(path), str(whole), "--json"],
            ["protocol", str(path), "-o", f"{out}.docx"], ["protocol", str(path), str(whole), "-o", f"{out}.docx"],
            ["letters", str(path), "-o", str(out)], ["exchange", str(path)], ["agree", str(path), str(whole)],
        ))]  # fmt: skip


class WorkbookTarget(Target):
    """Forms in Excel and LibreOffice, and the workbook of two experts."""

    seconds = 10

    @cached_property
    def _sound(self) -> list[tuple[str, bytes]]:
        form, empty, agreed = self.home / "form.xlsx", self.home / "empty.xlsx", self.home / "agreed.xlsx"
        case = str(shipped("cases") / "pokazateli-tver.yml")
        self.made("convert", case, "-o", str(form))
        self.made("form", "--school-type", "основная", "-o", str(empty))
        other = self.home / "other.yml"
        other.write_text(Path(case).read_text(encoding="utf-8").replace("holds: [", "holds: [ ", 1), encoding="utf-8")
        self.made("agree", case, str(other), "--form", str(agreed))
        return [(path.name, path.read_bytes()) for path in (form, form, empty, agreed)]

    def commands(self, random: Random, into: Path) -> Sequence[Sequence[str]]:
        name, sound = random.choice(self._sound)
        path = into / name
        path.write_bytes(damaged_archive(random, sound))
        if name == "agreed.xlsx":
            return [["agree", "--read", str(path), "--json"]]
        return [random.choice((["check", str(path), *PLAIN], ["convert", str(path), "-o", str(into / "out.yml")]))]


class TemplateTarget(Target):
    """Users' templates in Word and HTML."""

    seconds = 10
    TEXTS: Final = (
        "Школа: {{ view.school.name }}, {{ view.school.year }}", "{% for block in view.blocks %}",
        "{{ block.name }}: {{ block.main.points|upper }}{% if block.breaks %} есть разрывы{% else %} нет{% endif %}",
        "{% endfor %}", "{{ view.score.points }} из {{ view.first|length }}", "{% set a = 'x' * 5 %}{{ a|length }}",
    )  # fmt: skip

    _composed: Composer | None = None

    def _composer(self, assessment: Assessment, appendix: bool) -> Composer:
        """What is said of the one case, its plan above all, is composed for the first template."""
        self._composed = self._composed or Composer(assessment, appendix)
        return self._composed

    def run(self, arguments: Sequence[str], seconds: float) -> tuple[int | None, str]:
        with mock.patch.object(render, "Composer", self._composer):
            return super().run(arguments, seconds)

    def commands(self, random: Random, into: Path) -> Sequence[Sequence[str]]:
        texts = [
            damaged_text(random, text).decode(errors="ignore") if random.random() < 0.4 else text for text in self.TEXTS
        ]
        out, case = str(into / "out"), str(shipped("cases") / "samoproverka.yml")
        if random.random() < 0.5:
            path = into / "template.html"
            path.write_bytes(damaged_text(random, "<p>" + "</p>\n<p>".join(texts) + "</p>"))
            return [["report", case, "--template", str(path), "--format", "html", "-o", out, *PLAIN]]
        path = into / "template.docx"
        document = Document()
        for text in texts:
            document.add_paragraph("".join(ch for ch in text if ch.isprintable()))
        document.save(str(path))
        if random.random() < 0.3:
            path.write_bytes(damaged_archive(random, path.read_bytes()))
        return [["report", case, "--template", str(path), "--format", "docx", "-o", out, *PLAIN]]


class RulesetTarget(Target):
    """Rulesets of one's own: a small whole one, and a small one over a shipped one."""

    OWN: Final = """\
id: own
version: 3
title: Своя методика
extends: small
elements:
  - {id: A-D, title: Приказ директора}
  - {id: A-E, block: A, stage: order, title: Ещё приказ, follows: [A-G], origin: derived}
levels:
  - {id: high, title: высокий, plural: высокие, at_least: 90, each_block: 60, origin: proposed}
"""

    def commands(self, random: Random, into: Path) -> Sequence[Sequence[str]]:
        own, over = MAIN, self.OWN
        if random.random() < 0.6:
            own = self._damaged(random, own)
        else:
            over = self._damaged(random, over)
        small_ruleset(into / "small", ruleset=own)
        small_ruleset(into / "own", ruleset=over)
        name = str(into / ("own" if over is not self.OWN or random.random() < 0.3 else "small"))
        case = into / "case.yml"
        case.write_text(SMALL_CASE, encoding="utf-8")
        return [random.choice((
            ["rules", "check", name], ["rules", "show", "A-D", name], ["rules", "graph", "A", name],
            ["rules", "docs", name, "-o", str(into / "docs")], ["check", str(case), "-r", name, *PLAIN],
            ["plan", str(case), "-r", name, *PLAIN],
        ))]  # fmt: skip

    def _damaged(self, random: Random, text: str) -> str:
        if random.random() < 0.4:
            return damaged_text(random, text).decode(errors="ignore")
        return json.dumps(damaged_data(random, copy.deepcopy(_data(text))), ensure_ascii=True)


SMALL_CASE: Final = """\
school: {id: s1, name: Школа, municipality: Район, levels: [ООО]}
study: {year: 2022, from: 2021-09-01, to: 2022-10-31}
documents:
  - {id: d1, title: Цели, serves: [A-G], date: 2021-09-10, number: 1, holds: [tasks]}
  - {id: d2, title: Приказ, serves: [A-D], date: 2021-09-20, number: 2, based_on: [d1]}
"""


class StudyTarget(Target):
    """Folders of a study: what stands there is never believed, only what was made from the files as they are."""

    @cached_property
    def _sound(self) -> Path:
        schools = self.home / "schools"
        schools.mkdir()
        for name in ("samoproverka", "selskaya-oosh"):
            shutil.copy(shipped("cases") / f"{name}.yml", schools)
        out = self.home / "sound"
        self.made("study", str(schools), "-o", str(out), "--jobs", "1", *PLAIN)
        return out

    def commands(self, random: Random, into: Path) -> Sequence[Sequence[str]]:
        sound, out = self._sound, into / "out"
        shutil.copytree(sound, out)
        path = random.choice(
            [p for p in sorted(out.rglob("*")) if p.is_file() and p.suffix in (".sqlite", ".json", ".jsonl")]
        )
        path.write_bytes(damaged_bytes(random, path.read_bytes()))
        return [random.choice((
            ["study", str(self.home / "schools"), "-o", str(out), "--jobs", "1", *PLAIN],
            ["compare", str(sound), str(out)],
            ["exchange", str(out)], ["protocol", str(out), "-o", str(into / "p.docx")],
        ))]  # fmt: skip


TARGETS: Final[dict[str, type[Target]]] = {
    "cases": CaseTarget,
    "json": JsonTarget,
    "workbooks": WorkbookTarget,
    "templates": TemplateTarget,
    "rulesets": RulesetTarget,
    "studies": StudyTarget,
    "texts": TextsTarget,
}
