"""Reading a case: every fault of a user is one clear message with its place, several at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import ruleset
from vsoko_rules.case.consistency import DOCUMENT, UnknownCodes
from vsoko_rules.case.reader import CaseFile, check_case, read_case
from vsoko_rules.case.records import Case
from vsoko_rules.errors import InputError, Place, Problem

HEAD = """\
school: {id: sosna-1, name: МБОУ СОШ «Сосна», municipality: Лесной район, levels: [НОО, ООО, СОО]}
study: {year: 2022, from: 2021-09-01, to: 2022-10-31}
"""
DOCUMENTS = """\
documents:
  - id: d01
    title: Цели блока
    serves: [B1-G01]
    holds: [target]
  - id: d02
    title: Приказ о мониторинге
    serves: [B1-M01]
    number: 010
    date: 2022-02-14
    based_on: [d01]
"""


def read(text: str, folder: Path) -> CaseFile:
    path = folder / "case.yml"
    path.write_text(text, encoding="utf-8")
    return read_case(path, "case.yml")


def problems(text: str, folder: Path) -> tuple[Problem, ...]:
    """Everything a case is refused for, on its own or by the shipped ruleset."""
    with pytest.raises(InputError) as caught:
        check_case(read(text, folder), ruleset())
    return caught.value.problems


def the_problem(text: str, folder: Path) -> Problem:
    (problem,) = problems(text, folder)
    return problem


def at(problem: Problem) -> str:
    return str(problem.place)


def test_a_sound_case_is_taken(tmp_path: Path) -> None:
    case = read(HEAD + DOCUMENTS, tmp_path)
    assert check_case(case, ruleset()) == ()
    assert list(case.documents) == ["d01", "d02"]
    assert str(case.document_place("d02")) == "case.yml:8:5"
    assert str(case.document_place("d02", "date")) == "case.yml:12:11"


def test_text_stays_as_it_was_written(tmp_path: Path) -> None:
    text = HEAD + "documents:\n  - {id: no, title: 1.10, number: 010, kind: 12:30, quote: yes, comment: 1e3, page: 7}\n"
    (document,) = read(text, tmp_path).content.documents
    assert (document.id, document.title, document.number) == ("no", "1.10", "010")
    assert (document.kind, document.quote, document.comment, document.page) == ("12:30", "yes", "1e3", 7)


# Keys


@pytest.mark.parametrize(
    ("text", "place", "key", "meant"),
    [
        ("documnets: []", "case.yml:3:1", "documnets", "documents"),
        ("documents:\n  - {id: d1, title: Т, base_on: [d1]}", "case.yml:4:24", "base_on", "based_on"),
        ("filled_by: {role: expert, nmae: Эксперт 1}", "case.yml:3:27", "nmae", "name"),
        ("indicators:\n  B1-I01: {valeu: 5}", "case.yml:4:12", "valeu", "value"),
        ("procedures:\n- {id: p, subject: П, grade: 5, shre: 3}", "case.yml:4:33", "shre", "share"),
    ],
)
def test_a_wrong_key_is_named_with_the_one_that_was_meant(
    tmp_path: Path, text: str, place: str, key: str, meant: str
) -> None:
    problem = the_problem(HEAD + text, tmp_path)
    assert (at(problem), problem.found) == (place, key)
    assert f"«{meant}»" in (problem.hint or "")
    assert meant in (problem.expected or "")


@pytest.mark.parametrize("key", ["qwertyuiop", "[key]", "", "0", "model_config", "start", "ключ"])
def test_a_key_that_resembles_none_has_no_suggestion(tmp_path: Path, key: str) -> None:
    problem = the_problem(f'{HEAD}"{key}": 1', tmp_path)
    assert (at(problem), problem.found) == ("case.yml:3:1", key)
    assert "documents" in (problem.expected or "")


def test_the_python_name_of_a_key_is_not_the_key(tmp_path: Path) -> None:
    found = problems(HEAD.replace("from:", "start:"), tmp_path)
    assert [(at(p), p.found) for p in found] == [("case.yml:2:1", None), ("case.yml:2:21", "start")]
    assert "«from»" in found[0].message


@pytest.mark.parametrize("key", ["school", "study"])
def test_a_missing_part_is_named(tmp_path: Path, key: str) -> None:
    problem = the_problem("\n".join(line for line in HEAD.splitlines() if not line.startswith(key)), tmp_path)
    assert f"«{key}»" in problem.message
    assert at(problem) == "case.yml:1:1"


# Values


@pytest.mark.parametrize(
    ("good", "bad", "column", "expected"),
    [
        ("from: 2021-09-01", "from: 01.09.2021", 27, "ГГГГ-ММ-ДД"),
        ("from: 2021-09-01", "from: 2021-02-30", 27, "есть в календаре"),
        ("from: 2021-09-01", "from: 2021-9-1", 27, "ГГГГ-ММ-ДД"),
        ("from: 2021-09-01", "from: 20210901", 27, "ГГГГ-ММ-ДД"),
        ("from: 2021-09-01", "from: 2021-09-01T00:00", 27, "ГГГГ-ММ-ДД"),
        ("from: 2021-09-01", "from: [2021-09-01]", 21, "ГГГГ-ММ-ДД"),
        ("from: 2021-09-01", "from: ", 21, "ГГГГ-ММ-ДД"),
        ("from: 2021-09-01", "from: ٢٠٢١-٠٩-٠١", 27, "ГГГГ-ММ-ДД"),
        ("year: 2022", "year: двадцать", 15, "целое число"),
        ("year: 2022", "year: 2022.0", 15, "целое число"),
        ("year: 2022", "year: 02022", 15, "целое число"),
        ("year: 2022", "year: 1989", 15, "не меньше 1990"),
        ("year: 2022", "year: 2101", 15, "не больше 2100"),
        ("year: 2022", "year: 99999999999999999999", 15, "целое число"),
    ],
)
def test_a_wrong_value_of_the_study(tmp_path: Path, good: str, bad: str, column: int, expected: str) -> None:
    found = problems(HEAD.replace(good, bad), tmp_path)
    assert at(found[0]) == f"case.yml:2:{column}"
    assert expected in (found[0].expected or "")


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("date: вчера", "ГГГГ-ММ-ДД"),
        ("blank: yes", "true"),
        ("blank: True", "true"),
        ("sample: -1", "не меньше 0"),
        ("sample: 1.5", "целое число"),
        ("serves: B1-G01", "список"),
        ("serves: {B1-G01: да}", "список"),
        ("serves: [[B1-G01]]", "текст"),
        ("holds: [цель плана]", "код до 80 знаков"),
        ("covers: [НОО, ДОО]", "НОО, ООО, СОО"),
        ("number: ''", "непустой текст"),
        ("number: [1]", "текст"),
        ("number: '   '", "непустой текст"),
    ],
)
def test_a_wrong_value_of_a_document(tmp_path: Path, field: str, expected: str) -> None:
    problem = the_problem(f"{HEAD}documents:\n  - id: d1\n    title: Т\n    {field}\n", tmp_path)
    assert problem.place.line == 6
    assert expected in (problem.expected or "")
    assert problem.found is not None


@pytest.mark.parametrize("code", ["a b", "-a", "_a", ".a", "a/b", "a" * 81, "a\tb", "=a", "a,b"])
def test_an_id_that_is_no_code(tmp_path: Path, code: str) -> None:
    problem = the_problem(f'{HEAD}documents:\n  - {{id: "{code}", title: Т}}\n', tmp_path)
    assert at(problem) == "case.yml:4:10"
    assert len(problem.found or "") <= 81
    assert len(str(problem)) < 300


def test_a_long_text_is_refused_and_cut_in_the_message(tmp_path: Path) -> None:
    problem = the_problem(f"{HEAD}documents:\n  - id: d1\n    title: {'Приказ ' * 800}\n", tmp_path)
    assert "4000" in (problem.expected or "")
    assert len(str(problem)) < 300


@pytest.mark.parametrize("levels", ["[]", "НОО", "[НОО, 1-4]", ""])
def test_a_school_needs_levels(tmp_path: Path, levels: str) -> None:
    problem = the_problem(HEAD.replace("[НОО, ООО, СОО]", levels), tmp_path)
    assert problem.place.line == 1
    assert "levels" in problem.message


def test_a_study_does_not_end_before_it_begins(tmp_path: Path) -> None:
    problem = the_problem(HEAD.replace("2022-10-31", "2021-08-31"), tmp_path)
    assert (at(problem), problem.found) == ("case.yml:2:43", "2021-08-31")
    assert "2021-09-01" in (problem.expected or "")


# Codes


def test_a_repeated_document_names_the_first(tmp_path: Path) -> None:
    problem = the_problem(HEAD + DOCUMENTS.replace("id: d02", "id: d01").replace("[d01]", "[]"), tmp_path)
    assert (at(problem), problem.found) == ("case.yml:8:9", "d01")
    assert "case.yml:4:9" in (problem.expected or "")


def test_a_repeated_procedure(tmp_path: Path) -> None:
    row = "  - {id: p1, subject: Физика, grade: 7}\n"
    problem = the_problem(HEAD + "procedures:\n" + row * 2, tmp_path)
    assert (at(problem), problem.found) == ("case.yml:5:10", "p1")


def test_a_dangling_reference_suggests_a_near_document(tmp_path: Path) -> None:
    problem = the_problem(HEAD + DOCUMENTS.replace("based_on: [d01]", "based_on: [d01, do1]"), tmp_path)
    assert (at(problem), problem.found) == ("case.yml:13:21", "do1")
    assert "«d01»" in (problem.hint or "")


def test_an_indicator_that_names_an_unknown_document(tmp_path: Path) -> None:
    found = problems(HEAD + DOCUMENTS + "indicators:\n  B1-I02: {mark: 1, documents: [d01, d20]}\n", tmp_path)
    assert ("case.yml:15:38", "d20") in [(at(p), p.found) for p in found]


@pytest.mark.parametrize(
    ("good", "bad", "place", "meant"),
    [
        ("[B1-M01]", "[B1-MO1]", "case.yml:10:14", "B1-M01"),
        ("[target]", "[targets]", "case.yml:7:13", "target"),
        ("[target]", "[target, number]", "case.yml:7:21", None),
        ("holds: [target]", "addressees: [teacher]", "case.yml:7:18", "teachers"),
        ("holds: [target]", "remarks: [pupil_name]", "case.yml:7:15", "pupil_names"),
        ("holds: [target]", "holds_for: {B1-GO1: [target]}", "case.yml:7:17", "B1-G01"),
        ("holds: [target]", "evidence: [{claim: targets}]", "case.yml:7:24", "target"),
        ("holds: [target]", "evidence: [{claim: based_on do2}]", "case.yml:7:24", "d02"),
    ],
)
def test_an_unknown_code_suggests_the_nearest(tmp_path: Path, good: str, bad: str, place: str, meant: str) -> None:
    problem = the_problem(HEAD + DOCUMENTS.replace(good, bad), tmp_path)
    assert at(problem) == place
    if meant is not None:
        assert f"«{meant}»" in (problem.hint or "")


def test_of_codes_that_look_alike_the_same_one_is_suggested_whatever_their_order() -> None:
    latin, mixed = "Ba", "B\u0430"
    hints = {
        UnknownCodes()(Place("case.yml"), DOCUMENT, "\u0412\u0430", known).hint
        for known in ([latin, mixed], [mixed, latin])
    }
    assert len(hints) == 1


@pytest.mark.parametrize(
    ("stated", "number", "day"),
    [
        ("", "112-од", "2022-02-14"),
        ("    date: 2022-02-14\n", "112-од", "2022-02-14"),
        ("    date: 2022-02-15\n", "№ 112-од от 14.02.2022", "2022-02-15"),
    ],
)
def test_a_date_written_with_the_number_is_taken_where_none_contradicts_it(
    tmp_path: Path, stated: str, number: str, day: str
) -> None:
    text = DOCUMENTS.replace("010\n    date: 2022-02-14\n", f"№ 112-од от 14.02.2022\n{stated}")
    document = read(HEAD + text, tmp_path).content.documents[1]
    assert (document.number, str(document.date)) == (number, day)


def test_codes_of_the_ruleset_outside_the_documents(tmp_path: Path) -> None:
    head = HEAD.replace("levels:", "counts: {yuong_teachers: 1}, levels:")
    override = "{of: B1-A1, outcome: met, by: Эксперт 1, date: 2022-10-20, comment: Видел}"
    found = problems(f"{head}reviewed: [B1, B7]\noverrides:\n  - {override}\n", tmp_path)
    assert [(at(p), p.found) for p in found] == [
        ("case.yml:1:84", "yuong_teachers"),
        ("case.yml:3:16", "B7"),
        ("case.yml:5:10", "B1-A1"),
    ]
    assert "«young_teachers»" in (found[0].hint or "")
    assert "«B1-A01»" in (found[2].hint or "")


def test_two_decisions_on_one_element_are_refused(tmp_path: Path) -> None:
    def row(outcome: str) -> str:
        return f"  - {{of: B1-A01, outcome: {outcome}, by: Эксперт 1, date: 2022-10-20, comment: Видел}}\n"

    problem = the_problem(HEAD + "overrides:\n" + row("met") + row("missing"), tmp_path)
    assert (at(problem), problem.found) == ("case.yml:5:10", "B1-A01")
    assert "case.yml:4:10" in (problem.expected or "")


# Several at once


def test_every_fault_of_the_words_is_reported_at_once(tmp_path: Path) -> None:
    text = HEAD.replace("2021-09-01", "осень") + DOCUMENTS.replace("2022-02-14", "14.02.2022") + "ruleste: x\n"
    assert [at(p) for p in problems(text, tmp_path)] == ["case.yml:2:27", "case.yml:12:11", "case.yml:14:1"]


def test_at_most_twenty_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    rows = "".join(f"  - {{id: d{n}, title: Т, based_on: [x{n}]}}\n" for n in range(50))
    found = problems(HEAD + "documents:\n" + rows, tmp_path)
    assert len(found) == 50
    lines = str(InputError(found)).splitlines()
    assert len(lines) == 21
    assert "30" in lines[-1]


def test_thousands_of_faults_take_no_longer_than_a_moment(tmp_path: Path) -> None:
    """Comparing each of thousands of wrong codes with thousands of documents took minutes."""
    rows = "".join(f"- {{id: d{n}, title: Т, based_on: [x{n}]}}\n" for n in range(6000))
    found = problems(HEAD + "documents:\n" + rows, tmp_path)
    assert len(found) == 6000


# Files


@pytest.mark.parametrize(
    "file",
    [
        "../secret.pdf",
        "docs/../../secret.pdf",
        "/etc/passwd",
        "//server/share/x.pdf",
        "C:\\docs\\x.pdf",
        "C:x.pdf",
        "..\\x.pdf",
        "docs\\..\\..\\x.pdf",
        "\\x.pdf",
        "\\\\server\\share\\x.pdf",
        "docs/out/x.pdf",
        "circle/x.pdf",
    ],
)
def test_a_file_outside_the_folder_of_the_case_is_refused(tmp_path: Path, file: str) -> None:
    home = tmp_path / "home"
    (home / "docs").mkdir(parents=True)
    (home / "docs" / "out").symlink_to(tmp_path)
    (home / "circle").symlink_to(home / "circle")
    problem = the_problem(f"{HEAD}documents:\n  - id: d1\n    title: Т\n    file: '{file}'\n", home)
    assert (at(problem), problem.found) == ("case.yml:6:11", file)


def test_a_file_with_a_character_no_path_has(tmp_path: Path) -> None:
    problem = the_problem(f'{HEAD}documents:\n  - {{id: d1, title: Т, file: "a\\0b"}}\n', tmp_path)
    assert problem.place.line == 4


@pytest.mark.parametrize("file", ["x.pdf", "docs/приказ № 12.pdf", "docs/inside/x.pdf", "a..b/x..pdf", "./x.pdf"])
def test_a_file_below_the_folder_of_the_case_is_taken(tmp_path: Path, file: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "inside").symlink_to(tmp_path)
    case = read(f"{HEAD}documents:\n  - id: d1\n    title: Т\n    file: '{file}'\n", tmp_path)
    assert case.content.documents[0].file == file


def test_a_case_reached_by_a_link_keeps_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "home")
    assert read(f"{HEAD}documents:\n  - {{id: d1, title: Т, file: x.pdf}}\n", tmp_path / "link").documents


# Every field


def test_a_case_is_immutable(tmp_path: Path) -> None:
    case = read(HEAD + DOCUMENTS, tmp_path).content
    with pytest.raises(ValueError, match="frozen"):
        case.documents = ()
    assert Case.model_config["extra"] == "forbid"
