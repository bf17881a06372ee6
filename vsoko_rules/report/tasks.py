"""What is to be done, one record a thing: from breaks, elements outside the lines and warnings of a view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from vsoko_rules.report.named import AdviceView, RequirementView, RuleView
from vsoko_rules.report.paper import BlockName, Task, TaskKind
from vsoko_rules.report.view import BlockView, BreakView, ItemView, View, WarningView
from vsoko_rules.ruleset.model import Severity
from vsoko_rules.words import words

_GRAVITY = {severity: number for number, severity in enumerate(Severity)}


def tasks(view: View, blocks: Mapping[str, BlockName]) -> tuple[Task, ...]:
    """Everything that is to be done, gravest first; of equally grave things, those that hold up more lines.

    `blocks`: the block of each element.
    """
    found = [_warning(warning, blocks) for warning in view.warnings]
    found += [task for block in view.blocks for task in _of_block(block)]
    found.sort(key=lambda t: (_GRAVITY[t.severity] if t.severity else len(_GRAVITY), -len(t.lines)))
    return numbered(found)


def numbered(found: Iterable[Task]) -> tuple[Task, ...]:
    """The tasks numbered from 1."""
    return tuple(replace(task, number=number) for number, task in enumerate(found, 1))


def steps_of(lacks: Iterable[RequirementView]) -> tuple[str, ...]:
    """What the rules advise for each requirement, nothing twice."""
    return tuple(dict.fromkeys(step for lack in lacks for step in lack.steps))


def _of_block(block: BlockView) -> Iterator[Task]:
    name = BlockName(block.id, block.name)
    for break_ in block.breaks:
        if break_.decision is None:
            yield _break(break_, name)
    for group in block.groups:
        for item in group.items:
            if item.severity is not None:
                yield _item(item, name)


def _break(break_: BreakView, block: BlockName) -> Task:
    nearest = break_.misses[0].lacks if break_.misses else ()
    steps = steps_of(nearest) or (break_.rule.steps if break_.rule else ())
    return Task(
        number=0,
        kind=TaskKind.BREAK,
        severity=break_.severity,
        blocks=(block,),
        stage=break_.element.stage,
        element=break_.element,
        fault=words()["break"][break_.kind.value]["title"],
        subject=break_.element.title,
        documents=tuple(miss.document for miss in break_.misses),
        lacks=nearest,
        todo=break_.advice.todo if break_.advice else None,
        steps=steps,
        rests_on=(),
        why=_why(break_.rule, nearest),
        effort=break_.effort,
        lines=break_.lines,
        basis=break_.element.basis,
        rule=None,
        **advised(break_.advice),
    )


def _item(item: ItemView, block: BlockName) -> Task:
    nearest = item.misses[0].lacks if item.misses else ()
    return Task(
        number=0,
        kind=TaskKind.ITEM,
        severity=item.severity,
        blocks=(block,),
        stage=item.element.stage,
        element=item.element,
        fault=words()["item"][item.outcome.value],
        subject=item.element.title,
        documents=tuple(miss.document for miss in item.misses),
        lacks=nearest,
        todo=None,
        steps=steps_of(nearest),
        rests_on=(),
        why=_why(None, nearest),
        effort=item.effort,
        lines=(),
        basis=item.element.basis,
        rule=None,
        **advised(None),
    )


def _warning(warning: WarningView, names: Mapping[str, BlockName]) -> Task:
    elements = [subject.element for subject in warning.subjects if subject.element]
    return Task(
        number=0,
        kind=TaskKind.WARNING,
        severity=warning.rule.severity,
        blocks=tuple(dict.fromkeys(names[e.id] for e in elements if e.id in names)),
        stage=elements[0].stage if elements else None,
        element=elements[0] if elements else None,
        fault=warning.rule.fault,
        subject="; ".join(subject.text for subject in warning.subjects),
        documents=tuple(subject.document for subject in warning.subjects if subject.document),
        lacks=(),
        todo=None,
        steps=warning.rule.steps,
        rests_on=(),
        why=warning.rule.why,
        effort=warning.rule.effort,
        lines=(),
        basis=warning.rule.basis,
        rule=warning.rule.id,
        **advised(None),
    )


def advised(advice: AdviceView | None) -> dict[str, str | None]:
    """Who signs, what to cite and a sample, where the ruleset advises."""
    if advice is None:
        return dict.fromkeys(("signs", "cites", "sample"))
    return {"signs": advice.signs, "cites": advice.cites, "sample": advice.sample}


def _why(rule: RuleView | None, lacks: tuple[RequirementView, ...]) -> str | None:
    if rule is not None:
        return rule.why
    return next((lack.why for lack in lacks), None)
