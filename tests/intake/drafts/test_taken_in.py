"""From a folder to a confirmed case: what is asked, what counts, what is kept when files change."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.builders import FIRST_DAY, LAST_DAY, Data, as_yaml, assessed, chain_case, document, without_document
from tests.intake.drafts.sent import Sent, answer, forget, keys, person
from vsoko_rules.case.document_records import Document
from vsoko_rules.case.records import Case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, LostUpdate
from vsoko_rules.intake.drafts.confirmation_words import wording
from vsoko_rules.intake.drafts.question_words import QuestionWords
from vsoko_rules.intake.drafts.questions import About, questions
from vsoko_rules.report.out.text import summary
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.workspace import taking_in
from vsoko_rules.workspace.judging import assess_file
from vsoko_rules.workspace.opening import open_case
from vsoko_rules.workspace.taken_in import TakenIn
from vsoko_rules.workspace.taking_in import SchoolGiven, confirm, take_in

pytestmark = pytest.mark.slow

GIVEN = SchoolGiven("sosna-1", start=FIRST_DAY, end=LAST_DAY, today=date(2022, 11, 1))
Make = Callable[..., Sent]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Makes a folder from a case, and lets it be read."""

    def made(truth: Data | None = None, **more: object) -> Sent:
        sent = Sent(tmp_path / "школа", truth or chain_case("B1"), **more)  # type: ignore[arg-type]
        sent.write()
        monkeypatch.setattr(taking_in, "read_and_propose", sent.read)
        return sent

    return made


def whole(sent: Sent) -> TakenIn:
    """Everything answered by somebody who knows."""
    taken = take_in(sent.folder, given=GIVEN)
    for _ in range(3):
        if not taken.questions:
            return taken
        person(sent, taken).fill(taken.book)
        taken = take_in(sent.folder)
    raise AssertionError(f"still asked: {[q.key for q in taken.questions]}")


def of(case: Case, file: str) -> Document:
    return next(d for d in case.documents if d.file is not None and d.file.endswith(file))


def assess_case(sent: Sent, truth: Data) -> Assessment:
    """The verdict on the truth, its documents being the files of the folder."""
    path = sent.folder / "truth.yml"
    path.write_text(as_yaml(truth), encoding="utf-8")
    result = assess_file(path, engine=EngineName.PLAIN)[0]
    path.unlink()
    return result


def outcomes(assessment: Assessment) -> dict[str, Outcome]:
    return {line.spec.id: line.outcome for block in assessment.blocks for line in block.lines}


def test_a_draft_tells_bounds_and_no_level_and_the_truth_lies_within(make: Make) -> None:
    sent = make()
    draft = assess_file(take_in(sent.folder, given=GIVEN).target)[0]
    truth = assessed(sent.truth)
    assert draft.cycle.low <= truth.cycle.points <= draft.cycle.high
    assert draft.tally.complete == 0 <= truth.tally.complete <= draft.tally.most
    assert not draft.verdict.certain
    told = summary(draft)
    assert "от «не сформирована» до «сформирована»" in told
    assert not [level.title for level in draft.ruleset.levels if f"ВСОКО: {level.title}" in told]
    assert "Ждут подтверждения человека" in told


def test_what_nobody_looked_at_is_never_missing_in_a_draft(make: Make) -> None:
    draft = assess_file(take_in(make().folder, given=GIVEN).target)[0]
    told = {draft.outcome_of(e) for e in draft.expectation.elements}
    assert told == {Outcome.NOT_CHECKED}


def test_every_claim_has_its_place_and_what_is_proposed_its_words(make: Make) -> None:
    case = take_in(make().folder, given=GIVEN).draft.case
    for each in case.documents:
        for claim in each.evidence:
            assert claim.place is not None
            assert claim.place.file == each.file
            assert claim.place.sha256 is not None
            assert claim.quote is not None or claim.state != "proposed"


def test_a_confirmed_case_comes_out_as_the_truth(make: Make) -> None:
    truth = chain_case("B1")
    document(truth, "B1-M03")["holds"].remove("tasks")
    sent = make(
        truth, missed={"d-b1-m02": ["deadlines"]}, guessed={"d-b1-m01": ["B1-M02", "B1-M04"]}, unread=["d-b1-m04"]
    )
    result = assess_file(whole(sent).target)[0]
    assert outcomes(result) == outcomes(assessed(sent.truth))
    assert result.cycle == assessed(sent.truth).cycle
    assert "missing" in {o.value for o in outcomes(result).values()} or result.tally.complete < 4


def test_one_yes_confirms_a_document_and_nothing_that_waits(make: Make) -> None:
    sent = make()
    first = take_in(sent.folder, given=GIVEN)
    own = of(first.draft.case, "d-b1-d01.txt").id
    answer(first.book, {f"{own} document": "Да"})
    after = of(take_in(sent.folder).draft.case, "d-b1-d01.txt")
    states = {c.claim.split()[0]: c.state for c in after.evidence}
    assert {states[key] for key in ("title", "kind", "number", "date", "serves", "decision")} == {"confirmed"}
    waiting = {c.claim.split()[0] for c in after.evidence if c.open}
    assert waiting == {"based_on", "signature"}


def test_an_answer_of_its_own_excepts_a_claim(make: Make) -> None:
    sent = make()
    first = take_in(sent.folder, given=GIVEN)
    own = of(first.draft.case, "d-b1-d01.txt").id
    answer(
        first.book,
        {
            f"{own} document": "да",
            f"{own} field number": "№ 200-од от 01.02.2022",
            f"{own} content control": "нет",
            f"{own} content executors": "не знаю",
        },
    )
    after = of(take_in(sent.folder).draft.case, "d-b1-d01.txt")
    states = {c.claim: c.state for c in after.evidence}
    assert states["number 200-од"] == states["date 2022-02-01"] == "confirmed"
    assert states["control"] == "rejected"
    assert states["executors"] == "not_checked"
    assert [c.state for c in after.evidence if c.field == "number"] == ["rejected", "confirmed"]


def test_an_element_by_its_number_its_code_or_its_title(make: Make) -> None:
    sent = make(guessed={"d-b1-m01": ["B1-M02"], "d-b1-m02": ["B1-M01"], "d-b1-m03": ["B1-M01"]})
    first = take_in(sent.folder, given=GIVEN)
    title = first.asked.ruleset.elements["B1-M03"].title
    said = {"d-b1-m01.txt": "2", "d-b1-m02.txt": "B1-M02; B1-M01", "d-b1-m03.txt": title}
    answer(first.book, {f"{of(first.draft.case, file).id} element": text for file, text in said.items()})
    after = take_in(sent.folder).draft.case

    def served(file: str) -> list[str | None]:
        return [c.value for c in of(after, file).evidence if c.field == "serves" and c.state == "confirmed"]

    assert served("d-b1-m01.txt") == ["B1-M01"]
    assert sorted(filter(None, served("d-b1-m02.txt"))) == ["B1-M01", "B1-M02"]
    assert served("d-b1-m03.txt") == ["B1-M03"]


def test_what_was_not_found_is_asked_and_is_absent_only_when_a_person_says_so(make: Make) -> None:
    sent = make(missed={"d-b1-m02": ["deadlines"]})
    first = take_in(sent.folder, given=GIVEN)
    own = of(first.draft.case, "d-b1-m02.txt").id
    assert any(key.startswith(f"{own}@") and key.endswith("lacking deadlines") for key in keys(first.book))
    answer(first.book, {f"{own} lacking": "нет"})
    after = of(take_in(sent.folder).draft.case, "d-b1-m02.txt")
    assert {c.claim: c.state for c in after.evidence}["deadlines"] == "rejected"


def test_taken_in_again_nothing_is_asked_twice(make: Make) -> None:
    sent = make()
    confirmed = whole(sent)
    before = confirmed.target.read_bytes()
    again = take_in(sent.folder)
    assert again.questions == ()
    assert again.target.read_bytes() == before
    assert not again.copies


def test_a_changed_file_is_asked_again_and_nothing_else(make: Make) -> None:
    sent = make()
    before = whole(sent)
    changed = sent.file("d-b1-a01")
    changed.write_text(changed.read_text(encoding="utf-8").replace("№ 14-од", "№ 15-од"), encoding="utf-8")
    lapsed = assess_file(before.target)[0].lapses
    assert lapsed, "the check sees it before anything is taken in again"
    after = take_in(sent.folder)
    own = of(after.draft.case, "d-b1-a01.txt").id
    assert after.before.changed == (own,)
    resting = {d.id for d in after.draft.case.documents if any(c.value == own for c in d.evidence)}
    assert {q.document for q in after.questions} == {own} | resting
    others = {d.id: d for d in before.draft.case.documents}
    for each in after.draft.case.documents:
        if each.id not in (own, *resting):
            assert each == others[each.id]
    remarks = {c.comment for c in of(after.draft.case, "d-b1-a01.txt").evidence if c.open}
    assert wording().lapsed in remarks
    assert assess_file(after.target)[0].lapses == ()


def test_a_moved_file_keeps_its_id_and_its_answers(make: Make) -> None:
    sent = make()
    before = whole(sent)
    (sent.folder / "архив").mkdir()
    shutil.move(sent.file("d-b1-a01"), sent.folder / "архив" / "d-b1-a01.txt")
    after = take_in(sent.folder)
    own = of(before.draft.case, "d-b1-a01.txt").id
    assert list(after.before.moved or {}) == [own]
    assert of(after.draft.case, "архив/d-b1-a01.txt").id == own
    assert after.questions == ()
    assert assess_file(after.target)[0].cycle == assess_file(before.target)[0].cycle


def test_a_file_that_is_gone_is_told_and_kept(make: Make) -> None:
    sent = make()
    before = whole(sent)
    sent.file("d-b1-a01").unlink()
    after = take_in(sent.folder)
    own = of(before.draft.case, "d-b1-a01.txt").id
    assert after.before.gone == (own,)
    assert own in {d.id for d in after.draft.case.documents}


def test_a_new_file_gets_the_next_id_and_is_asked_alone(make: Make) -> None:
    truth = chain_case("B1")
    sent = make(truth)
    sent.file("d-b1-a01").rename(sent.folder / "вне.tmp")
    before = take_in(sent.folder, given=GIVEN)
    (sent.folder / "вне.tmp").rename(sent.file("d-b1-a01"))
    after = take_in(sent.folder)
    own = of(after.draft.case, "d-b1-a01.txt").id
    assert after.before.new == (own,)
    assert own == f"d{len(before.draft.case.documents) + 1:02}"
    assert [d.id for d in after.draft.case.documents][:-1] == [d.id for d in before.draft.case.documents]


def test_answers_that_were_not_taken_in_are_not_lost(make: Make) -> None:
    sent = make()
    first = take_in(sent.folder, given=GIVEN)
    own = of(first.draft.case, "d-b1-d01.txt").id
    answer(first.book, {f"{own} document": "да"})
    filled = first.book.read_bytes()
    second = take_in(sent.folder)
    assert second.filled.cells == 1
    assert second.copies[second.book].read_bytes() == filled
    assert f"{own}@" not in "".join(k for k in keys(second.book) if " document" in k)


def test_an_answer_to_a_file_that_changed_since_is_not_taken(make: Make) -> None:
    sent = make()
    first = take_in(sent.folder, given=GIVEN)
    own = of(first.draft.case, "d-b1-d01.txt").id
    answer(first.book, {f"{own} document": "да"})
    changed = sent.file("d-b1-d01")
    changed.write_text(changed.read_text(encoding="utf-8") + "\nЕщё строка.", encoding="utf-8")
    second = take_in(sent.folder)
    assert [cell.text for cell in second.filled.stale] == ["да"]
    assert not any(c.state == "confirmed" for c in of(second.draft.case, "d-b1-d01.txt").evidence)


def test_what_a_person_wrote_in_the_file_stays(make: Make) -> None:
    sent = make()
    first = take_in(sent.folder, given=GIVEN)
    text = first.target.read_text(encoding="utf-8")
    text = text.replace("  - id: d02\n", "  # проверить у завуча\n  - id: d02\n", 1)
    first.target.write_text(text.replace("name: Название школы", "name: МБОУ «Сосна»"), encoding="utf-8")
    answer(first.book, {"d01 document": "да"})
    second = take_in(sent.folder)
    after = first.target.read_text(encoding="utf-8")
    assert "# проверить у завуча" in after
    assert second.draft.case.school.name == "МБОУ «Сосна»"
    assert second.copies[first.target].name.endswith(".bak")


def test_a_file_changed_meanwhile_is_not_written_over(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = make()
    first = take_in(sent.folder, given=GIVEN)
    answer(first.book, {"d01 document": "да"})

    def meanwhile(source: Path, *more: object) -> object:
        first.target.write_text(first.target.read_text(encoding="utf-8") + "# ещё\n", encoding="utf-8")
        return sent.read(source)

    monkeypatch.setattr(taking_in, "read_and_propose", meanwhile)
    filled = first.book.read_bytes()
    with pytest.raises(LostUpdate):
        take_in(sent.folder)
    assert first.book.read_bytes() == filled


def test_a_second_expert_sees_nothing_of_the_first(make: Make) -> None:
    sent = make(guessed={"d-b1-m01": ["B1-M02"]})
    first = whole(sent)
    second = take_in(sent.folder, blind=True)
    assert second.target != first.target
    assert second.draft.case.school == first.draft.case.school
    assert second.draft.case.study == first.draft.case.study
    assert {c.state for d in second.draft.case.documents for c in d.evidence} == {"proposed", "not_checked"}
    fresh = take_in(sent.folder, sent.folder.parent / "заново.yml", GIVEN)
    assert second.draft.case.documents == fresh.draft.case.documents


def test_the_next_year_recognises_the_documents_of_the_last(make: Make, tmp_path: Path) -> None:
    sent = make(guessed={"d-b1-m01": ["B1-M02"]})
    last = whole(sent)
    now = Sent(tmp_path / "новый", sent.truth, guessed=sent.guessed)
    now.write()
    changed = now.file("d-b1-m01")
    changed.write_text(changed.read_text(encoding="utf-8").replace("2021", "2022"), encoding="utf-8")
    taken = take_in(now.folder, year_before=last.target)
    assert taken.draft.case.school == last.draft.case.school
    assert (taken.draft.case.study.year, taken.draft.case.study.start) == (2023, date(2022, 9, 1))
    monitoring = of(taken.draft.case, "d-b1-m01.txt")
    assert monitoring.id in taken.known.documents
    assert monitoring.id not in taken.known.unchanged
    assert of(taken.draft.case, "d-b1-a01.txt").id in taken.known.unchanged
    offered = [c for c in monitoring.evidence if c.field == "serves" and c.state == "proposed"]
    assert (offered[0].value, offered[0].comment) == ("B1-M01", wording().as_last_year)
    assert not any(c.state == "confirmed" for d in taken.draft.case.documents for c in d.evidence)
    days = [c.value for c in monitoring.evidence if c.field == "date"]
    assert all(day is not None and day.startswith("2022") for day in days)


def test_one_question_at_a_time(make: Make) -> None:
    """As a page asks them: nothing is written."""
    taken = take_in(make().folder, given=GIVEN)
    draft, asked = taken.draft, taken.asked
    key = next(q.key for q in questions(draft, asked) if q.about is About.DOCUMENT)
    after = confirm(draft, asked, key, "да")
    own = next(d for d in after.documents if d.id == key.partition("@")[0])
    assert {c.state for c in own.evidence if c.field in ("title", "number", "serves")} == {"confirmed"}
    assert open_case(taken.target).content == draft.case
    with pytest.raises(InputError, match="что именно неверно"):
        confirm(draft, asked, key, "нет")
    with pytest.raises(InputError, match="этот вопрос уже решён"):
        confirm(draft, asked, "d99@ document", "да")


@pytest.mark.parametrize("seed", range(6))
def test_the_truth_lies_within_the_bounds_however_much_is_answered(make: Make, seed: int) -> None:
    """Low ≤ truth ≤ high, of a school with gaps, after a part of the right answers in whatever order."""
    chance = random.Random(seed)
    truth = chain_case("B1")
    for gap in chance.sample(["d-b1-m02", "d-b1-p01", "d-b1-rc01", "d-b1-a01"], 2):
        document(truth, gap)["holds"] = document(truth, gap)["holds"][1:]
    truth = without_document(truth, "d-b1-g03")
    sent = make(
        truth,
        missed={d["id"]: d["holds"][:1] for d in chance.sample(truth["documents"], 4)},
        guessed={d["id"]: ["B1-M02"] for d in chance.sample(truth["documents"], 3)},
        unread=[chance.choice(truth["documents"])["id"]],
    )
    true = assess_case(sent, truth)
    taken = take_in(sent.folder, given=GIVEN)
    for _ in range(4):
        draft = assess_file(taken.target, engine=EngineName.PLAIN)[0]
        assert draft.cycle.low <= true.cycle.points <= draft.cycle.high
        assert draft.tally.complete <= true.tally.complete <= draft.tally.most
        person(sent, taken).fill(taken.book)
        forget(taken.book, chance, 0.4)
        taken = take_in(sent.folder)


def test_pages_that_are_pictures_are_named_beside_their_document(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = make()

    def with_pictures(source: Path, *more: object) -> object:
        texts, proposals = sent.read(source)
        return [replace(text, unread_pages=(2, 3)) for text in texts], proposals

    monkeypatch.setattr(taking_in, "read_and_propose", with_pictures)
    taken = take_in(sent.folder, given=GIVEN)
    sheet = openpyxl.load_workbook(taken.book)["Вопросы"]
    assert "не прочитаны: 2, 3" in str(sheet["D2"].value)


def test_names_of_files_stay_out_of_titles(make: Make) -> None:
    sent = make(people=" Иванов Пётр", unread=["d-b1-m04"])
    case = take_in(sent.folder, given=GIVEN).draft.case
    said = [d.title for d in case.documents] + [c.claim for d in case.documents for c in d.evidence]
    assert not [text for text in said if "Иванов" in text]


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("d01 document", "нет", "что именно неверно"),
        ("d01 document", "наверное", "ответ непонятен"),
        ("d01 element", "В1-А01", "кириллица"),
        ("d01 field date", "вчера", "дата"),
        ("d01 content results", "может быть", "«да», «нет» или «не знаю»"),
    ],
)
def test_an_answer_that_nobody_understands_names_its_cell(make: Make, key: str, text: str, expected: str) -> None:
    sent = make()
    first = take_in(sent.folder, given=GIVEN)
    answer(first.book, {key: text})
    before, filled = first.target.read_bytes(), first.book.read_bytes()
    with pytest.raises(InputError) as caught:
        take_in(sent.folder)
    (problem,) = caught.value.problems
    assert "лист «Вопросы», ячейка" in str(problem.place)
    assert expected in str(problem)
    assert (first.target.read_bytes(), first.book.read_bytes()) == (before, filled)


def test_grounds_are_asked_once_it_is_known_what_the_documents_are(make: Make) -> None:
    sent = make()
    first = take_in(sent.folder, given=GIVEN)
    assert not [q for q in first.questions if q.about is About.GROUNDS]
    own = {name: of(first.draft.case, f"d-b1-{name}.txt").id for name in ("d01", "p01", "rc01")}
    answer(first.book, {f"{code} document": "да" for code in own.values()})
    second = take_in(sent.folder)
    asked = {q.document: q for q in second.questions if q.about is About.GROUNDS}
    assert asked[own["d01"]].named == (own["p01"],)
    answer(second.book, {f"{own['d01']} grounds": "да", f"{own['p01']} grounds": "d99"})
    with pytest.raises(InputError, match="такого документа нет"):
        take_in(sent.folder)
    answer(second.book, {f"{own['p01']} grounds": "№ 15-од"})
    third = take_in(sent.folder).draft.case
    (claim,) = (c for c in of(third, "d-b1-p01.txt").evidence if c.field == "based_on")
    assert (claim.value, claim.state) == (own["rc01"], "confirmed")
    assert claim.seen is not None
    assert claim.seen.number == "15-од"
    assert claim.seen.sha256 == claim_place_sha(third, own["rc01"])


def test_a_document_is_chosen_by_the_title_that_the_list_offers(make: Make) -> None:
    """The title stands first; a long one is cut, never the code after it."""
    truth = chain_case("B1")
    document(truth, "d-b1-rc01")["title"] = "Методические рекомендации учителям " + "по итогам мониторинга " * 6
    sent = make(truth)
    first = take_in(sent.folder, given=GIVEN)
    own = {name: of(first.draft.case, f"d-b1-{name}.txt").id for name in ("d01", "p01", "rc01")}
    answer(first.book, {f"{code} document": "да" for code in own.values()})
    second = take_in(sent.folder)
    label = QuestionWords(second.draft, assessed(truth).ruleset).label(own["rc01"])
    assert label.startswith("Методические рекомендации учителям")
    assert label.endswith(own["rc01"])
    assert len(label) <= 90
    answer(second.book, {f"{own['p01']} grounds": label})
    third = take_in(sent.folder).draft.case
    (claim,) = (c for c in of(third, "d-b1-p01.txt").evidence if c.field == "based_on")
    assert (claim.value, claim.state) == (own["rc01"], "confirmed")


def claim_place_sha(case: Case, document: str) -> str | None:
    claims = next(d for d in case.documents if d.id == document).evidence
    return next(c.place.sha256 for c in claims if c.place is not None)


def test_a_damaged_workbook_gives_one_message(make: Make) -> None:
    sent = make()
    first = take_in(sent.folder, given=GIVEN)
    first.book.write_bytes(first.book.read_bytes()[:2000])
    with pytest.raises(InputError) as caught:
        take_in(sent.folder)
    assert len(caught.value.problems) == 1
    workbook = openpyxl.Workbook()
    workbook.save(first.book)
    with pytest.raises(InputError, match="в книге нет листа «Вопросы»"):
        take_in(sent.folder)


def test_a_row_that_lost_its_key_names_its_cell(make: Make) -> None:
    sent = make()
    first = take_in(sent.folder, given=GIVEN)
    workbook = openpyxl.load_workbook(first.book)
    sheet = workbook["Вопросы"]
    sheet["A2"].value, sheet["F2"].value = None, "да"
    workbook.save(first.book)
    with pytest.raises(InputError, match="ячейка F2: строка не узнана"):
        take_in(sent.folder)


def test_the_draft_must_lie_above_the_files(make: Make, tmp_path: Path) -> None:
    sent = make()
    (tmp_path / "другая").mkdir()
    with pytest.raises(InputError, match="файлы школы вне папки её черновика"):
        take_in(sent.folder, tmp_path / "другая" / "школа.yml", GIVEN)


def test_an_empty_folder_is_no_school(make: Make) -> None:
    sent = make()
    for file in sent.folder.iterdir():
        file.unlink()
    with pytest.raises(InputError, match="нет ни одного документа"):
        take_in(sent.folder, given=GIVEN)


def test_the_same_files_give_the_same_bytes(make: Make, tmp_path: Path) -> None:
    sent = make()
    first, second = (take_in(sent.folder, tmp_path / f"{name}.yml", GIVEN) for name in "аб")
    assert first.target.read_bytes() == second.target.read_bytes()
    assert first.book.read_bytes() == second.book.read_bytes()
