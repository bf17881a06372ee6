"""Paths that files of users name, and where they lead.

`os.path.realpath` and not `Path.resolve`: of links in a circle the latter raises `RuntimeError` before Python 3.13 and
says nothing from 3.13 on.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

_CIRCLE_ON_WINDOWS: Final = 1921
"""ERROR_CANT_RESOLVE_FILENAME"""


def is_inside(file: str, folder: Path | None) -> bool:
    """Whether `file` names something below `folder`, by its words and after following links; what it names need not
    be there. Where the folder is not known, the words decide."""
    for pure in (PurePosixPath(file), PureWindowsPath(file)):
        if pure.is_absolute() or pure.drive or pure.root or ".." in pure.parts:
            return False
    if folder is None:
        return "\0" not in file
    return leads_inside(folder / file, folder)


def leads_inside(path: Path, folder: Path) -> bool:
    """Whether a path leads to a place below `folder` after following links; there need not be anything. Links in a
    circle lead nowhere."""
    try:
        path.stat()
    except OSError as error:
        if error.errno == errno.ELOOP or getattr(error, "winerror", None) == _CIRCLE_ON_WINDOWS:
            return False
    except ValueError:  # a character that no path holds
        return False
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
