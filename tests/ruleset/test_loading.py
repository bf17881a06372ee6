"""Loading: inheritance entry by entry, exclusion, and a place for everything that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ruleset.small import MAIN, folder, marked
from vsoko_rules.errors import RulesetError
from vsoko_rules.ruleset.load import available, load, load_folder
from vsoko_rules.workspace.opening import open_ruleset


def test_a_sound_ruleset_loads_with_its_scalars_as_written(tmp_path: Path) -> None:
    ruleset = load_folder(folder(tmp_path, ruleset=MAIN))
    assert (ruleset.id, ruleset.version, ruleset.components) == ("small", "1.10", ("goal", "order"))
    assert [line.id for line in ruleset.lines] == ["A-G-D"]


def test_lists_of_further_files_are_joined(tmp_path: Path) -> None:
    more = "blocks:\n  - {id: V, name: Третий, origin: proposed}\n"
    (tmp_path / "deeper").mkdir()
    folder(tmp_path / "deeper", more=more)
    assert list(load_folder(folder(tmp_path, ruleset=MAIN)).blocks) == ["V", "A", "B"]


def test_a_child_lays_its_entries_over_those_of_the_parent(tmp_path: Path) -> None:
    folder(tmp_path / "small", ruleset=MAIN)
    child = """\
id: child
version: 2
title: Дочерняя
extends: small
blocks:
  - id: B
    name: Второй по-новому
elements:
  - {id: A-D, title: Приказ директора}
  - {id: A-E, block: A, stage: order, title: Ещё приказ, follows: [A-G], origin: derived}
"""
    ruleset = load_folder(folder(tmp_path / "child", ruleset=child))
    assert (ruleset.blocks["B"].name, ruleset.blocks["A"].name) == ("Второй по-новому", "Первый")
    order = ruleset.elements["A-D"]
    assert (order.title, order.follows, order.stage) == ("Приказ директора", ("A-G",), "order")
    assert list(ruleset.elements) == ["A-G", "A-D", "A-E"], "an overlaid entry keeps its place in the order"
    assert [line.id for line in ruleset.lines] == ["A-G-D", "A-G-E"]


def test_after_merging_every_key_still_knows_its_file(tmp_path: Path) -> None:
    parent = folder(tmp_path / "small", ruleset=MAIN) / "ruleset.yml"
    child = folder(
        tmp_path / "child",
        ruleset="id: child\nversion: 2\ntitle: Д\nextends: small\nelements:\n  - {id: A-D, title: Приказ директора}\n",
    )
    place = load_folder(child).source.place
    assert str(place(("elements", 1, "title"))) == f"{child / 'ruleset.yml'}:6:22"
    line = MAIN[: MAIN.index("    follows: [A-G]")].count("\n") + 1
    assert str(place(("elements", 1, "follows"))) == f"{parent}:{line}:5"


def test_a_fault_of_the_child_in_a_key_of_the_parent_names_the_parents_line(tmp_path: Path) -> None:
    parent = folder(tmp_path / "small", ruleset=MAIN) / "ruleset.yml"
    child = folder(
        tmp_path / "child",
        ruleset="id: child\nversion: 2\ntitle: Д\nextends: small\nexclude:\n  - {id: A-G, reason: не нужна}\n",
    )
    with pytest.raises(RulesetError) as raised:
        load_folder(child)
    line = MAIN[: MAIN.index("    follows: [A-G]")].count("\n") + 1
    assert f"{parent}:{line}:15: элемента с таким кодом нет; найдено: «A-G»" in str(raised.value)


def test_exclude_leaves_entries_out_and_is_not_inherited(tmp_path: Path) -> None:
    folder(tmp_path / "small", ruleset=MAIN)
    head = "version: 2\ntitle: Д\n"
    without_b = "id: child\nextends: small\nexclude:\n  - {id: B, reason: В регионе одно направление}\n"
    child = load_folder(folder(tmp_path / "child", ruleset=head + without_b))
    assert (list(child.blocks), child.content.exclude[0].reason) == (["A"], "В регионе одно направление")
    grand = load_folder(folder(tmp_path / "grand", ruleset=head + "id: grand\nextends: child\n"))
    assert (list(grand.blocks), grand.content.exclude) == (["A"], ())


def test_what_a_child_changes_changes_its_digest_and_a_parents_change_changes_it_too(tmp_path: Path) -> None:
    child_text = "id: child\nversion: 2\ntitle: Д\nextends: small\n"
    digests = set()
    for name, parent in (("one", MAIN), ("two", MAIN + "# иначе\n")):
        folder(tmp_path / name / "small", ruleset=parent)
        digests.add(load_folder(folder(tmp_path / name / "child", ruleset=child_text)).sha256)
    assert len(digests) == 2


def test_an_abstract_ruleset_needs_no_scoring_and_a_concrete_one_does(tmp_path: Path) -> None:
    bare = MAIN[: MAIN.index("cycle:")]
    assert load_folder(folder(tmp_path / "a", ruleset=bare + "abstract: true\n")).levels == ()
    with pytest.raises(RulesetError, match="не задано «cycle»"):
        load_folder(folder(tmp_path / "b", ruleset=bare))


FAULTS = [
    pytest.param("  - {id: odd, title", "  - {id: odd, ¶titel", "неизвестный ключ; найдено: «titel»", id="unknown key"),
    pytest.param(
        "  - id: A-D\n    block: A\n    stage: order\n    title: Приказ\n",
        "  - ¶id: A-D\n    block: A\n    stage: order\n",
        "нет обязательного ключа «title»",
        id="missing key",
    ),
    pytest.param(
        "severity: major\n    why: Пуст",
        "severity: ¶grave\n    why: Пуст",
        "значение «requirements.severity» не подходит",
        id="enumeration",
    ),
    pytest.param("at_least: 80", "at_least: ¶восемьдесят", "значение «levels.at_least» не подходит", id="number"),
    pytest.param(
        "[Заполните], effort: 0.1",
        '[Заполните], effort: ¶"0,1"',
        "значение «requirements.mend.effort» не подходит",
        id="decimal comma",
    ),
    pytest.param(
        "block: A\n    stage: order", "block: ¶Z\n    stage: order", "блока с таким кодом нет; найдено: «Z»", id="block"
    ),
    pytest.param(
        "block: A\n    stage: order", "block: A\n    stage: ¶ordre", "звена с таким кодом нет", id="stage of element"
    ),
    pytest.param(
        "requires: {tasks: seed}",
        "requires: {tasks: seed, task: ¶seed}",
        "требования с таким кодом нет",
        id="requirement",
    ),
    pytest.param("{filled: proposed}", "{fill: ¶proposed}", "требования с таким кодом нет", id="requirement of stage"),
    pytest.param("follows: [A-G]", "follows: [¶A-X]", "элемента с таким кодом нет; найдено: «A-X»", id="follows"),
    pytest.param("addressees: [teachers]", "addressees: [¶teacher]", "адресата с таким кодом нет", id="addressee"),
    pytest.param(
        "applies: {counts: [students]}", "applies: {counts: [¶pupils]}", "числа с таким кодом нет", id="count"
    ),
    pytest.param(
        "    sources: [book]\nrules", "    sources: [¶books]\nrules", "источника с таким кодом нет", id="source"
    ),
    pytest.param("advice:\n  - block: A", "advice:\n  - block: ¶Z", "блока с таким кодом нет", id="block of advice"),
    pytest.param("  - id: A-D\n", "  - ¶id: A-G\n", "запись повторяется", id="repeated entry"),
    pytest.param("- document: {document: $d,", "- ¶dokument: {document: $d,", "неизвестное отношение", id="relation"),
    pytest.param("blank: false", "empty: ¶false", "нет такого столбца", id="column"),
    pytest.param("blank: false", "blank: ¶maybe", "значение столбца другого вида", id="column type"),
    pytest.param('"$n < 20"', '¶"$m < 20"', "переменная сравнения не встречается в условиях", id="comparison"),
    pytest.param('"$n < 20"', '¶"$n ~ 20"', "сравнение записано не так", id="comparison sign"),
    pytest.param(
        "then: {meets: {document: $d, element: $e,",
        "¶then: {meets: {document: $d, element: $f,",
        "переменная вывода",
        id="head",
    ),
    pytest.param(
        "    name: Документ заполнен\n",
        "    name: Документ заполнен\n    ¶why: Так надо.\n",
        "правило о требовании не имеет своих слов; найдено: «why»",
        id="texts of a rule on a requirement",
    ),
    pytest.param(
        "  - id: filled-in\n    name: Документ заполнен\n",
        "  - ¶id: odd\n    name: Странно\n    when: [remark: {document: $d, remark: odd}]\n"
        "    then: {warning: {topic: odd, subject: $d}}\n    severity: minor\n    why: Странно.\n"
        "    mend: {steps: [Исправьте], effort: 1}\n    origin: proposed\n"
        "  - id: filled-in\n    name: Документ заполнен\n",
        "в правиле «odd» не задано «example»",
        id="texts of a warning",
    ),
    pytest.param("requirement: filled}}", "requirement: ¶filed}}", "неизвестный код", id="constant of a rule"),
    pytest.param(
        "{id: A, name: Первый,", "{id: A, name: Первый, weight: ¶-2,", "число не меньше 0", id="weight below 0"
    ),
    pytest.param(
        "{id: A, name: Первый, origin: proposed}\n  - {id: B, name: Второй,",
        "{id: A, name: Первый, weight: ¶0, origin: proposed}\n  - {id: B, name: Второй, weight: 0,",
        "вес всех блоков нулевой",
        id="no weight at all",
    ),
    pytest.param("  broken: 0.5", "  broken: ¶-0.5", "число не меньше 0", id="worth below 0"),
    pytest.param("  remarked: 0.9", "  remarked: ¶1.5", "число не больше 1", id="worth above 1"),
    pytest.param(
        "  broken: 0.5",
        "  broken: ¶0.95",
        "число вне шкалы; найдено: «0.95»; ожидалось: не больше, чем remarked (0.9)",
        id="more for a broken line than for a complete one",
    ),
    pytest.param("  complete: 1", "  complete: ¶0", "число больше 0", id="nothing for a complete line"),
    pytest.param("at_least: 80", "at_least: ¶101", "число не больше 100", id="threshold above 100"),
    pytest.param("each_block: 50", "each_block: ¶-1", "число не меньше 0", id="threshold below 0"),
    pytest.param("steps: [Заполните], effort: 0.1", "steps: [Заполните], effort: ¶-1", "не меньше 0", id="effort"),
    pytest.param(
        "findings:\n",
        "samples: {informative: 50, approximate: 20, group: ¶30, origin: proposed}\nfindings:\n",
        "число вне шкалы; найдено: «30»; ожидалось: не больше, чем approximate (20)",
        id="sample sizes out of order",
    ),
    pytest.param(
        "findings:\n",
        "indicator_scoring: {formula: Ф, origin: proposed}\nindicators:\n  - {id: I, block: A, stage: goal, title: П,"
        " unit: '%', earned: {value: {direction: at_least, target: ¶120}}, origin: proposed}\nfindings:\n",
        "цель вне шкалы; найдено: «120»; ожидалось: от 0 до 100",
        id="target beyond its unit",
    ),
    pytest.param(
        "findings:\n",
        "indicator_scoring: {formula: Ф, origin: proposed}\nindicators:\n  - {id: I, block: A, stage: goal, title: П,"
        " earned: {mark: true}, max: ¶0, origin: proposed}\nfindings:\n",
        "число больше 0",
        id="no points for an indicator",
    ),
    pytest.param(
        "  - id: A-D\n    block: A\n",
        "  - id: A-D\n    aliases: [¶A-G]\n    block: A\n",
        "прежний код принадлежит другой записи; найдено: «A-G»",
        id="alias of another element",
    ),
    pytest.param(
        "  - id: tasks\n",
        "  - id: tasks\n    aliases: [¶filled-in]\n",
        "прежний код принадлежит другой записи; найдено: «filled-in»",
        id="alias that is a rule",
    ),
    pytest.param(
        "findings:\n  - {id: break, severity: major, origin: proposed}\n",
        "¶findings:\n",
        "не задано, насколько тяжелы замечания этого вида; ожидалось: break",
        id="finding without a grade",
    ),
    pytest.param(
        "id: bad, title: нет, plural: нет, at_least: 0",
        "¶id: bad, title: нет, plural: нет, at_least: 90",
        "порог уровня не ниже порога лучшего уровня",
        id="levels out of order",
    ),
    pytest.param(
        "id: bad, title: нет, plural: нет, at_least: 0",
        "¶id: bad, title: нет, plural: нет, at_least: 10",
        "последний уровень не охватывает всех остальных школ",
        id="levels leave a gap",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), FAULTS)
def test_every_fault_names_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    text, place = marked(MAIN, old, new)
    with pytest.raises(RulesetError) as raised:
        load_folder(folder(tmp_path, ruleset=text))
    found = [str(problem) for problem in raised.value.problems]
    expected = f"{tmp_path / 'ruleset.yml'}:{place}: "
    assert any(problem.startswith(expected) and message in problem for problem in found), (expected, found)


def test_elements_in_a_circle_are_refused(tmp_path: Path) -> None:
    text, place = marked(MAIN, "    title: Цель\n", "    title: Цель\n    ¶follows: [A-D]\n")
    with pytest.raises(RulesetError, match="по кругу") as raised:
        load_folder(folder(tmp_path, ruleset=text))
    assert "A-D → A-G → A-D" in str(raised.value)
    assert f"{tmp_path / 'ruleset.yml'}:" in str(raised.value)
    assert place


def test_an_element_of_another_block_cannot_be_followed(tmp_path: Path) -> None:
    other = "  - {id: B-D, block: B, stage: order, title: Приказ, follows: [¶A-G], origin: proposed}\nrules:"
    text, place = marked(MAIN, "rules:", other)
    with pytest.raises(RulesetError, match=f"{place}: элемент другого блока"):
        load_folder(folder(tmp_path, ruleset=text))


def test_several_faults_are_told_at_once(tmp_path: Path) -> None:
    text = MAIN.replace("follows: [A-G]", "follows: [X]").replace("addressees: [teachers]", "addressees: [x]")
    with pytest.raises(RulesetError) as raised:
        load_folder(folder(tmp_path, ruleset=text))
    assert len(raised.value.problems) == 2


def test_a_key_stated_in_two_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesetError, match=r"ruleset\.yml:3:1: ключ уже задан в другом файле методики"):
        load_folder(folder(tmp_path, ruleset=MAIN, a="title: Другое название\n"))


def test_a_parent_that_is_not_there(tmp_path: Path) -> None:
    text, place = marked("id: c\nextends: core2\n", "extends: core2", "extends: ¶core2")
    with pytest.raises(RulesetError, match=f":{place}: нет такой методики; найдено: «core2»"):
        load_folder(folder(tmp_path, ruleset=text))


def test_rulesets_that_extend_each_other(tmp_path: Path) -> None:
    folder(tmp_path / "a", ruleset="id: a\nextends: b\n")
    folder(tmp_path / "b", ruleset="id: b\nextends: a\n")
    with pytest.raises(RulesetError, match="опирается сама на себя"):
        load_folder(tmp_path / "a")


def test_a_folder_without_a_ruleset(tmp_path: Path) -> None:
    with pytest.raises(RulesetError, match="нет такой методики"):
        load(str(tmp_path / "nowhere"))


def test_shipped_rulesets_load_and_abstract_ones_are_not_offered() -> None:
    assert "bashkortostan-2022" in available()
    assert "core" not in available()
    for name in available():
        assert load(name).id == name


@pytest.mark.parametrize("name", ["bashkortostan-2022", "core"])
def test_a_folder_of_a_shipped_name_is_never_taken_for_the_shipped_ruleset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Neither where the program is started nor beside a ruleset that extends the shipped one."""
    folder(tmp_path / name, ruleset=MAIN)
    child = folder(tmp_path / "child", ruleset=f"id: child\nversion: 2\ntitle: Д\nextends: {name}\n")
    monkeypatch.chdir(tmp_path)
    assert open_ruleset("bashkortostan-2022").id == "bashkortostan-2022"
    assert "B1-M02" in open_ruleset(child).elements
    assert open_ruleset(f"./{name}").id == "small", "by a path one's own folder is meant"


@pytest.mark.parametrize(
    "line",
    [
        *(
            f"{key}: {value}"
            for key in ("exclude", "select", "replaces", "id", "extends")
            for value in ("{a: b}", "[[a], {b: c}, null]")
        ),
        "exclude: [{id: [a], reason: Нет}]",
        "select: [{part: [x], ids: [[a], {b: c}]}]",
        "elements: [{id: [a]}, {id: {b: c}}, {id: ''}]",
        "advice: [{block: [a], stage: {b: c}}]",
        "levels: [{id: [a], at_least: {b: c}}]",
        f"extends: {'a' * 3_000}",
        "extends: /dev",
        "extends: ../../../../dev",
        'extends: "a\\0b"',
    ],
)
def test_what_is_no_name_where_one_is_asked_is_an_error_with_its_place(tmp_path: Path, line: str) -> None:
    whole = {"id": "x", "version": "1", "title": "Т", "extends": "core"}
    kept = [f"{key}: {value}" for key, value in whole.items() if not line.startswith(f"{key}:")]
    with pytest.raises(RulesetError) as caught:
        load_folder(folder(tmp_path, ruleset="\n".join([line, *kept]) + "\n"))
    assert all(problem.place.line for problem in caught.value.problems)
