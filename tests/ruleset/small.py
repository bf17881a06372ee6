"""A small sound ruleset as text, for tests that break it or build upon it."""

from __future__ import annotations

from pathlib import Path

MAIN = """\
id: small
version: 1.10
title: Малая методика
stages:
  - {id: goal, title: цель, plural: цели, short: Цель, component: true, requires: {filled: proposed}, origin: proposed}
  - {id: order, title: решение, plural: решения, short: Решение, component: true, origin: proposed}
blocks:
  - {id: A, name: Первый, origin: proposed}
  - {id: B, name: Второй, origin: proposed}
requirements:
  - id: filled
    title: текст
    ask: текст есть
    given_by: blank
    fault: Документ не заполнен
    severity: major
    why: Пустой бланк ничего не говорит.
    mend: {steps: [Заполните], effort: 0.1}
    example: Заполненный приказ
    origin: proposed
  - id: tasks
    title: задачи
    ask: названы задачи
    given_by: holds
    fault: Не названы задачи
    severity: major
    why: Без задач цель не станет работой.
    mend: {steps: [Назовите], effort: 0.1}
    example: «Задачи»
    origin: seed
    sources: [book]
addressees:
  - {id: teachers, title: учителя, dative: учителям}
counts:
  - {id: students, title: Количество обучающихся}
remarks:
  - {id: odd, title: Что-то не так}
sources:
  - {id: book, title: Книга}
elements:
  - id: A-G
    block: A
    stage: goal
    title: Цель
    origin: proposed
  - id: A-D
    block: A
    stage: order
    title: Приказ
    follows: [A-G]
    requires: {tasks: seed}
    addressees: [teachers]
    applies: {counts: [students]}
    origin: seed
    sources: [book]
rules:
  - id: filled-in
    name: Документ заполнен
    when:
      - serves: {document: $d, element: $e}
      - document: {document: $d, blank: false, sample: $n}
    where: ["$n < 20"]
    then: {meets: {document: $d, element: $e, requirement: filled}}
    origin: proposed
advice:
  - block: A
    stage: goal
    signs: директор
    cites: обоснование
    sample: «Цель»
    no_document: Напишите
    requirements: Дополните
    origin: proposed
cycle:
  complete: 1
  remarked: 0.9
  broken: 0.5
  scattered: 0.5
  origin: proposed
findings:
  - {id: break, severity: major, origin: proposed}
  - {id: circle, severity: minor, origin: proposed}
  - {id: contradiction, severity: minor, concerns: expert, origin: proposed}
  - {id: remark, severity: notice, origin: proposed}
levels:
  - {id: good, title: да, plural: да, at_least: 80, each_block: 50, origin: proposed}
  - {id: bad, title: нет, plural: нет, at_least: 0, origin: proposed}
"""

TESTS = """\
tests:
  - rule: filled-in
    name: Заполнен
    documents: [{id: d1, serves: [A-G]}]
    fires: {document: d1, element: A-G}
  - rule: filled-in
    name: Бланк
    documents: [{id: d1, serves: [A-G], blank: true}]
    silent: true
"""


def folder(at: Path, **files: str) -> Path:
    """Write a ruleset folder; `ruleset` is the main file, `rules_test` becomes `rules.test.yml`."""
    at.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (at / f"{name.replace('_', '.')}.yml").write_text(text, encoding="utf-8")
    return at


def marked(text: str, old: str, new: str) -> tuple[str, str]:
    """`text` with `old` replaced by `new`, and the line:column at which the mark ¶ stood in `new`."""
    assert text.count(old) == 1, old
    changed = text.replace(old, new)
    before = changed[: changed.index("¶")]
    return changed.replace("¶", ""), f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
