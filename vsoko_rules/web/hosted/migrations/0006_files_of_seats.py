from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from vsoko_rules.web.hosted.migrations._triggers import add_triggers, nothing

_KEY = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    """Files of seats: their types, the texts that were read of them, what is proposed, and their hashes at sending."""

    dependencies: ClassVar = [("hosted", "0005_accounts_tries")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="fileuse", name="type", field=models.CharField(blank=True, default="", max_length=20)
        ),
        migrations.AddConstraint(
            model_name="fileuse",
            constraint=models.UniqueConstraint(fields=["seat", "file"], name="content_once"),
        ),
        migrations.CreateModel(
            name="KeptText",
            fields=[
                ("id", _KEY),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="hosted.storedfile")),
                ("gate", models.CharField(max_length=64)),
                ("content", models.TextField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["file", "gate"], name="text_once")]},
        ),
        migrations.CreateModel(
            name="KeptProposals",
            fields=[
                ("id", _KEY),
                ("school", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="hosted.schoolentry")),
                ("digest", models.CharField(max_length=64)),
                ("gate", models.CharField(max_length=64)),
                ("content", models.TextField()),
                ("read_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["school", "digest"], name="read_once")]},
        ),
        migrations.AddField(model_name="snapshot", name="files", field=models.JSONField(default=dict)),
        migrations.RunPython(add_triggers, nothing),
    ]
