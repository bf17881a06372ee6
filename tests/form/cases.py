"""Generated cases: everything that a case file may hold, hostile text included."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from tests.builders import LEVELS, ruleset
from vsoko_rules.case.records import Case
from vsoko_rules.reading.scalars import Code, Text
from vsoko_rules.ruleset.ruleset import Ruleset

HOSTILE = (
    "=1+1", "+7 900", "-5", "@SUM(A1)", "\tтабуляция", "\rвозврат", "a\r\nb", "две\nстроки", "_x0041_", "_x005F_x0041_",
    "<r>разметка</r>", "<r></b></r>", "\\{41}", "\\{5C}{1F}", "a\x00b", "\x1f", "a\x0b\x0cb", "\ufffe\uffff", "да",
    "нет", "1,5", "2022-02-14", "null", "~", "- пункт", "# решётка", "ключ: значение", "«в кавычках»", "' \" `",
    "№\u00a012",
    "две  подряд", "a\u2028b\x85c", "💡", "&amp; <b>", "{a: [b, c]}", "%", "; , ;", "НОО; ООО", "x" * 300,
    "слово " * 60,
)  # fmt: skip


def _fits(kind: Any) -> Any:
    adapter = TypeAdapter(kind)

    def fits(value: str) -> bool:
        try:
            adapter.validate_python(value)
        except ValidationError:
            return False
        return True

    return fits


texts: Any = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40)).filter(_fits(Text))
codes: Any = st.from_regex(r"[а-яa-zA-Z0-9][\w.\-]{0,8}", fullmatch=True).filter(_fits(Code))
days = st.dates()
naturals = st.integers(0, 10**11)
measures = st.decimals(-1_000_000, 1_000_000, places=3)
numbers = st.one_of(st.integers(-3, 100), st.decimals(-(10**9), 10**9, places=6), st.decimals(0, 1, places=17))


def _listed(known: Any) -> Any:
    """Codes of a ruleset, now and then one that nobody knows, now and then one twice, in any order."""
    return st.lists(st.one_of(st.sampled_from(sorted(known)), st.sampled_from(sorted(known)), codes), max_size=4)


def _record(required: dict[str, Any], optional: dict[str, Any]) -> Any:
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def cases(draw: st.DrawFn, known: Ruleset | None = None) -> Case:
    """A case that a file may hold, with the codes of a ruleset (the shipped one if not given) and others."""
    known = known or ruleset()
    ids = draw(st.lists(codes, unique=True, max_size=4))
    grounds = st.lists(st.sampled_from(ids), max_size=3) if ids else st.just([])
    levels = st.lists(st.sampled_from(LEVELS), min_size=1, max_size=4)
    optional = {
        "kind": texts, "number": texts, "date": days, "url": texts, "file": st.just("docs/приказ 1.pdf"),
        "serves": _listed(known.elements), "holds": _listed(known.requirements),
        "addressees": _listed(known.addressees),
        "covers": levels, "based_on": grounds, "blank": st.booleans(), "scan": st.booleans(), "sample": naturals,
        "remarks": _listed(known.remarks), "quote": texts, "page": naturals, "comment": texts,
        "period": st.sampled_from(["2021/22", "2021/2022 учебный год", "июнь 2022", "2022"]),
        "valid": _validity(), "unrelated": st.booleans(), "evidence": st.lists(_claim(ids), max_size=3),
        "holds_for": st.dictionaries(_one_of(known.elements), _listed(known.requirements), max_size=3),
    }  # fmt: skip
    documents = [{"id": each, **draw(_record({"title": texts}, optional | _others(ids, each)))} for each in ids]
    entry = {
        "value": measures, "previous": measures, "target": measures, "unit": texts, "sample": naturals,
        "mark": numbers, "comment": texts, "documents": grounds,
    }  # fmt: skip
    override = {
        "of": st.one_of(st.sampled_from(sorted(known.elements)), codes), "by": texts, "date": days, "comment": texts,
        "outcome": st.sampled_from(["met", "partial", "missing", "not_applicable", "not_checked"]),
    }  # fmt: skip
    procedure = {"days_between": naturals, "share": numbers, "per_day": naturals}
    counts = st.dictionaries(st.one_of(st.sampled_from(sorted(known.counts)), codes), naturals, max_size=3)
    first, last = sorted(draw(st.tuples(days, days)))
    data = {
        "school": draw(
            _record({"id": codes, "name": texts, "municipality": texts, "levels": levels, "counts": counts}, {})
        ),
        "study": {"year": draw(st.integers(1990, 2100)), "from": first, "to": last},
        "documents": documents,
        "procedures": [
            {"id": each, **draw(_record({"subject": texts, "grade": st.integers(1, 11)}, procedure))}
            for each in draw(st.lists(codes, unique=True, max_size=2))
        ],
        "indicators": draw(st.dictionaries(_one_of(known.elements), _record({}, entry), max_size=3)),
        "overrides": draw(st.lists(_record(override, {}), max_size=2)),
        **draw(
            _record(
                {},
                {
                    "ruleset": st.just(known.id),
                    "reviewed": _listed(known.blocks),
                    "filled_by": _filled_by(),
                    "links_checked": st.booleans(),
                },
            )
        ),
    }
    return Case.model_validate(data)


def _others(ids: list[str], document: str) -> dict[str, Any]:
    """Fields that name one other document."""
    others = [code for code in ids if code != document]
    return {field: st.sampled_from(others) for field in ("approved_by", "annex_of", "amends")} if others else {}


def _validity() -> Any:
    """From a day, to a day, or both, in their order."""
    return (
        st.lists(days, min_size=2, max_size=2)
        .map(sorted)
        .flatmap(lambda both: st.sampled_from([{"from": both[0]}, {"to": both[1]}, {"from": both[0], "to": both[1]}]))
    )


def _claim(ids: list[str]) -> Any:
    place = st.one_of(
        st.fixed_dictionaries({"file": texts}, optional={"page": naturals}), st.fixed_dictionaries({"page": naturals})
    )
    said = st.one_of(texts, st.sampled_from(["based_on", *(f"based_on {code}" for code in ids)]))
    states = st.sampled_from(["confirmed", "proposed", "rejected", "not_checked"])
    return _record({"claim": said}, {"quote": texts, "in": place, "state": states, "comment": texts})


def _one_of(known: Any) -> Any:
    return st.one_of(st.sampled_from(sorted(known)), codes)


def _filled_by() -> Any:
    return _record({"role": st.sampled_from(["expert", "school", "methodist"])}, {"name": texts, "date": days})
