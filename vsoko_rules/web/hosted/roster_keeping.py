"""A table of schools and people taken into a study: everything in one transaction, or nothing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from django.db import transaction

from vsoko_rules.errors import LostUpdate, Place, Problem
from vsoko_rules.region.roster import read_roster
from vsoko_rules.region.roster_book import roster_book
from vsoko_rules.region.roster_preview import RosterChanges, RosterPreview
from vsoko_rules.region.roster_records import PersonRows
from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.models import Membership, SchoolEntry, StudyRound, User
from vsoko_rules.web.hosted.people_keeping import put_people, told_person
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.web.hosted.region_rows import school_record
from vsoko_rules.web.hosted.school_keeping import open_to_schools, put_schools, rewrite_school, told_school
from vsoko_rules.web.hosted.study_keeping import locked
from vsoko_rules.web.hosted.study_records import person_records, school_records


def understood(study: StudyRound, content: bytes, name: str) -> tuple[RosterPreview, str]:
    """What a table says, held against the study, and by what that is known again. Raises `InputError`."""
    preview = read_roster(content, name, _counts(study), school_records(study), person_records(study))
    return preview, _digest(preview)


def keep_roster(user: User, study: StudyRound, content: bytes, name: str, digest: str) -> RosterChanges:
    """Take what was looked at. Raises `InputError` while something is wrong in it, `LostUpdate` where it would do
    something else by now."""
    schools, people = school_records(study), person_records(study)
    preview = read_roster(content, name, _counts(study), schools, people)
    changes = preview.accepted()
    with transaction.atomic():
        row = StudyRound.objects.select_related("ruleset").defer("ruleset__files").get(pk=locked(study).pk)
        open_to_schools(row)
        if _digest(preview) != digest or (school_records(row), person_records(row)) != (schools, people):
            hint = "Загрузите таблицу ещё раз и посмотрите, что изменится теперь."
            raise LostUpdate([Problem(Place(name), "исследование с тех пор изменили", hint=hint)])
        _write(user, row, changes)
        told = {
            "file": hashlib.sha256(content).hexdigest(),
            "new_schools": [school.code for school in changes.new_schools],
            "changed_schools": [school.code for school in changes.changed_schools],
            "new_people": [person.login for person in changes.new_people],
            "changed_people": [person.login for person in changes.changed_people],
        }
        chain.append("roster", user=user, study=row.code, told=told)
    return changes


def _write(user: User, study: StudyRound, changes: RosterChanges) -> None:
    put_schools(study, changes.new_schools)
    changed = {school.code: school for school in changes.changed_schools}
    entries = SchoolEntry.objects.filter(study=study, code__in=changed).defer("study__ruleset__files")
    for entry in entries.select_related("municipality", "study__ruleset").order_by("code"):
        if school_record(entry) != changed[entry.code]:
            told = {"before": told_school(school_record(entry)), "after": told_school(changed[entry.code])}
            rewrite_school(user, entry, changed[entry.code])
            chain.append("school_changed", user=user, study=study.code, told=told)
    people = PersonRows(person_records(study))
    before = {person: people.before_of(person, alone=True) for person in changes.changed_people}
    for person, old in before.items():
        if old is None:
            continue
        if old.role is not person.role:  # in place of the only one that they had
            Membership.objects.filter(study=study, user__login=person.login, role=old.role.value).delete()
        told = {"before": told_person(old), "after": told_person(person)}
        chain.append("person_changed", user=user, study=study.code, told=told)
    put_people(user, study, [*changes.new_people, *changes.changed_people])


def roster_table(study: StudyRound, *, whole: bool) -> bytes:
    """The workbook to fill in; `whole`: with what the study has."""
    if whole:
        return roster_book(_counts(study), school_records(study), person_records(study))
    return roster_book(_counts(study))


def _counts(study: StudyRound) -> dict[str, str]:
    return {code: count.title for code, count in pinned(study.ruleset.sha256).counts.items()}


def _digest(preview: RosterPreview) -> str:
    told = [
        [entry.kind, entry.state.value, asdict(entry.record) if entry.record is not None else None,
         [[change.heading, change.before, change.after] for change in entry.changes]]
        for entry in preview.entries
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
