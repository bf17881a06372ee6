"""Tests of the second engine are skipped aloud where it cannot be imported. (Where it must be there, the test run as a
whole refuses to start: see `tests/conftest.py`.)"""

from __future__ import annotations

import pytest

from vsoko_rules.engine import durable


@pytest.fixture(scope="session")
def second_judge() -> type[durable.Durable]:
    """The engine on durable-rules."""
    if not durable.available():
        pytest.skip("durable-rules cannot be imported here: THE SECOND ENGINE IS NOT TESTED")
    return durable.Durable
