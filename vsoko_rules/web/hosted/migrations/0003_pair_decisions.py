from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A decision on a dispute is kept as the room `region` has it; how many are open stands with the seat."""

    dependencies: ClassVar = [("hosted", "0002_append_only")]
    operations: ClassVar = [
        migrations.RemoveField(model_name="seatdecision", name="comment"),
        migrations.RemoveField(model_name="seatdecision", name="final"),
        migrations.RemoveField(model_name="seatdecision", name="of"),
        migrations.RemoveField(model_name="seatdecision", name="outcome"),
        migrations.AddField(model_name="seat", name="disputes", field=models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(model_name="seatdecision", name="said", field=models.JSONField(default=dict)),
    ]
