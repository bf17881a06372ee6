"""All kinds of long work, in the modules that do them: imported by a worker, a line each."""

from __future__ import annotations
