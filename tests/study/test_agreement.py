"""Two experts on the same schools: what is compared, what is disputed, and the form that brings the decision back."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Data, as_yaml, complete_case, document
from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError
from vsoko_rules.ruleset.load import beside, load
from vsoko_rules.study.agreement import Agreement, agree, agreement_of, read_experts
from vsoko_rules.study.disputes import Aspect, Dispute, settled
from vsoko_rules.study.opinions import ExpertView, Opinion
from vsoko_rules.study.pages import figure, page, ruleset_words, text
from vsoko_rules.study.parameters import parameters
from vsoko_rules.study.reconcile import fragment, read_form
from vsoko_rules.study.reconcile_form import form_book, form_text, opinion_lines
from vsoko_rules.verdict.assessment import assess
from vsoko_rules.verdict.result import result

SHIPPED = Path(__file__).parents[2] / "cases"


def expert(folder: Path, name: str, cases: Sequence[Data]) -> Path:
    home = folder / name
    home.mkdir()
    for n, case in enumerate(cases):
        case["filled_by"] = {"role": "expert", "name": name, "date": "2022-10-20"}
        (home / f"{n}.yml").write_text(as_yaml(case), encoding="utf-8")
    return home


def school(number: int) -> Data:
    case = complete_case(["B1"])
    case["school"]["id"] = f"s-{number}"
    case["indicators"] = {"B1-I01": {"mark": number % 2, "comment": "Видно на сайте", "documents": []}}
    return case


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Four schools; of the first the experts differ on one document, of the second on one mark."""
    mine = [school(n) for n in range(4)]
    other = copy.deepcopy(mine)
    del document(other[0], "B1-A01")["date"]
    document(other[0], "B1-A01")["comment"] = "Даты в отчёте нет"
    other[1]["indicators"]["B1-I01"] = {"mark": 0, "comment": "Ссылка не открылась", "documents": []}
    return expert(tmp_path, "Первый: <эксперт>", mine), expert(tmp_path, "Второй", other)


def said(dispute: Dispute, expert: int) -> Opinion:
    """What one of the experts, counted from 0, says."""
    opinion = dispute.opinions[expert]
    assert opinion is not None
    return opinion


def shown_as(found: Agreement) -> tuple[str, str]:
    """The agreement in the terminal and as a page."""
    titles = ruleset_words(found.ruleset)
    more: dict[str, Any] = {"titles": titles, "disputes": found.disputes, "opinion": opinion_lines}
    more |= {"names": found.names, "most": parameters().agreement}
    return text("agree", a=found.data(95), **more), page("agree", a=found.data(95), version="0", **more)


def test_disputes_show_both_comments_and_documents(pair: tuple[Path, Path]) -> None:
    found = agree(pair)
    assert found.schools == 4
    element, mark = found.disputes
    assert (element.over, mark.over) == ((Aspect.OUTCOME,), (Aspect.MARK,))
    assert (element.school, element.of, said(element, 0).outcome, said(element, 1).outcome) == (
        "s-0",
        "B1-A01",
        "met",
        "partial",
    )
    assert said(element, 1).comments == ("Даты в отчёте нет",)
    assert said(element, 1).lacks
    assert [d.label for d in said(element, 0).documents] == [
        "«Документ к элементу B1-A01» №\u00a014-од от\u00a010.11.2021"
    ]
    assert (mark.school, mark.of, said(mark, 0).mark, said(mark, 1).mark) == ("s-1", "B1-I01", 1, 0)
    assert (said(mark, 0).comments, said(mark, 1).comments) == (("Видно на сайте",), ("Ссылка не открылась",))


def test_agreement_by_block_and_indicator(pair: tuple[Path, Path]) -> None:
    data = agree(pair).data(95)
    block = next(r for r in data["outcomes"]["components"] if r["id"] == "B1")
    assert (block["units"], block["disagree"]) == (24, 4)
    assert block["agreement"]["value"] == pytest.approx(100 * 20 / 24, abs=0.01)
    (indicator,) = data["stated"]["indicators"]
    assert (indicator["id"], indicator["units"], indicator["disagree"]) == ("B1-I01", 4, 1)
    assert indicator["kappa"]["value"] == 0.5


@pytest.mark.parametrize("number", [1, 2, 3])
def test_several_groups_have_a_row_for_all_of_them_together(tmp_path: Path, number: int) -> None:
    """One group is all there is; from two on a last row counts every unit, those of every school."""
    codes = ["B1-I01", "B1-I02", "B2-I01"][:number]
    mine = [school(n) for n in range(4)]
    for case in mine:
        case["indicators"] = {code: {"mark": 1} for code in codes}
    other = copy.deepcopy(mine)
    other[0]["indicators"][codes[-1]]["mark"] = 0
    data = agree([expert(tmp_path, "А", mine), expert(tmp_path, "Б", other)]).data(95)
    *rows, last = data["stated"]["indicators"]
    assert [row["id"] for row in rows] == (codes if number > 1 else [])
    assert (last["id"], last["units"], last["disagree"]) == (None if number > 1 else codes[0], 4 * number, 1)
    assert last["agreement"]["value"] == pytest.approx(100 * (4 * number - 1) / (4 * number), abs=1e-4)


def test_what_one_of_them_has_not_checked_is_disputed_and_not_counted(tmp_path: Path) -> None:
    """The second leaves two elements open: the points may still become those of the first."""
    cases = [school(0), school(0)]
    signed = {"by": "Б", "date": "2022-10-20", "comment": "Файл не открылся"}
    cases[1]["overrides"] = [{"of": of, "outcome": "not_checked", **signed} for of in ("B1-A01", "B1-D01")]
    found = agree([expert(tmp_path, "А", [cases[0]]), expert(tmp_path, "Б", [cases[1]])])
    assert [(d.of, said(d, 0).outcome, said(d, 1).outcome) for d in found.disputes] == [
        ("B1-A01", "met", "not_checked"),
        ("B1-D01", "met", "not_checked"),
    ]
    assert {d.over for d in found.disputes} == {(Aspect.OUTCOME,)}, "only one of them decided"
    whole = agree([tmp_path / "А", tmp_path / "А"])
    units = [{row["id"]: row["units"] for row in a.data(95)["outcomes"]["elements"]} for a in (whole, found)]
    assert units[0]["B1"] - units[1]["B1"] == 2
    first, second = (
        assess(read_case(tmp_path / name / "0.yml"), found.ruleset, EngineName.PLAIN).cycle for name in "АБ"
    )
    assert first.low == first.points == first.high == second.high
    assert second.low == second.points < second.high


def test_an_expert_agrees_with_himself_and_the_order_does_not_matter(pair: tuple[Path, Path]) -> None:
    same = agree([pair[0], pair[0]])
    assert not same.disputes
    assert same.data(95)["outcomes"]["components"][0]["agreement"]["value"] == 100
    there, back = agree(pair).data(95), agree(pair[::-1]).data(95)
    for part in ("stated", "outcomes"):
        assert there[part] == back[part]


def test_the_order_of_schools_does_not_matter(pair: tuple[Path, Path]) -> None:
    cases = read_experts(pair)
    turned = [dict(reversed(list(own.items()))) for own in cases]
    there, back = agreement_of(cases), agreement_of(turned)
    assert len(there.disputes) > 1
    assert shown_as(there) == shown_as(back)


def test_what_is_not_defined_is_said_to_be(pair: tuple[Path, Path]) -> None:
    found = agree([pair[0], pair[0]])
    assert found.data(95)["outcomes"]["components"][0]["kappa"]["value"] is None
    assert "<td>не определяется</td>" in shown_as(found)[1]


def test_of_three_experts_any_two_may_have_looked_at_a_school(tmp_path: Path) -> None:
    """The first did not look at the school that comes first."""
    cases = [school(n) for n in range(3)]
    first, second, third = cases[1:], cases, [cases[0]]
    folders = [
        expert(tmp_path, name, copy.deepcopy(part)) for name, part in zip("абв", (first, second, third), strict=True)
    ]
    assert agree(folders).schools == 3


def test_what_differs_only_because_of_decisions_taken_together_stays_open() -> None:
    def differing(of: str) -> Dispute:
        return Dispute("s-1", 2022, "Школа", "B1", of, "Документ", (Aspect.OUTCOME,), ())

    before, after = [differing("B1-A01"), differing("B1-A02")], [differing("B1-A02"), differing("B1-RC01")]
    left = list(settled(before, after, {"B1-A01"}))
    assert [(d.of, d.settled) for d in left] == [("B1-A01", True), ("B1-A02", False), ("B1-RC01", False)]


def test_the_text_names_everything(pair: tuple[Path, Path]) -> None:
    for shown in shown_as(agree(pair)):
        for part in ("Ссылка не открылась", "Даты в отчёте нет", "Документ к элементу B1-A01"):
            assert part in shown
        for part in ("Что эксперты поставили сами", "Что из этого получилось", "Отметки показателей", "Элементы"):
            assert part in shown


def test_figures_are_said_in_words_by_a_published_scale(experts: tuple[Path, Path]) -> None:
    """Landis and Koch (1977) for κ, Krippendorff (2004) for α; the word goes with the figure that is shown."""
    settings = parameters().agreement
    scales = {name: settings.scale_of(name) for name in ("kappa", "alpha_ordinal")}
    assert settings.scale_of("agreement") is None
    kappas = {-0.01: "poor", -0.004: "slight", 0.2049: "slight", 0.205: "fair", 0.41: "moderate", 0.605: "substantial"}
    kappas |= {0.8: "substantial", 0.81: "almost_perfect", 1.0: "almost_perfect"}
    alphas = {-0.4: "unreliable", 0.6664: "unreliable", 0.6665: "tentative", 0.7994: "tentative", 0.7996: "reliable"}
    assert figure(-0.004, 2) == "0,00"
    for name, words_of in {"kappa": kappas, "alpha_ordinal": alphas}.items():
        scale = scales[name]
        assert scale is not None
        assert scale.origin.value == "public"
        assert {value: scale.reading(value).id for value in words_of} == words_of
    found = agree(experts)
    for shown in shown_as(found):
        for part in ("Landis J. R., Koch G. G.", "Krippendorff K.", "доверительный интервал 95", "складного ножа"):
            assert part in shown
        assert "κ\u00a0Коэна" in shown
        assert "κ\u00a0с\u00a0линейными весами" in shown
        assert "согласие" in shown


def test_schools_that_one_expert_skipped_are_named(pair: tuple[Path, Path]) -> None:
    (pair[1] / "3.yml").unlink()
    assert agree(pair).unmatched == (["s-3"], [])


def test_bad_files_of_both_experts_are_named(pair: tuple[Path, Path], tmp_path: Path) -> None:
    (pair[0] / "twin.yml").write_text((pair[0] / "0.yml").read_text("utf-8"), encoding="utf-8")
    with pytest.raises(InputError, match="встречается дважды"):
        agree(pair)
    empty = expert(tmp_path, "Третий", [complete_case([])])
    with pytest.raises(InputError, match="нет ни одной школы"):
        agree([pair[1], empty])


def filled(found: Agreement, path: Path, decided: int) -> Path:
    """The form with the first `decided` rows filled in."""
    lines = form_text(found).splitlines(keepends=True)
    for key, value in (("outcome", "partial"), ("comment", '"Договорились: нет вывода"'), ("date", "2022-11-15")):
        empty = [n for n, line in enumerate(lines) if line == f"    {key}:\n"]
        for n in empty[:decided]:
            lines[n] = f"    {key}: {value}\n"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_the_form_comes_back_as_overrides_with_both_names(pair: tuple[Path, Path], tmp_path: Path) -> None:
    found = read_form(filled(agree(pair), tmp_path / "form.yml", 1))
    assert found.open == 1
    ((name, (decision,)),) = found.overrides.items()
    assert (name, decision.of, decision.outcome) == ("s-0", "B1-A01", "partial")
    assert decision.by == "Первый: <эксперт>, Второй"
    case = pair[0] / "0.yml"
    agreed = case.with_name("agreed.yml")
    body = case.read_text("utf-8").rstrip()[:-1].rstrip()
    overrides = [{"of": o.of, "outcome": o.outcome, "by": o.by, "date": str(o.date), "comment": o.comment}
                 for o in found.overrides["s-0"]]  # fmt: skip
    agreed.write_text(f'{body},\n"overrides": {as_yaml(overrides)}\n}}', encoding="utf-8")  # type: ignore[arg-type]
    again = assess(read_case(agreed), load("bashkortostan-2022"), EngineName.PLAIN)
    assert again.cycle.points < again.automatic_scores["cycle"].bounds.points


def test_the_fragment_is_what_a_case_takes(pair: tuple[Path, Path], tmp_path: Path) -> None:
    found = read_form(filled(agree(pair), tmp_path / "form.yml", 2))
    head = "school: {id: x, name: Школа, municipality: Район, levels: [НОО]}\n"
    head += "study: {year: 2022, from: 2021-09-01, to: 2022-10-31}\n"
    path = tmp_path / "case.yml"
    path.write_text(head + fragment(found.overrides["s-0"]), encoding="utf-8")
    assert read_case(path).content.overrides == found.overrides["s-0"]


def test_a_decision_without_its_reason_is_refused_with_its_place(pair: tuple[Path, Path], tmp_path: Path) -> None:
    path = filled(agree(pair), tmp_path / "form.yml", 1)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    number = next(n for n, line in enumerate(lines) if "Договорились" in line)
    lines[number] = "    comment:\n"
    path.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match="не заполнено поле «comment»") as caught:
        read_form(path)
    assert caught.value.problems[0].place.line == number + 1


def book(found: Agreement, path: Path, decided: dict[str, Any]) -> Path:
    """The form as a workbook with the first row filled in as somebody would."""
    from openpyxl import load_workbook

    path.write_bytes(form_book(found))
    filled_in = load_workbook(path)
    sheet = filled_in["Разногласия"]
    heads = {cell.value: number for number, cell in enumerate(sheet[1], 1)}
    for title, value in decided.items():
        sheet.cell(2, heads[title]).value = value
    filled_in.save(path)
    return path


DECIDED = {
    "Итог": "выполнено частично",
    "Почему": "Договорились: нет вывода",
    "Дата решения": date(2022, 11, 15),
}


def test_the_workbook_comes_back_as_the_same_overrides(pair: tuple[Path, Path], tmp_path: Path) -> None:
    found = read_form(book(agree(pair), tmp_path / "form.xlsx", DECIDED | {"Почему": "Нет вывода"}))
    assert found.open == 1
    ((name, (decision,)),) = found.overrides.items()
    assert (name, decision.of, decision.outcome) == ("s-0", "B1-A01", "partial")
    assert (decision.by, decision.comment) == ("Первый: <эксперт>, Второй", "Нет вывода")
    assert decision.date == date(2022, 11, 15)


def test_the_workbook_shows_both_opinions_as_text(pair: tuple[Path, Path]) -> None:
    from openpyxl import load_workbook

    found = agree(pair)
    content = form_book(found)
    assert content == form_book(found)
    sheet = load_workbook(BytesIO(content))["Разногласия"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {(cell.data_type, cell.column) for cell in cells if cell.data_type != "s"} == {("n", 2)}, "only the year"
    told = "\n".join(str(cell.value) for cell in cells)
    for text_ in ("Даты в отчёте нет", "Документ к элементу B1-A01", "Ссылка не открылась", "не хватает: "):
        assert text_ in told


@pytest.mark.parametrize(
    ("decided", "message"),
    [
        ({"Итог": "есть, да не то"}, "неизвестное слово"),
        ({"Дата решения": "вчера"}, "дата, например 14.02.2022"),
        ({"Итог": "отсутствует"}, "не заполнено поле «Почему»"),
        ({"Код школы": None}, "нет обязательного ключа «school»"),
    ],
)
def test_what_is_wrong_in_the_workbook_names_its_cell(
    pair: tuple[Path, Path], tmp_path: Path, decided: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_form(book(agree(pair), tmp_path / "form.xlsx", decided))
    assert "лист «Разногласия», ячейка " in str(caught.value)


@pytest.mark.parametrize("what", ["Разногласия", "Эксперты", "column"])
def test_another_workbook_is_refused(pair: tuple[Path, Path], tmp_path: Path, what: str) -> None:
    from openpyxl import load_workbook

    path = book(agree(pair), tmp_path / "form.xlsx", {})
    other = load_workbook(path)
    if what == "column":
        other["Разногласия"].delete_cols(1)
    else:
        other[what].title = "Другой"
    other.save(path)
    with pytest.raises(InputError, match="Нужен лист согласования, который записала эта программа"):
        read_form(path)


def test_a_workbook_whose_experts_were_deleted_says_what_is_not_filled_in(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    from openpyxl import load_workbook

    path = book(agree(pair), tmp_path / "form.xlsx", {})
    other = load_workbook(path)
    other["Эксперты"].delete_cols(2, 9)
    other.save(path)
    with pytest.raises(InputError, match=r"лист «Эксперты», ячейка .*не заполнено поле"):
        read_form(path)


@pytest.fixture
def marked(tmp_path: Path) -> tuple[Path, Path]:
    """A school under a list of 189 indicators; three of the second expert's marks differ from the first's."""
    listed = list(load("tver-2022").indicators)
    mine = complete_case(["B1"]) | {"ruleset": "tver-2022"}
    mine["indicators"] = {code: {"mark": n % 2} for n, code in enumerate(listed)}
    other = copy.deepcopy(mine)
    for code in listed[:3]:
        other["indicators"][code]["mark"] ^= 1
    return expert(tmp_path, "Первый", [mine]), expert(tmp_path, "Второй", [other])


def test_three_different_marks_of_189_are_three_disputes(marked: tuple[Path, Path]) -> None:
    """Whatever came of them: a document may have earned the indicator that the mark denies."""
    found = agree(marked)
    assert [dispute.of for dispute in found.disputes] == list(found.ruleset.indicators)[:3]
    assert all(Aspect.MARK in dispute.over for dispute in found.disputes)
    row = found.data(95)["stated"]["marks"][-1]
    assert (row["units"], row["disagree"]) == (189, 3)
    assert row["agreement"]["value"] == pytest.approx(98.4, abs=0.05)
    assert row["kappa"]["value"] == pytest.approx(confusion_kappa(*marks(found, *marked)), abs=1e-4)
    alpha = pytest.importorskip("krippendorff").alpha(marks(found, *marked), level_of_measurement="nominal")
    assert row["alpha"]["value"] == pytest.approx(alpha, abs=1e-4)
    for shown in shown_as(found):
        assert "Расхождения: 3" in shown
        assert "98,4 %" in shown
        assert shown.casefold().count("разошлись: отметки") == 3


def marks(found: Agreement, *folders: Path) -> list[list[float]]:
    """The marks of each expert in one order, straight from the files."""
    stated = [read_case(folder / "0.yml").content.indicators for folder in folders]
    return [[float(entries[code].mark or 0) for code in found.ruleset.indicators] for entries in stated]


def confusion_kappa(first: Sequence[float], second: Sequence[float]) -> float:
    """Cohen's κ as scikit-learn computes it (`cohen_kappa_score`): from the confusion matrix and its margins."""
    import numpy as np

    classes = sorted({*first, *second})
    confusion = np.zeros((len(classes), len(classes)))
    for a, b in zip(first, second, strict=True):
        confusion[classes.index(a), classes.index(b)] += 1
    expected = np.outer(confusion.sum(axis=0), confusion.sum(axis=1)) / confusion.sum()
    weights = 1 - np.eye(len(classes))
    return float(1 - (weights * confusion).sum() / (weights * expected).sum())


def test_a_code_that_is_an_element_and_an_indicator_is_listed_once(tmp_path: Path) -> None:
    """Its document fails for one expert, and so the indicator that the document earns."""
    mine = complete_case() | {"ruleset": "tver-2022"}
    other = copy.deepcopy(mine)
    del document(other, "B1-A01")["date"]
    found = agree([expert(tmp_path, "Первый", [mine]), expert(tmp_path, "Второй", [other])])
    assert "B1-A01" in found.ruleset.elements.keys() & found.ruleset.indicators.keys()
    (dispute,) = (dispute for dispute in found.disputes if dispute.of == "B1-A01")
    assert (said(dispute, 0).outcome, said(dispute, 1).outcome) == ("met", "partial")
    assert (said(dispute, 0).indicator, said(dispute, 1).indicator) == ("met", "missing")
    assert "итог показателя: отсутствует" in "\n".join(opinion_lines(said(dispute, 1)))


def test_a_remark_that_one_expert_makes_is_a_dispute(tmp_path: Path) -> None:
    """The line is complete for both and is worth 1 for one of them, 0.9 for the other."""
    mine = school(0)
    other = copy.deepcopy(mine)
    document(other, "B1-D01")["holds"].remove("signature")
    found = agree([expert(tmp_path, "Первый", [mine]), expert(tmp_path, "Второй", [other])])
    (dispute,) = found.disputes
    assert (dispute.of, dispute.over) == ("B1-D01", (Aspect.OUTCOME,))
    assert (said(dispute, 0).outcome, said(dispute, 1).outcome) == ("met", "met")
    assert (said(dispute, 0).lacks, said(dispute, 1).lacks) == (
        (),
        (found.ruleset.requirements["signature"].title,),
    )
    assert f"не хватает: {said(dispute, 1).lacks[0]}" in list(opinion_lines(said(dispute, 1)))
    assert all(row["disagree"] == 0 for row in found.data(95)["outcomes"]["lines"])


def test_a_remark_is_no_dispute_where_both_decided(tmp_path: Path) -> None:
    cases = [school(0), school(0)]
    document(cases[1], "B1-D01")["holds"].remove("signature")
    for case in cases:
        case["overrides"] = [
            {"of": "B1-D01", "outcome": "met", "by": "Эксперт", "date": "2022-10-20", "comment": "Смотрели вместе"}
        ]
    found = agree([expert(tmp_path, "А", [cases[0]]), expert(tmp_path, "Б", [cases[1]])])
    assert found.disputes == []


def test_decisions_are_compared_as_the_experts_took_them(tmp_path: Path) -> None:
    """Both decided; the same outcome is no dispute, whatever the documents say."""
    cases = [school(0), school(0)]
    for case, outcome in zip(cases, ("met", "partial"), strict=True):
        common = {"by": "Эксперт", "date": "2022-10-20", "comment": "Смотрели вместе"}
        decisions = {"B1-A01": outcome, "B1-P01": "met"}
        case["overrides"] = [{"of": of, "outcome": decided, **common} for of, decided in decisions.items()]
    found = agree([expert(tmp_path, "А", [cases[0]]), expert(tmp_path, "Б", [cases[1]])])
    (dispute,) = found.disputes
    assert (dispute.of, dispute.over) == ("B1-A01", (Aspect.DECISION, Aspect.OUTCOME))
    assert (said(dispute, 0).decision, said(dispute, 1).decision) == ("met", "partial")
    (row,) = found.data(95)["stated"]["decisions"]
    assert (row["units"], row["disagree"], row["agreement"]["value"]) == (2, 1, 50)


@pytest.mark.parametrize("name", ["bashkortostan-2022", "tver-2022"])
@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yml")), ids=lambda path: path.stem)
def test_the_outcome_in_a_dispute_is_that_of_the_assessment(path: Path, name: str) -> None:
    case, rules = read_case(path), load(name)
    assessment = assess(case, rules, EngineName.PLAIN, beside(case.content.ruleset, [rules]))
    view = ExpertView(assessment)
    for code in rules.elements:
        assert view.opinion(code).outcome == assessment.outcome_of(code).value
    for block in result(assessment)["blocks"]:
        for item in block["items"]:
            assert view.opinion(item["element"]).outcome == item["outcome"]
        for row in block["indicators"]["rows"]:
            opinion = view.opinion(row["id"])
            assert (opinion.indicator or opinion.outcome) == row["outcome"]


def test_invented_experts_differ_a_little(experts: tuple[Path, Path]) -> None:
    found = agree(experts)
    rows = found.data(95)["outcomes"]["components"]
    assert found.disputes
    assert 60 < rows[-1]["agreement"]["value"] < 100


def test_every_shipped_case_agrees_with_itself() -> None:
    found = agree([SHIPPED, SHIPPED])
    assert found.schools == len(list(SHIPPED.glob("*.yml")))
    assert list(found.disputes) == []


def test_a_link_that_one_expert_does_not_see_is_disputed_and_settled_in_the_form(tmp_path: Path) -> None:
    """Elements come out alike, and the line does not: without a row of its own nobody would see why levels differ."""
    mine = [school(0)]
    other = copy.deepcopy(mine)
    document(other[0], "B1-RC01")["based_on"] = []
    found = agree((expert(tmp_path, "Первый", mine), expert(tmp_path, "Второй", other)))
    (dispute,) = found.disputes
    assert (dispute.of, dispute.over) == ("B1-RC01", (Aspect.LINK,))
    assert [o.outcome for o in dispute.opinions if o] == ["met", "met"]
    terminal, html = shown_as(found)
    assert "связь с предыдущим документом" in terminal
    assert "опирается на: «Документ к элементу B1-A01»" in html
    assert "опирается на: ни один документ" in html
    form = tmp_path / "form.yml"
    filled = form_text(found)
    assert "grounds: []" in filled
    for key, value in (("outcome", "partial"), ("comment", "Связи нет"), ("date", "2022-10-25")):
        filled = filled.replace(f"    {key}:\n", f"    {key}: {value}\n")
    form.write_text(filled, encoding="utf-8")
    (decision,) = read_form(form).decisions
    assert (decision.override.of, decision.override.outcome) == ("B1-RC01", "partial")
    for case in (*mine, *other):
        case["overrides"] = [decision.override.model_dump(mode="json", exclude_none=True)]
    again = tmp_path / "again"
    again.mkdir()
    after = agree((expert(again, "Первый", mine), expert(again, "Второй", other)))
    assert (len(after.disputes), after.open) == (1, [])
