"""The sheets of a form for one kind of school, empty or with what a case says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from vsoko_rules.case.records import Case, Document
from vsoko_rules.intake.form.layout import Column, Kind, layout
from vsoko_rules.intake.form.plan import FIRST_ROW, Plan, Row, fields_of, opened
from vsoko_rules.intake.form.told import earned, expected_text
from vsoko_rules.intake.form.vocabulary import sets_of_levels, vocabularies
from vsoko_rules.reading.workbook import column_letters
from vsoko_rules.ruleset.model import Block
from vsoko_rules.ruleset.ruleset import Expectation, Ruleset
from vsoko_rules.ruleset.scales import Indicator
from vsoko_rules.writing.spreadsheet import Formula, Value, tab_name


class Sheets:
    """Every sheet of one form."""

    def __init__(self, ruleset: Ruleset, expected: Expectation, case: Case | None) -> None:
        self.ruleset = ruleset
        self.expected = expected
        self.case = case
        self.words = vocabularies(ruleset, case)
        self.documents: Sequence[tuple[int, Document]] = list(enumerate(case.documents if case else ()))
        self._names: list[str] = []

    @cached_property
    def plans(self) -> list[Plan]:
        """All sheets of rows but the guide, the school and the lists, in the order of the form."""
        self._names = [layout().names[n] for n in ("guide", "school", "lists", "documents", "procedures", "overrides")]
        common = self._common()
        found: list[Plan] = []
        for block in self.ruleset.blocks.values():
            found.append(self._block(block, common))
            found += self._indicators(block)
        return [*found, common, *self._others(), self._procedures(), self._overrides()]

    def _name(self, text: str) -> str:
        self._names.append(tab_name(text, self._names))
        return self._names[-1]

    def _on_block(self, document: Document) -> bool:
        """Whether a document stands in the row of the only element that it serves."""
        return len(document.serves) == 1 and document.serves[0] in self.expected.elements

    def _block(self, block: Block, common: Plan) -> Plan:
        elements = [e for e in self.expected.elements.values() if e.block == block.id]
        asked = {q for e in elements for q in e.requires}
        columns = self._document_columns("block", asked)
        rows = []
        for e in elements:
            told: dict[str, Value | Formula] = {
                "element": e.id,
                "info.stage": self.ruleset.stages[e.stage].short,
                "info.title": e.title,
                "info.must": expected_text(e, self.expected, self.ruleset),
                "info.elsewhere": _elsewhere(e.id, common),
            }
            wanted = {f"holds.{q}" for q in e.requires}
            own = [(n, d) for n, d in self.documents if self._on_block(d) and d.serves[0] == e.id]
            filled = [self._document(n, d, columns) for n, d in own] or [{}]
            rows += [Row({**told, **values}, wanted, {"element"}) for values in filled]
        kinds = [e.kind for e in elements if e.kind is not None]
        return Plan(
            name=self._name(layout().names["block"].format(id=block.id, name=block.name)),
            kind="document",
            title=f"{block.id}. {block.name}",
            about=layout().about["block"],
            columns=columns,
            rows=rows,
            spare=layout().spare["block"],
            lists={**self._lists, "elements": [e.id for e in elements], "kinds": list(dict.fromkeys(kinds))},
        )

    def _common(self) -> Plan:
        asked = {q for e in self.expected.elements.values() for q in e.requires}
        columns = self._document_columns("documents", asked)
        rows = [Row(self._document(n, d, columns)) for n, d in self.documents if not self._on_block(d)]
        kinds = dict.fromkeys(e.kind for e in self.expected.elements.values() if e.kind is not None)
        return self._plan("documents", "document", columns, rows, {**self._lists, "kinds": list(kinds)})

    def _document_columns(self, sheet: str, requirements: set[str]) -> list[Column]:
        holds = {q for q in requirements if self.ruleset.requirements[q].given_by == "holds"}
        columns = (c for c in layout().columns("document") if c.on in (None, sheet))
        return opened(columns, self.ruleset, holds)

    def _document(self, number: int, document: Document, columns: Sequence[Column]) -> dict[str, Value | Formula]:
        own = {c.key.removeprefix("holds.") for c in columns if c.key.startswith("holds.")}
        rest = tuple(code for code in dict.fromkeys(document.holds) if code not in own)
        values: dict[str, Value | Formula] = {**fields_of(document, columns, self.words), "order": number + 1}
        ordered = [c.key.removeprefix("holds.") for c in columns if c.key.removeprefix("holds.") in document.holds]
        for code in ordered:
            values[f"holds.{code}"] = layout().yes[0]
        values["holds"] = "; ".join(self.words["requirements"].word(code) for code in rest) or None
        if document.holds != (*ordered, *rest):
            values["holds_order"] = " ".join(document.holds)
        return values

    def _indicators(self, block: Block) -> Iterator[Plan]:
        own = [i for i in self.expected.indicators.values() if i.block == block.id]
        if own:
            names = {"id": block.id, "name": block.name}
            columns = layout().columns("indicator")
            yield Plan(
                name=self._name(layout().names["indicators"].format(**names)),
                kind="indicator",
                title=layout().titles["indicators"].format(**names),
                about=layout().about["indicators"],
                columns=columns,
                rows=[self._indicator(i, columns) for i in own],
            )

    def _indicator(self, indicator: Indicator, columns: Sequence[Column]) -> Row:
        told: dict[str, Value | Formula] = {
            "code": indicator.id,
            "info.stage": self.ruleset.stages[indicator.stage].short,
            "info.title": indicator.title,
            "info.earned": earned(indicator),
        }
        value, mark = indicator.earned.value is not None, indicator.earned.mark
        asked = {"value", "sample"} if value else set()
        return Row({**told, **self._entry(indicator.id, columns)}, asked | ({"mark"} if mark else set()), {"code"})

    def _entry(self, code: str, columns: Sequence[Column]) -> dict[str, Value | Formula]:
        entries = self.case.indicators if self.case else {}
        if code not in entries:
            return {}
        values = {**fields_of(entries[code], columns, self.words), "order": list(entries).index(code) + 1}
        return {**values, "code": code}

    def _others(self) -> Iterator[Plan]:
        columns = layout().columns("indicator")
        codes = [code for code in (self.case.indicators if self.case else ()) if code not in self.expected.indicators]
        if codes:
            elements = {e.id: e.title for e in self.ruleset.elements.values()}
            titles = elements | {i.id: i.title for i in self.ruleset.indicators.values()}
            told = ({"info.title": titles.get(code)} for code in codes)
            rows = [Row({**t, **self._entry(code, columns)}) for code, t in zip(codes, told, strict=True)]
            yield self._plan("others", "indicator", columns, rows, {}, self._name(layout().names["others"]))

    def _procedures(self) -> Plan:
        columns = layout().columns("procedure")
        listed = enumerate(self.case.procedures if self.case else ())
        rows = [Row({**fields_of(p, columns, self.words), "order": n + 1}) for n, p in listed]
        return self._plan("procedures", "procedure", columns, rows, {})

    def _overrides(self) -> Plan:
        columns = layout().columns("override")
        listed = enumerate(self.case.overrides if self.case else ())
        rows = [Row({**fields_of(o, columns, self.words), "order": n + 1}) for n, o in listed]
        decided = list(dict.fromkeys([*self.expected.elements, *self.expected.indicators]))
        return self._plan("overrides", "override", columns, rows, {**self._lists, "decided": decided})

    def _plan(
        self,
        key: str,
        kind: Kind,
        columns: Sequence[Column],
        rows: Sequence[Row],
        lists: Mapping[str, Sequence[str]],
        name: str | None = None,
    ) -> Plan:
        words = layout()
        return Plan(
            name or words.names[key], kind, words.titles[key], words.about[key], columns, rows, words.spare[key], lists
        )

    @cached_property
    def _lists(self) -> dict[str, Sequence[str]]:
        """The words that drop-down lists offer."""
        lists = {name: [words.word(code) for _, code in words.pairs] for name, words in self.words.items()}
        return {**lists, "levels": sets_of_levels()}


def _elsewhere(element: str, common: Plan) -> Formula:
    """The code of a document on the common sheet that serves `element`."""
    keys = [column.key for column in common.columns]
    ids, served = (_range(common, keys.index(key)) for key in ("id", "serves"))
    serving = [r.values["id"] for r in common.rows if element in str(r.values.get("serves")).split("; ")]
    return Formula(f'=IFERROR(INDEX({ids},MATCH("*{element}*",{served},0)),"")', str(serving[0]) if serving else "")


def _range(plan: Plan, column: int) -> str:
    letters, last = column_letters(column), FIRST_ROW + len(plan.rows) + plan.spare
    return f"'{plan.name}'!${letters}${FIRST_ROW + 1}:${letters}${last}"
