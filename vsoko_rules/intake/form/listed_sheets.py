"""The sheets of indicators, of evidence, of procedures and of an expert's decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vsoko_rules.case.records import Case
from vsoko_rules.intake.form.block_views import how_it_is_earned
from vsoko_rules.intake.form.document_names import DocumentNames
from vsoko_rules.intake.form.form_sheet import FormRow, FormSheet, RowValues, fields_of
from vsoko_rules.intake.form.layout import Kind, layout
from vsoko_rules.reading.word_list import WordList
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.ruleset import Ruleset


class ListedSheets:
    """What a case says beside its documents."""

    def __init__(
        self,
        ruleset: Ruleset,
        expected: Expectation,
        case: Case | None,
        words: Mapping[str, WordList],
        names: DocumentNames,
    ) -> None:
        self._ruleset = ruleset
        self._expected = expected
        self._case = case
        self._words = words
        self._names = names

    def sheets(self) -> Iterator[FormSheet]:
        """The sheets, in the order of the form; none for indicators that nobody expects or states, nor for evidence
        that nobody gave."""
        rows = list(self._indicators())
        if rows:
            yield self._sheet("indicators", "indicator", rows)
        said = list(self._evidence())
        if said:
            yield self._sheet("evidence", "evidence", said)
        others: tuple[tuple[str, Kind], ...] = (("procedures", "procedure"), ("overrides", "override"))
        for key, kind in others:
            entries: Sequence[Any] = getattr(self._case, key) if self._case else ()
            yield self._sheet(key, kind, [self._row(n, entry, kind) for n, entry in enumerate(entries, 1)])

    def _indicators(self) -> Iterator[FormRow]:
        """The indicators that are expected of the school, and others of which the case states something."""
        stated = self._case.indicators if self._case else {}
        for indicator in self._expected.indicators.values():
            about: RowValues = {
                "code": indicator.id,
                "info.title": indicator.title,
                "info.earned": how_it_is_earned(indicator, self._ruleset),
            }
            asked = {"value", "sample"} if indicator.earned.value is not None else set()
            asked |= {"mark"} if indicator.earned.mark else set()
            yield FormRow({**about, **self._stated(indicator.id)}, asked, {"code"})
        titles = {e.id: e.title for e in self._ruleset.elements.values()}
        titles |= {i.id: i.title for i in self._ruleset.indicators.values()}
        for code in stated:
            if code not in self._expected.indicators:
                yield FormRow({"info.title": titles.get(code), **self._stated(code)})

    def _stated(self, code: str) -> RowValues:
        """What the case states of an indicator."""
        entries = self._case.indicators if self._case else {}
        if code not in entries:
            return {}
        values = fields_of(entries[code], layout().columns("indicator"), self._words)
        documents = "; ".join(self._names.called(document) for document in entries[code].documents) or None
        return {**values, "documents": documents, "order": list(entries).index(code) + 1, "code": code}

    def _evidence(self) -> Iterator[FormRow]:
        documents = self._case.documents if self._case else ()
        claims = [(d.id, claim) for d in documents for claim in d.evidence]
        for number, (document, claim) in enumerate(claims, 1):
            row = self._row(number, claim, "evidence")
            yield FormRow({**row.values, "document": self._names.called(document)})

    def _row(self, number: int, entry: Any, kind: Kind) -> FormRow:
        return FormRow({**fields_of(entry, layout().columns(kind), self._words), "order": number})

    def _sheet(self, key: str, kind: Kind, rows: Sequence[FormRow]) -> FormSheet:
        words = layout()
        decided = list(dict.fromkeys([*self._expected.elements, *self._expected.indicators]))
        lists = {name: [word for word, _ in known.pairs] for name, known in self._words.items()}
        return FormSheet(
            words.names[key],
            kind,
            words.titles[key],
            words.about[key],
            words.columns(kind),
            rows,
            words.spare[key],
            {**lists, "decided": decided},
        )
