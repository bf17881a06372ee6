from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from vsoko_rules.web.hosted.migrations._triggers import add_triggers, nothing


class Migration(migrations.Migration):
    """The first and the last number of a day are read from an index alone."""

    dependencies: ClassVar = [("hosted", "0006_files_of_seats")]
    operations: ClassVar = [
        migrations.RemoveIndex(model_name="chainevent", name="event_at"),
        migrations.AddIndex(
            model_name="chainevent",
            index=models.Index(fields=["at", "number"], name="event_at"),
        ),
        migrations.RunPython(add_triggers, nothing),
    ]
