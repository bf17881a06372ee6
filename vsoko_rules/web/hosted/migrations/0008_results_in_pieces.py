from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

_KEY = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    """What comes of long work may be larger than memory."""

    dependencies: ClassVar = [("hosted", "0007_events_of_a_day")]
    operations: ClassVar = [
        migrations.AddField(model_name="work", name="size", field=models.PositiveBigIntegerField(default=0)),
        migrations.CreateModel(
            name="WorkPiece",
            fields=[
                ("id", _KEY),
                ("work", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="hosted.work")),
                ("tries", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["work", "tries", "number"], name="piece_once")],
            },
        ),
    ]
