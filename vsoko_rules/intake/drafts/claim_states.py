"""A claim of a draft, made in one way."""

from __future__ import annotations

from typing import Final, Literal

from vsoko_rules.case.document_records import Claim, ClaimPlace

_LONGEST: Final = 4000
"""characters of a text in a case"""
State = Literal["confirmed", "proposed", "rejected", "not_checked"]


def new_claim(text: str, place: ClaimPlace | None, state: State, quote: str | None = None) -> Claim:
    """A claim about what stands in a file, or where `place` is none of what somebody knows."""
    words = (quote or "").strip()[:_LONGEST] or None
    told = {"claim": text, "in": place, "state": state, "quote": words}
    return Claim.model_validate({key: value for key, value in told.items() if value is not None})
