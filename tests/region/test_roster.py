"""Schools and people from a spreadsheet: what is understood, what is not, and that nothing is taken by half."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from tests.region.tables import (
    COUNTS,
    NOO,
    OOO,
    PEOPLE,
    PERSON_HEADS,
    SCHOOL_HEADS,
    SCHOOLS,
    SOO,
    book,
    person_rows,
    previewed,
    school_rows,
)
from vsoko_rules.errors import InputError
from vsoko_rules.region.region_records import RegionPerson, RegionRole, RegionSchool
from vsoko_rules.region.roster import read_roster
from vsoko_rules.region.roster_book import roster_book
from vsoko_rules.region.roster_preview import RosterChanges, RosterPreview, RosterState


def told(preview: RosterPreview) -> list[str]:
    return [str(problem).removeprefix("таблица.xlsx, ").replace("\u00a0", " ") for problem in preview.problems]


def noticed(preview: RosterPreview) -> list[str]:
    return [str(notice).removeprefix("таблица.xlsx, ").replace("\u00a0", " ") for notice in preview.notices]


def stored(
    changes: RosterChanges, schools: Sequence[RegionSchool] = (), people: Sequence[RegionPerson] = ()
) -> tuple[list[RegionSchool], list[RegionPerson]]:
    """What a study has when the changes are made."""
    of_schools = {s.code: s for s in (*schools, *changes.new_schools, *changes.changed_schools)}
    of_people = {(p.login, p.role): p for p in people}
    for person in changes.changed_people:  # who has one role has another one in its place
        own = [key for key in of_people if key[0] == person.login]
        if (person.login, person.role) not in of_people and len(own) == 1:
            del of_people[own[0]]
    of_people |= {(p.login, p.role): p for p in (*changes.new_people, *changes.changed_people)}
    return list(of_schools.values()), list(of_people.values())


def test_schools_and_people_are_read() -> None:
    preview = previewed(
        {
            "Список школ": [
                ["Школы региона"],
                ["№", "Район", "Код", "Наименование", "Количество обучающихся", "Уровни", "Контроль"],
                [1, "Заречный район", "zar-1", "Заречная СОШ", "410 чел.", "НОО; ООО; СОО", "да"],
                [],
                [2, "Озёрный округ", "oz-1", "Озёрная  ООШ", None, "ноо, ооо", None],
            ],
            "Сотрудники": [
                ["Роль", "Ф.И.О.", "Почта", "Муниципалитет", "Школа", "Свой муниципалитет"],
                ["Эксперт", "Иволгина Анна Примеровна", "Ivolgina@centre.example", None, None, "заречный район"],
                ["методист", "Соснин Борис Примерович", "sosnin@centre.example", "Озерный округ; Заречный район"],
                ["Директор", "Липина Вера Примеровна", "zar1@school.example", None, "Заречная СОШ"],
                ["центр", "Дубов Глеб Примерович", "dubov@centre.example"],
            ],
        }
    )
    assert told(preview) == []
    changes = preview.accepted()
    assert changes.new_schools == (
        SCHOOLS[0],
        RegionSchool("oz-1", "Озёрная ООШ", "Озёрный округ", (NOO, OOO)),
    )
    assert changes.new_people == (
        RegionPerson(
            "ivolgina@centre.example",
            "Иволгина Анна Примеровна",
            RegionRole.EXPERT,
            home_municipalities=("Заречный район",),
        ),
        RegionPerson(
            "sosnin@centre.example",
            "Соснин Борис Примерович",
            RegionRole.METHODIST,
            ("Заречный район", "Озёрный округ"),
        ),
        RegionPerson("zar1@school.example", "Липина Вера Примеровна", RegionRole.SCHOOL, school="zar-1"),
        RegionPerson("dubov@centre.example", "Дубов Глеб Примерович", RegionRole.CENTRE),
    )
    assert changes.new_municipalities == ("Заречный район", "Озёрный округ")
    assert noticed(preview) == ["лист «Список школ», ячейка A2: столбец «№» не нужен и пропущен."]
    assert [(table.kind, table.sheet, table.ignored) for table in preview.tables] == [
        ("school", "Список школ", ("№",)),
        ("person", "Сотрудники", ()),
    ]
    assert [(c.key, c.found, c.heading) for c in preview.tables[0].columns][:2] == [
        ("municipality", "Район", "Муниципалитет"),
        ("code", "Код", "Код школы"),
    ]


def test_a_login_may_be_headed_as_pages_call_it() -> None:
    heads, row = ["ФИО", "Имя для входа", "Роль"], ["Дубов Глеб Примерович", "dubov", "центр"]
    preview = previewed({"Люди": [heads, row]})
    assert told(preview) == []
    assert preview.accepted().new_people == (RegionPerson("dubov", "Дубов Глеб Примерович", RegionRole.CENTRE),)


def test_headings_that_are_nearly_right_are_understood_and_told() -> None:
    preview = previewed(
        school_rows(
            ["zar-1", "Заречная СОШ", "Заречный район", "НОО", 5],
            heads=["Код школы", "Назание школы", "Муницыпалитет", "Уровни образования", "Количество отстающих"],
        )
    )
    assert noticed(preview) == [
        "лист «Школы», ячейка B1: столбец «Назание школы» понят как «Название школы».",
        "лист «Школы», ячейка C1: столбец «Муницыпалитет» понят как «Муниципалитет».",
        "лист «Школы», ячейка E1: столбец «Количество отстающих» не нужен и пропущен.",
    ]
    assert preview.accepted().new_schools[0].municipality == "Заречный район"


def test_headings_that_are_not_near_enough_are_passed_over() -> None:
    """Numbers of persons differ by little, and of two headings that are nearly one the first is it."""
    heads = [
        "Код школы",
        "Название школы",
        "Муницыпалитет",
        "Муниципалитт",
        "Уровни образования",
        "Количество обучающихс",
    ]
    preview = previewed(school_rows(["zar-1", "Заречная СОШ", "Заречный район", "?", "НОО", 5], heads=heads))
    assert preview.tables[0].ignored == ("Муниципалитт", "Количество обучающихс")
    assert preview.accepted().new_schools == (RegionSchool("zar-1", "Заречная СОШ", "Заречный район", (NOO,)),)


def test_what_is_not_seen_and_the_case_of_logins_make_no_difference() -> None:
    sheets = {
        **school_rows(["zar\u200b-1", "Заречная\u00a0 СОШ", "Заречный район", "НОО; ООО; СОО", "да"]),
        **person_rows(["Иволгина Анна Примеровна", "Ivolgina", "эксперт"], heads=PERSON_HEADS[:3]),
    }
    assert previewed(sheets, SCHOOLS, PEOPLE).accepted() == RosterChanges(unchanged=2)


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        (0, None, "A2: не заполнено поле «Код школы»."),
        (0, "zar 1", "A2: это не код школы; найдено: «zar 1»; ожидалось: до 80 знаков без пробелов"),
        (1, None, "B2: не заполнено поле «Название школы»."),
        (1, "Ш" * 301, "B2: слишком длинно; найдено: «ШШ"),
        (2, " ", "C2: не заполнено поле «Муниципалитет»."),
        (3, None, "D2: не заполнено поле «Уровни образования»."),
        (3, "НОО; СРО", "D2: неизвестное слово; найдено: «СРО»; ожидалось: одно из: НОО; ООО; СОО"),
        (4, "наверное", "E2: ячейка заполнена не так; найдено: «наверное»; ожидалось: да или нет."),
        (4, "#N/A", "E2: в ячейке ошибка: таблица не смогла посчитать значение; найдено: «#N/A»"),
        (5, "много", "F2: ячейка заполнена не так; найдено: «много»; ожидалось: целое число."),
        (5, -4, "F2: это не численность; найдено: «-4»; ожидалось: целое число от 0."),
        (5, "7,5", "F2: ячейка заполнена не так; найдено: «7,5»; ожидалось: целое число."),
    ],
)
def test_a_wrong_cell_of_a_school_is_one_problem_and_nothing_is_taken(column: int, cell: object, expected: str) -> None:
    row: list[object] = ["zar-1", "Заречная СОШ", "Заречный район", "НОО; ООО", "да", 410]
    row[column] = cell
    heads = [*SCHOOL_HEADS, "Количество обучающихся"]
    sound = ["oz-1", "Озёрная ООШ", "Озёрный округ", "НОО", None, None]
    preview = previewed(school_rows(row, sound, heads=heads))
    (problem,) = told(preview)
    assert problem.startswith(f"лист «Школы», ячейка {expected}")
    assert [entry.state for entry in preview.entries] == [RosterState.WRONG, RosterState.NEW]
    assert preview.entries[0].record is None
    with pytest.raises(InputError):
        preview.accepted()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ([None, "sosnin", "центр"], "A2: не заполнено поле «ФИО»."),
        (["Соснин Б. П.", None, "центр"], "B2: не заполнено поле «Логин»."),
        (["Соснин Б. П.", "сoснин", "центр"], "B2: это не логин; найдено: «сoснин»"),
        (["Соснин Б. П.", "sos nin", "центр"], "B2: это не логин; найдено: «sos nin»"),
        (["Соснин Б. П.", "sosnin", None], "C2: не заполнено поле «Роль»."),
        (["Соснин Б. П.", "sosnin", "начальник"], "C2: неизвестное слово; найдено: «начальник»"),
        (
            ["Соснин Б. П.", "sosnin", "методист"],
            "D2: не сказано, чьи школы видит методист; ожидалось: муниципалитет в",
        ),
        (["Соснин Б. П.", "sosnin", "методист", "Лесной район"], "D2: такого муниципалитета нет; найдено: «Лесной"),
        (
            ["Соснин Б. П.", "sosnin", "школа"],
            "E2: не сказано, чья это учётная запись; ожидалось: школа в столбце «Шко",
        ),
        (
            ["Соснин Б. П.", "sosnin", "школа", None, "zar-2"],
            "E2: такой школы нет; найдено: «zar-2»; ожидалось: код или",
        ),
        (["Соснин Б. П.", "sosnin", "школа", None, "zar-1; oz-1"], "E2: у учётной записи школы — одна школа"),
        (["Соснин Б. П.", "sosnin", "эксперт", None, None, "Лесной район"], "F2: такого муниципалитета нет"),
        (["Соснин Б. П.", "sosnin", "эксперт", None, None, None, "les-1"], "G2: такой школы нет; найдено: «les-1»"),
    ],
)
def test_a_wrong_cell_of_a_person_is_one_problem(row: list[object], expected: str) -> None:
    preview = previewed(person_rows([*row, *[None] * (7 - len(row))]), SCHOOLS)
    (problem,) = told(preview)
    assert problem.startswith(f"лист «Люди», ячейка {expected}")
    assert preview.count("person", RosterState.WRONG) == 1


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    preview = previewed(person_rows(["Соснин Б. П.", "sosnin", "методист", "Заречный райoн"]), SCHOOLS)
    assert "Похожие буквы другого алфавита" in told(preview)[0]
    preview = previewed(person_rows(["Соснин Б. П.", "sosnin", "школа", None, "zar-11"]), SCHOOLS)
    assert told(preview)[0].endswith("Возможно, имелось в виду «zar-1».")


def test_codes_and_logins_stand_once() -> None:
    school = ["zar-1", "Заречная СОШ", "Заречный район", "НОО"]
    person = ["Дубов Г. П.", "dubov", "центр"]
    preview = previewed(
        {
            "Север": [SCHOOL_HEADS, school],
            "Юг": [SCHOOL_HEADS, school],
            "Люди": [PERSON_HEADS, person, ["Дубов Г. П.", "Dubov", "центр"]],
        }
    )
    assert told(preview) == [
        (
            "лист «Юг», ячейка A2: код школы повторяется; найдено: «zar-1»; ожидалось: один раз; впервые — "
            "таблица.xlsx, лист «Север», ячейка A2."
        ),
        (
            "лист «Люди», ячейка B3: логин повторяется; найдено: «dubov»; ожидалось: один раз; впервые — "
            "таблица.xlsx, лист «Люди», ячейка B2."
        ),
    ]


TWO_TOWNS = school_rows(
    ["zar-1", "Заречная СОШ", "Заречный район", "НОО"], ["pri-1", "Приозёрская СОШ", "Приозёрский округ", "НОО"]
)


def test_a_person_may_have_two_roles_and_places_in_two_rows() -> None:
    rows: list[list[str | None]] = [
        ["Дубов Г. П.", "dubov", "методист", "Заречный район"],
        ["Дубов Г. П.", "dubov", "эксперт", None, None, "Заречный район"],
        ["Дубов Г. П.", "Dubov", "эксперт", None, None, "Приозёрский округ"],
    ]
    preview = previewed({**TWO_TOWNS, **person_rows(*rows)})
    assert told(preview) == []
    people = {p.role: p for p in preview.accepted().new_people}
    assert people[RegionRole.METHODIST].municipalities == ("Заречный район",)
    assert people[RegionRole.EXPERT].home_municipalities == ("Заречный район", "Приозёрский округ")
    assert len(preview.accepted().new_people) == 2
    assert any("строка добавлена к строке того же человека" in each for each in noticed(preview))
    schools, stated = stored(preview.accepted())
    again = previewed({**TWO_TOWNS, **person_rows(*rows)}, schools, stated)
    assert {entry.state for entry in again.entries} == {RosterState.UNCHANGED}
    written = read_roster(roster_book(COUNTS, schools, stated), "таблица.xlsx", COUNTS, schools, stated)
    assert {entry.state for entry in written.entries} == {RosterState.UNCHANGED}


def test_one_row_changes_the_only_role_and_two_rows_add_one() -> None:
    expert = RegionPerson("dubov", "Дубов Г. П.", RegionRole.EXPERT)
    centre, auditor = ["Дубов Г. П.", "dubov", "центр"], ["Дубов Г. П.", "dubov", "аудитор"]
    (changed,) = previewed(person_rows(centre), (), [expert]).accepted().changed_people
    assert changed.role is RegionRole.CENTRE
    added = previewed(person_rows(centre, auditor), (), [expert]).accepted()
    assert ([p.role for p in added.new_people], added.changed_people) == ([RegionRole.CENTRE, RegionRole.AUDITOR], ())


def test_one_login_has_one_name() -> None:
    rows = [["Дубов Г. П.", "dubov", "центр"], ["Дубов Пётр", "dubov", "аудитор"]]
    assert told(previewed(person_rows(*rows))) == [
        (
            "лист «Люди», ячейка A3: в другой строке у этого логина другое имя; найдено: «Дубов Пётр»; "
            "ожидалось: «Дубов Г. П.»."
        )
    ]


def test_columns_that_are_lacking_or_there_twice() -> None:
    preview = previewed({**school_rows(heads=["Код школы", "Название школы"]), **person_rows(["Д", "d", "центр"])})
    assert told(preview) == [
        "лист «Школы», ячейка A1: в таблице «Школы» нет столбцов: «Муниципалитет», «Уровни образования»."
    ]
    assert [table.kind for table in preview.tables] == ["person"]
    preview = previewed(person_rows(["Д", "d", "центр", "e"], heads=["ФИО", "Логин", "Роль", "Имя пользователя"]))
    assert told(preview) == [
        (
            "лист «Люди», ячейка D1: столбец повторяется; найдено: «Имя пользователя»; ожидалось: один раз; впервые — "
            "таблица.xlsx, лист «Люди», ячейка B1."
        )
    ]


@pytest.mark.parametrize("sheets", [{"Лист1": []}, {"Лист1": [["Смета"], ["Статья", "Сумма"], ["Бумага", 5]]}])
def test_a_workbook_without_a_table(sheets: dict[str, list[list[object]]]) -> None:
    with pytest.raises(InputError) as caught:
        previewed(sheets)
    assert str(caught.value) == (
        "таблица.xlsx: не найдена ни таблица школ, ни таблица людей; ожидалось: строка заголовков: «Код школы», "
        "«Название школы», «Муниципалитет», «Уровни образования» — или «ФИО», «Логин», «Роль»."
    )


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", "код;название".encode("cp1251")])
def test_what_is_no_workbook(content: bytes) -> None:
    with pytest.raises(InputError):
        previewed(content)


def test_other_sheets_are_named() -> None:
    preview = previewed({**school_rows(), "Смета": [["Статья", "Сумма"]]})
    assert noticed(preview) == [
        "таблица.xlsx: лист «Смета» пропущен: в нём нет таблицы школ или людей.",
        "лист «Школы», ячейка A1: под заголовками нет ни одной строки.",
    ]


def test_mail_is_the_login_where_there_is_no_other() -> None:
    heads = ["ФИО", "E-mail", "Роль", "Логин"]
    preview = previewed(person_rows(["Дубов Г. П.", "dubov@centre.example", "центр", "dubov"], heads=heads))
    assert [person.login for person in preview.accepted().new_people] == ["dubov"]
    assert noticed(preview) == ["лист «Люди», ячейка B1: столбец «E-mail» пропущен: логины взяты из столбца «Логин»."]


def test_municipalities_that_are_written_in_two_ways() -> None:
    preview = previewed(
        school_rows(
            ["a", "Школа № 1", "заречный  район", "НОО"],
            ["b", "Школа № 2", "Заречный раён", "НОО"],
            ["c", "Школа № 1", "Озерный округ", "НОО"],
        ),
        SCHOOLS,
    )
    changes = preview.accepted()
    assert [s.municipality for s in changes.new_schools] == ["Заречный район", "Заречный раён", "Озёрный округ"]
    assert changes.new_municipalities == ("Заречный раён",)
    assert noticed(preview) == [
        (
            "лист «Школы», ячейка C3: новый муниципалитет похож на «Заречный район»: если это он, пишите одинаково; "
            "найдено: «Заречный раён»."
        )
    ]


def test_schools_and_people_that_look_like_others() -> None:
    preview = previewed(
        {
            **school_rows(["zar-2", "заречная СОШ", "Заречный район", "НОО"]),
            **person_rows(["Соснин Борис Примерович", "sosnin2", "центр"]),
        },
        SCHOOLS,
        PEOPLE,
    )
    assert [notice.partition(": ")[2] for notice in noticed(preview)] == [
        "школа с таким названием в этом муниципалитете уже есть, с кодом «zar-1»; найдено: «заречная СОШ».",
        "человек с таким именем уже есть, с логином «sosnin»; найдено: «Соснин Борис Примерович».",
    ]
    assert preview.problems == ()


def test_where_experts_work() -> None:
    preview = previewed(
        person_rows(
            ["А", "a", "эксперт", "Озёрный округ", None, "Заречный район", None],
            ["Б", "b", "эксперт", None, "oz-1", None, "Заречная СОШ"],
            ["В", "c", "эксперт", None, None, None, None],
            ["Г", "d", "аудитор", None, None, "Озёрный округ", None],
        ),
        SCHOOLS,
    )
    assert [(p.home_municipalities, p.home_schools) for p in preview.accepted().new_people] == [
        (("Заречный район", "Озёрный округ"), ()),
        ((), ("oz-1", "zar-1")),
        ((), ()),
        ((), ()),
    ]
    assert [notice.partition(", ячейка ")[2] for notice in noticed(preview)] == [
        "D2: понято как место работы: школы этого муниципалитета эксперту не назначат; найдено: «Озёрный округ».",
        "E3: понято как место работы: школы этого муниципалитета эксперту не назначат; найдено: «oz-1».",
        "F4: эксперту могут назначить школу любого муниципалитета: не сказано, где он работает.",
        "F5: для этой роли не нужно и пропущено; найдено: «Озёрный округ».",
    ]


def test_what_changes_is_told_field_by_field() -> None:
    preview = previewed(
        {
            **school_rows(
                ["zar-1", "Заречная школа", "Озёрный округ", "НОО; СОО; ООО", "нет", None],
                heads=[*SCHOOL_HEADS, "students"],
            ),
            **person_rows(["Иволгина Анна Примеровна", "ivolgina", "методист", "Озёрный округ"]),
        },
        SCHOOLS,
        PEOPLE,
    )
    school, person = preview.entries
    assert [(c.heading, c.before, c.after) for c in school.changes] == [
        ("Название школы", "Заречная СОШ", "Заречная школа"),
        ("Муниципалитет", "Заречный район", "Озёрный округ"),
        ("Контрольная", "да", "нет"),
        ("Количество обучающихся", "410", "нет"),
    ]
    assert [(c.heading, c.before, c.after) for c in person.changes] == [
        ("Роль", "эксперт", "методист"),
        ("Муниципалитет", "нет", "Озёрный округ"),
        ("Свой муниципалитет", "Заречный район", "нет"),
    ]
    changes = preview.accepted()
    assert (len(changes.changed_schools), len(changes.changed_people), changes.unchanged) == (1, 1, 0)
    assert preview.left_out == ("oz-1", "sosnin", "zar1@school.example", "dubov")


def test_what_a_table_has_no_column_for_stays() -> None:
    preview = previewed(
        {
            "Школы": [SCHOOL_HEADS[:4], *([s.code, s.name, s.municipality, "; ".join(s.levels)] for s in SCHOOLS)],
            "Люди": [["ФИО", "Логин", "Роль"], *([p.name, p.login, _word(p)] for p in PEOPLE)],
        },
        SCHOOLS,
        PEOPLE,
    )
    assert told(preview) == []
    assert preview.accepted() == RosterChanges(unchanged=6)


def _word(person: RegionPerson) -> str:
    return {"expert": "эксперт", "methodist": "методист", "school": "школа", "centre": "центр"}[person.role.value]


def test_the_empty_table_reads_as_nothing() -> None:
    preview = previewed(roster_book(COUNTS))
    assert preview.accepted() == RosterChanges()
    assert [table.kind for table in preview.tables] == ["school", "person"]
    assert sum("строка-пример пропущена" in notice for notice in noticed(preview)) == 5


def test_an_example_that_was_half_changed_is_a_problem() -> None:
    row = ["пример-1", "Моя школа", "Заречный район", "НОО; ООО; СОО", "нет"]
    (problem,) = told(previewed(school_rows(row)))
    assert "строка взята из примера не целиком" in problem


def test_what_a_study_has_is_written_and_read_back_as_no_change() -> None:
    content = roster_book(COUNTS, SCHOOLS, PEOPLE)
    assert content == roster_book(COUNTS, SCHOOLS[::-1], PEOPLE[::-1])
    assert stored(previewed(content).accepted()) == (
        sorted(SCHOOLS, key=lambda s: s.code),
        sorted(PEOPLE, key=lambda p: p.login),
    )
    again = previewed(content, SCHOOLS, PEOPLE)
    assert again.accepted() == RosterChanges(unchanged=6)
    assert {entry.state for entry in again.entries} == {RosterState.UNCHANGED}


NAMES = st.text("абвгдеёжзиклмноп -«»№1", min_size=1, max_size=12).map(lambda text: f"Я{' '.join(text.split())}")
PLACES = ("Заречный район", "Озёрный округ", "Лесной район")


@st.composite
def rosters(draw: st.DrawFn) -> tuple[list[RegionSchool], list[RegionPerson]]:
    """Any schools and people of a study."""
    levels = st.sets(st.sampled_from([NOO, OOO, SOO]), min_size=1).map(sorted).map(tuple)
    counts = st.dictionaries(st.sampled_from(sorted(COUNTS)), st.integers(0, 2000))
    school = st.builds(RegionSchool, st.just(""), NAMES, st.sampled_from(PLACES), levels, counts, st.booleans())
    schools = [replace(one, code=f"s-{n}") for n, one in enumerate(draw(st.lists(school, min_size=1, max_size=5)))]
    codes, places = [s.code for s in schools], sorted({s.municipality for s in schools})
    many = st.sets(st.sampled_from(places), min_size=1).map(sorted).map(tuple)
    people = []
    for n, role in enumerate(draw(st.lists(st.sampled_from(list(RegionRole)), max_size=5))):
        person = RegionPerson(f"p{n}", draw(NAMES), role)
        if role is RegionRole.METHODIST:
            person = replace(person, municipalities=draw(many))
        elif role is RegionRole.SCHOOL:
            person = replace(person, school=draw(st.sampled_from(codes)))
        elif role is RegionRole.EXPERT:
            homes = draw(st.sets(st.sampled_from(codes), max_size=2))
            person = replace(person, home_municipalities=draw(many), home_schools=tuple(sorted(homes)))
        people.append(person)
    return schools, people


@settings(max_examples=10)
@given(rosters(), rosters())
def test_importing_twice_changes_nothing(
    before: tuple[list[RegionSchool], list[RegionPerson]], table: tuple[list[RegionSchool], list[RegionPerson]]
) -> None:
    content = roster_book(COUNTS, *table)
    now = stored(previewed(content, *before).accepted(), *before)
    again = previewed(content, *now)
    assert again.accepted() == RosterChanges(unchanged=len(table[0]) + len(table[1]))


def test_any_order_of_columns_is_the_same() -> None:
    rows = [("zar-1", "Заречная СОШ", "Заречный район", "НОО; ООО; СОО", "да"), ("oz-1", "Озёрная", "Округ", "НОО", "")]
    content = book({"Школы": [SCHOOL_HEADS, *rows]})
    turned = book({"Школы": [SCHOOL_HEADS[::-1], *(row[::-1] for row in rows)]})
    assert previewed(content).accepted() == previewed(turned).accepted()


def test_a_region_is_read_as_a_whole() -> None:
    schools = [RegionSchool(f"s-{n:04}", f"Школа № {n}", f"Район {n % 40}", (NOO, OOO)) for n in range(1500)]
    people = [RegionPerson(f"p{n}", f"Примеров {n}", RegionRole.SCHOOL, school=f"s-{n:04}") for n in range(1500)]
    preview = read_roster(roster_book(COUNTS, schools, people), "т.xlsx", COUNTS)
    assert stored(preview.accepted()) == (schools, sorted(people, key=lambda p: p.login))


def test_a_table_of_the_wrong_region_is_answered_at_once() -> None:
    """Every row names a school that is not there: what was meant is looked up for the first of them alone."""
    schools = [RegionSchool(f"s-{n:04}", f"Школа № {n}", f"Район {n}", (NOO, OOO)) for n in range(1500)]
    rows = [(f"Примеров {n}", f"p{n}", "школа", None, f"z-{n:04}") for n in range(1500)]
    preview = previewed(person_rows(*rows), schools)
    hints = [problem.hint for problem in preview.problems]
    assert len(hints) == 1500
    assert all(hints[:20])
    assert not any(hints[20:])


def test_a_table_that_is_too_long() -> None:
    sheets = person_rows(["Д", "d", "центр"])
    sheets["Люди"] = [*sheets["Люди"], *([] for _ in range(20_000)), ["Е", "e", "центр"]]
    with pytest.raises(InputError, match="слишком много строк"):
        previewed(sheets)


def test_a_municipality_that_is_merged_over_its_schools() -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in (SCHOOL_HEADS, ["a", "Школа № 1", "Заречный район", "НОО"], ["b", "Школа № 2", None, "НОО"]):
        sheet.append(row)
    sheet.merge_cells("C2:C3")
    stream = io.BytesIO()
    workbook.save(stream)
    changes = previewed(stream.getvalue()).accepted()
    assert [school.municipality for school in changes.new_schools] == ["Заречный район", "Заречный район"]


CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        ["zar-1", "Заречная СОШ", "Заречный район", "НОО", "да", "эксперт", "школа", "методист", "ivolgina"]
    ),
    st.sampled_from(
        [*SCHOOL_HEADS, *PERSON_HEADS, "№", "#REF!", "=1", "\u200b", ";;", "и", "x" * 400, "а;б", "zar-1; oz-1"]
    ),
    st.integers(-5, 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.text(max_size=8).filter(lambda text: not ILLEGAL_CHARACTERS_RE.search(text)),
)


@settings(max_examples=40)
@given(st.lists(st.lists(CELLS, max_size=7), max_size=5), st.booleans(), st.data())
def test_whatever_stands_in_cells_ends_in_a_preview_or_an_error(
    rows: list[list[object]], headed: bool, data: st.DataObject
) -> None:
    """Whatever is taken is sound: it can be written, read back, and changes nothing then."""
    heads = data.draw(st.sampled_from([SCHOOL_HEADS, PERSON_HEADS]))
    sheets = {"Лист": [*([heads] if headed else []), *rows]}
    try:
        changes = previewed(sheets, SCHOOLS, PEOPLE).accepted()
    except InputError:
        return
    now = stored(changes, SCHOOLS, PEOPLE)
    again = previewed(roster_book(COUNTS, *now), *now)
    assert again.accepted() == RosterChanges(unchanged=len(now[0]) + len(now[1]))
