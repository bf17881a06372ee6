"""Commands of `vsoko` in this process, where Django is set up for the database of the test already."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stdout
from unittest.mock import patch

import pytest

from vsoko_rules.cli.app import main


def vsoko(*arguments: str) -> tuple[int, str]:
    """The exit code of a command and what it prints."""
    said = io.StringIO()
    with patch.object(sys, "argv", ["vsoko", *arguments]), redirect_stdout(said), pytest.raises(SystemExit) as left:
        main()
    code = left.value.code
    assert isinstance(code, int)
    return int(code), said.getvalue()
