"""Two rounds held against each other: what was mended, what is new, what stayed, and what only the rules changed.

Findings are matched by fingerprint, which knows neither titles nor dates nor lines of a file. Where the ruleset changed
between the rounds, the old case is assessed again under the new one if it is at hand: what differs between its two
results is the doing of the rules. If it is not at hand, nothing is told apart: the differences are `unclear`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from vsoko_rules.errors import VsokoError
from vsoko_rules.ruleset.load import load
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.figures import DetailedCounts, commonest, spreads
from vsoko_rules.study.parameters import parameters
from vsoko_rules.study.results import Record
from vsoko_rules.study.rounds import Round, RoundKey, assessed

SCHEMA_VERSION = 1

Finding = dict[str, Any]

_RANKS = {"missing": 0, "partial": 1, "met": 2}
"""outcomes that say how much there is"""

GROUPS = ("mended", "new", "unchanged", "rules_gone", "rules_came", "unclear_gone", "unclear_came")
"""what became of a finding; `rules_…`: because the ruleset changed; `unclear_…`: it changed, and nobody can tell"""


def compare(old: Round, new: Round, ruleset: str | Ruleset | None = None) -> dict[str, Any]:
    """What changed between two rounds, school by school and in sum. `ruleset`: the newer one, or where it is found."""
    both = sorted(key for key in new.keys if key in old.keys)
    changes = [change(old, new, key, ruleset) for key in both]
    return {
        "schema": SCHEMA_VERSION,
        "old": {"name": old.name, "years": sorted(old.years)},
        "new": {"name": new.name, "years": sorted(new.years)},
        "schools": len(both),
        "appeared": sorted(school for school, _ in new.keys.keys() - old.keys.keys()),
        "disappeared": sorted(school for school, _ in old.keys.keys() - new.keys.keys()),
        "rules_changed": sum(c["rules_changed"] for c in changes),
        "unclear": sum(c["rules_changed"] and not c["told_apart"] for c in changes),
        "findings": {group: sum(len(c["findings"][group]) for c in changes) for group in GROUPS},
        "tally": [_sum([c["tally"][n] for c in changes]) for n in range(3)],
        "levels": _transitions(changes),
        "lines": {way: sum(len(c["lines"][way]) for c in changes) for way in ("restored", "broken", "further", "back")},
        "suspect": sum(len(c["suspect"]) for c in changes),
        "worse": {kind: sum(len(c["worse"][kind]) for c in changes) for kind in ("lines", "elements")},
        "commonest": {group: _commonest(c["findings"][group] for c in changes) for group in ("mended", "new")},
        "changes": changes,
    }


def change(old: Round, new: Round, key: RoundKey, ruleset: str | Ruleset | None = None) -> dict[str, Any]:
    """What changed in one school."""
    before, after = old.record(key), new.record(key)
    rules_changed = before["ruleset"]["sha256"] != after["ruleset"]["sha256"]
    again = _again(old, before, after, ruleset) if rules_changed else before
    base = again if again is not None else before
    lines = _lines(base, after)
    return {
        "school": after["school"],
        "ruleset": after["ruleset"]["id"],
        "years": [before["year"], after["year"]],
        "rules_changed": rules_changed,
        "told_apart": again is not None,
        "level": [_level(before), _level(base), _level(after)],
        "tally": [_tally(before), _tally(base), _tally(after)],
        "cycle": [before["cycle"]["percent"], base["cycle"]["percent"], after["cycle"]["percent"]],
        "indicators": [before["indicators"]["percent"], base["indicators"]["percent"], after["indicators"]["percent"]],
        "blocks": _blocks(base, after),
        "lines": lines,
        "worse": {"lines": [*lines["broken"], *lines["back"]], "elements": _lost(base, after)},
        "suspect": _suspect(before, after),
        "findings": _findings(before, again, after),
    }


def _again(old: Round, before: Record, after: Record, ruleset: str | Ruleset | None) -> Record | None:
    """The old case under the ruleset of the new result; none when either is not at hand."""
    try:
        case = old.case(before)
        rules = ruleset if isinstance(ruleset, Ruleset) else load(ruleset or after["ruleset"]["id"])
    except VsokoError:
        return None
    if case is None or rules.sha256 != after["ruleset"]["sha256"]:
        return None
    try:
        return assessed(case, rules)
    except VsokoError:
        return None


def _suspect(before: Record, after: Record) -> list[dict[str, Any]]:
    """Confirmed links and quotes that have lapsed since, as `SuspectRecord`."""
    known = before.get("suspect", ())
    return [lapse for lapse in after.get("suspect", ()) if lapse not in known]


def _findings(before: Record, again: Record | None, after: Record) -> dict[str, list[Finding]]:
    first, last = _by_fingerprint(before), _by_fingerprint(after)
    groups: dict[str, list[Finding]] = {group: [] for group in GROUPS}
    if again is None:
        groups["unclear_gone"], groups["unclear_came"] = _less(first, last), _less(last, first)
        groups["unchanged"] = _both(last, first)
        return groups
    base = _by_fingerprint(again)
    groups["rules_gone"], groups["rules_came"] = _less(first, base), _less(base, first)
    groups["mended"], groups["new"] = _less(base, last), _less(last, base)
    groups["unchanged"] = _both(last, base)
    return groups


def _by_fingerprint(record: Record) -> dict[str, list[Finding]]:
    alike: dict[str, list[Finding]] = {}
    for block, findings in [(None, record["findings"]), *((b["id"], b["findings"]) for b in record["blocks"])]:
        for finding in findings:
            alike.setdefault(finding["fingerprint"], []).append({"block": block, **finding})
    return alike


def _less(these: dict[str, list[Finding]], those: dict[str, list[Finding]]) -> list[Finding]:
    """Findings of `these` that have no counterpart in `those`."""
    return [f for print_, findings in these.items() for f in findings[len(those.get(print_, ())) :]]


def _both(these: dict[str, list[Finding]], those: dict[str, list[Finding]]) -> list[Finding]:
    """Findings of `these` that have a counterpart in `those`."""
    return [f for print_, findings in these.items() for f in findings[: len(those.get(print_, ()))]]


def _tally(part: Record) -> dict[str, int]:
    """How many lines of a school or block are complete, and how many apply."""
    return {key: part["tally"][key] for key in ("complete", "total")}


def _sum(tallies: Sequence[dict[str, int]]) -> dict[str, int]:
    return {key: sum(tally[key] for tally in tallies) for key in ("complete", "total")}


def _level(record: Record) -> dict[str, str] | None:
    level = record["level"]
    return {"id": level["id"], "title": level["title"]} if level is not None else None


def _blocks(before: Record, after: Record) -> list[dict[str, Any]]:
    first = {b["id"]: b for b in before["blocks"]}
    return [
        {
            "id": b["id"],
            "tally": [_tally(first[b["id"]]), _tally(b)],
            "cycle": [first[b["id"]]["cycle"]["percent"], b["cycle"]["percent"]],
        }
        for b in after["blocks"]
        if b["id"] in first and (b["cycle"]["max"] or first[b["id"]]["cycle"]["max"])
    ]


def _lines(before: Record, after: Record) -> dict[str, list[str]]:
    """Lines that now hold, that broke, and that break further along or earlier than they did."""
    first = {line["id"]: line for block in before["blocks"] for line in block["lines"]}
    ways: dict[str, list[str]] = {"restored": [], "broken": [], "further": [], "back": []}
    for line in (line for block in after["blocks"] for line in block["lines"]):
        was = first.get(line["id"])
        if was is None or "not_applicable" in (was["outcome"], line["outcome"]):
            continue
        moved = _reach(line) - _reach(was)
        if moved:
            forward, back = "restored" if line["complete"] else "further", "broken" if was["complete"] else "back"
            ways[forward if moved > 0 else back].append(line["id"])
    return ways


def _lost(before: Record, after: Record) -> list[str]:
    """Elements outside the lines of which there is less than there was."""
    first, last = (
        {item["element"]: _RANKS.get(item["outcome"]) for block in record["blocks"] for item in block.get("items", ())}
        for record in (before, after)
    )
    both = [(code, first.get(code), rank) for code, rank in last.items()]
    return [code for code, was, now in both if was is not None and now is not None and now < was]


def _reach(line: Record) -> int:
    """How many stages of a line hold before its first break."""
    if line["complete"] or line["break"] is None:
        return len(line["elements"]) if line["complete"] else 0
    return int(line["elements"].index(line["break"]["element"]))


def _transitions(changes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """From which level to which, and how many schools. The old level is that under the newer rules, where known."""
    counts = Counter((_id(c["level"][1]), _id(c["level"][2])) for c in changes)
    return [{"old": a, "new": b, "n": n} for (a, b), n in sorted(counts.items(), key=lambda p: (-p[1], str(p[0])))]


def _id(level: dict[str, str] | None) -> str | None:
    return level["id"] if level is not None else None


def _commonest(groups: Iterator[list[Finding]]) -> list[dict[str, Any]]:
    counts = Counter((str(f["kind"]), str(f["rule"] or f["element"] or "")) for findings in groups for f in findings)
    most = parameters().summary.most_listed
    return [{"kind": kind, "about": about, "n": n} for (kind, about), n in commonest(counts, most)]


def trend(rounds: Sequence[Round]) -> dict[str, Any]:
    """Several rounds in their order, counted over the schools that are in all of them: who joined or left changes
    nothing. `rules_changed`: the ruleset is another than in the round before, so the step is not the schools' alone."""
    common = sorted(set.intersection(*(set(r.keys) for r in rounds)))
    points: list[dict[str, Any]] = []
    before: set[str] = set()
    for round_ in rounds:
        counts, rulesets = DetailedCounts(), set[str]()
        for key in common:
            record = round_.record(key)
            counts.add(record)
            rulesets.add(record["ruleset"]["sha256"])
        changed = bool(before) and rulesets != before
        points.append({"name": round_.name, "years": sorted(round_.years), "rules_changed": changed, **_point(counts)})
        before = rulesets
    return {"schema": SCHEMA_VERSION, "schools": len(common), "rounds": points}


def _point(counts: DetailedCounts) -> dict[str, Any]:
    """The figures of one round: schools by level, complete lines, spread of both scores, each block."""
    return {
        "levels": {str(level): n for level, n in sorted(counts.levels.items(), key=str)},
        **spreads(counts),
        "blocks": {name: {"held": b.held, "lines": b.lines} for name, b in counts.blocks.items() if b.lines},
    }
