"""From here on the database itself refuses to change or delete what the journal holds."""

from django.db import migrations

from premises import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor, triggers.STRICT)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, triggers.STRICT)


class Migration(migrations.Migration):
    dependencies = [("premises", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
