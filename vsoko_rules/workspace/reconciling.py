"""Experts who come to one decision: their agreement, the form of what they differ on, and their decisions put into
their cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.case.records import Override
from vsoko_rules.case.write import plain_data
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import ExitCode, InputError, OutputError, Place, Problem, argument
from vsoko_rules.intake.case_file import is_form, parse_case_file
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.reading.archive import read_bytes
from vsoko_rules.reading.yaml import parse
from vsoko_rules.report.scores import lines, score_view
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study import pages
from vsoko_rules.study.agreement import Agreement, Cases, agreement_of, read_experts
from vsoko_rules.study.parameters import parameters
from vsoko_rules.study.reconcile import FormDecision, Reconciled, read_form, with_decisions
from vsoko_rules.study.reconcile_form import form_book, form_text, opinion_lines
from vsoko_rules.workspace.editing import Rewrite, patched, rewrite_all
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.stored import FORM
from vsoko_rules.workspace.studies import StudyReport
from vsoko_rules.writing.files import output_name, write
from vsoko_rules.writing.yaml_edit import edited

FEWEST: Final = 2
"""experts that can be compared"""


@dataclass(frozen=True, slots=True)
class Written:
    """What came of decisions that were put into cases: the files changed, each with the copy of what it was."""

    filled: Reconciled
    copies: Mapping[Path, Path]
    before: Agreement
    after: Agreement
    verdicts: tuple[tuple[str, str, str, str], ...]
    """school, expert, level and complete lines, of each case that a decision is about"""

    @property
    def exit_code(self) -> ExitCode:
        """Whether experts still differ."""
        return ExitCode.GAPS if self.after.open else ExitCode.COMPLETE

    @property
    def results(self) -> list[dict[str, Any]]:
        """For programs."""
        told = {
            **self.filled.data(),
            "files": [{"file": str(path), "copy": str(copy)} for path, copy in self.copies.items()],
            "disputes": {"before": len(self.before.open), "after": len(self.after.open)},
            "results": [dict(zip(("school", "expert", "level", "lines"), row, strict=True)) for row in self.verdicts],
        }
        return [told]

    def text(self) -> str:
        """For a terminal, as Rich markup."""
        return pages.text("decided", w=self)

    def page(self) -> str:
        """The agreement, with what is settled, as an HTML page."""
        return _report(self.after).page()


def reconcile(
    first: Iterable[CaseFile],
    second: Iterable[CaseFile],
    ruleset: str | None = None,
    *,
    others: Iterable[Iterable[CaseFile]] = (),
) -> Agreement:
    """How far experts agree over the same schools, matched by code and year, and everything they differ on.

    `others` are the cases of a third expert and more. Schools that only one of them looked at are named in `unmatched`.
    Raises as `assess`.
    """
    experts = [{(c.content.school.id, c.content.study.year): c for c in own} for own in (first, second, *others)]
    return agreement_of(experts, ruleset)


def agree(experts: Sequence[Path], ruleset: str | None = None, form: Path | None = None) -> StudyReport:
    """How far experts agree, each with a folder or one file; `form`: write the form of reconciliation there, over an
    older one if nobody has begun to fill it in.

    Raises `InputError` and `OutputError`.
    """
    agreement = agreement_of(_cases(experts), ruleset)
    if form is not None:
        _check_untouched(form)
        as_book = form.suffix.lower() == FORM
        write(form, form_book(agreement, form.absolute().parent) if as_book else form_text(agreement).encode())
    return _report(agreement)


def _report(agreement: Agreement) -> StudyReport:
    settings = parameters().agreement
    data = agreement.data(settings.confidence)
    shown = {
        "a": data, "most": settings, "titles": pages.ruleset_words(agreement.ruleset), "names": agreement.names,
        "disputes": agreement.disputes, "opinion": opinion_lines,
    }  # fmt: skip
    return StudyReport("agree", [data], shown, ExitCode.GAPS if agreement.open else ExitCode.COMPLETE)


def _check_untouched(form: Path) -> None:
    """Raises `OutputError` where a form stands that somebody has begun to fill in."""
    if not form.is_file():
        return
    try:
        begun = bool(read_form(form).decisions)
    except InputError:
        begun = True
    if begun:
        hint = "Укажите другое имя или удалите прежний файл."
        raise OutputError([Problem(Place(str(form)), "такой файл уже есть, и в нём могут быть решения", hint=hint)])


def read_decisions(form: Path, folder: Path | None = None) -> Reconciled:
    """The decisions of a filled form; with `folder` written there, a file a school. Raises `InputError` and
    `OutputError`."""
    filled = read_form(form)
    if folder is not None:
        taken: set[str] = set()
        for school, text in filled.fragments().items():
            name = output_name(school, ".overrides.yml", taken)
            taken.add(name)
            write(folder / name, text.encode())
    return filled


def write_decisions(experts: Sequence[Path], form: Path, ruleset: str | None = None) -> Written:
    """Put the decisions of a filled form into the cases of all experts who looked at the school, and assess them anew.

    All files are changed or none, each with a copy of what it was beside it; comments of YAML stay. What is decided
    already is not written again. Raises `InputError`, `LostUpdate` and `OutputError`.
    """
    cases = _cases(experts)
    before = agreement_of(cases, ruleset)
    filled = read_form(form)
    decided = _by_case(filled, cases, before, form)
    rewrites = [r for case, overrides in decided if (r := _rewrite(case, overrides, before.ruleset)) is not None]
    copies = rewrite_all(rewrites)
    after = agreement_of(_cases(experts), ruleset)
    return Written(filled, copies, before, after, tuple(_verdicts(decided, before, cases)))


def _cases(experts: Sequence[Path]) -> list[Cases]:
    if len(experts) < FEWEST:
        raise InputError([Problem(argument("experts"), "нужны файлы хотя бы двух экспертов: по папке на каждого")])
    return read_experts(experts)


Decided = list[tuple[CaseFile, tuple[Override, ...]]]
"""cases with the decisions that are to stand in them"""


def _by_case(filled: Reconciled, cases: Sequence[Cases], agreement: Agreement, form: Path) -> Decided:
    """The decisions by the cases that they are about. Raises `InputError` with everything that does not fit."""
    problems = list(_of_others(filled, agreement, form))
    found: dict[str, tuple[CaseFile, list[Override]]] = {}
    codes: set[tuple[str, int, str]] = set()
    aliases = _aliases(agreement.ruleset)
    known = {*agreement.ruleset.elements, *agreement.ruleset.indicators}
    for decision in filled.decisions:
        keys = {key for own in cases for key in own if key[0] == decision.school}
        keys = {key for key in keys if decision.year in (None, key[1])}
        code = aliases.get(decision.override.of, decision.override.of)
        if len(keys) != 1:
            problems.append(_no_school(decision, bool(keys)))
            continue
        (key,) = keys
        of_school = [own[key] for own in cases if key in own]
        if code not in known and not any(code in case.content.indicators for case in of_school):
            problems.append(Problem(decision.place, "нет такого элемента или показателя", decision.override.of))
        if (*key, code) in codes:
            problems.append(Problem(decision.place, "решение повторяется", decision.override.of, "одно решение"))
        codes.add((*key, code))
        for case in of_school:
            found.setdefault(case.name, (case, []))[1].append(decision.override)
    if problems:
        raise InputError(problems)
    return [(case, tuple(overrides)) for case, overrides in found.values()]


def _of_others(filled: Reconciled, agreement: Agreement, form: Path) -> Iterator[Problem]:
    """A form that was made of other files than these."""
    if filled.ruleset != agreement.ruleset.id:
        message = "лист составлен по другой методике, чем файлы экспертов"
        yield Problem(Place(str(form)), message, filled.ruleset, agreement.ruleset.id)
    if set(filled.experts) != set(agreement.names):
        message = "лист составлен для других экспертов"
        yield Problem(Place(str(form)), message, ", ".join(filled.experts), ", ".join(agreement.names))


def _no_school(decision: FormDecision, several: bool) -> Problem:
    if several:
        hint = "Укажите год или дайте по одному файлу на эксперта."
        return Problem(decision.place, "файлы этой школы есть за несколько лет", decision.school, hint=hint)
    return Problem(decision.place, "такой школы нет среди файлов экспертов", decision.school)


def _aliases(ruleset: Ruleset) -> dict[str, str]:
    return {**ruleset.indicator_aliases, **ruleset.aliases}


def _rewrite(case: CaseFile, decided: tuple[Override, ...], ruleset: Ruleset) -> Rewrite | None:
    """The file of a case with decisions in it, each in the place of what its expert decided alone; none where they
    stand there already. Raises `InputError` for a file that cannot be changed without a loss."""
    own = case.content.overrides
    overrides = with_decisions(own, decided, ruleset)
    if overrides == own:
        return None
    path = Path(case.name)
    content = case.content.model_copy(update={"overrides": overrides})
    written = read_bytes(path)
    if not is_form(written, path.name):
        data = parse(written, case.name, InputError).data
        change: dict[str, Any] = {o.of: None for o in own if o.of not in {each.of for each in overrides}}
        change |= {o.of: plain_data(o) for o in decided}
        new = edited(written, patched(data, {"overrides": change}), case.name)
    elif path.suffix.lower() == FORM:
        new = write_form(ruleset, case=content)
    else:
        hint = f"Сохраните форму как книгу {FORM} и повторите."
        raise InputError([Problem(Place(str(path)), "решения не записываются в такой файл", path.suffix, FORM, hint)])
    same = parse_case_file(new, case.name, path.parent).content
    if sorted(same.overrides, key=str) != sorted(overrides, key=str) or _rest(same) != _rest(content):
        hint = "Переведите его в файл YAML и повторите."
        raise InputError([Problem(Place(str(path)), "решения не записать в этот файл без потерь", hint=hint)])
    return Rewrite(path, case.sha256, new)


def _rest(content: Any) -> Any:
    return content.model_copy(update={"overrides": ()})


def _verdicts(decided: Decided, agreement: Agreement, cases: Sequence[Cases]) -> Iterator[tuple[str, str, str, str]]:
    """Level and complete lines of each case, assessed with the decisions in it."""
    names = {case.name: name for name, own in zip(agreement.names, cases, strict=True) for case in own.values()}
    for case, _ in decided:
        path = Path(case.name)
        again = assess(parse_case_file(read_bytes(path), case.name, path.parent), agreement.ruleset, EngineName.PLAIN)
        level = score_view(again.score.bounds, again.verdict).verdict
        yield case.content.school.name, names[case.name], level, lines(again.tally)
