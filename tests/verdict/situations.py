"""Twenty situations, each the complete school of `cases/polnaya-struktura.yml` with one change, and what a fair expert
concludes of it: the level, how many lines are complete of how many, and what must be seen."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.builders import Data, case_file
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped

BLOCKS = ("1", "2", "3", "4", "5", "6")
NOT_IN_TABLE = "В таблице структуры строки «Анализ» в этом блоке нет"


@dataclass(frozen=True, slots=True)
class Situation:
    """`change` turns the complete school into the situation, in place."""

    code: str
    name: str
    change: Callable[[Data], None]
    level: str
    complete: int
    total: int = 19
    remarks: bool = False


@cache
def _whole() -> Data:
    plain: Data = _plain(read(shipped("cases") / "polnaya-struktura.yml").data)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def case_of(situation: Situation) -> Data:
    """The case of a situation."""
    case = copy.deepcopy(_whole())
    situation.change(case)
    return case


def doc(case: Data, code: str) -> Data:
    """A document by its code, to be changed in place."""
    found: Data = next(d for d in case["documents"] if d["id"] == code)
    return found


def remove(case: Data, *codes: str) -> None:
    """Take documents away, and every reference to them."""
    case["documents"] = [d for d in case["documents"] if d["id"] not in codes]
    for each in case["documents"]:
        if "based_on" in each:
            each["based_on"] = [g for g in each["based_on"] if g not in codes]
    for entry in case.get("indicators", {}).values():
        if "documents" in entry:
            entry["documents"] = [d for d in entry["documents"] if d not in codes]


def serving(case: Data, stage: str) -> list[Data]:
    """The documents that serve an element of a stage: «G», «M», «A», «RC», «P», «D»."""
    return [d for d in case["documents"] if any(e.split("-")[1].rstrip("0123456789") == stage for e in d["serves"])]


def instead(case: Data, removed: Sequence[str], new: Data) -> None:
    """Put one document in the place of others: it serves what they served, and what rested on them rests on it."""
    old = [doc(case, code) for code in removed]
    new["serves"] = [*new.get("serves", []), *dict.fromkeys(e for d in old for e in d["serves"])]
    for each in case["documents"]:
        if set(removed) & set(each.get("based_on", [])):
            kept = [g for g in each["based_on"] if g not in removed]
            each["based_on"] = [*kept, new["id"]]
    case["documents"] = [d for d in case["documents"] if d["id"] not in removed]
    if all(d["id"] != new["id"] for d in case["documents"]):
        case["documents"].insert(0, new)


def goals_in_a_regulation(case: Data) -> None:
    regulation = doc(case, "polozhenie")
    regulation["date"] = "2020-08-31"
    regulation["holds"] = [*regulation["holds"], "goals", "tasks"]
    instead(case, [f"celi-{n}" for n in BLOCKS], regulation)
    regulation["serves"] = [e for e in regulation["serves"] if "-I" not in e]


def deadlines_in_an_annex(case: Data) -> None:
    orders = [d["id"] for d in serving(case, "M")]
    grounds = list(dict.fromkeys(g for d in serving(case, "M") for g in d["based_on"]))
    order = {
        "id": "monitoringi",
        "title": "Приказ о проведении мониторингов ВСОКО в 2021/22 учебном году (с приложением)",
        "kind": "приказ",
        "number": "163-од",
        "date": "2021-09-20",
        "url": "https://school3.zarechny.example/vsoko/prikaz-163.pdf",
        "holds": ["goals", "tasks", "signature", "passport"],
        "based_on": grounds,
    }
    instead(case, orders, order)
    annex = {
        "id": "grafik-m",
        "title": "Приложение к приказу: план-график мониторингов",
        "holds": ["deadlines", "responsible"],
        "serves": list(order["serves"]),
        "annex_of": "monitoringi",
    }
    case["documents"].append(annex)


def recommendations_in_an_annex(case: Data) -> None:
    for each in serving(case, "RC"):
        each["title"] = "Приложение к справке: рекомендации"
        each["annex_of"] = next(g for g in each["based_on"] if g.startswith("analiz"))
        for key in ("date", "number", "based_on"):
            each.pop(key, None)


def orders_of_august(case: Data) -> None:
    for each in serving(case, "G"):
        each["date"] = "2021-08-28"
    for each in serving(case, "M"):
        if each["date"] < "2022-01-01":
            each["date"] = "2021-08-30"


def plans_for_three_years(case: Data) -> None:
    for each in serving(case, "P"):
        each |= {"title": "План мероприятий на 2020–2023 годы", "date": "2020-09-01"}
        each["valid"] = {"from": "2020-09-01", "to": "2023-08-31"}


def reports_of_a_period(case: Data) -> None:
    for each in serving(case, "A"):
        del each["date"]
        each["period"] = "2021/22 учебный год"


def approved_by_order(case: Data) -> None:
    for number in BLOCKS:
        plan, order = doc(case, f"plan-{number}"), doc(case, f"prikaz-{number}")
        plan |= {"date": order["date"], "approved_by": order["id"]}
        order["based_on"] = []


def approved_from_both_sides(case: Data) -> None:
    for number in BLOCKS:
        plan, order = doc(case, f"plan-{number}"), doc(case, f"prikaz-{number}")
        plan["date"] = order["date"]
        plan["based_on"] = [*plan["based_on"], order["id"]]


def programme_and_calendar_plan(case: Data) -> None:
    plan = doc(case, "plan-6")
    plan["holds"] = [content for content in plan["holds"] if content != "programme_sections"]
    plan["annex_of"] = "rpv"
    case["documents"].append(
        {
            "id": "rpv",
            "title": "Рабочая программа воспитания",
            "kind": "рабочая программа воспитания",
            "serves": ["B6-P01"],
            "date": "2021-08-31",
            "holds": ["programme_sections"],
        }
    )


def no_analysis_in_four_blocks(case: Data) -> None:
    for number in ("3", "4", "5", "6"):
        analysis, advice = doc(case, f"analiz-{number}"), doc(case, f"rekomendacii-{number}")
        advice["based_on"] = list(analysis["based_on"])
        remove(case, analysis["id"])


def nine_years_without_graduates(case: Data) -> None:
    case["school"]["levels"] = ["НОО", "ООО"]
    case["school"]["counts"] |= {"graduates_9": 0, "graduates_11": 0}
    remove(case, "gia", "vuzy")
    goals = doc(case, "celi-1")
    goals["serves"] = [e for e in goals["serves"] if e not in ("B1-G04", "B1-I04")]
    order = doc(case, "prikaz-4")
    order |= {
        "title": "Приказ о программе профориентационной работы",
        "holds": ["decision", "executors", "control", "signature"],
    }


def primary_school(case: Data) -> None:
    nine_years_without_graduates(case)
    case["school"]["levels"] = ["НОО"]
    remove(case, "gramotnost", "predpochteniya", "soprovozhdenie", "posle-9")
    goals = doc(case, "celi-1")
    goals["serves"] = [e for e in goals["serves"] if e not in ("B1-G03", "B1-I03")]
    doc(case, "celi-4")["serves"] = ["B4-G01"]


def no_orders(case: Data) -> None:
    remove(case, *(f"prikaz-{n}" for n in BLOCKS))


def orders_rest_on_nothing(case: Data) -> None:
    for number in BLOCKS:
        doc(case, f"prikaz-{number}")["based_on"] = []


def one_goal_less_in_each_block(case: Data) -> None:
    for number in BLOCKS[:-1]:
        goals = doc(case, f"celi-{number}")
        goals["serves"] = [e for e in goals["serves"] if e != f"B{number}-G01"]
    remove(case, "klassnye")


def one_line_broken(case: Data) -> None:
    remove(case, "posle-9")


def second_block_empty(case: Data) -> None:
    gone = [d["id"] for d in case["documents"] if all(e.startswith("B2-") for e in d["serves"])]
    remove(case, *gone)


def orders_before_plans(case: Data) -> None:
    for number in BLOCKS:
        plan, order = doc(case, f"plan-{number}"), doc(case, f"prikaz-{number}")
        year, month, day = (int(part) for part in plan["date"].split("-"))
        order["date"] = f"{year}-{month:02}-{day - 1:02}"


def decision_not_applicable(case: Data) -> None:
    remove(case, "prikaz-4")
    case["overrides"] = [_left_out("B4-D01", "10-го класса нет")]


def analysis_not_applicable(case: Data) -> None:
    no_analysis_in_four_blocks(case)
    case["overrides"] = [_left_out(f"B{number}-A01", NOT_IN_TABLE) for number in ("3", "4", "5", "6")]


def _left_out(element: str, comment: str) -> Data:
    outcome = {"of": element, "outcome": "not_applicable", "by": "Эксперт 1", "date": "2022-10-27"}
    return {**outcome, "comment": comment}


FORMED, PARTLY = "сформирована", "частично сформирована"

SITUATIONS = (
    Situation("A03", "цели в Положении 2020 года", goals_in_a_regulation, FORMED, 19, remarks=True),
    Situation("A07", "сроки и ответственные в приложении к приказу", deadlines_in_an_annex, FORMED, 19),
    Situation("A09", "рекомендации в приложении к справке", recommendations_in_an_annex, FORMED, 19),
    Situation("B01", "приказы конца августа", orders_of_august, FORMED, 19),
    Situation("B02", "планы на 2020–2023 годы", plans_for_three_years, PARTLY, 0),
    Situation("B04", "справки без даты, за учебный год", reports_of_a_period, FORMED, 19),
    Situation("B05", "план утверждён приказом", approved_by_order, FORMED, 19),
    Situation("B06", "та же связь с двух сторон", approved_from_both_sides, FORMED, 19),
    Situation("C05", "программа воспитания и календарный план", programme_and_calendar_plan, FORMED, 19),
    Situation("C08", "нет анализа в блоках 3–6", no_analysis_in_four_blocks, PARTLY, 6),
    Situation("D03", "девять классов, выпускников нет", nine_years_without_graduates, FORMED, 16, 16),
    Situation("D04", "начальная школа", primary_school, FORMED, 13, 13),
    Situation("E01", "ни одного приказа о решении", no_orders, PARTLY, 0),
    Situation("E02", "приказы ни на что не опираются", orders_rest_on_nothing, PARTLY, 0),
    Situation("E06", "в каждом блоке одна линия без цели", one_goal_less_in_each_block, PARTLY, 13),
    Situation("E08", "разорвана одна линия", one_line_broken, FORMED, 18),
    Situation("E12", "второй блок пуст", second_block_empty, PARTLY, 17),
    Situation("E16", "приказы раньше планов", orders_before_plans, PARTLY, 0),
    Situation("G01", "решение блока 4 не применяется", decision_not_applicable, FORMED, 19),
    Situation("G13", "анализ блоков 3–6 не применяется", analysis_not_applicable, FORMED, 19),
)


def read_situation(situation: Situation) -> Any:
    """The situation as a case that was read."""
    return case_file(case_of(situation))
