from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from vsoko_rules.web.hosted.migrations._triggers import add_triggers, begin_chain, nothing


class Migration(migrations.Migration):
    """Events and snapshots are never altered; the chain of events begins."""

    dependencies: ClassVar = [("hosted", "0001_initial")]
    operations: ClassVar = [
        migrations.RunPython(begin_chain, nothing),
        migrations.RunPython(add_triggers, nothing),
    ]
