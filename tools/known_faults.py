"""Says what `pip-audit -f json` found, and aloud what it did not look at: where its service does not know a package, it
ends well, too.

    python tools/known_faults.py faults.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

OWN: Final = "vsoko-rules"


def told(path: Path) -> tuple[list[str], int]:
    """What is to be said of the file, which need not be there, and how many faults it names."""
    if not path.is_file() or not path.read_bytes().strip():
        return ["Known faults are NOT checked: pip-audit has not answered"], 0
    listed = [each for each in json.loads(path.read_text(encoding="utf-8"))["dependencies"] if each["name"] != OWN]
    passed = [each["name"] for each in listed if "skip_reason" in each]
    faults = [
        f"{each['name']} {each['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'none'}"
        for each in listed
        for fault in each.get("vulns", ())
    ]
    lines = [f"{len(listed) - len(passed)} of {len(listed)} packages checked, {len(faults)} known faults", *faults]
    return [*lines, *([f"NOT checked: {', '.join(passed)}"] if passed else [])], len(faults)


def main() -> int:
    """Returns 1 where there are faults."""
    lines, count = told(Path(sys.argv[1]))
    print("\n".join(lines), flush=True)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
