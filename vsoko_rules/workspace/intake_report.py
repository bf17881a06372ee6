"""What is told of files that were taken in: for a person, for programs, and as the end of a command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from vsoko_rules.errors import ExitCode
from vsoko_rules.intake.drafts.confirmation_words import wording
from vsoko_rules.intake.drafts.question_words import first_to_look
from vsoko_rules.templates import render, rich
from vsoko_rules.words import counted
from vsoko_rules.workspace.taken_in import TakenIn, reading_words


def exit_code(taken: TakenIn) -> ExitCode:
    """Whether anything still waits for a person."""
    return ExitCode.GAPS if taken.draft.case.open_claims else ExitCode.COMPLETE


def progress_words() -> Mapping[str, str]:
    """What is said while files are read."""
    return wording().progress


def text(taken: TakenIn) -> str:
    """For a terminal, as Rich markup."""
    return render("intake/taken_in.j2", rich, said=wording().summary, t=taken, d=_told(taken), n=counted)


def results(taken: TakenIn) -> list[dict[str, Any]]:
    """For programs."""
    told = _told(taken)
    questions = [
        {
            "document": q.document, "about": q.about.value, "claims": list(q.claims), "options": list(q.options),
            "waits": q.waits, "quote": q.span.quote if q.span else None, "page": q.page,
        }
        for q in taken.questions
    ]  # fmt: skip
    return [{**told, "questions": questions}]


def _told(taken: TakenIn) -> dict[str, Any]:
    files = [t for t in taken.texts if not t.left_out]
    claims = [c for d in taken.draft.case.documents for c in d.evidence]
    states = Counter(c.state for c in claims)
    return {
        "case": str(taken.target),
        "book": str(taken.book),
        "files": len(files),
        "read": len(files) - len(taken.unread),
        "unread": [{"file": t.file, "reason": t.reason, "text": reading_words(t.reason)} for t in taken.unread],
        "copies": sum(len(t.copies) for t in files),
        "documents": len(taken.draft.pieces),
        "claims": {state: states[state] for state in ("confirmed", "proposed", "rejected", "not_checked")},
        "quoted": sum(c.quote is not None for c in claims),
        "new": list(taken.before.new),
        "moved": dict(taken.before.moved or {}),
        "changed": list(taken.before.changed),
        "gone": list(taken.before.gone),
        "last_year": {"known": list(taken.known.documents), "unchanged": list(taken.known.unchanged)},
        "answers": taken.filled.cells,
        "stale": [{"cell": str(c.place), "answer": c.text} for c in taken.filled.stale],
        "needed": len(taken.needed),
        "first": first_to_look(taken.draft, taken.questions, taken.asked.ruleset),
        "written": {str(path): str(copy) for path, copy in taken.copies.items()},
    }
