"""`vsoko rules diff` passes nothing over: whatever may stand in a ruleset is changed, one thing at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tests.ruleset.small import MAIN
from tests.ruleset.small import folder as ruleset_folder
from tests.ruleset.test_schema import enums, literals, models
from tests.short import ROOT
from vsoko_rules.errors import RulesetError
from vsoko_rules.reading.yaml import read
from vsoko_rules.ruleset.content import RulesetFile
from vsoko_rules.ruleset.cues import CueFile
from vsoko_rules.ruleset.load import load_folder
from vsoko_rules.ruleset.schema import titles_to
from vsoko_rules.templates import uncapital
from vsoko_rules.writing.yaml_text import as_text

pytestmark = pytest.mark.slow

FILES: Mapping[str, tuple[type[BaseModel], tuple[str, ...]]] = {
    "ruleset.yml": (RulesetFile, ()),
    "cues/cues.yml": (CueFile, ("cues",)),
}
INDICATORS = """
indicator_counts: {A: 2}
indicators:
  - {id: I-1, block: A, stage: order, title: Доля, earned: {mark: true}, origin: proposed}
  - {id: I-2, block: A, stage: order, title: Число, earned: {mark: true}, origin: proposed}
indicator_scoring: {formula: доля, origin: proposed}
"""
FIXED = {("findings", "id"): "a ruleset has all four", ("select", "part"): "one list can be selected from"}
"""what cannot be another, and why"""
OTHERS = {
    "A": "B", "order": "goal", "goal": "aside", "plan": "order", "tasks": "filled", "heads": "teachers",
    "teachers": "heads", "students": "gifted", "gifted": "students", "young": "migrants", "book": "paper", "A-E": "A-D",
    "A-D": "A-G", "A-G": "A-E", "A-X": "A-D", "odd": "I-1", "I-1": "I-2", "warned": "odd", "$n < 20": "$n < 30",
    "09-01": "09-02", "08-20": "08-21", "11-01": "11-02", "10-31": "10-30", "09-10": "09-11", "06-10": "06-11",
    "1": "0.9", "0.8": "0.7", "0.4": "0.3", "0.3": "0.2",
}  # fmt: skip
"""for codes, days and parts another one that there is"""
KEYS = {("advice", "block"), ("advice", "stage"), ("calendar", "stage")}
"""by what entries without a code are known: with another one it is another entry"""
SCRIPT = """
import json, sys
from contextvars import copy_context
from vsoko_rules.cli import app
for old, new in json.loads(sys.stdin.read()):
    sys.argv = ["vsoko", "rules", "diff", old, new]
    copy_context().run(app._run)
    print(end="\\f")
"""
Path_ = tuple[str | int, ...]


def alternatives(value: Any, annotation: Any) -> Iterator[Any]:
    """Other values of a field, some of which a ruleset may refuse there."""
    if isinstance(value, Mapping):
        for key in value:
            yield from ({**value, key: other} for other in alternatives(value[key], annotation))
            yield {other: inner for other, inner in value.items() if other != key}
    elif isinstance(value, list):
        yield from (value[::-1], value[:-1]) if len(value) > 1 else ()
        for n, each in enumerate(value):
            yield from ([*value[:n], other, *value[n + 1 :]] for other in alternatives(each, annotation))
    else:
        known = [*literals(annotation), *(str(each.value) for kind in enums(annotation) for each in kind)]
        number = [str(int(value) + 1), str(int(value) - 1)] if value.isdecimal() else []
        flag = {"true": "false", "false": "true"}.get(value)
        others = (*known, flag, *number, OTHERS.get(value), f"{value} иначе", f"{value}-иначе")
        yield from (other for other in others if other not in (value, None))


def fields(model: Any, data: Mapping[str, Any], at: Path_ = ()) -> Iterator[tuple[type[BaseModel], str, Any, Path_]]:
    """Every field that is stated, with its model, its annotation and its path."""
    for key, value in data.items():
        annotation = model.model_fields[key].annotation
        yield model, key, annotation, (*at, key)
        inner = next((kind for kind in models(annotation) if kind.__name__ in str(annotation)), None)
        if inner is not None:
            entries = enumerate(value) if isinstance(value, list) else [(None, value)]
            for n, entry in entries:
                yield from fields(inner, entry, (*at, key) if n is None else (*at, key, n))


def changed(data: Any, path: Path_, value: Any) -> Any:
    result = deepcopy(data)
    inner = result
    for step in path[:-1]:
        inner = inner[step]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return result


def generic(path: Path_) -> tuple[str, ...]:
    return tuple(step for step in path if isinstance(step, str))


def plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def rulesets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the whole ruleset and its parents stand."""
    at = tmp_path_factory.mktemp("r")
    for parent in ("small", "small-иначе"):
        ruleset_folder(at / parent, ruleset=MAIN.replace("id: small", f"id: {parent}") + INDICATORS)
    write(at / "whole", {name: stated(name) for name in FILES})
    return at


def stated(name: str) -> Any:
    return plain(read(Path(__file__).parent / "every_field" / name, RulesetError).data)


def write(folder: Path, files: Mapping[str, Any]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(as_text(data), encoding="utf-8")
    return folder


def content(folder: Path) -> tuple[RulesetFile, CueFile] | None:
    """What a ruleset comes to, with what it inherits; none where it is refused."""
    try:
        ruleset = load_folder(folder)
        return ruleset.content, ruleset.all_cues
    except RulesetError:
        return None


def differences(pairs: list[tuple[Path, Path]]) -> list[str]:
    """What `vsoko rules diff` prints of each pair, in one process."""
    given = json.dumps([[str(old), str(new)] for old, new in pairs])
    environment = os.environ | {"PYTHONUTF8": "1", "COLUMNS": "80"}
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, cwd=ROOT, env=environment, input=given.encode(), capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode("utf-8").split("\f")[:-1]


def test_the_whole_ruleset_states_every_field() -> None:
    present = {(model, key) for name, (root, _) in FILES.items() for model, key, _, _ in fields(root, stated(name))}
    asked = {(model, key) for root, _ in FILES.values() for model in models(root) for key in model.model_fields}
    assert {(model.__name__, key) for model, key in asked - present} == set()


@pytest.mark.parametrize("file", FILES)
def test_a_change_of_any_field_is_told(rulesets: Path, file: str) -> None:
    root, head = FILES[file]
    data = {name: stated(name) for name in FILES}
    whole = content(rulesets / "whole")
    made: dict[tuple[str, ...], Path] = {}
    tried: set[tuple[str, ...]] = set()
    for _, _, annotation, path in fields(root, data[file]):
        name = generic(path)
        if name in made or name in FIXED:
            continue
        tried.add(name)
        value: Any = data[file]
        for step in path:
            value = value[step]
        for n, other in enumerate((*alternatives(value, annotation), None)):
            folder = rulesets / f"{len(made)}-{file[0]}-{n}"
            write(folder, {**data, file: changed(data[file], path, other)})
            if content(folder) not in (None, whole):
                made[name] = folder
                break
    assert sorted(tried - made.keys()) == [], "no other value of it makes a ruleset"
    told = differences([(rulesets / "whole", folder) for folder in made.values()])
    assert [name for name, text in zip(made, told, strict=True) if "Различий нет" in text] == []
    titles = {name: titles_to((*head, *name))[-1] for name in made if name not in KEYS and name[-1] != "id"}
    texts = {name: " ".join(text.split()) for name, text in zip(made, told, strict=True)}
    assert [n for n, title in titles.items() if title not in texts[n] and uncapital(title) not in texts[n]] == []


def swapped(text: str, first: str, second: str) -> str:
    """A ruleset with two lines in each other's place."""
    lines = text.splitlines()
    (one,), (other,) = ([n for n, line in enumerate(lines) if start in line] for start in (first, second))
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines) + "\n"


CUES = """
kinds:
  - {id: k-1, phrases: [приказ], examples: [Приказ], counter_examples: [План], weight: 1, origin: proposed}
  - {id: k-2, phrases: [план], examples: [План], counter_examples: [Приказ], weight: 1, origin: proposed}
"""


def test_another_order_is_told(tmp_path: Path) -> None:
    """Stages make the chain in the order of the file, and of cues those that stand first are the surest."""
    old = ruleset_folder(tmp_path / "old", ruleset=MAIN)
    stages = ruleset_folder(tmp_path / "stages", ruleset=swapped(MAIN, "{id: goal,", "{id: order,"))
    for name, text in (("old", CUES), ("cues", swapped(CUES, "k-1", "k-2"))):
        ruleset_folder(tmp_path / name, ruleset=MAIN)
        ruleset_folder(tmp_path / name / "cues", kinds=text)
    ruleset_folder(tmp_path / "stages" / "cues", kinds=CUES)
    of_stages, of_cues = differences([(old, stages), (old, tmp_path / "cues")])
    assert of_stages.splitlines()[2:] == [
        "Звенья управленческого цикла",
        "  order «решение» — стоит на другом месте",
        "    было: после «цель» (goal)",
        "    стало: в начале",
    ]
    assert of_cues.splitlines()[2:] == [
        "Признаки вида документа",
        "  k-2 — стоит на другом месте",
        "    было: после k-1",
        "    стало: в начале",
    ]


LONG = """
about: >-
  Методика проверяет, стоит ли за документами школы управленческий цикл: цели, мониторинги, их анализ, рекомендации,
  мероприятия и решения. Баллы и пороги уровней предложены разработчиками и официально не утверждены, а регион, у
  которого они есть, заменяет их своими и больше ничего не меняет.
"""


IN_PLACES = """\
  Что проверяет методика — изменено
    было: … школы управленческий цикл: цели, мониторинги, их анализ,
      рекомендации, мероприятия и …
    стало: … школы управленческий цикл: цели, мониторинги и анализ,
      рекомендации, мероприятия и …
    было: … официально не утверждены, а регион, у которого они …
    стало: … официально не утверждены, а каждый регион, у которого они …"""
ANOTHER = """\
  Что проверяет методика — изменено
    было: Методика проверяет, стоит ли за документами школы управленческий цикл:
      цели, мониторинги, их анализ, рекомендации, мероприятия и …
    стало: Эта методика ничего не знает о школах и составлена только для того,
      чтобы её сравнивали с …"""
IN_LIST = """\
  tasks «задачи» — изменено: как исправить: шаги по порядку
    было: … одну задачу со сроком одной строкой
    стало: … одну задачу со сроком и с ответственным"""


def test_of_a_long_text_is_told_what_changed_in_it(tmp_path: Path) -> None:
    old = ruleset_folder(tmp_path / "old", ruleset=MAIN + LONG)
    text = LONG.replace("мониторинги, их анализ", "мониторинги и анализ").replace("а регион", "а каждый регион")
    steps = MAIN.replace(
        "steps: [Назовите]",
        "steps: [Назовите, В каждом пункте приказа напишите одну задачу со сроком одной строкой]",
    )
    other = (
        "about: Эта методика ничего не знает о школах и составлена только для того, чтобы её сравнивали с прежней.\n"
    )
    lists = steps.replace("одной строкой", "и с ответственным")
    for name, each in {"new": MAIN + text, "other": MAIN + other, "steps": steps, "lists": lists}.items():
        ruleset_folder(tmp_path / name, ruleset=each)
    pairs = [(old, tmp_path / "new"), (old, tmp_path / "other"), (tmp_path / "steps", tmp_path / "lists")]
    in_places, another, in_list = ("\n".join(text.splitlines()[3:]) for text in differences(pairs))
    assert in_places == IN_PLACES
    assert another == ANOTHER
    assert in_list == IN_LIST
