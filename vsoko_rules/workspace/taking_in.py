"""Taking in what a school sent: from files to a draft of its case, and from a person's answers to a confirmed one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from vsoko_rules.accepted_files import YAML
from vsoko_rules.case.document_records import Document
from vsoko_rules.case.facts import expectation
from vsoko_rules.case.fresh import next_year, without_marks
from vsoko_rules.case.lapses import lapses
from vsoko_rules.case.reader import attached, case_of_data
from vsoko_rules.case.records import Case
from vsoko_rules.errors import InputError, Place, Problem, argument
from vsoko_rules.intake.drafts.answers import Understanding, WrongAnswer
from vsoko_rules.intake.drafts.confirmation_words import wording
from vsoko_rules.intake.drafts.confirming import answered
from vsoko_rules.intake.drafts.document_needs import DocumentNeeds
from vsoko_rules.intake.drafts.drafting import Draft, drafted
from vsoko_rules.intake.drafts.last_year import remembered
from vsoko_rules.intake.drafts.questions import questions
from vsoko_rules.intake.drafts.read_confirmation import AnswerCell, FilledBook, read_cells, understood
from vsoko_rules.intake.proposals.proposal import ProposedDocument
from vsoko_rules.intake.texts.file_text import FileText
from vsoko_rules.intake.texts.inventory import Progress
from vsoko_rules.reading.archive import read_bytes
from vsoko_rules.reading.attached import AttachedFile
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.workspace.opening import open_case, open_ruleset
from vsoko_rules.workspace.stored import levels_of
from vsoko_rules.workspace.taken_in import TakenIn, write_taken
from vsoko_rules.writing.files import check_ending

BOOK: Final = ".подтверждение.xlsx"
"""how the workbook beside a draft is called, after the name of the draft"""
_SECOND: Final = ".эксперт-2"
_SENT: Final = "папка с файлами школы, архив ZIP или сохранённая страница сайта"


@dataclass(frozen=True, slots=True)
class SchoolGiven:
    """What is told of the school of a new draft; `case`: another case or form that tells it. `today` is the day on
    which the draft is made: it tells the study's year where nothing else does."""

    school: str | None = None
    levels: str | None = None
    start: date | None = None
    end: date | None = None
    case: Path | None = None
    today: date | None = None


def draft_name(source: Path, blind: bool = False) -> Path:
    """Where the draft of a folder, an archive or a page lies unless somebody says otherwise: beside it."""
    whole = Path(os.path.realpath(source))
    stem = whole.name if whole.is_dir() else whole.stem
    return source.parent / f"{stem}{_SECOND if blind else ''}{YAML[0]}"


def book_name(target: Path) -> Path:
    """The workbook beside a draft."""
    return target.with_name(target.stem + BOOK)


def take_in(
    source: Path,
    target: Path | None = None,
    given: SchoolGiven | None = None,
    ruleset: str | None = None,
    *,
    answers: Path | None = None,
    blind: bool = False,
    year_before: Path | None = None,
    ocr: Path | None = None,
    progress: Progress | None = None,
) -> TakenIn:
    """Read what a school sent (a folder, an archive, a saved page) and write a draft of its case, with the workbook for
    confirmation beside it. Where the draft is there already, it is completed: answers in the workbook are taken in
    first, what was confirmed stays, what changed is asked again.

    `answers`: a filled workbook that lies elsewhere. `blind`: for a second expert, with nothing of what was said in the
    case that `given` names. `year_before`: the case of last year, whose documents are recognised. `ocr`: the folder
    with the data by which scans are recognised. `progress` is told how many of how many files are read.

    Raises `InputError`, `LostUpdate` and `OutputError`; nothing is written then.
    """
    given = given or SchoolGiven()
    target = target or draft_name(source, blind)
    check_ending(target, YAML)
    file_of = paths_in(source, target)
    stored = open_case(target) if target.exists() else None
    last = open_case(year_before).content if year_before is not None else None
    case = stored.content if stored is not None else _base(given, ruleset, last, blind, source)
    asked = needs_of(case, ruleset)
    texts, proposals = read_and_propose(source, asked.ruleset, ocr, progress)
    if all(text.left_out for text in texts):
        raise InputError([Problem(Place(str(source)), "здесь нет ни одного документа", expected=_SENT)])
    before = drafted(case, texts, proposals, asked, file_of)
    before, known = remembered(before, last, asked)
    filled = _understood(_cells(book_name(target), answers), before, asked)
    after = answered(before.case, filled.given, asked)
    after = links_reopened(after, attached(after, target.parent))
    draft = drafted(after, texts, proposals, asked, file_of)
    result = TakenIn(
        source, target, book_name(target), tuple(texts), before, draft, questions(draft, asked), asked, filled, known
    )
    return replace(result, copies=write_taken(result, stored))


def confirm(draft: Draft, asked: DocumentNeeds, key: str, text: str) -> Case:
    """The case of a draft after the answer `text`, in a person's words, to the question with this key: for a face that
    asks one question at a time (`questions`).

    Raises `InputError` for an answer that cannot be understood, and for a question that is asked no more.
    """
    question = next((q for q in questions(draft, asked) if q.key == key), None)
    if question is None:
        raise InputError([Problem(argument("question"), "этот вопрос уже решён", key)])
    try:
        answer = Understanding(draft.case, asked.ruleset).answer(question, text)
    except WrongAnswer as wrong:
        raise InputError([Problem(argument("answer"), wrong.message, text, wrong.expected, wrong.hint)]) from None
    return answered(draft.case, [(question, answer)], asked)


def read_and_propose(
    source: Path, ruleset: Ruleset, ocr: Path | None = None, progress: Progress | None = None
) -> tuple[Sequence[FileText], Sequence[ProposedDocument]]:
    """The text of every file of what was sent, and what is proposed of them. Raises `InputError`, and `RulesetError`
    for a ruleset that does not know how documents are recognised."""
    from vsoko_rules.intake.proposals.propose import propose
    from vsoko_rules.intake.texts.inventory import read_files

    texts = read_files(source, ruleset.text_quality, progress=progress, ocr=ocr)
    return texts, propose(texts, ruleset)


def needs_of(case: Case, ruleset: str | None) -> DocumentNeeds:
    """What the documents of a case are asked for, by its own ruleset or by another."""
    return needs_by(case, open_ruleset(ruleset or case.ruleset))


def needs_by(case: Case, judge: Ruleset) -> DocumentNeeds:
    """What the documents of a case are asked for by a ruleset."""
    return DocumentNeeds(judge, expectation(case, judge))


def paths_in(source: Path, target: Path) -> Callable[[str], str]:
    """From a path in what was sent to a path in the folder of the draft. Raises `InputError` where the files would lie
    outside that folder."""
    if not source.exists():
        raise InputError([Problem(Place(str(source)), "такого файла или папки нет", expected=_SENT)])
    whole = Path(os.path.realpath(source))
    root = whole if whole.is_dir() else whole.parent
    folder = Path(os.path.realpath(target.parent))
    if not root.is_relative_to(folder):
        hint = f"Например: {draft_name(source)}."
        expected = f"папка, в которой лежит {source.name}, или папка выше"
        raise InputError(
            [Problem(Place(str(target)), "файлы школы вне папки её черновика", expected=expected, hint=hint)]
        )
    before = root.relative_to(folder).as_posix()
    return lambda file: file if before == "." else f"{before}/{file}"


def _base(given: SchoolGiven, ruleset: str | None, last: Case | None, blind: bool, source: Path) -> Case:
    """The case to which documents are added. Raises `InputError`."""
    if last is not None and given.case is None:
        return _dated(next_year(last).model_copy(update={"documents": (), "reviewed": None}), given)
    path = given.case or (draft_name(source) if blind and draft_name(source).exists() else None)
    if path is not None:
        case = open_case(path).content
        if blind:
            case = without_marks(case)
            documents = tuple(d for d in case.documents if d.file is None)
            case = case.model_copy(update={"documents": documents, "reviewed": None})
        return _dated(case, given)
    judge = open_ruleset(ruleset)
    stated = given.end or given.start
    year = stated.year if stated is not None else judge.usual_year(given.today or date.today())  # noqa: DTZ011
    opens, closes = judge.usual_study(year)
    data = {
        "ruleset": judge.id,
        "school": {
            "id": given.school or "school",
            "name": wording().school["name"],
            "municipality": wording().school["municipality"],
            "levels": [level.value for level in levels_of(levels=given.levels)],
        },
        "study": {"year": year, "from": given.start or opens, "to": given.end or closes},
        "filled_by": {"role": "expert" if blind else "school"},
    }
    return case_of_data(data).content


def _dated(case: Case, given: SchoolGiven) -> Case:
    """The case with the period that was given."""
    changes = {"start": given.start, "end": given.end}
    study = case.study.model_copy(update={key: day for key, day in changes.items() if day is not None})
    return case.model_copy(update={"study": study})


def _cells(book: Path, answers: Path | None) -> tuple[AnswerCell, ...]:
    """What was answered in the workbook of a draft and in another one. Raises `InputError` where they differ."""
    found: dict[tuple[str, str], AnswerCell] = {}
    same = answers is not None and os.path.realpath(answers) == os.path.realpath(book)
    for path in (book if book.exists() else None, None if same else answers):
        for cell in read_cells(read_bytes(path), str(path)) if path is not None else ():
            other = found.setdefault((cell.key, cell.column), cell)
            if other.text.strip() != cell.text.strip():
                message = "на этот вопрос уже есть другой ответ"
                raise InputError([Problem(cell.place, message, cell.text, f"«{other.text}», как в {other.place}")])
    return tuple(found.values())


def _understood(cells: Sequence[AnswerCell], draft: Draft, asked: DocumentNeeds) -> FilledBook:
    if not cells:
        return FilledBook((), 0)
    return understood(cells, questions(draft, asked), Understanding(draft.case, asked.ruleset))


def links_reopened(case: Case, files: Mapping[str, AttachedFile]) -> Case:
    """The case with each link asked again of which the ground is another than when it was confirmed. `files` are those
    that it names, as they are found."""
    numbers: dict[str, set[int]] = {}
    for lapse in lapses(case, files):
        if lapse.ground is not None:
            numbers.setdefault(lapse.document, set()).add(lapse.number)
    if not numbers:
        return case
    again = {"state": "proposed", "comment": wording().lapsed, "seen": None}

    def opened(document: Document) -> Document:
        own = numbers.get(document.id, set())
        evidence = (c.model_copy(update=again) if n in own else c for n, c in enumerate(document.evidence))
        return document.model_copy(update={"evidence": tuple(evidence)})

    return case.model_copy(update={"documents": tuple(map(opened, case.documents))})
