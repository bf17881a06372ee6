from django.db import migrations, models

from vsoko_rules.web.hosted.migrations._triggers import add_triggers, nothing


class Migration(migrations.Migration):
    dependencies = [
        ("hosted", "0003_pair_decisions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="chainevent",
            name="study",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.AddIndex(
            model_name="chainevent",
            index=models.Index(fields=["study", "number"], name="event_of_study"),
        ),
        migrations.AddIndex(
            model_name="chainevent",
            index=models.Index(fields=["user", "number"], name="event_of_user"),
        ),
        migrations.AddIndex(
            model_name="chainevent",
            index=models.Index(fields=["at"], name="event_at"),
        ),
        migrations.RunPython(add_triggers, nothing),
    ]
