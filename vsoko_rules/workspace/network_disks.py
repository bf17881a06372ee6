"""Whether a file lies on a disk of another machine, where SQLite cannot keep a write-ahead log."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afpfs", "ncpfs", "fuse.sshfs", "davfs"})
_REMOTE_DRIVE: Final = 4
"""what Windows calls the drive of another machine"""


def is_on_network(path: Path, mounts: str | None = None) -> bool:
    """Whether `path` lies on a disk of another machine, as far as the system says so. `mounts` is the table of mounts
    in the form of `/proc/self/mounts`, by default that of the system."""
    real = os.path.realpath(path)
    if str(path).startswith(("\\\\", "//")) or real.startswith(("\\\\", "//")):
        return True
    if sys.platform == "win32":
        import ctypes

        return int(ctypes.windll.kernel32.GetDriveTypeW(Path(real).anchor)) == _REMOTE_DRIVE
    if mounts is None:
        table = Path("/proc/self/mounts")
        mounts = table.read_text(encoding="utf-8", errors="replace") if table.exists() else ""
    found = [line.split(" ")[1:3] for line in mounts.splitlines() if line.count(" ") >= 2]
    over = [(place.replace("\\040", " "), kind) for place, kind in found]
    holding = [(place, kind) for place, kind in over if real == place or real.startswith(place.rstrip("/") + "/")]
    return max(holding, key=lambda each: len(each[0]), default=("", ""))[1] in _NETWORK
