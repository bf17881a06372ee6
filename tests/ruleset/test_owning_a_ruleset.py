"""Telling versions apart, freezing what was published, selecting and excluding, and lists from spreadsheets."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import openpyxl
import pytest

from vsoko_rules.errors import InputError, RulesetError
from vsoko_rules.ruleset import merge
from vsoko_rules.ruleset.differences import Happened, RulesetChange, coded, diff
from vsoko_rules.ruleset.load import load, load_folder
from vsoko_rules.ruleset.merge import STABILITY_FILE
from vsoko_rules.ruleset.own import columns, import_indicators, skeleton
from vsoko_rules.ruleset.review import review
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.ruleset.schema import titles_to
from vsoko_rules.ruleset.versions import broken_promises, freeze
from vsoko_rules.workspace.rulesets import diff_text, differences

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
    assert (coded(level.before), coded(level.after)) == ("85", "90")


def test_what_changed_is_told_by_the_names_that_fields_have() -> None:
    """Every key has one: `test_schema.py` holds that."""
    before, after, found = differences("bashkortostan-2022", "tver-2022")
    text = diff_text(before, after, found)
    assert "B1 «Система оценки качества подготовки обучающихся» — изменено: о чём документ по всему блоку" in text
    assert "По чему присваивается уровень — изменено" in text
    assert titles_to(["elements", "applies"]) == ["Ожидаемые элементы", "Когда применяется"]


CHANGED = """
year: {begins: 09-01, opens: 08-25, origin: proposed}
mended_by: teachers
stages:
  - {id: goal, across_blocks: true, effort: 0.5, kinds: [order, plan], requires: {published: seed, target: seed}}
requirements: [{id: filled, grade: remark, given_by: holds}]
elements:
  - {id: B1-M02, stage: analysis, variants: [{when: {levels: [СОО]}, addressees: [teachers], origin: seed}]}
  - {id: B1-A01, follows: [B1-M01, B1-M02], applies: {levels: [СОО]}}
  - {id: B1-G01, variants: [{when: {levels: [НОО]}, addressees: [teachers], origin: seed}]}
rules:
  - id: firm-conclusion-under-20
    when: [{remark: {document: $d, remark: firm_conclusion}}, {document: {document: $d, sample: $n}}]
    where: ["$n < 30"]
findings: [{id: break, severity: minor}]
calendar: [{stage: analysis, due: 06-20}]
advice: [{block: B1, stage: analysis, signs: Директор}]
step_over: [{id: B3-A01, reason: Так решено}]
exclude: [{id: B6-T13, reason: Не нужен}]
levels: [{id: formed, needs: [B1-D01]}]
"""
TOLD = """
  Кто исправляет — изменено
    было: «администрация школы» (administration)
    стало: «учителя» (teachers)
  Начало учебного года: …документы засчитываются с этого дня — изменено
    было: 08-20
    стало: 08-25
  goal «цель» — изменено: один документ на несколько блоков
    было: нет
    стало: да
  goal «цель» — изменено: трудоёмкость
    было: 1
    стало: 0,5
  goal «цель» — изменено: какие виды документов подходят
    было: не задано
    стало:
      — «приказ» (order)
      — «план» (plan)
  goal «цель» — изменено: требования ко всем элементам звена
    убрано:
      — «заполненный текст без пропусков» (filled): «предложено» (proposed)
      — «свой адрес» (own_address): «предложено» (proposed)
    стало: «измеримое целевое значение» (target): «по документу» (seed)
  filled «заполненный текст без пропусков» — изменено: насколько необходимо
    было: «без этого разрывается линия» (breaks)
    стало: «без этого будет замечание» (remark)
  filled «заполненный текст без пропусков» — изменено: откуда видно
    было: «документ заполнен» (blank)
    стало: «перечислено в документе под ключом holds» (holds)
  B1-M02 «Мониторинг результатов ВПР» — изменено: код звена
    было: «мониторинг» (monitoring)
    стало: «анализ» (analysis)
  B1-A01 «Анализ результатов мониторинга качества подготовки» — изменено: на что опирается
    убрано:
      — «Мониторинг функциональной грамотности» (B1-M03)
      — «Мониторинг результатов ГИА» (B1-M04)
    стало: происхождение: «по документу» (seed); условие: {levels}; адресаты: «учителя» (teachers)
  firm-conclusion-under-20 «Категоричный вывод сделан по выборке меньше 20 человек» — изменено: условия
    убрано: document: {document: $d, sized: true, sample: $n}
    добавлено: document: {document: $d, sample: $n}
  firm-conclusion-under-20 «Категоричный вывод сделан по выборке меньше 20 человек» — изменено: сравнения
    убрано: $n < 20
    добавлено: $n < 30
  break «линия прервалась» — изменено: тяжесть
    было: «существенное» (major)
    стало: «несущественное» (minor)
  analysis «анализ» — изменено: до какого дня
  B1 analysis «Система оценки качества подготовки обучающихся, анализ» — изменено: кто подписывает
  B3-A01 «Анализ результатов мониторинга работы с одарёнными обучающимися» — добавлено
  formed «сформирована» — изменено: что должно быть в любом случае
    добавлено: «Приказ директора по итогам оценки качества подготовки» (B1-D01)
"""


def test_what_changed_is_told_as_people_read_it(tmp_path: Path) -> None:
    """Every code by its name, with the code that one edits beside it."""
    before, after = load("tver-2022"), own(tmp_path / "own", "indicator_counts: {}" + CHANGED)
    senior = "есть хотя бы один из уровней: «среднее общее образование, 10–11-е классы» (СОО)"
    lines = diff_text(before, after, diff(before, after)).replace("\xa0", " ").splitlines()
    assert [line for line in TOLD.replace("{levels}", senior).splitlines() if line not in lines] == []


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
