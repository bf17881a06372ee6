"""The sheets of a form for one kind of school, empty or with what a case says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from vsoko_rules.case.records import Case, Document
from vsoko_rules.intake.form.form_sheet import FIRST_ROW, FormRow, FormSheet, RowValues, fields_of, opened
from vsoko_rules.intake.form.layout import FormColumn, Kind, layout
from vsoko_rules.intake.form.word_lists import sets_of_levels
from vsoko_rules.reading.typed import typed_words
from vsoko_rules.reading.word_list import WordList
from vsoko_rules.reading.workbook import column_letters
from vsoko_rules.ruleset.content import Indicator
from vsoko_rules.ruleset.model import Block, Element
from vsoko_rules.ruleset.ruleset import Expectation, Ruleset
from vsoko_rules.writing.sheet_text import tab_name
from vsoko_rules.writing.spreadsheet import Formula

_HOLDS = "holds."
_FIXED_NAMES = ("guide", "school", "lists", "documents", "evidence", "procedures", "overrides")


class BlockSheets:
    """The sheets between the one about the school and the hidden lists."""

    def __init__(
        self, ruleset: Ruleset, expected: Expectation, case: Case | None, words: Mapping[str, WordList]
    ) -> None:
        self.ruleset = ruleset
        self.expected = expected
        self.case = case
        self.words = words
        self._taken = [layout().names[name] for name in _FIXED_NAMES]

    @cached_property
    def sheets(self) -> list[FormSheet]:
        """Every sheet, in the order of the form."""
        common = self._common()
        blocks = self.ruleset.blocks.values()
        own = [sheet for block in blocks for sheet in (self._block(block, common), *self._indicators(block))]
        listed = self._listed("procedures"), self._listed("overrides")
        return [*own, common, *self._others(), self._evidence(), *listed]

    def _name(self, key: str, **names: str) -> str:
        self._taken.append(tab_name(layout().names[key].format(**names), self._taken))
        return self._taken[-1]

    def _block(self, block: Block, common: FormSheet) -> FormSheet:
        elements = [e for e in self.expected.elements.values() if e.block == block.id]
        columns = self._document_columns("block", elements)
        rows = []
        for element in elements:
            about: RowValues = {
                "element": element.id,
                "info.stage": self.ruleset.stages[element.stage].short,
                "info.title": element.title,
                "info.must": what_is_expected(element, self.expected, self.ruleset),
                "info.elsewhere": _elsewhere(element.id, common),
            }
            asked = {_HOLDS + code for code in element.requires}
            own = [self._document(n, d, columns) for n, d in self._documents() if self._alone(d) == element.id]
            rows += [FormRow({**about, **values}, asked, {"element"}) for values in own or [{}]]
        return FormSheet(
            name=self._name("block", id=block.id, name=block.name),
            kind="document",
            title=f"{block.id}. {block.name}",
            about=layout().about["block"],
            columns=columns,
            rows=rows,
            spare=layout().spare["block"],
            lists={**self._lists, "elements": [e.id for e in elements], "kinds": _kinds(elements)},
        )

    def _common(self) -> FormSheet:
        elements = self.expected.elements.values()
        columns = self._document_columns("documents", elements)
        rows = [FormRow(self._document(n, d, columns)) for n, d in self._documents() if self._alone(d) is None]
        return self._sheet("documents", "document", columns, rows, {**self._lists, "kinds": _kinds(elements)})

    def _documents(self) -> Iterator[tuple[int, Document]]:
        return enumerate(self.case.documents if self.case else ())

    def _alone(self, document: Document) -> str | None:
        """The element in whose row a document stands: the only one that it serves."""
        alone = document.serves[0] if len(document.serves) == 1 else None
        return alone if alone in self.expected.elements else None

    def _document_columns(self, sheet: str, elements: Iterable[Element]) -> list[FormColumn]:
        asked = {code for e in elements for code in e.requires}
        held = {code for code in asked if self.ruleset.requirements[code].given_by == "holds"}
        return opened((c for c in layout().columns("document") if c.on in (None, sheet)), self.ruleset, held)

    def _document(self, number: int, document: Document, columns: Sequence[FormColumn]) -> RowValues:
        own = [c.key.removeprefix(_HOLDS) for c in columns if c.key.startswith(_HOLDS)]
        marked = [code for code in own if code in document.holds]
        rest = [code for code in dict.fromkeys(document.holds) if code not in own]
        values: RowValues = {**fields_of(document, columns, self.words), "order": number + 1}
        values |= {_HOLDS + code: typed_words().yes[0] for code in marked}
        word = self.words["requirements"].word
        values["holds"] = "; ".join(word(code) for code in rest) or None
        apart = (f"{e}: {'; '.join(word(code) for code in found)}" for e, found in document.holds_for.items())
        values["holds_for"] = "\n".join(apart) or None
        if document.holds != (*marked, *rest):
            values["holds_order"] = " ".join(document.holds)
        return values

    def _indicators(self, block: Block) -> Iterator[FormSheet]:
        own = [i for i in self.expected.indicators.values() if i.block == block.id]
        if own:
            names = {"id": block.id, "name": block.name}
            rows = [self._indicator(indicator) for indicator in own]
            yield self._sheet("indicators", "indicator", layout().columns("indicator"), rows, {}, names)

    def _indicator(self, indicator: Indicator) -> FormRow:
        about: RowValues = {
            "code": indicator.id,
            "info.stage": self.ruleset.stages[indicator.stage].short,
            "info.title": indicator.title,
            "info.earned": how_it_is_earned(indicator),
        }
        asked = {"value", "sample"} if indicator.earned.value is not None else set()
        asked |= {"mark"} if indicator.earned.mark else set()
        return FormRow({**about, **self._stated(indicator.id)}, asked, {"code"})

    def _stated(self, code: str) -> RowValues:
        """What the case states of an indicator."""
        entries = self.case.indicators if self.case else {}
        if code not in entries:
            return {}
        values = fields_of(entries[code], layout().columns("indicator"), self.words)
        return {**values, "order": list(entries).index(code) + 1, "code": code}

    def _others(self) -> Iterator[FormSheet]:
        """Indicators of the case that nobody expects of the school."""
        codes = [code for code in (self.case.indicators if self.case else ()) if code not in self.expected.indicators]
        if codes:
            titles = {e.id: e.title for e in self.ruleset.elements.values()}
            titles |= {i.id: i.title for i in self.ruleset.indicators.values()}
            rows = [FormRow({"info.title": titles.get(code), **self._stated(code)}) for code in codes]
            yield self._sheet("others", "indicator", layout().columns("indicator"), rows, {}, {})

    def _evidence(self) -> FormSheet:
        """The sheet of what is said of documents, with quotes."""
        columns = layout().columns("evidence")
        claims = [(d.id, claim) for _, d in self._documents() for claim in d.evidence]
        rows = [
            FormRow({**fields_of(claim, columns, self.words), "document": document, "order": n})
            for n, (document, claim) in enumerate(claims, 1)
        ]
        return self._sheet("evidence", "evidence", columns, rows, self._lists)

    def _listed(self, key: str) -> FormSheet:
        """The sheet of procedures, or of an expert's decisions."""
        kind: Kind = "procedure" if key == "procedures" else "override"
        columns = layout().columns(kind)
        entries: Sequence[Any] = getattr(self.case, key) if self.case else ()
        rows = [FormRow({**fields_of(e, columns, self.words), "order": n}) for n, e in enumerate(entries, 1)]
        decided = list(dict.fromkeys([*self.expected.elements, *self.expected.indicators]))
        return self._sheet(key, kind, columns, rows, {**self._lists, "decided": decided})

    def _sheet(
        self,
        key: str,
        kind: Kind,
        columns: Sequence[FormColumn],
        rows: Sequence[FormRow],
        lists: Mapping[str, Sequence[str]],
        names: Mapping[str, str] | None = None,
    ) -> FormSheet:
        """A sheet with the words of the layout; `names` stand in its name and title, and without them the name is one
        that no other sheet has."""
        words = layout()
        name = words.names[key] if names is None else self._name(key, **names)
        title, spare = words.titles[key].format(**(names or {})), words.spare[key]
        return FormSheet(name, kind, title, words.about[key], columns, rows, spare, lists)

    @cached_property
    def _lists(self) -> dict[str, Sequence[str]]:
        """The words that drop-down lists offer."""
        lists = {name: [words.word(code) for _, code in words.pairs] for name, words in self.words.items()}
        return {**lists, "levels": sets_of_levels()}


def _kinds(elements: Iterable[Element]) -> list[str]:
    return list(dict.fromkeys(e.kind for e in elements if e.kind is not None))


def _elsewhere(element: str, common: FormSheet) -> Formula:
    """The code of a document on the common sheet that serves `element`."""
    keys = [column.key for column in common.columns]
    ids, served = (_range(common, keys.index(key)) for key in ("id", "serves"))
    serving = [r.values["id"] for r in common.rows if element in str(r.values.get("serves")).split("; ")]
    return Formula(f'=IFERROR(INDEX({ids},MATCH("*{element}*",{served},0)),"")', str(serving[0]) if serving else "")


def _range(sheet: FormSheet, column: int) -> str:
    letters, last = column_letters(column), FIRST_ROW + len(sheet.rows) + sheet.spare
    return f"'{sheet.name}'!${letters}${FIRST_ROW + 1}:${letters}${last}"


def what_is_expected(element: Element, expected: Expectation, ruleset: Ruleset) -> str:
    """What the document of an element must hold, whom it must address, an example."""
    asked = [ruleset.requirements[code] for code in element.requires]
    levels = [level.value for level in element.covers if level in expected.levels]
    parts: dict[str, dict[str, str | None]] = {
        "kind": {"kind": element.kind},
        "requires": {"titles": ", ".join(q.title for q in asked if q.given_by == "holds")},
        "field": {"titles": ", ".join(q.title for q in asked if q.given_by != "holds")},
        "addressees": {"titles": ", ".join(ruleset.addressees[code].title for code in element.addressees)},
        "covers": {"levels": ", ".join(levels)},
        "example": {"example": element.example},
    }
    words = layout().expects
    return "\n".join(words[name].format(**values) for name, values in parts.items() if all(values.values()))


def how_it_is_earned(indicator: Indicator) -> str:
    """How an indicator is earned, and where its data come from."""
    words, ways, unit = layout().earned, indicator.earned, indicator.unit
    lines = [words["element"].format(element=ways.element)] if ways.element is not None else []
    if ways.value is not None:
        number, shown = ways.value.target, words["unit"].format(unit=unit) if unit else ""
        target = words["target"].format(target=str(number).replace(".", ","), unit=shown) if number is not None else ""
        lines.append(words["value"].format(direction=layout().directions[ways.value.direction.value], target=target))
    lines += [words["mark"]] if ways.mark else []
    lines += [words["all"]] if ways.needs == "all" else []
    lines += [words["measured"].format(unit=unit)] if unit is not None else []
    lines += [words["sources"].format(sources=", ".join(indicator.data_sources))] if indicator.data_sources else []
    return "\n".join(lines)
