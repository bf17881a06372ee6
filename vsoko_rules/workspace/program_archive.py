"""The program itself as an archive: what a browser unpacks to run it."""

from __future__ import annotations

import io
import zipfile

from vsoko_rules.resources import package_files


def program_archive(without: tuple[str, ...] = ()) -> bytes:
    """Every file of the program but for folders of the package named in `without`; the same bytes for the same
    files."""
    packed = io.BytesIO()
    left_out = tuple(f"vsoko_rules/{name}" for name in without)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name, path in package_files():
            if not name.startswith(left_out):
                target.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
