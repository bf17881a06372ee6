"""A claim of a draft, made in one way."""

from __future__ import annotations

from typing import Literal

from vsoko_rules.case.records import Claim, ClaimPlace

State = Literal["confirmed", "proposed", "rejected", "not_checked"]


def new_claim(text: str, place: ClaimPlace | None, state: State, quote: str | None = None) -> Claim:
    """A claim about what stands in a file, or where `place` is none of what somebody knows."""
    told = {"claim": text, "in": place, "state": state, "quote": quote}
    return Claim.model_validate({key: value for key, value in told.items() if value is not None})
