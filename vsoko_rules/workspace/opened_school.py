"""A school that is open: what its file or its seat holds now, with the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vsoko_rules.case.reader import CaseFile, attached, case_of_data
from vsoko_rules.case.records import Case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.reading.attached import AttachedFile
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.row_states import RowState, row_states
from vsoko_rules.report.terms import DocumentView, ScoreView
from vsoko_rules.report.view import View
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.opening import open_ruleset


@dataclass(frozen=True)
class OpenedSchool:
    """A school as its file holds it now."""

    path: Path
    case: CaseFile
    data: Data
    """in the shape of the file, every scalar a text"""
    workbook: bool
    """whether it is a form, which is written anew as a whole"""

    @property
    def revision(self) -> str:
        """The hash of the file."""
        return self.case.sha256

    def case_of(self, data: Data) -> CaseFile:
        """The case that other data of the school hold. Raises `InputError`."""
        return case_of_data(data, self.path.name, self.path.parent)

    def attached(self, case: Case) -> Mapping[str, AttachedFile]:
        """The files that a case of the school names, as they are found now."""
        return attached(case, self.path.parent)

    @cached_property
    def ruleset(self) -> Ruleset:
        """The ruleset that the case names, or the default one."""
        return open_ruleset(self.case.content.ruleset)

    @cached_property
    def assessment(self) -> Assessment:
        """The verdict, by the engine that is always there: both conclude the same."""
        return assess(self.case, self.ruleset, EngineName.PLAIN)

    @cached_property
    def composer(self) -> Composer:
        """What is shown of it; each part is made when it is asked for."""
        return Composer(self.assessment)

    @cached_property
    def view(self) -> View:
        """Everything that is shown of it, without the plan. It takes as long as the verdict: one edit asks for less."""
        return self.composer.view(with_plan=False)

    @cached_property
    def has_marks(self) -> bool:
        """Whether the ruleset has indicators that a person marks."""
        return any(indicator.earned.mark for indicator in self.ruleset.indicators.values())

    @property
    def main(self) -> ScoreView:
        """The score that decides the level."""
        return self.composer.main

    @property
    def documents(self) -> Mapping[str, DocumentView]:
        """Its documents as they are shown."""
        return self.composer.titles.documents

    @cached_property
    def states(self) -> Mapping[str, RowState]:
        """What became of each document."""
        return row_states(self.composer)
