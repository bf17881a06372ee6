"""Files by their hash: kept once, never overwritten."""

from __future__ import annotations

import hashlib

from vsoko_rules.web.hosted.models import StoredFile


def keep_content(content: bytes) -> StoredFile:
    """The row that holds these bytes; made where there is none."""
    made: StoredFile
    made, _ = StoredFile.objects.get_or_create(
        sha256=hashlib.sha256(content).hexdigest(), defaults={"size": len(content), "content": content}
    )
    return made
