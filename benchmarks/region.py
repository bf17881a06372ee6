"""An invented region: any number of schools with realistic gaps, alike inside a district, from one seed.

    python benchmarks/region.py --schools 1500 --seed 7 region/
    python benchmarks/region.py --schools 200 --seed 7 --experts 2 region/    region/expert-1, region/expert-2
    python benchmarks/region.py --schools 200 --seed 7 --round 2 region-2/    the same schools a year later

The school with a given number is the same whatever number of schools is asked for.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.ruleset.model import EducationLevel, Element
from vsoko_rules.ruleset.ruleset import Ruleset

_PREFIXES = ("", "Верхне", "Нижне", "Старо", "Ново", "Мало", "Средне")
_ROOTS = (
    "озёрский", "сосновский", "берёзовский", "лужский", "каменский", "ручьёвский", "полевский", "боровский",
    "ивовский", "туманский", "ольховский", "рябиновский", "кленовский", "заречинский", "холмовский", "дубравинский",
    "родниковский", "песчанский", "моховский", "ветлужинский", "журавлинский", "хвойненский", "бобровский", "липовский",
)  # fmt: skip

_ANNEX, _PERIOD, _APPROVED, _RUNNING, _UNREAD = 0.2, 0.4, 0.5, 0.2, 0.02
"""shares: recommendations that are an annex of the report, reports that name the school year in place of a date, plans
that the order approves, goals that stand in a programme for three years, contents of a document that nobody looked for
"""

_REDONE = 0.2
"""the share of documents that a school writes anew for the next round"""


def opening(year: int) -> date:
    """The day with which the school year of the study in `year` opens: that of the August orders."""
    return date(year - 1, 8, 20)


@dataclass(frozen=True)
class Kind:
    """A type of school: how often it occurs, its name, levels, and how many pupils it has (fewest, most)."""

    weight: int
    name: str
    levels: tuple[str, ...]
    students: tuple[int, int]


KINDS = (
    Kind(30, "МБОУ «Средняя общеобразовательная школа № {n}»", ("НОО", "ООО", "СОО"), (420, 1250)),
    Kind(30, "МБОУ «Сельская средняя общеобразовательная школа № {n}»", ("НОО", "ООО", "СОО"), (90, 340)),
    Kind(25, "МБОУ «Основная общеобразовательная школа № {n}»", ("НОО", "ООО"), (35, 160)),
    Kind(7, "МБОУ «Гимназия № {n}»", ("НОО", "ООО", "СОО"), (520, 1100)),
    Kind(4, "МБОУ «Лицей № {n}»", ("ООО", "СОО"), (300, 700)),
    Kind(4, "МБОУ «Начальная школа № {n}»", ("НОО",), (18, 90)),
)


@dataclass(frozen=True)
class District:
    """What the schools of a district have in common: how well they work, and what all of them tend to forget."""

    number: int
    name: str
    quality: float
    forgotten_stages: tuple[str, ...]
    forgotten_contents: tuple[str, ...]


class Region:
    """Makes the schools of one region under one ruleset."""

    def __init__(self, ruleset: Ruleset, seed: int, round_: int = 1) -> None:
        self.ruleset = ruleset
        self.seed = seed
        self.round = round_
        self.year = 2021 + round_
        self.contents = [r.id for r in ruleset.requirements.values() if r.given_by == "holds"]

    def schools(self, number: int) -> Iterator[tuple[District, School]]:
        """The first `number` schools, district by district."""
        made = 0
        for n in count(1):
            random = Random(f"{self.seed}:district:{n}")
            district = self._district(n, random)
            for _ in range(random.randint(3, 24)):
                if made == number:
                    return
                made += 1
                yield district, School(self, district, made)

    def _district(self, n: int, random: Random) -> District:
        zone, place = divmod(n - 1, len(_PREFIXES) * len(_ROOTS))
        prefix, root = divmod(place, len(_ROOTS))
        name = (_PREFIXES[prefix] + _ROOTS[root]).capitalize() + " район" + (f", зона {zone + 1}" if zone else "")
        stages = random.choices(self.ruleset.components, weights=(1, 1, 3, 5, 3, 3), k=random.randint(0, 2))
        contents = random.sample(self.contents, k=random.randint(0, 2))
        return District(n, name, random.betavariate(7, 1.5), tuple(stages), tuple(contents))


class School:
    """One invented school: the same text for the same seed, round and number."""

    def __init__(self, region: Region, district: District, number: int) -> None:
        self.region, self.district, self.number = region, district, number
        random = Random(f"{region.seed}:school:{number}")
        self.kind = random.choices(KINDS, weights=[k.weight for k in KINDS])[0]
        self.id = f"r{region.seed}-{number:05}"
        students = random.randint(*self.kind.students)
        self.counts = {"students": students, "teachers": max(3, students // 14), "young_teachers": random.randint(0, 6)}
        if "ООО" in self.kind.levels:
            self.counts["graduates_9"] = students // 11
        if "СОО" in self.kind.levels:
            self.counts["graduates_11"] = students // 22
        grown = 0.05 * (region.round - 1)
        self.quality = min(0.995, max(0.25, random.gauss(district.quality + 0.06, 0.08) + grown))

    def text(self, expert: int = 1) -> str:
        """The YAML of the case as an expert filled it. Experts see the same documents and differ in what they hold."""
        region, year = self.region, self.region.year
        expected = region.ruleset.expects(frozenset(EducationLevel(v) for v in self.kind.levels), self.counts)
        counts = ", ".join(f"{name}: {value}" for name, value in self.counts.items())
        head = (
            f"# Показывает: вымышленная школа № {self.number} региона {region.seed}, круг {region.round}.\n"
            f"ruleset: {region.ruleset.id}\n"
            f"school:\n  id: {self.id}\n  name: {self.kind.name.format(n=self.number)}\n"
            f"  municipality: {self.district.name}\n  levels: [{', '.join(self.kind.levels)}]\n"
            f"  counts: {{{counts}}}\n"
            f"study: {{year: {year}, from: {opening(year)}, to: {year}-10-31}}\n"
            f"filled_by: {{role: expert, name: Эксперт {expert}, date: {year}-11-{10 + expert}}}\n"
        )
        writer = _Writer(self, expected, expert)
        documents = "".join(writer.documents())
        listed = f"documents:\n{documents}" if documents else "documents: []\n"
        return head + listed + "".join(writer.marks())


class _Writer:
    def __init__(self, school: School, expected: Expectation, expert: int) -> None:
        self.school, self.expected, self.ruleset = school, expected, school.region.ruleset
        self.random = Random(f"{school.region.seed}:blocks:{school.number}")
        self.eye = Random(f"{school.region.seed}:{school.region.round}:expert:{expert}:{school.number}")
        self.differs = 0.0 if expert == 1 else 0.04
        self.written: dict[str, str] = {}
        """for each element the document that serves it"""
        self.approved: set[str] = set()
        """plans that the order of their block approves"""
        self.order: str | None = None

    def documents(self) -> Iterator[str]:
        """Block by block and stage by stage: one document for all elements of a stage, one for each monitoring."""
        for block in self.ruleset.blocks:
            self.random = self.drawn(block)
            quality = min(0.995, max(0.2, self.random.gauss(self.school.quality, 0.05)))
            self.order = self.later(block, quality)
            for number, stage in enumerate(self.ruleset.stages):
                elements = [e for e in self.expected.elements.values() if (e.block, e.stage) == (block, stage)]
                apart = stage == "monitoring" or self.ruleset.blocks[block].frame
                for group in [[e] for e in elements] if apart else [elements] if elements else []:
                    self.random = self.drawn(group[0].id)
                    if self.random.random() < self.there(stage, quality):
                        yield self.document(group, number, quality)

    def later(self, block: str, quality: float) -> str | None:
        """The id of the order that the block will end in; none where there will be none."""
        orders = [e.id for e in self.expected.elements.values() if (e.block, e.stage) == (block, "order")]
        there = orders and self.drawn(orders[0]).random() < self.there("order", quality)
        return orders[0].lower() if there else None

    def drawn(self, about: str) -> Random:
        """The chances of one document: from round to round the same, except that a fifth of the documents is redone."""
        seed, number = self.school.region.seed, self.school.number
        for round_ in range(self.school.region.round, 1, -1):
            anew = Random(f"{seed}:{number}:{about}:{round_}")
            if anew.random() < _REDONE:
                return anew
        return Random(f"{seed}:{number}:{about}")

    def there(self, stage: str, quality: float) -> float:
        """The chance that a document of a stage was published."""
        chance: float = 1 - (1 - quality) * 0.6
        if stage in self.school.district.forgotten_stages:
            chance *= 0.55
        return chance if self.ruleset.stages[stage].component else chance * 0.8

    def document(self, elements: Sequence[Element], number: int, quality: float) -> str:
        """One document as YAML, with the flaws that fell to it."""
        first, random = elements[0], self.random
        name, opens = first.id.lower(), opening(self.school.region.year)
        day = opens + timedelta(days=38 * min(number, 9) + random.randint(0, 25))
        grounds = list(dict.fromkeys(self.written[f] for e in elements for f in e.follows if f in self.written))
        if grounds and random.random() < (1 - quality) * 0.25:
            grounds = []
        if grounds and random.random() < (1 - quality) * 0.1:
            day = opens
        self.written |= dict.fromkeys((e.id for e in elements), name)
        number_ = f"    number: {random.randint(1, 300)}-од"
        own = self.form(first, grounds) or [number_, f"    date: {day}"]
        grounds = [g for g in grounds if g not in self.approved and f"    annex_of: {g}" not in own]
        lines = [
            f"  - id: {name}",
            f"    title: {self.title(first)}",
            *([f"    kind: {first.kind}"] if first.kind else []),
            f"    serves: [{', '.join(e.id for e in elements)}]",
            *own,
            f"    url: https://school{self.school.number}.example/vsoko/{name}.pdf",
            f"    holds: [{', '.join(self.contents(elements, quality))}]",
        ]
        return "\n".join([*lines, *self.more(elements, grounds, quality)]) + "\n"

    def form(self, element: Element, grounds: Sequence[str]) -> list[str]:
        """What stands in place of number and date, where a document is of the usual forms of real ones."""
        chance, year, name = self.drawn(f"{element.id}:form").random(), self.school.region.year, element.id.lower()
        if element.stage == "goal" and chance < _RUNNING:
            return [f"    date: {year - 2}-08-28", f"    valid: {{from: {year - 2}-09-01, to: {year + 1}-08-31}}"]
        if element.stage == "analysis" and chance < _PERIOD:
            return [f"    period: {year - 1}/{year % 100:02}"]
        if element.stage == "recommendation" and grounds and chance < _ANNEX:
            return [f"    annex_of: {grounds[0]}"]
        if element.stage == "measure" and self.order is not None and chance < _APPROVED:
            self.approved.add(name)
            return [f"    approved_by: {self.order}"]
        return []

    def title(self, element: Element) -> str:
        text = f"{element.kind or 'документ'}: {element.title}".replace('"', "")
        return f'"{text[:1].upper()}{text[1:]}"'

    def contents(self, elements: Sequence[Element], quality: float) -> list[str]:
        """What the document holds, as this expert sees it."""
        asked = dict.fromkeys(r for e in elements for r in e.requires if r in self.school.region.contents)
        found = []
        for content in asked:
            lost = (1 - quality) * (0.75 if content in self.school.district.forgotten_contents else 0.12)
            there = self.random.random() >= lost
            if self.eye.random() < self.differs:
                there = not there
            if there:
                found.append(content)
        return found

    def more(self, elements: Sequence[Element], grounds: Sequence[str], quality: float) -> Iterator[str]:
        asked = any("addressee" in e.requires for e in elements)
        if asked and self.random.random() >= (1 - quality) * 0.4:
            addressees = dict.fromkeys(a for e in elements for a in e.addressees) or ["teachers"]
            yield f"    addressees: [{', '.join(addressees)}]"
        covers = dict.fromkeys(level.value for e in elements for level in e.covers if level in self.expected.levels)
        if covers:
            yield f"    covers: [{', '.join(covers)}]"
        if grounds:
            yield f"    based_on: [{', '.join(grounds)}]"
        if self.random.random() < (1 - quality) * 0.06:
            yield "    blank: true"
        elif self.random.random() < 0.01:
            yield "    scan: true"
        yield from self.evidence(elements[0])

    def evidence(self, element: Element) -> Iterator[str]:
        """A quote for what the document serves, and now and then something that nobody has looked for yet."""
        claims = []
        if self.random.random() < 0.3:
            place = f"{{file: {element.id.lower()}.pdf, page: {self.random.randint(1, 30)}}}"
            claims.append(f"{{claim: serves {element.id}, quote: {self.title(element)}, in: {place}}}")
        asked = [r for r in element.requires if r in self.school.region.contents]
        if asked and self.random.random() < _UNREAD:
            claims.append(f"{{claim: {self.random.choice(asked)}, state: not_checked}}")
        if claims:
            yield "    evidence:"
            yield from (f"      - {claim}" for claim in claims)

    def marks(self) -> Iterator[str]:
        """Marks of indicators, where the ruleset has a list."""
        applicable = [i for i in self.expected.indicators.values() if i.earned.mark]
        if applicable:
            yield "indicators:\n"
        for indicator in applicable:
            held = self.drawn(indicator.id).random() < self.school.quality
            if self.eye.random() < self.differs:
                held = not held
            said = "Подтверждено документами школы" if held else "Документ на сайте школы не найден"
            yield f"  {indicator.id}: {{mark: {int(held)}, comment: {said}}}\n"


def write_region(folder: Path, schools: int, seed: int, experts: int = 1, round_: int = 1, name: str = DEFAULT) -> int:
    """Write the cases of a region, one folder a district; returns how many files were written."""
    written = 0
    for district, school in Region(load(name), seed, round_).schools(schools):
        for expert in range(1, experts + 1):
            home = folder / f"expert-{expert}" if experts > 1 else folder
            path = home / f"district-{district.number:04}" / f"{school.id}.yml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(school.text(expert), encoding="utf-8", newline="\n")
            written += 1
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description="An invented region: any number of schools from one seed.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--schools", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--experts", type=int, choices=(1, 2), default=1)
    parser.add_argument("--round", type=int, default=1, help="which study: 2 is a year after 1")
    parser.add_argument("--ruleset", default=DEFAULT)
    asked = parser.parse_args()
    written = write_region(asked.folder, asked.schools, asked.seed, asked.experts, asked.round, asked.ruleset)
    print(f"{written} files in {asked.folder}")


if __name__ == "__main__":
    main()
