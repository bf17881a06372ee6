"""What the centre does with a whole study: begins it, changes its deadlines, takes it to another phase. Each is one
transaction with its event last."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from vsoko_rules.errors import InputError, LostUpdate, Place, Problem, argument
from vsoko_rules.region.phases import step_findings, take_step
from vsoko_rules.region.region_records import Phase
from vsoko_rules.region.study_fields import StudyStated
from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.models import RulesetVersion, StudyRound
from vsoko_rules.web.hosted.pinned import pin
from vsoko_rules.web.hosted.region_rows import study_record
from vsoko_rules.web.hosted.study_records import school_records, seat_records
from vsoko_rules.workspace.opening import open_ruleset, ruleset_names

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import User


def ruleset_choices() -> dict[str, tuple[str, str]]:
    """Rulesets under which a study may begin, each with its title and version, by what a page sends: a shipped one by
    its name, one that an administrator added by its hash."""
    shipped = {name: open_ruleset(name) for name in ruleset_names()}
    kept = RulesetVersion.objects.filter(shipped=False).order_by("title", "-pk")
    return {name: (ruleset.title, ruleset.version) for name, ruleset in shipped.items()} | {
        version.sha256: (version.title, version.version) for version in kept
    }


def chosen_ruleset(choice: str) -> RulesetVersion:
    """The ruleset that was chosen on a page, kept as it is now. Raises `InputError`."""
    if choice in ruleset_names():
        return pin(choice)
    version: RulesetVersion | None = RulesetVersion.objects.filter(shipped=False, sha256=choice).first()
    if version is None:
        raise InputError([Problem(argument("ruleset"), "не выбрана методика", expected="одна из списка")])
    return version


def begin_study(user: User, stated: StudyStated, ruleset: RulesetVersion, *, invented: bool = False) -> StudyRound:
    """A new study in its first phase."""
    with transaction.atomic():
        study: StudyRound = StudyRound.objects.create(
            title=stated.title, year=stated.year, starts=stated.starts, ends=stated.ends, ruleset=ruleset,
            invented=invented, **stated.deadlines,
        )  # fmt: skip
        told = {"title": study.title, "year": study.year, "ruleset": ruleset.sha256, **_days(stated.deadlines)}
        chain.append("study_begun", user=user, study=study.code, told=told)
    return study


def change_study(user: User, study: StudyRound, title: str, deadlines: Mapping[str, date | None]) -> None:
    """Give a study another title and other deadlines."""
    with transaction.atomic():
        row = locked(study)
        before = {"title": row.title, **_days({name: getattr(row, name) for name in deadlines})}
        after = {"title": title, **_days(deadlines)}
        if before == after:
            return
        StudyRound.objects.filter(pk=row.pk).update(title=title, **deadlines)
        chain.append("study_changed", user=user, study=row.code, told={"before": before, "after": after})


def step_study(user: User, study: StudyRound, to: Phase, confirmed: Collection[str], reason: str, day: date) -> None:
    """Take a study to another phase. Raises `InputError` where something forbids it, is not confirmed or not said, and
    `LostUpdate` where somebody else took it elsewhere."""
    with transaction.atomic():
        row = locked(study)
        if row.phase != study.phase:
            raise LostUpdate([Problem(Place(row.title), "исследование тем временем перевели в другую фазу")])
        findings = step_findings(study_record(row), to, school_records(row), seat_records(row), day)
        after = take_step(study_record(row), to, findings, confirmed, reason)
        released = row.released_at if after.released is not None else None
        taken = StudyRound.objects.filter(pk=row.pk, phase=study.phase).update(phase=to.value, released_at=released)
        if not taken:
            raise LostUpdate([Problem(Place(row.title), "исследование тем временем перевели в другую фазу")])
        told = {"from": study.phase, "to": to.value, "known": [f.key for f in findings], "why": reason.strip()}
        chain.append("step", user=user, study=row.code, told=told)


def locked(study: StudyRound) -> StudyRound:
    """The row of a study as it stands now; nobody else changes it until the transaction ends."""
    row: StudyRound = StudyRound.objects.select_for_update().get(pk=study.pk)
    return row


def today() -> date:
    """The day by which deadlines are counted."""
    return timezone.localdate()


def _days(deadlines: Mapping[str, date | None]) -> dict[str, Any]:
    return {name: until.isoformat() if until is not None else None for name, until in deadlines.items()}
