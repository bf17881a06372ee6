"""An archive of schools that lies on the disk of the server, taken into a study school by school: what is right in a
folder in one transaction, so that neither memory nor the work of others depends on how many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vsoko_rules.errors import InputError, Place, Problem, argument
from vsoko_rules.region.bundles import Bundle
from vsoko_rules.region.region_records import Phase, RegionRole
from vsoko_rules.region.region_words import region_words
from vsoko_rules.region.school_archive import school_archive
from vsoko_rules.web.hosted.case_import import NAMED, looked_at, take_in
from vsoko_rules.web.hosted.case_keeping import Handed, new_controls
from vsoko_rules.web.hosted.hosted_settings import FILES_OF_SCHOOL, this_server
from vsoko_rules.web.hosted.models import Membership, StudyRound, User, login_of
from vsoko_rules.web.hosted.school_keeping import open_to_schools
from vsoko_rules.web.settings import MOST_RECEIVED


@dataclass(slots=True)
class ImportedArchive:
    """What came of an archive: cases and documents that were taken in, or would be, and what was not, with the place
    and the reason. `controls`: schools that become control schools by it; `strangers`: files that belong to none."""

    cases: int = 0
    documents: int = 0
    controls: int = 0
    left: list[Problem] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


def import_words() -> Mapping[str, str]:
    """What is said while schools are taken in."""
    said: Mapping[str, str] = region_words()["incoming"]["progress"]
    return said


def study_to_fill(code: str | None) -> StudyRound:
    """The study of a code; without one, the only one that is not closed. Raises `InputError`."""
    rows: Iterable[StudyRound]
    rows = StudyRound.objects.select_related("ruleset").defer("ruleset__files").order_by("pk")
    open_ones = [row for row in rows if row.phase != Phase.CLOSED.value]
    found = [row for row in rows if row.code == code] if code is not None else open_ones
    if len(found) != 1:
        words = region_words()["incoming"]
        listed = "; ".join(f"{row.code} — {row.title}" for row in open_ones) or words["no_study"]
        message = words["which_study"] if code is None else words["unknown_study"]
        raise InputError([Problem(argument("study"), message, code, listed)])
    open_to_schools(found[0])
    return found[0]


def person_of_the_centre(login: str | None, study: StudyRound) -> User:
    """Who runs a study, by login; without one, the only one who does. Raises `InputError`."""
    runs = Membership.objects.filter(role=RegionRole.CENTRE.value, user__is_active=True)
    users: Iterable[User] = (row.user for row in runs.select_related("user").order_by("user__login"))
    people = {user.login: user for user in users if study in StudyRound.objects.run_by(user)}
    if login is None and len(people) == 1:
        return next(iter(people.values()))
    if login is None or login_of(login) not in people:
        words = region_words()["incoming"]
        message = words["which_person"] if login is None else words["unknown_person"]
        raise InputError([Problem(argument("by"), message, login, ", ".join(people))])
    return people[login_of(login)]


def take_archive(
    path: Path, study: StudyRound, by: User | None, *, close: bool, told: Callable[[int, int], None] | None = None
) -> ImportedArchive:
    """Take in what is right; without `by`, only look. `close`: the work on it is done; `told` how many schools are
    done, of how many. Raises `InputError` for an archive that must not be looked into."""
    taken = ImportedArchive()
    with school_archive(path) as archive:
        taken.strangers += archive.strangers
        handed = Handed(by, NAMED, close, archive.sha256) if by is not None else None
        for number, found in enumerate(archive.bundles(MOST_RECEIVED, FILES_OF_SCHOOL), 1):
            if isinstance(found, Problem):
                taken.left.append(found)
            else:
                _take(taken, found, study, handed)
            if told is not None:
                told(number, len(archive))
    return taken


def _take(taken: ImportedArchive, found: Bundle, study: StudyRound, handed: Handed | None) -> None:
    """The files of one school; where they are not handed over, they are only looked at."""
    try:
        incoming = looked_at([found], NAMED, study)
        controls = len(new_controls(study, incoming.cases))
        right = [case for case in incoming.cases if not case.problems]
        cases, documents = len(right), sum(len(case.files.kept) for case in right if this_server().uploads)
        if handed is not None:
            cases, documents = take_in(handed, study, incoming, [found])
    except InputError as error:
        taken.left += error.problems
        return
    taken.cases += cases
    taken.documents += documents
    taken.controls += controls
    for case in incoming.cases:
        folder = Path(case.file).parent
        taken.left += case.problems
        taken.left += [Problem(Place((folder / name).as_posix()), reason) for name, reason in case.files.left]
    taken.strangers += incoming.strangers
