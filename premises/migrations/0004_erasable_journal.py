"""What is personal in a journal entry gets a digest of its own, so that it can be erased and the chain stays whole."""

from django.db import migrations, models

from premises import triggers


def lift(apps, schema_editor):
    triggers.remove(schema_editor, triggers.STRICT)


def set_back(apps, schema_editor):
    triggers.install(schema_editor, triggers.STRICT)


def set_up(apps, schema_editor):
    triggers.install(schema_editor)


def take_away(apps, schema_editor):
    entries = apps.get_model("premises", "JournalEntry").objects
    if entries.exclude(version=1).exists() or entries.filter(is_erased=True).exists():
        raise RuntimeError("Entries were written or erased since: without these columns the journal could not be verified.")
    triggers.remove(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("premises", "0003_lockdown_places")]
    operations = [
        migrations.RunPython(lift, set_back),
        migrations.AddField("journalentry", "version", models.PositiveSmallIntegerField(default=1, editable=False)),
        migrations.AddField(
            "journalentry", "salt", models.CharField(blank=True, default="", editable=False, max_length=32)
        ),
        migrations.AddField(
            "journalentry",
            "personal_digest",
            models.CharField(
                blank=True, default="", editable=False, max_length=64, verbose_name="digest of what is personal"
            ),
        ),
        migrations.AddField(
            "journalentry", "is_erased", models.BooleanField(default=False, editable=False, verbose_name="erased")
        ),
        migrations.RunPython(set_up, take_away),
    ]
