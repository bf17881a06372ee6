"""Values of a verdict: compared and hashed by what they hold, and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from typing_extensions import dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def frozen(cls: type[T]) -> type[T]:
    """A dataclass of which the type checker refuses every change.

    At run time nothing does: a constructor that has to get past such a guard takes three times as long, and the verdict
    on a school of 60 documents is some 340 of these values.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
