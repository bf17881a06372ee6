"""Papers of a region or a municipality as long work: what commands write of the same cases, to the byte.

What somebody asked for is made of what they may see when it is done, and only while they are who they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.region.many_papers import (
    CountedFile,
    Files,
    assessed_schools,
    case_form,
    case_yaml,
    cases_in_folders,
    exchange_papers,
    letter_papers,
    packed_files,
    protocol_paper,
    schema_file,
    summary_papers,
)
from vsoko_rules.region.region_records import RegionSchool
from vsoko_rules.web.hosted.kept_standings import counted_seats, records_of, refresh
from vsoko_rules.web.hosted.models import FileUse, Municipality, Seat, StudyRound
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.web.hosted.region_rows import school_record
from vsoko_rules.web.hosted.seat_uses import uses_of
from vsoko_rules.web.hosted.work import Report, WorkResult, work
from vsoko_rules.workspace.seat_cases import NO_USES, Uses

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from vsoko_rules.web.hosted.models import User, Work

TOWN_PAPERS: Final = (
    "study_summary",
    "study_letters",
    "study_protocol",
    "study_exchange",
    "study_cases",
    "study_forms",
    "study_files",
)
"""what there is of a municipality; the last three hold everything that somebody may see, the others what counts"""
REGION_PAPERS: Final = ("study_summary", "study_open", *TOWN_PAPERS[1:])
STANDINGS: Final = "study_standings"
"""no paper: what counts is assessed, so that pages and papers need not"""
AT_ONCE: Final = 50
"""cases in memory"""


def towns_of(user: User) -> QuerySet[Municipality]:
    """The municipalities of which somebody sees the figures: those of studies that they run, and their own."""
    mine = user.memberships.filter(role="methodist", municipality__isnull=False).values("municipality")
    towns: QuerySet[Municipality] = Municipality.objects.filter(
        Q(study__in=StudyRound.objects.run_by(user)) | Q(pk__in=mine)
    )
    return towns


class PaperScope:
    """What somebody asked for: a study that they run, or a municipality of it."""

    def __init__(self, asked: Work) -> None:
        self.user, self.study = asked.by, asked.study
        key = asked.asked.get("town")
        self.town = towns_of(asked.by).filter(pk=key, study=asked.study).first() if key is not None else None
        runs = asked.study is not None and StudyRound.objects.run_by(asked.by).filter(pk=asked.study_id).exists()
        if self.town is None and (key is not None or not runs):
            raise InputError([Problem(Place(asked.by.name), "этот человек больше не видит того, что поручил")])

    @property
    def ruleset(self) -> Any:
        """The ruleset of the study."""
        assert self.study is not None
        return pinned(self.study.ruleset.sha256)

    @property
    def seats(self) -> QuerySet[Seat]:
        """What counts in it."""
        assert self.study is not None
        return counted_seats(self.user, self.study, self.town)

    @property
    def seen(self) -> QuerySet[Seat]:
        """Everything of it that they may see, school by school. Raises `InputError` where there is nothing."""
        seats = Seat.objects.visible_to(self.user).filter(school__study=self.study).exclude(data="")
        if self.town is not None:
            seats = seats.filter(school__municipality=self.town)
        if not seats.exists():
            raise InputError([Problem(Place(self.name), "выгружать пока нечего")])
        found: QuerySet[Seat] = seats.select_related("school__municipality").order_by("school__code", "who")
        return found

    def records(self, report: Report) -> list[Any]:
        """What is kept of it, brought up to date. Raises `InputError` where nothing counts yet."""
        refresh(self.seats, report=report)
        found = records_of(self.seats)
        if not found:
            raise InputError([Problem(Place(self.name), "ни одна школа ещё не отправила документы")])
        return found

    def cases(self, report: Report) -> Iterator[tuple[str, RegionSchool, Uses]]:
        """What the seats hold, school by school, with the files that they use."""
        rows = self.seats
        total, any_files = rows.count(), FileUse.objects.filter(seat__school__study=self.study).exists()
        for number, row in enumerate(rows.select_related("school__municipality").iterator(chunk_size=AT_ONCE), 1):
            yield row.data, school_record(row.school), uses_of(row.pk) if any_files else NO_USES
            report(number, total)

    @property
    def name(self) -> str:
        """The study or the municipality."""
        assert self.study is not None
        return self.town.name if self.town is not None else self.study.title


@work(STANDINGS)
def study_standings(asked: Work, report: Report) -> WorkResult:
    """Every school that counts, assessed."""
    refresh(PaperScope(asked).seats, report=report)
    return WorkResult()


@work("study_summary")
def study_summary(asked: Work, report: Report) -> WorkResult:
    """The summary in every format."""
    scope = PaperScope(asked)
    return WorkResult("сводка.zip", packed_files(summary_papers(scope.records(report), scope.ruleset)))


@work("study_open")
def study_open(asked: Work, report: Report) -> WorkResult:
    """The summary that names no school."""
    scope = PaperScope(asked)
    files = summary_papers(scope.records(report), scope.ruleset, opened=True)
    return WorkResult("сводка-открытая.zip", packed_files(files))


@work("study_exchange")
def study_exchange(asked: Work, report: Report) -> WorkResult:
    """Who shares practice with whom."""
    scope = PaperScope(asked)
    ((name, content),) = exchange_papers(scope.records(report), scope.ruleset).items()
    return WorkResult(name, content)


@work("study_letters")
def study_letters(asked: Work, report: Report) -> WorkResult:
    """A letter to each school."""
    scope = PaperScope(asked)
    files = letter_papers(assessed_schools(scope.cases(report), scope.ruleset))
    if not files:
        raise InputError([Problem(Place(scope.name), "ни одна школа ещё не отправила документы")])
    return WorkResult("письма.zip", packed_files(files))


@work("study_protocol")
def study_protocol(asked: Work, report: Report) -> WorkResult:
    """The extract of a meeting."""
    scope = PaperScope(asked)
    assessed = assessed_schools(scope.cases(report), scope.ruleset)
    return WorkResult("протокол.docx", protocol_paper(assessed, scope.ruleset))


@work("study_cases")
def study_cases(asked: Work, report: Report) -> WorkResult:
    """Every case as YAML: a folder for schools, each expert and what was agreed."""
    scope = PaperScope(asked)
    return WorkResult("файлы-школ.zip", packed_files(_each(scope, report, ".yml")))


@work("study_forms")
def study_forms(asked: Work, report: Report) -> WorkResult:
    """Every case as a form, in the same folders."""
    scope = PaperScope(asked)
    return WorkResult("формы.zip", packed_files(_each(scope, report, ".xlsx")))


def _each(scope: PaperScope, report: Report, ending: str) -> Files:
    """The cases of a scope as files."""
    total, counted = scope.seen.count(), set(scope.seats.values_list("pk", flat=True))

    def cases() -> Iterator[CountedFile]:
        for number, row in enumerate(scope.seen.iterator(chunk_size=AT_ONCE), 1):
            school = school_record(row.school)
            yaml = ending == ".yml"
            content = case_yaml(row.data, school) if yaml else case_form(row.data, school, scope.ruleset)
            yield CountedFile(row.who, school.code, content, row.pk in counted)
            report(number, total)

    return cases_in_folders(cases(), ending, schema_file(scope.ruleset) if ending == ".yml" else {})
