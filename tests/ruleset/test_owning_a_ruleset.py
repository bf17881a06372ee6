"""Telling versions apart, freezing what was published, selecting and excluding, and lists from spreadsheets."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import openpyxl
import pytest

from vsoko_rules.errors import InputError, RulesetError
from vsoko_rules.ruleset import merge
from vsoko_rules.ruleset.load import load, load_folder
from vsoko_rules.ruleset.merge import STABILITY_FILE
from vsoko_rules.ruleset.own import columns, import_indicators, skeleton
from vsoko_rules.ruleset.review import review
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.ruleset.versions import Happened, RulesetChange, broken_promises, diff, freeze

HEAD = "id: own\nversion: '1'\ntitle: Своя\nextends: tver-2022\n"


def own(folder: Path, text: str = "", version: str = "1") -> Ruleset:
    folder.mkdir(exist_ok=True)
    (folder / "ruleset.yml").write_text(HEAD.replace("'1'", f"'{version}'") + text, encoding="utf-8")
    return load_folder(folder)


def changes(found: tuple[RulesetChange, ...], happened: Happened) -> set[tuple[str, str | None]]:
    return {(c.code, c.field) for c in found if c.happened is happened}


def test_a_ruleset_does_not_differ_from_itself() -> None:
    assert diff(load("tver-2022"), load("tver-2022")) == ()


def test_changes_are_told_entry_by_entry_and_field_by_field(tmp_path: Path) -> None:
    text = """
elements:
  - {id: B1-M02, title: Мониторинг ВПР по-новому}
  - {id: N-01, block: B1, stage: rationale, title: Новое, origin: proposed, aliases: [B1-R01]}
exclude: [{id: B6-T13, reason: Не нужен}, {id: B1-R01, reason: Заменено}]
levels: [{id: formed, at_least: 90}]
"""
    found = diff(load("tver-2022"), own(tmp_path / "own", "indicator_counts: {}" + text))
    assert ("B1-M02", "title") in changes(found, Happened.CHANGED)
    assert ("formed", "at_least") in changes(found, Happened.CHANGED)
    assert ("N-01", None) in changes(found, Happened.RENAMED)
    assert ("B6-T13", None) in changes(found, Happened.REMOVED)
    level = next(c for c in found if c.field == "at_least")
    assert (level.before, level.after) == ("85", "90")


def levels(ruleset: Ruleset) -> list[tuple[str, str]]:
    return [(level.id, str(level.at_least)) for level in ruleset.levels]


def test_a_region_inserts_a_level_at_its_place(tmp_path: Path) -> None:
    middle = "{id: almost, title: почти, plural: почти, at_least: 70, origin: proposed}"
    best = "{id: best, title: лучше всех, plural: лучшие, at_least: 95, each_block: 90, origin: proposed}"
    found = own(tmp_path / "own", f"levels: [{middle}, {{id: partly, at_least: 45}}, {best}]")
    expected = [("best", "95"), ("formed", "85"), ("almost", "70"), ("partly", "45"), ("not_formed", "0")]
    assert levels(found) == expected


def test_a_level_that_overtakes_a_better_one_is_not_moved_but_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesetError, match="порог уровня не ниже порога лучшего уровня"):
        own(tmp_path / "own", "levels: [{id: partly, at_least: 85}]")


def test_a_region_replaces_all_levels(tmp_path: Path) -> None:
    rows = "{id: yes, title: да, plural: да, at_least: 60, origin: proposed}, "
    rows += "{id: no, title: нет, plural: нет, at_least: 0, origin: proposed}"
    assert levels(own(tmp_path / "own", f"replaces: [levels]\nlevels: [{rows}]")) == [("yes", "60"), ("no", "0")]


def test_selecting_keeps_only_what_is_named(tmp_path: Path) -> None:
    text = "indicator_counts: {}\nselect: [{part: indicators, ids: [B1-M02, B6-T13], reason: Проба}]\n"
    assert list(own(tmp_path / "own", text).indicators) == ["B1-M02", "B6-T13"]


@pytest.mark.parametrize(
    "text", ["exclude: [{id: B9-X, reason: Нет}]", "select: [{part: indicators, ids: [B9-X], reason: Нет}]"]
)
def test_what_the_parent_does_not_have_cannot_be_left_out(tmp_path: Path, text: str) -> None:
    with pytest.raises(
        RulesetError, match=r"ruleset.yml:5:\d+: в родительской методике нет такого кода; найдено: «B9-X»"
    ):
        own(tmp_path / "own", text)


def test_a_lost_row_of_the_list_does_not_load(tmp_path: Path) -> None:
    with pytest.raises(RulesetError, match="в блоке B1 другое число показателей; найдено: «19»; ожидалось: 20"):
        own(tmp_path / "own", "exclude: [{id: B1-E01, reason: Нет}]")


def frozen(folder: Path, text: str = "") -> Path:
    (folder / STABILITY_FILE).write_text(freeze(own(folder, text)), encoding="utf-8")
    return folder


def test_what_was_published_keeps_its_meaning(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    frozen(folder)
    assert list(broken_promises(own(folder))) == []
    renamed = "elements: [{id: B1-M02, title: Совсем другое}]"
    (promise,) = broken_promises(own(folder, renamed))
    assert ("сменил смысл" in promise.message, promise.found) == (True, "Совсем другое")
    assert promise in review(own(folder, renamed))
    assert list(broken_promises(own(folder, renamed, version="2"))) == []


def test_a_published_code_may_go_only_by_leaving_an_alias(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    frozen(folder, "elements: [{id: OLD-1, block: B1, stage: rationale, title: Старое, origin: proposed}]")
    (lost,) = broken_promises(own(folder, version="2"))
    assert ("пропал" in lost.message, lost.found) == (True, "OLD-1")
    successor = "elements: [{id: NEW-1, aliases: [OLD-1], block: B1, stage: rationale, title: Новое, origin: proposed}]"
    assert list(broken_promises(own(folder, successor, version="2"))) == []


def test_the_stability_file_is_no_part_of_what_a_ruleset_says(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    before = own(folder).sha256
    frozen(folder)
    assert own(folder).sha256 == before


@pytest.mark.parametrize(("old", "new"), [(b"\n", b"\r\n"), (b"id: own", b"\xef\xbb\xbfid: own")])
def test_a_ruleset_is_the_same_whatever_its_line_ends(tmp_path: Path, old: bytes, new: bytes) -> None:
    """Git writes files with CRLF on Windows: results made there and elsewhere are by one ruleset."""
    folder = tmp_path / "own"
    before = own(folder, "elements: [{id: B1-M02, title: Мониторинг}]\n")
    main = folder / "ruleset.yml"
    main.write_bytes(main.read_bytes().replace(old, new))
    assert load_folder(folder).sha256 == before.sha256
    main.write_bytes(main.read_bytes().replace("Мониторинг".encode(), "Мониторинги".encode()))
    assert load_folder(folder).sha256 != before.sha256


def test_slips_of_an_own_ruleset_are_found_whatever_divides_its_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows places name files with backslashes."""
    monkeypatch.setattr(merge, "shown", lambda path: str(PureWindowsPath(path)))
    assert "правило не может сработать ни у одной школы; dead" in remarks(tmp_path / "own", RULE)


@pytest.mark.parametrize("name", ["core", "bashkortostan-2022", "tver-2022"])
def test_shipped_rulesets_stand_the_review(name: str) -> None:
    assert review(load(name)) == ()


def remarks(folder: Path, text: str) -> list[str]:
    return [f"{r.message}; {r.found}" for r in review(own(folder, text))]


RULE = """
rules:
  - id: dead
    name: Мёртвое
    when: [{credited: {document: $d, element: $e}}, {element: {element: $e, block: C, stage: order}}]
    then: {warning: {topic: dead, subject: $d}}
    severity: minor
    why: Никогда
    mend: {steps: [Удалите], effort: 1}
    example: Нет
    origin: proposed
"""


LONELY = """
requirements:
  - {id: lonely, title: т, ask: т, given_by: number, fault: Нет, severity: minor, why: Надо, origin: proposed,
     mend: {steps: [Сделайте], effort: 1}, example: Вот}
"""
NEEDED = LONELY + "elements: [{id: B1-M02, requires: {lonely: proposed}}]\n"


def element(rest: str) -> str:
    return f"elements: [{{id: E-1, block: B1, title: Т, {rest}}}]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RULE, "правило не может сработать ни у одной школы; dead"),
        (element("stage: order, origin: proposed"), "элемент не стоит ни на одной линии; E-1"),
        (element("stage: rationale, origin: seed"), "не назван источник утверждения «seed»; None"),
        (
            element("stage: rationale, origin: public, sources: [own]") + "sources: [{id: own, title: Без адреса}]",
            "открытый источник назван без адреса; own",
        ),
        (LONELY, "требование нигде не используется; lonely"),
        (NEEDED, "нет правила, которое засчитывает требование; lonely"),
        (
            NEEDED
            + "replaces: [indicators]\nindicator_counts: {}\nindicators:\n"
            + "  - {id: I-1, block: B1, stage: order, title: Т, origin: proposed, earned: {element: B1-M02}}\n",
            "показатель невозможно получить; I-1",
        ),
    ],
)
def test_the_review_finds(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in remarks(tmp_path / "own", text)


def test_a_skeleton_loads_as_it_is(tmp_path: Path) -> None:
    for name, text in skeleton(load("tver-2022"), "moya").items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    new = load_folder(tmp_path)
    assert (new.id, len(new.indicators)) == ("moya", 189)


def table(path: Path, *rows: dict[str, str]) -> Path:
    book = openpyxl.Workbook()
    heads = [column.heading for column in columns()]
    book.worksheets[0].append(["Показатели области"])
    book.worksheets[0].append(heads)
    for row in rows:
        book.worksheets[0].append([row.get(head) for head in heads])
    book.save(path)
    return path


ROW = {
    "Код": "O-1",
    "Блок": "B1",
    "Звено": "Показатель",
    "Показатель": "Доля",
    "Сравнение": "не больше",
    "Цель": "2.5",
    "Происхождение": "предложено",
}


def test_a_list_comes_in_from_a_spreadsheet(tmp_path: Path) -> None:
    text = import_indicators(
        table(tmp_path / "t.xlsx", ROW, {**ROW, "Код": "O-2", "Уровни": "НОО, СОО"}), load("tver-2022")
    )
    folder = tmp_path / "own"
    own(folder)
    (folder / "indicators.yml").write_text(text, encoding="utf-8")
    found = load_folder(folder).indicators
    assert list(found) == ["O-1", "O-2"]
    value = found["O-1"].earned.value
    assert value is not None
    assert (value.direction.value, str(value.target)) == ("at_most", "2.5")
    assert [level.value for level in found["O-2"].applies.levels] == ["НОО", "СОО"]


def test_a_list_is_read_as_a_form_is_read(tmp_path: Path) -> None:
    """Decimal commas, several levels divided by a semicolon, a percent cell, yes as people write it."""
    rows = [
        {**ROW, "Цель": "82,5", "Уровни": "НОО; ООО"},
        {**ROW, "Код": "O-2", "Цель": "75 %", "Отметка": "+"},
        {**ROW, "Код": "O-3"},
    ]
    path = table(tmp_path / "t.xlsx", *rows)
    book = openpyxl.load_workbook(path)
    cell = book.worksheets[0].cell(5, [column.key for column in columns()].index("earned.value.target") + 1)
    cell.value, cell.number_format = 0.75, "0%"
    book.save(path)
    text = import_indicators(path, load("tver-2022"))
    folder = tmp_path / "own"
    own(folder)
    (folder / "indicators.yml").write_text(text, encoding="utf-8")
    found = list(load_folder(folder).indicators.values())
    assert [str(i.earned.value.target) for i in found if i.earned.value is not None] == ["82.5", "75", "75"]
    assert [level.value for level in found[0].applies.levels] == ["НОО", "ООО"]
    assert found[1].earned.mark


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        ({"Уровни": "HOO"}, "G3"),
        ({"Звено": "показател"}, "C3"),
        ({"Блок": "B9"}, "B3"),
        ({"Документ": "B1-M99"}, "H3"),
        ({"Цель": "много"}, "J3"),
        ({"Происхождение": ""}, "N3"),
        ({"Код": "две части"}, "A3"),
        ({"Сравнение": "", "Цель": ""}, "H3"),
    ],
)
def test_what_does_not_fit_is_named_by_its_cell(tmp_path: Path, change: dict[str, str], cell: str) -> None:
    with pytest.raises(InputError, match=f"ячейка {cell}: "):
        import_indicators(table(tmp_path / "t.xlsx", {**ROW, **change}), load("tver-2022"))


def test_a_sheet_without_the_headings_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "t.xlsx")
    with pytest.raises(InputError, match="не найдена таблица показателей"):
        import_indicators(tmp_path / "t.xlsx", load("tver-2022"))


def test_a_new_name_without_a_phrase_is_noticed(tmp_path: Path) -> None:
    text = (
        "elements: [{id: B1-M02, title: Мониторинг работ}]\nblocks: [{id: B2, name: Трудности, subject: по трудностям}]"
    )
    ruleset = own(tmp_path / "own", text)
    assert ruleset.elements["B1-M02"].subject is None
    assert ruleset.elements["B1-M02"].point is None
    (notice,) = review(ruleset)
    assert str(notice).startswith(str(tmp_path / "own" / "ruleset.yml:5:"))
    assert "ожидалось: ключ subject" in str(notice)
