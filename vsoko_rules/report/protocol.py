"""The extract from the minutes of a district's meeting, from real results: counts by level, weakest stages, drafts.

Works on results as data (`check --json`), so that those of a study and those of single schools serve alike. The texts
are in `reports/protocol/decisions.yml`, each with its origin; the layout is in `reports/docx/protocol.docx`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment

import vsoko_rules
from vsoko_rules.errors import InputError, Place, Problem, Remedy, argument
from vsoko_rules.reading.yaml import read
from vsoko_rules.report.out.docx import document
from vsoko_rules.report.wording import points
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.model import Origin
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.templates import plain, shared
from vsoko_rules.verdict.scoring import Bounds
from vsoko_rules.words import day, limit, percent, plural, words

Result = Mapping[str, Any]
"""one result, as `vsoko_rules.verdict.result.result` makes it"""

_EXPECTED: Final = "результаты проверки в JSON"


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school of the district with its verdict."""

    name: str
    level: str
    points: str
    indicators: str


@dataclass(frozen=True, slots=True)
class LevelRow:
    """How many schools have a level for certain; `schools` names them unless all or none do."""

    title: str
    count: int
    total: int
    percent: str
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weak:
    """A stage that lost points over the district; the blocks that lost most first."""

    id: str
    stage: str
    points: str
    percent: str
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A direction of the study and its number of indicators, none where the ruleset lists none."""

    name: str
    indicators: int | None


@dataclass(frozen=True, slots=True)
class Decision:
    """A draft of a decision, and what it follows from."""

    number: str
    text: str
    deadline: str
    why: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Decided:
    """The drafts for one addressee."""

    addressee: str
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Sharing:
    """A pair for the exchange of practice; no helper where no school of the study can help."""

    school: str
    subject: str
    """block and stage at which the school's lines break"""
    helper: str | None


@dataclass(frozen=True, slots=True)
class Protocol:
    """Everything that the extract shows."""

    municipality: str
    year: int
    start: str | None
    end: str | None
    """the window of the study, where it is known and one for all"""
    ruleset: str
    ruleset_id: str
    version: str
    label: str | None
    sha256: str
    tool: str
    count: int
    of_schools: str
    schools: tuple[SchoolRow, ...]
    blocks: tuple[BlockRow, ...]
    levels: tuple[LevelRow, ...]
    open: tuple[str, ...]
    """schools whose level unchecked things may still change"""
    weakest: tuple[Weak, ...]
    decided: tuple[Decided, ...]
    sharing: tuple[Sharing, ...]
    """who shares practice with whom: a proposal, as the decisions are"""
    notices: tuple[str, ...]


def protocol(
    results: Sequence[Result],
    ruleset: Ruleset,
    window: tuple[date, date] | None = None,
    sharing: Sequence[Sharing] = (),
) -> Protocol:
    """The extract for these results. `sharing` are pairs for the exchange of practice.

    Raises `InputError` when the results are not of one ruleset and one year.
    """
    try:
        _of_one_study(results, ruleset)
        return replace(_ProtocolWriter(results, ruleset, window).protocol(), sharing=tuple(sharing))
    except (KeyError, TypeError, AttributeError) as exc:
        place = Place(", ".join(str(result["case"].get("file")) for result in results[:1]))
        raise InputError(
            [Problem(place, "итоги неполны или изменены", str(exc), _EXPECTED, remedy=Remedy.ASSESS)]
        ) from exc


def protocol_file(content: Protocol, template: Path | None = None) -> bytes:
    """The extract as a Word document."""
    on = datetime(content.year, 12, 31, tzinfo=timezone.utc)
    return document(template or "protocol", {"protocol": content}, on)


def _of_one_study(results: Sequence[Result], ruleset: Ruleset) -> None:
    problems = []
    years = sorted({result["year"] for result in results})
    seen: set[str] = set()
    for result in results:
        place = Place(result["case"]["file"])
        if result["ruleset"]["id"] != ruleset.id:
            problems.append(Problem(place, "результат получен по другой методике", result["ruleset"]["id"], ruleset.id))
        if result["year"] != years[0]:
            problems.append(Problem(place, "результат другого года", str(result["year"]), str(years[0])))
        if result["school"]["id"] in seen:
            problems.append(Problem(place, "школа указана дважды", result["school"]["id"]))
        seen.add(result["school"]["id"])
    if not results:
        problems.append(Problem(argument("results"), "нет ни одного результата"))
    if problems:
        raise InputError(problems)


class _ProtocolWriter:
    def __init__(self, results: Sequence[Result], ruleset: Ruleset, window: tuple[date, date] | None) -> None:
        self.results = sorted(results, key=lambda r: (r["school"]["municipality"], r["school"]["name"]))
        self.ruleset = ruleset
        self.window = window
        self.drafts: Any = read(shipped("reports") / "protocol" / "decisions.yml").data
        self.environment: Environment = shared(plain)

    def protocol(self) -> Protocol:
        first, marked = self.results[0], self.ruleset
        weakest = self._weakest()
        other = any(result["ruleset"]["sha256"] != marked.sha256 for result in self.results)
        return Protocol(
            municipality=", ".join(dict.fromkeys(r["school"]["municipality"] for r in self.results)),
            year=first["year"],
            start=day(self.window[0]) if self.window else None,
            end=day(self.window[1]) if self.window else None,
            ruleset=marked.title,
            ruleset_id=marked.id,
            version=first["ruleset"]["version"],
            label=marked.label,
            sha256=first["ruleset"]["sha256"],
            tool=vsoko_rules.__version__,
            count=len(self.results),
            of_schools=plural(len(self.results), self.drafts["of_schools"]),
            schools=tuple(self._school(result) for result in self.results),
            blocks=tuple(self._block(b.id, b.name) for b in marked.blocks.values() if not b.frame),
            levels=tuple(self._level(level.id, level.title) for level in marked.levels),
            open=tuple(r["school"]["name"] for r in self.results if not _certain(r)),
            weakest=weakest,
            decided=self._decided(weakest),
            sharing=(),
            notices=(str(self.drafts["other_version"]),) if other else (),
        )

    def _school(self, result: Result) -> SchoolRow:
        level, unscored = result["level"], words()["number"]["unscored"]
        title = level["title"] if level else unscored
        shown = title if _certain(result) else self.drafts["not_certain"].format(level=title)
        has_rows = any(block["indicators"]["rows"] for block in result["blocks"])
        indicators = _points(result["indicators"]) if has_rows else "—"
        tally, share = result["tally"], _share(result["cycle"])
        lines = self.drafts["lines"].format(complete=tally["complete"], total=tally["total"], percent=share)
        return SchoolRow(result["school"]["name"], shown, lines if share else "—", indicators)

    def _block(self, code: str, name: str) -> BlockRow:
        rows = sum(indicator.block == code for indicator in self.ruleset.indicators.values())
        return BlockRow(name, rows or None)

    def _level(self, code: str, title: str) -> LevelRow:
        sure = (r for r in self.results if r["level"] and _certain(r))
        names = tuple(r["school"]["name"] for r in sure if r["level"]["id"] == code)
        share = percent(Fraction(len(names) * 100, len(self.results))) or ""
        shown = names if len(names) < len(self.results) else ()
        return LevelRow(title, len(names), len(self.results), share, shown)

    def _weakest(self) -> tuple[Weak, ...]:
        """Stages by the share of points earned over all schools, the weakest first; full ones are left out."""
        lost: dict[str, dict[str, Fraction]] = {}
        earned: dict[str, list[Fraction]] = {}
        for result in self.results:
            for block in result["blocks"]:
                for part in block["components"]:
                    got, most = Fraction(part["points"]), Fraction(part["max"])
                    total = earned.setdefault(part["stage"], [Fraction(0), Fraction(0)])
                    total[0], total[1] = total[0] + got, total[1] + most
                    losses = lost.setdefault(part["stage"], {})
                    losses[block["id"]] = losses.get(block["id"], Fraction(0)) + most - got
        shares = {stage: got / most for stage, (got, most) in earned.items() if most and got < most}
        chosen = sorted(shares, key=lambda s: shares[s])[: limit("weak_stages")]
        return tuple(self._weak(stage, earned[stage], lost[stage]) for stage in chosen)

    def _weak(self, stage: str, earned: Sequence[Fraction], lost: Mapping[str, Fraction]) -> Weak:
        got, most = earned
        blocks = sorted((b for b in lost if lost[b]), key=lambda b: -lost[b])[: limit("weak_blocks")]
        return Weak(
            stage,
            self.ruleset.stages[stage].plural,
            points(Bounds(got, got, got, most)),
            percent(got * 100 / most) or "",
            tuple(self.ruleset.blocks[b].name for b in blocks),
        )

    def _decided(self, weakest: Sequence[Weak]) -> tuple[Decided, ...]:
        facts, stages = self._facts(), self.drafts["stages"]
        proposals: list[tuple[Mapping[str, Any], dict[str, Any]]] = []
        for weak in weakest:
            if weak.id in stages:
                about = {"stage": weak.stage, "points": weak.points, "percent": weak.percent}
                draft = {**stages[weak.id], "why": self.drafts["stage_why"]}
                proposals.append((draft, {**facts, **about, "blocks": "; ".join(weak.blocks)}))
        for draft in self.drafts["general"]:
            if self.environment.compile_expression(draft["when"], undefined_to_none=False)(**facts):
                proposals.append((draft, facts))
        groups = {to: [p for p in proposals if p[0]["addressee"] == to] for to in self.drafts["addressees"]}
        numbered = enumerate(((to, own) for to, own in groups.items() if own), 1)
        return tuple(self._group(number, to, own) for number, (to, own) in numbered)

    def _group(self, number: int, to: str, drafts: Sequence[tuple[Mapping[str, Any], dict[str, Any]]]) -> Decided:
        decisions = (self._decision(f"{number}.{n}", draft, facts) for n, (draft, facts) in enumerate(drafts, 1))
        return Decided(self.drafts["addressees"][to], tuple(decisions))

    def _decision(self, number: str, draft: Mapping[str, Any], facts: Mapping[str, Any]) -> Decision:
        text, deadline, why = (
            self.environment.from_string(draft[k]).render(facts) for k in ("text", "deadline", "why")
        )
        return Decision(number, text, deadline, why, Origin(draft["origin"]))

    def _facts(self) -> dict[str, Any]:
        best = self.ruleset.levels[0].id
        sure = [r for r in self.results if r["level"] and _certain(r)]
        lacking: dict[str, list[str]] = {element: [] for element in self.ruleset.elements}
        for result in self.results:
            for block in result["blocks"]:
                for item in block["items"]:
                    if item["outcome"] in ("missing", "partial"):
                        lacking[item["element"]].append(result["school"]["name"])
        year = self.results[0]["year"]
        return {
            "year": year,
            "next_year": year + 1,
            "count": len(self.results),
            "formed": "; ".join(r["school"]["name"] for r in sure if r["level"]["id"] == best),
            "others": "; ".join(r["school"]["name"] for r in sure if r["level"]["id"] != best),
            "lacking": lacking,
        }


def _certain(result: Result) -> bool:
    level = result["level"]
    return level is None or level["low"] == level["high"]


def _share(bounds: Mapping[str, Any]) -> str:
    """The percent of a result; nothing where nothing applies."""
    proven, most = (Fraction(str(bounds[name])) for name in ("points", "max"))
    return (percent(proven * 100 / most) or "") if most else ""


def _points(bounds: Mapping[str, Any]) -> str:
    """Points of a result as reports write them."""
    low, proven, high, most = (Fraction(str(bounds[name])) for name in ("low", "points", "high", "max"))
    return points(Bounds(low, proven, high, most))
