"""How often each cue of a ruleset is right on labelled documents, counted and written into the files of cues.

    python benchmarks/measure_cues.py benchmarks/intake/dev              # prints
    python benchmarks/measure_cues.py benchmarks/intake/dev --write      # writes `measured` into rulesets/core/cues

A cue counts where it counts in the reading itself: in its part of a document, in documents of its kinds. What a label
allows without asking for it is neither right nor wrong.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from intake_corpus import Label, Paper, as_text, read_papers
from intake_counts import number
from vsoko_rules.intake.cues.shapes import Shape
from vsoko_rules.intake.proposals.examine import examine
from vsoko_rules.intake.proposals.signs import Examined
from vsoko_rules.intake.texts.file_text import Quality
from vsoko_rules.ruleset.cues import Precision, RequisiteCue, ServesCue
from vsoko_rules.ruleset.load import load, load_folder
from vsoko_rules.ruleset.ruleset import Ruleset

CUES = Path(__file__).resolve().parent.parent / "rulesets" / "core" / "cues"
Counts = dict[str, list[int]]


def counted(papers: Sequence[Paper], ruleset: Ruleset) -> Counts:
    """For each cue how often it was right and wrong."""
    counts: Counts = defaultdict(lambda: [0, 0])
    for paper in papers:
        if paper.quality is not Quality.GOOD:
            continue
        text = as_text(paper)
        found = examine([text], ruleset)
        starts = [*paper.first_lines([line.text for line in text.lines]), len(text.lines)]
        for unit, first, end in zip(paper.units, starts, starts[1:], strict=False):
            shared = [(min(e.portion.last, end) - max(e.portion.first, first), -n) for n, e in enumerate(found)]
            best, at = max(shared, default=(0, 0))
            if best > 0:
                for cue, right in _judged(found[-at], unit.label, ruleset):
                    counts[cue][not right] += 1
    return counts


def _judged(one: Examined, label: Label, ruleset: Ruleset) -> Iterator[tuple[str, bool]]:
    periods = [sign for sign in one.signs if sign.field == "period"]
    for sign in one.signs:
        if sign in periods[1:]:
            continue
        if sign.field == "kind":
            yield sign.cue.id, (sign.value or None) in label.kind
        elif sign.field == "number":
            if label.annex or any(label.number):
                yield sign.cue.id, number(sign.value) in {number(n) for n in label.number if n}
        elif sign.field in ("date", "period"):
            values = label.date if sign.field == "date" else (label.period,)
            if any(values) or sign.field == "date":
                yield sign.cue.id, sign.value in values
        elif sign.field == "addressees":
            if sign.value not in label.may_addressees:
                yield sign.cue.id, sign.value in label.addressees
        elif sign.field != "serves" and sign.claim not in label.may and not label.unrelated:
            yield sign.cue.id, sign.claim in label.holds
    yield from _of_zones(one, label)
    yield from _of_topics(one, label, ruleset)


def _of_zones(one: Examined, label: Label) -> Iterator[tuple[str, bool]]:
    """Marks that give no value of their own: right where they do not mark what is the document's own."""
    own = {number(n) for n in label.number if n} | {d for d in label.date if d}
    portion, seen = one.portion, set[str]()
    for hit in portion.hits:
        cue = hit.cue
        if not isinstance(cue, RequisiteCue) or cue.id in seen or not portion.stands(hit, one.kind):
            continue
        seen.add(cue.id)
        values = [
            number(t.value) for t in portion.tokens[hit.first : hit.last + 1] if t.value and t.shape is not Shape.DAY
        ]
        if cue.zone == "foreign":
            yield cue.id, own.isdisjoint(values)
        elif cue.zone == "blank":
            yield cue.id, label.blank
        elif cue.zone in ("starts", "ground"):
            yield cue.id, "order" in label.kind or cue.zone == "ground"
        elif cue.zone in ("annex", "letterhead", "titled"):
            yield cue.id, True


def _of_topics(one: Examined, label: Label, ruleset: Ruleset) -> Iterator[tuple[str, bool]]:
    if label.unrelated is None:
        return
    served = [ruleset.elements[code] for code in label.serves]
    for hit, inside in one.topics:
        cue = hit.cue
        assert isinstance(cue, ServesCue)
        if not (cue.weight or inside):
            continue
        if cue.unrelated:
            yield cue.id, bool(label.unrelated)
        else:
            named = {*cue.elements, *cue.blocks, *cue.stages}
            stages = {ruleset.elements[code].stage for code in cue.elements}
            judged = [e for e in served if cue.blocks or cue.stages or e.stage in stages]
            if judged or not served:  # of a document of another stage a cue for an element says nothing
                yield cue.id, any(named & {e.id, e.block, e.stage} for e in judged)


def trusting(counts: Counts) -> Ruleset:
    """The ruleset with what was counted in place of what stands in its files."""
    ruleset = load_folder(CUES.parent)
    lists = {
        part: tuple(
            cue.model_copy(update={"measured": _precision(counts, cue.id)}) for cue in getattr(ruleset.cues, part)
        )
        for part in ("kinds", "requisites", "claims", "serves")
    }
    ruleset.__dict__["cues"] = ruleset.cues.model_copy(update=lists)
    return ruleset


def _precision(counts: Counts, code: str) -> Precision | None:
    right, wrong = counts[code]
    return Precision(right=right, wrong=wrong) if right + wrong else None


def write(counts: Counts) -> None:
    """Put what was counted into the files of cues, under the code of each cue."""
    for path in sorted(CUES.glob("*.yml")):
        text = re.sub(r"^ +measured: .*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)

        def told(match: re.Match[str]) -> str:
            right, wrong = counts.get(match[2], (0, 0))
            return f"{match[0]}    measured: {{right: {right}, wrong: {wrong}}}\n" if right + wrong else match[0]

        path.write_text(re.sub(r"^(  - id: (\S+)\n)", told, text, flags=re.MULTILINE), encoding="utf-8")


def main() -> None:
    """Count, then print or write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    ruleset = load("core")
    papers = [paper for path in given.papers for paper in read_papers(path)]
    counts: Counts = defaultdict(lambda: [1, 0])  # at first every cue is trusted, because kinds decide what counts
    for _ in range(2):
        counts = counted(papers, trusting(counts))
    if given.write:
        write(counts)
    for cue in ruleset.cues.all:
        right, wrong = counts.get(cue.id, (0, 0))
        print(f"{cue.id:32} {right:4} {wrong:4}" + ("" if right + wrong else "  never found"))


if __name__ == "__main__":
    main()
