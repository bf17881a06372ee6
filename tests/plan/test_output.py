"""Nothing but the answer on standard output, whatever the native solver has to say."""

from __future__ import annotations

import json
import subprocess
import sys

from vsoko_rules.resources import shipped

ALL_PLANS = """
import sys
from vsoko_rules.cli import main

for path in sys.argv[1:]:
    sys.argv = ["vsoko", "plan", path, "--json", "--engine", "plain"]
    try:
        sys.exit(main())
    except SystemExit as end:
        assert end.code in (None, 0, 1), end.code
    print(end="\\0", flush=True)
"""


def test_every_plan_is_json_and_nothing_else() -> None:
    """The plans of all shipped cases, from a process of its own: native code writes past Python's `sys.stdout`."""
    cases = sorted(str(path) for path in shipped("cases").iterdir() if path.name.endswith(".yml"))
    done = subprocess.run([sys.executable, "-c", ALL_PLANS, *cases], stdout=subprocess.PIPE, check=True)
    *printed, rest = done.stdout.decode("utf-8").split("\0")
    assert not rest, "printed when the process ended"
    plans = [json.loads(text) for text in printed]
    assert len(plans) == len(cases)
    assert sum(bool(plan["steps"]) for plan in plans) >= 9, "the solver has to run"
