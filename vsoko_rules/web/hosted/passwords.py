"""What a new password must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import User

LONGEST_PASSWORD: Final = 1_000
"""letters"""


def password_faults(password: str, again: str, user: User) -> list[str]:
    """What is wrong with a password, by the codes that Django has for it, and `differ`, `too_long`; none: it is good.
    What it says to people stands in the template."""
    if password != again:
        return ["differ"]
    if len(password) > LONGEST_PASSWORD:
        return ["too_long"]
    try:
        validate_password(password, user)
    except ValidationError as refused:
        return [str(error.code) for error in refused.error_list]
    return []
