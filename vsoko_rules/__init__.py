"""A rules-based expert system for studying how effective a school's internal quality assessment (ВСОКО) is.

The face for programs: what stands in `__all__` below stays; the rest of the package may change. `docs/programs.md`
shows it at work. Nothing is loaded before it is used, so that `import vsoko_rules` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from vsoko_rules.advice.plan import RepairPlan
    from vsoko_rules.advice.what_if import Difference
    from vsoko_rules.case.reader import CaseFile
    from vsoko_rules.errors import (
        EnginesDisagree,
        InputError,
        LostUpdate,
        OutputError,
        Problem,
        RulesetError,
        VsokoError,
    )
    from vsoko_rules.report.explanation import Explanation
    from vsoko_rules.ruleset.ruleset import Ruleset
    from vsoko_rules.study.agreement import Agreement
    from vsoko_rules.verdict.assessment import Assessment
    from vsoko_rules.verdict.contract import ResultRecord
    from vsoko_rules.verdict.result import result
    from vsoko_rules.workspace.editing import edit_case, save_case
    from vsoko_rules.workspace.judging import assess, draft, explain, plan, suppose
    from vsoko_rules.workspace.opening import open_case, open_ruleset, ruleset_names
    from vsoko_rules.workspace.papers import render
    from vsoko_rules.workspace.reconciling import reconcile

__all__ = [
    "Agreement",
    "Assessment",
    "CaseFile",
    "Difference",
    "EnginesDisagree",
    "Explanation",
    "InputError",
    "LostUpdate",
    "OutputError",
    "Problem",
    "RepairPlan",
    "ResultRecord",
    "Ruleset",
    "RulesetError",
    "VsokoError",
    "assess",
    "draft",
    "edit_case",
    "explain",
    "open_case",
    "open_ruleset",
    "plan",
    "reconcile",
    "render",
    "result",
    "ruleset_names",
    "save_case",
    "suppose",
]

_HOMES = {
    "vsoko_rules.advice.plan": ("RepairPlan",),
    "vsoko_rules.advice.what_if": ("Difference",),
    "vsoko_rules.case.reader": ("CaseFile",),
    "vsoko_rules.errors": (
        "EnginesDisagree",
        "InputError",
        "LostUpdate",
        "OutputError",
        "Problem",
        "RulesetError",
        "VsokoError",
    ),
    "vsoko_rules.report.explanation": ("Explanation",),
    "vsoko_rules.ruleset.ruleset": ("Ruleset",),
    "vsoko_rules.study.agreement": ("Agreement",),
    "vsoko_rules.verdict.assessment": ("Assessment",),
    "vsoko_rules.verdict.contract": ("ResultRecord",),
    "vsoko_rules.verdict.result": ("result",),
    "vsoko_rules.workspace.editing": ("edit_case", "save_case"),
    "vsoko_rules.workspace.judging": ("assess", "draft", "explain", "plan", "suppose"),
    "vsoko_rules.workspace.opening": ("open_case", "open_ruleset", "ruleset_names"),
    "vsoko_rules.workspace.papers": ("render",),
    "vsoko_rules.workspace.reconciling": ("reconcile",),
}


def __getattr__(name: str) -> Any:
    """Load what is asked for from where it stands."""
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module 'vsoko_rules' has no attribute {name!r}")
    return getattr(import_module(home), name)
